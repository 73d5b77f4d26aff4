package dev.understudy.core.tuning.program;

import dev.understudy.spi.optimization.Constraint;
import dev.understudy.spi.optimization.Dimension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A constraint as a person writes it: {@code workers * buffer <= 4096 and (mode = 'pool' or workers < 8)}. Knows numbers, names
 * of parameters, texts in quotes, true and false; {@code + - * /}, comparisons, {@code and}, {@code or}, {@code not}, brackets.
 * A comparison with a parameter that does not count holds. Reads from left to right, one token ahead; made by {@link #parse},
 * used once.
 */
final class ConstraintText {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)|([A-Za-z_][A-Za-z0-9_.:]*)|'([^']*)'|\"([^\"]*)\"|(<=|>=|!=|==|[<>=+*/()-]))");
    private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=", "=", "==", "!=");

    private final String text;
    private final Set<String> names;
    private final Matcher matcher;
    private Token next;

    private enum Kind {
        NUMBER,
        WORD,
        TEXT,
        SIGN,
        END
    }

    private record Token(Kind kind, String text) {}

    /** A value for given values of the parameters; null where a parameter has none. */
    private interface Expression {
        @Nullable
        Object of(Map<String, Object> values);
    }

    private interface Test {
        boolean holds(Map<String, Object> values);
    }

    private ConstraintText(String text, Set<String> names) {
        this.text = text;
        this.names = names;
        matcher = TOKEN.matcher(text);
        next = read();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    static Constraint parse(String text, List<Dimension> dimensions) {
        var reader = new ConstraintText(
                text, dimensions.stream().map(Dimension::name).collect(java.util.stream.Collectors.toSet()));
        Test test = reader.either();
        if (reader.next.kind() != Kind.END) throw reader.unexpected("'and', 'or' or the end");
        return new Constraint(text.strip(), test::holds);
    }

    private Token read() {
        if (matcher.regionStart() >= text.stripTrailing().length()) return new Token(Kind.END, "the end");
        if (!matcher.lookingAt())
            throw new IllegalArgumentException(
                    "'" + text.substring(matcher.regionStart()).strip() + "' cannot be read");
        Token token;
        if (matcher.group(1) != null) token = new Token(Kind.NUMBER, matcher.group(1));
        else if (matcher.group(2) != null) token = new Token(Kind.WORD, matcher.group(2));
        else if (matcher.group(3) != null) token = new Token(Kind.TEXT, matcher.group(3));
        else if (matcher.group(4) != null) token = new Token(Kind.TEXT, matcher.group(4));
        else token = new Token(Kind.SIGN, matcher.group(5));
        matcher.region(matcher.end(), text.length());
        return token;
    }

    private boolean takes(Kind kind, String wanted) {
        if (next.kind() != kind || !next.text().equals(wanted)) return false;
        next = read();
        return true;
    }

    private IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException("it has '" + next.text() + "' where " + wanted + " is expected");
    }

    private Test either() {
        Test left = both();
        while (takes(Kind.WORD, "or")) {
            Test first = left;
            Test second = both();
            left = values -> first.holds(values) || second.holds(values);
        }
        return left;
    }

    private Test both() {
        Test left = not();
        while (takes(Kind.WORD, "and")) {
            Test first = left;
            Test second = not();
            left = values -> first.holds(values) && second.holds(values);
        }
        return left;
    }

    private Test not() {
        if (takes(Kind.WORD, "not")) {
            Test inner = not();
            return values -> !inner.holds(values);
        }
        return comparison();
    }

    /** A bracket may begin a test or a sum; what follows tells which, so the place is kept to come back to. */
    private Test comparison() {
        int start = matcher.regionStart();
        Token first = next;
        if (takes(Kind.SIGN, "(")) {
            try {
                Test inner = either();
                if (takes(Kind.SIGN, ")") && !continuesSum()) return inner;
            } catch (IllegalArgumentException _) {
                // It is a sum, or wrong as one, too.
            }
            matcher.region(start, text.length());
            next = first;
        }
        Expression left = sum();
        if (next.kind() != Kind.SIGN || !COMPARISONS.contains(next.text())) {
            return values -> !Boolean.FALSE.equals(left.of(values));
        }
        String sign = next.text();
        next = read();
        Expression right = sum();
        return values -> compare(left.of(values), sign, right.of(values));
    }

    private boolean continuesSum() {
        return next.kind() == Kind.SIGN && !next.text().equals(")");
    }

    private static boolean compare(@Nullable Object left, String sign, @Nullable Object right) {
        if (left == null || right == null) return true;
        boolean numbers = left instanceof Double && right instanceof Double;
        return switch (sign) {
            case "=", "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "<" -> numbers && (Double) left < (Double) right;
            case "<=" -> numbers && (Double) left <= (Double) right;
            case ">" -> numbers && (Double) left > (Double) right;
            default -> numbers && (Double) left >= (Double) right;
        };
    }

    private Expression sum() {
        Expression left = product();
        while (next.kind() == Kind.SIGN
                && (next.text().equals("+") || next.text().equals("-"))) {
            double sign = next.text().equals("+") ? 1 : -1;
            next = read();
            Expression first = left;
            Expression second = product();
            left = values -> number(first.of(values), second.of(values), (a, b) -> a + sign * b);
        }
        return left;
    }

    private Expression product() {
        Expression left = atom();
        while (next.kind() == Kind.SIGN
                && (next.text().equals("*") || next.text().equals("/"))) {
            boolean times = next.text().equals("*");
            next = read();
            Expression first = left;
            Expression second = atom();
            left = values -> number(first.of(values), second.of(values), (a, b) -> times ? a * b : a / b);
        }
        return left;
    }

    private interface Operation {
        double apply(double a, double b);
    }

    private static @Nullable Object number(@Nullable Object a, @Nullable Object b, Operation operation) {
        return a instanceof Double left && b instanceof Double right ? (Object) operation.apply(left, right) : null;
    }

    private Expression atom() {
        if (takes(Kind.SIGN, "-")) {
            Expression inner = atom();
            return values -> number(0.0, inner.of(values), (a, b) -> a - b);
        }
        if (takes(Kind.SIGN, "(")) {
            Expression inner = sum();
            if (!takes(Kind.SIGN, ")")) throw unexpected("')'");
            return inner;
        }
        Token token = next;
        next = read();
        return switch (token.kind()) {
            case NUMBER -> {
                Double number = Double.valueOf(token.text());
                yield _ -> number;
            }
            case TEXT -> _ -> token.text();
            case WORD -> word(token.text());
            case SIGN, END -> {
                next = token;
                throw unexpected("a number, a parameter or a text in quotes");
            }
        };
    }

    private Expression word(String word) {
        if (word.equals("true") || word.equals("false")) {
            Boolean truth = Boolean.valueOf(word);
            return _ -> truth;
        }
        if (!names.contains(word))
            throw new IllegalArgumentException("there is no parameter '" + word + "'"
                    + dev.understudy.core.config.NearestWord.to(word, names)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse(", and texts stand in quotes"));
        return values -> Optional.ofNullable(values.get(word))
                .map(value -> value instanceof Long whole ? (Object) whole.doubleValue() : value)
                .orElse(null);
    }
}
