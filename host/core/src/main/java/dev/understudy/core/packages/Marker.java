package dev.understudy.core.packages;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Environment markers by PEP 508, for the Python of cells: packages with parts in C that only CPython has are none of its. */
final class Marker {
    /** What the Python of cells speaks. */
    static final String PYTHON = "3.12";

    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("python_version", PYTHON),
            Map.entry("python_full_version", PYTHON + ".8"),
            Map.entry("implementation_version", PYTHON + ".8"),
            Map.entry("os_name", "posix"),
            Map.entry("sys_platform", "linux"),
            Map.entry("platform_system", "Linux"),
            Map.entry("platform_machine", System.getProperty("os.arch").replace("amd64", "x86_64")),
            Map.entry("platform_release", ""),
            Map.entry("platform_version", ""),
            Map.entry("implementation_name", "graalpy"),
            Map.entry("platform_python_implementation", "GraalVM"));

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(\\(|\\)|'[^']*'|\"[^\"]*\"|===|==|!=|~=|<=|>=|<|>|not\\s+in\\b|[A-Za-z_][A-Za-z0-9_.]*)");

    private final Deque<String> tokens = new ArrayDeque<>();
    private final String text;
    private final Set<String> extras;

    private Marker(String text, Set<String> extras) {
        this.text = text;
        this.extras = extras;
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length() && token.find(at) && token.start() == at) {
            tokens.add(token.group(1).replaceAll("\\s+", " "));
            at = token.end();
        }
        if (!text.substring(at).isBlank()) throw wrong();
    }

    /**
     * Whether it holds in a cell; an empty one does.
     *
     * @throws IllegalArgumentException if it is none
     */
    static boolean holds(String text, Set<String> extras) {
        if (text.isBlank()) return true;
        var marker = new Marker(text, extras);
        boolean holds = marker.any();
        if (!marker.tokens.isEmpty()) throw marker.wrong();
        return holds;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("'" + text + "' is no environment marker");
    }

    private boolean any() {
        boolean holds = all();
        while ("or".equals(tokens.peek())) {
            tokens.remove();
            holds |= all();
        }
        return holds;
    }

    private boolean all() {
        boolean holds = one();
        while ("and".equals(tokens.peek())) {
            tokens.remove();
            holds &= one();
        }
        return holds;
    }

    private boolean one() {
        if ("(".equals(tokens.peek())) {
            tokens.remove();
            boolean holds = any();
            if (!")".equals(tokens.poll())) throw wrong();
            return holds;
        }
        String left = next();
        String operator = next();
        String right = next();
        if (left.equals("extra")) {
            boolean named = extras.contains(Requirement.normalised(value(right)));
            return operator.equals("!=") != named;
        }
        return compare(value(left), operator, value(right));
    }

    private String next() {
        String token = tokens.poll();
        if (token == null) throw wrong();
        return token;
    }

    private String value(String token) {
        if (token.startsWith("'") || token.startsWith("\"")) return token.substring(1, token.length() - 1);
        String known = KNOWN.get(token.replace("os.name", "os_name").replace("sys.platform", "sys_platform"));
        if (known == null) throw wrong();
        return known;
    }

    private boolean compare(String left, String operator, String right) {
        Optional<PythonVersion> version = PythonVersion.parse(left);
        boolean versions = version.isPresent()
                && PythonVersion.parse(right.replaceAll("\\.\\*$", "")).isPresent();
        return switch (operator) {
            case "in" -> right.contains(left);
            case "not in" -> !right.contains(left);
            case "==", "!=", "<", "<=", ">", ">=", "~=", "===" -> {
                if (versions) yield PythonRange.parse(operator + right).allows(version.get());
                yield switch (operator) {
                    case "==", "===" -> left.equals(right);
                    case "!=" -> !left.equals(right);
                    case "<" -> left.compareTo(right) < 0;
                    case "<=" -> left.compareTo(right) <= 0;
                    case ">" -> left.compareTo(right) > 0;
                    case ">=" -> left.compareTo(right) >= 0;
                    default -> throw wrong();
                };
            }
            default -> throw wrong();
        };
    }
}
