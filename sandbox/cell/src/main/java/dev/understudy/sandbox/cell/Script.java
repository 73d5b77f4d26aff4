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
 * @param module what is to be parsed if it is no plain script (JavaScript)
 * @param imports names of modules that it imports at the start of a line (Python)
 */
record Script(String name, String text, Source plain, Source module, List<String> imports) {
    private static final Pattern PYTHON_IMPORT =
            Pattern.compile("(?m)^[ \\t]*(?:import|from)[ \\t]+([A-Za-z_][\\w.]*)");
    static final String JAVASCRIPT_HEAD = "(function () {";
    // What a script sets as a global of this name goes before: the steps of a workflow come so.
    private static final String JAVASCRIPT_TAIL =
            "\n;return typeof globalThis.execute === 'function' ? globalThis.execute"
                    + " : typeof execute === 'function' ? execute : undefined;\n})";
    /** So that a module's function is found, exported or not. */
    private static final String MODULE_TAIL =
            "\n;globalThis.execute ??= typeof execute === 'function' ? execute : undefined;\n";

    static Script of(Language language, String name, String text) {
        return switch (language) {
            case JAVASCRIPT -> javaScript(name, text);
            case PYTHON -> {
                Source source = Source.newBuilder("python", text, name).buildLiteral();
                yield new Script(name, text, source, source, imports(text));
            }
        };
    }

    /** What is typed at a prompt. */
    static Script typed(String text, Source source) {
        return new Script("input", text, source, source, List.of());
    }

    private static Script javaScript(String name, String text) {
        // The first line of a script that is also a program: a comment of the same length.
        String code = text.startsWith("#!") ? "//" + text.substring(2) : text;
        return new Script(
                name,
                text,
                // A function of its own gives each run a fresh namespace in a context that it shares.
                Source.newBuilder("js", JAVASCRIPT_HEAD + code + JAVASCRIPT_TAIL, name)
                        .buildLiteral(),
                Source.newBuilder("js", code + MODULE_TAIL, name)
                        .mimeType("application/javascript+module")
                        .buildLiteral(),
                List.of());
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
