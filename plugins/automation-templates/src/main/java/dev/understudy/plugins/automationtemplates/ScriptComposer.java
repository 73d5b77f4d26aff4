package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a script together: the statements of its steps in the library's function {@code execute}, and of the other
 * functions and imports only those that these need.
 */
final class ScriptComposer {
    private static final Pattern STEPS_HERE = Pattern.compile("(?m)^([ \\t]*)(?:#|//) The steps go here\\.\\n");

    private final ScriptLanguage language;
    private final FunctionLibrary library;

    /** Takes a library apart; one of its functions is {@code execute}. */
    ScriptComposer(ScriptLanguage language, String library) {
        this.language = language;
        this.library = new FunctionLibrary(language, library);
    }

    /** Whether the library has a place for steps. */
    boolean isWhole() {
        return STEPS_HERE.matcher(library.function("execute")).find();
    }

    String compose(String comment, List<String> statements) {
        String execute = library.function("execute");
        Matcher here = STEPS_HERE.matcher(execute);
        if (!here.find()) throw new IllegalStateException("the library has no place for steps in 'execute'");
        var lines = new StringBuilder();
        for (String statement : statements)
            lines.append(here.group(1)).append(statement).append('\n');
        execute = execute.substring(0, here.start()) + lines + execute.substring(here.end());

        var parts = new ArrayList<String>(List.of(execute));
        parts.addAll(library.neededBy(execute));
        String code = String.join(language == ScriptLanguage.PYTHON ? "\n\n\n" : "\n\n", parts) + "\n";
        var head = new StringBuilder(language.lineComment() + " " + comment + "\n");
        List<String> imports = library.importsOf(code);
        for (String module : imports) head.append("import ").append(module).append('\n');
        return head + (imports.isEmpty() ? "" : "\n\n") + code;
    }
}
