package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions of one language, of which a script gets those that it calls, and what these call. */
final class FunctionLibrary {
    private static final Pattern CALL = Pattern.compile("(?:(?<![.\\w])|(?<=\\.\\.\\.))(\\w+)\\(");
    private static final String BEFORE_A_COMMAND = "(?:then|do|else|elif|if|while|until)";
    private static final Pattern COMMAND = Pattern.compile(
            "(?m)(?:^|[;|&({]|\\b" + BEFORE_A_COMMAND + ") *(?:! *)?(?!" + BEFORE_A_COMMAND + "\\b)(\\w+)\\b");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import ([a-z0-9]+)\\n");
    private static final Pattern BASH_OPTIONS =
            Pattern.compile("(?m)^(?:set -|export )[^\\n]*\\n(?!(?:set -|export ))");

    private final ScriptLanguage language;
    private final List<String> imports = new ArrayList<>();
    private final Map<String, String> functions = new LinkedHashMap<>();
    private final Map<String, Set<String>> calls = new LinkedHashMap<>();

    /** Takes a text apart that holds imports and functions, and nothing else. */
    FunctionLibrary(ScriptLanguage language, String text) {
        this.language = language;
        if (language == ScriptLanguage.PYTHON)
            IMPORT.matcher(text).results().forEach(found -> imports.add(found.group(1)));
        Matcher function = start(language).matcher(text);
        String name = "";
        int from = -1;
        while (function.find()) {
            if (from >= 0)
                functions.put(name, text.substring(from, function.start()).strip());
            name = function.group(1);
            from = function.start();
        }
        if (from >= 0) functions.put(name, text.substring(from).strip());
        functions.forEach((each, code) -> calls.put(each, called(code)));
    }

    private static Pattern start(ScriptLanguage language) {
        return switch (language) {
            case PYTHON -> Pattern.compile("(?m)^def (\\w+)\\(");
            case JAVASCRIPT -> Pattern.compile("(?m)^(?:/\\*\\*[^\\n]*\\*/\\n)?function (\\w+)\\(");
            case BASH -> Pattern.compile("(?m)^(?:#[^\\n]*\\n)*(\\w+)\\(\\) \\{");
            case APPLESCRIPT -> Pattern.compile("(?m)^on (\\w+)\\(");
        };
    }

    /** The code of a function; empty if there is none of this name. */
    String function(String name) {
        return functions.getOrDefault(name, "");
    }

    /** The functions that the code needs and does not define itself, in the order of the library. */
    List<String> neededBy(String code) {
        Set<String> own = new LinkedHashSet<>();
        start(language).matcher(code).results().forEach(found -> own.add(found.group(1)));
        var needed = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>(called(code));
        while (!open.isEmpty()) {
            String name = open.removeFirst();
            if (!own.contains(name) && needed.add(name)) open.addAll(calls.getOrDefault(name, Set.of()));
        }
        var parts = new ArrayList<String>();
        functions.forEach((name, function) -> {
            if (needed.contains(name)) parts.add(function);
        });
        return parts;
    }

    /** The library's imports that the code uses. */
    List<String> importsOf(String code) {
        return imports.stream().filter(module -> code.contains(module + ".")).toList();
    }

    private Set<String> called(String code) {
        var names = new LinkedHashSet<String>();
        Matcher call = (language == ScriptLanguage.BASH ? COMMAND : CALL).matcher(code);
        while (call.find()) if (functions.containsKey(call.group(1))) names.add(call.group(1));
        return names;
    }

    /** The script with all that it calls written out. */
    String complete(String script) {
        List<String> needed = neededBy(script);
        if (needed.isEmpty()) return script;
        return switch (language) {
            case PYTHON -> withImports(script, needed);
            case JAVASCRIPT, APPLESCRIPT -> script.strip() + "\n\n" + String.join("\n\n", needed) + "\n";
            case BASH -> afterOptions(script, needed);
        };
    }

    private String withImports(String script, List<String> needed) {
        String functionsText = String.join("\n\n\n", needed);
        var modules = new TreeSet<>(importsOf(functionsText));
        IMPORT.matcher(script).results().forEach(found -> modules.add(found.group(1)));
        int body = script.indexOf("def ");
        var head = new StringBuilder();
        script.substring(0, body)
                .lines()
                .filter(line -> line.startsWith("#"))
                .forEach(line -> head.append(line).append('\n'));
        for (String module : modules) head.append("import ").append(module).append('\n');
        if (!modules.isEmpty()) head.append("\n\n");
        return head + script.substring(body).strip() + "\n\n\n" + functionsText + "\n";
    }

    // A function of the shell must be there before it is called.
    private static String afterOptions(String script, List<String> needed) {
        Matcher options = BASH_OPTIONS.matcher(script);
        int place = options.find() ? options.end() : 0;
        return script.substring(0, place) + "\n" + String.join("\n\n", needed) + "\n\n"
                + script.substring(place).strip() + "\n";
    }
}
