package dev.understudy.core.tuning.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Texts of several values, of which those with blanks or commas stand in quotes: {@code cat:'very fast',slow}. */
final class QuotedText {
    /** After these, a quote begins a quoted value; elsewhere it is an apostrophe. */
    private static final String BEFORE_A_VALUE = ",=:";

    private QuotedText() {}

    /**
     * The parts between separators that stand outside quotes; quotes stay in them.
     *
     * @throws IllegalArgumentException with a clause, if a quote is not closed
     */
    static List<String> split(String text, IntPredicate isSeparator) {
        var parts = new ArrayList<String>();
        int start = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if ((c == '\'' || c == '"') && beginsAValue(text, i)) {
                quote = c;
            } else if (isSeparator.test(c)) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        if (quote != 0) throw new IllegalArgumentException("a quote is not closed: " + quote);
        parts.add(text.substring(start));
        return parts;
    }

    private static boolean beginsAValue(String text, int at) {
        return at == 0
                || Character.isWhitespace(text.charAt(at - 1))
                || BEFORE_A_VALUE.indexOf(text.charAt(at - 1)) >= 0;
    }

    static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("'") || value.startsWith("\""))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The values of a list that commas part. */
    static List<String> values(String list) {
        return split(list, c -> c == ',').stream().map(QuotedText::unquoted).toList();
    }
}
