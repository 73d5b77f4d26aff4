package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a script together: the statements of its steps in the library's function {@code execute}, and of the other
 * functions and imports only those that these need.
 */
final class ScriptComposer {
    private static final Pattern STEPS_HERE = Pattern.compile("(?m)^([ \\t]*)(?:#|//) The steps go here\\.\\n");
    private static final Pattern CALL = Pattern.compile("(?<![.\\w])(\\w+)\\(");
    private static final Pattern IMPORT = Pattern.compile("import ([a-z]+)\\n");

    private final ScriptLanguage language;
    private final List<String> imports = new ArrayList<>();
    private final Map<String, String> functions = new LinkedHashMap<>();
    private final Map<String, Set<String>> calls = new LinkedHashMap<>();

    /** Takes a library apart; its first function is {@code execute}. */
    ScriptComposer(ScriptLanguage language, String library) {
        this.language = language;
        Matcher imported = IMPORT.matcher(library);
        while (language == ScriptLanguage.PYTHON && imported.find()) imports.add(imported.group(1));
        Pattern start = language == ScriptLanguage.PYTHON
                ? Pattern.compile("(?m)^def (\\w+)\\(")
                : Pattern.compile("(?m)^(?:/\\*\\*[^\\n]*\\*/\\n)?function (\\w+)\\(");
        Matcher function = start.matcher(library);
        String name = "";
        int from = -1;
        while (function.find()) {
            if (from >= 0)
                functions.put(name, library.substring(from, function.start()).strip());
            name = function.group(1);
            from = function.start();
        }
        if (from >= 0) functions.put(name, library.substring(from).strip());
        functions.forEach((each, code) -> calls.put(each, called(code)));
    }

    /** Whether the library has a place for steps. */
    boolean isWhole() {
        return STEPS_HERE.matcher(functions.getOrDefault("execute", "")).find();
    }

    String compose(String comment, List<String> statements) {
        String execute = functions.getOrDefault("execute", "");
        Matcher here = STEPS_HERE.matcher(execute);
        if (!here.find()) throw new IllegalStateException("the library has no place for steps in 'execute'");
        var lines = new StringBuilder();
        for (String statement : statements)
            lines.append(here.group(1)).append(statement).append('\n');
        execute = execute.substring(0, here.start()) + lines + execute.substring(here.end());

        var needed = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>(called(execute));
        while (!open.isEmpty()) {
            String name = open.removeFirst();
            if (needed.add(name)) open.addAll(calls.getOrDefault(name, Set.of()));
        }
        var parts = new ArrayList<String>(List.of(execute));
        functions.forEach((name, code) -> {
            if (needed.contains(name) && !name.equals("execute")) parts.add(code);
        });
        String code = String.join(language == ScriptLanguage.PYTHON ? "\n\n\n" : "\n\n", parts) + "\n";
        var head = new StringBuilder(language.lineComment() + " " + comment + "\n");
        boolean imported = false;
        for (String module : imports) {
            if (!code.contains(module + ".")) continue;
            head.append("import ").append(module).append('\n');
            imported = true;
        }
        return head + (imported ? "\n\n" : "") + code;
    }

    private Set<String> called(String code) {
        var names = new LinkedHashSet<String>();
        Matcher call = CALL.matcher(code);
        while (call.find()) if (functions.containsKey(call.group(1))) names.add(call.group(1));
        return names;
    }
}
