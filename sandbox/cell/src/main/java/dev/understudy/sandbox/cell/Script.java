package dev.understudy.sandbox.cell;

import java.util.List;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Source;

/**
 * A script in the forms that its language needs. The engine keeps parsed code for as long as someone holds the source, so
 * a script is made once for many runs.
 *
 * @param text as its author wrote it
 * @param plain what the language is to parse
 * @param imports names of modules that it imports at the start of a line (Python)
 */
record Script(String name, String text, Source plain, List<String> imports) {
    private static final Pattern PYTHON_IMPORT =
            Pattern.compile("(?m)^[ \\t]*(?:import|from)[ \\t]+([A-Za-z_][\\w.]*)");
    private static final Pattern MODULE_SYNTAX = Pattern.compile("(?m)^\\s*(?:export\\b|import\\s*[\\w{*\"'])");
    static final String JAVASCRIPT_HEAD = "(function () {";
    private static final String JAVASCRIPT_TAIL = "\n;return typeof execute === 'function' ? execute : undefined;\n})";

    static Script of(Language language, String name, String text) {
        return switch (language) {
            case JAVASCRIPT -> javaScript(name, text);
            case PYTHON ->
                new Script(name, text, Source.newBuilder("python", text, name).buildLiteral(), imports(text));
        };
    }

    private static Script javaScript(String name, String text) {
        Source source = MODULE_SYNTAX.matcher(text).find()
                ? Source.newBuilder("js", text, name)
                        .mimeType("application/javascript+module")
                        .buildLiteral()
                // A function of its own gives each run a fresh namespace in a context that it shares.
                : Source.newBuilder("js", JAVASCRIPT_HEAD + text + JAVASCRIPT_TAIL, name)
                        .buildLiteral();
        return new Script(name, text, source, List.of());
    }

    boolean isModule() {
        return "application/javascript+module".equals(plain.getMimeType());
    }

    private static List<String> imports(String text) {
        return PYTHON_IMPORT
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }
}
