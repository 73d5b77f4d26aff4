package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a script together: the statements of its steps in the library's function {@code execute}, and of the other
 * functions and imports only those that these need.
 */
final class ScriptComposer {
    private static final Pattern STEPS_HERE = Pattern.compile("(?m)^([ \\t]*)(?:#|//) The steps go here\\.\\n");
    private static final Pattern IMPORT = Pattern.compile("import ([a-z]+)\\n");

    private final ScriptLanguage language;
    private final List<String> imports = new ArrayList<>();
    private final Map<String, String> functions = new LinkedHashMap<>();

    private ScriptComposer(ScriptLanguage language, String library) {
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
    }

    static String compose(ScriptLanguage language, String library, List<String> comment, List<String> statements) {
        return new ScriptComposer(language, library).compose(comment, statements);
    }

    private String compose(List<String> comment, List<String> statements) {
        String execute = functions.getOrDefault("execute", "");
        Matcher here = STEPS_HERE.matcher(execute);
        if (!here.find()) throw new IllegalStateException("the library has no place for steps in 'execute'");
        var lines = new StringBuilder();
        for (String statement : statements)
            lines.append(here.group(1)).append(statement).append('\n');
        execute = execute.substring(0, here.start()) + lines + execute.substring(here.end());

        var needed = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>(List.of(execute));
        while (!open.isEmpty()) {
            String code = open.removeFirst();
            for (String name : functions.keySet())
                if (!name.equals("execute") && uses(code, name) && needed.add(name))
                    open.add(functions.getOrDefault(name, ""));
        }
        var parts = new ArrayList<String>();
        parts.add(execute);
        functions.forEach((name, code) -> {
            if (needed.contains(name)) parts.add(code);
        });
        String code = String.join(language == ScriptLanguage.PYTHON ? "\n\n\n" : "\n\n", parts) + "\n";
        var head = new StringBuilder();
        for (String line : comment)
            head.append(language.lineComment()).append(' ').append(line).append('\n');
        boolean imported = false;
        for (String module : imports) {
            if (!Pattern.compile("\\b" + module + "\\.").matcher(code).find()) continue;
            head.append("import ").append(module).append('\n');
            imported = true;
        }
        return head + (imported ? "\n\n" : "") + code;
    }

    private static boolean uses(String code, String function) {
        return Pattern.compile("(?<![.\\w])" + function + "\\(").matcher(code).find();
    }
}
