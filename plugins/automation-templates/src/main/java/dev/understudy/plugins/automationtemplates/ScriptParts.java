package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script taken apart: what it imports, what it says of itself, and its functions at the top level, each with the comment
 * above it.
 */
final class ScriptParts {
    private static final Pattern PYTHON_FUNCTION = Pattern.compile("(?:async )?def (\\w+)\\(.*");
    private static final Pattern JAVASCRIPT_FUNCTION = Pattern.compile("(?:async )?function\\*? (\\w+)\\(.*");

    final Set<String> imports = new LinkedHashSet<>();

    /** Lines of comment at the beginning. */
    final List<String> header = new ArrayList<>();

    /** What else stands before the first function. */
    final List<String> statements = new ArrayList<>();

    final Map<String, String> functions = new LinkedHashMap<>();

    private ScriptParts() {}

    static ScriptParts of(ScriptLanguage language, String code) {
        var parts = new ScriptParts();
        Pattern function = language == ScriptLanguage.PYTHON ? PYTHON_FUNCTION : JAVASCRIPT_FUNCTION;
        var before = new ArrayList<String>();
        String name = "";
        var body = new StringBuilder();
        for (String line : code.split("\n", -1)) {
            Matcher start = function.matcher(line);
            boolean topLevel = !line.isEmpty() && !Character.isWhitespace(line.charAt(0));
            boolean comment = topLevel && (line.startsWith("#") || line.startsWith("//") || line.startsWith("/*"));
            if (start.matches()) {
                parts.end(name, body);
                name = start.group(1);
                body.setLength(0);
                before.forEach(each -> body.append(each).append('\n'));
                before.clear();
            } else if (comment && !name.isEmpty()) {
                before.add(line);
                continue;
            } else if (name.isEmpty()) {
                parts.first(language, line, comment);
                continue;
            }
            body.append(line).append('\n');
        }
        parts.end(name, body);
        return parts;
    }

    private void first(ScriptLanguage language, String line, boolean comment) {
        if (line.isBlank()) return;
        boolean imported =
                language == ScriptLanguage.PYTHON && (line.startsWith("import ") || line.startsWith("from "));
        if (imported) imports.add(line);
        else if (comment) header.add(line);
        else statements.add(line);
    }

    private void end(String name, StringBuilder body) {
        if (!name.isEmpty()) functions.put(name, body.toString().strip() + "\n");
    }

    /** The same with another name for a function wherever it is used; not where it is a member or a text. */
    void rename(String from, String to) {
        Pattern use = Pattern.compile("(?<![.\\w\"'])" + from + "(?=\\()");
        var renamed = new LinkedHashMap<String, String>();
        functions.forEach((name, text) ->
                renamed.put(name.equals(from) ? to : name, use.matcher(text).replaceAll(to)));
        functions.clear();
        functions.putAll(renamed);
    }
}
