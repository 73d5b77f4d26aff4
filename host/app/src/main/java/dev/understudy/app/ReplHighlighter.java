package dev.understudy.app;

import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** A few colours for what is typed: words, texts, comments, numbers. It reads no grammar, so it is right most of the time. */
final class ReplHighlighter implements Highlighter {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final String TEXTS =
            "\"\"\"[\\s\\S]*?(?:\"\"\"|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?";
    private static final String NUMBERS = "(?<number>(?<![\\w$])\\d[\\w.]*)";

    private final Supplier<ReplLanguage> language;

    ReplHighlighter(Supplier<ReplLanguage> language) {
        this.language = language;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        return highlighted(buffer);
    }

    AttributedString highlighted(String buffer) {
        ReplLanguage spoken = language.get();
        var text = new AttributedStringBuilder();
        int at = 0;
        if (buffer.stripLeading().startsWith("%")) {
            Matcher word = Pattern.compile("\\s*%\\w*").matcher(buffer);
            if (word.lookingAt()) at = word.end();
            text.append(
                    buffer.substring(0, at),
                    PLAIN.foreground(AttributedStyle.MAGENTA).bold());
        }
        Matcher token = tokens(spoken).matcher(buffer);
        while (token.find(at)) {
            text.append(buffer.substring(at, token.start()), PLAIN);
            AttributedStyle style = token.group("comment") != null
                    ? PLAIN.faint()
                    : token.group("text") != null
                            ? PLAIN.foreground(AttributedStyle.GREEN)
                            : token.group("number") != null
                                    ? PLAIN.foreground(AttributedStyle.CYAN)
                                    : PLAIN.foreground(AttributedStyle.BLUE).bold();
            text.append(token.group(), style);
            at = token.end();
        }
        return text.append(buffer.substring(at), PLAIN).toAttributedString();
    }

    private static final List<Pattern> TOKENS = List.of(
            tokens("//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)", TEXTS + "|`(?:\\\\.|[^`\\\\])*`?", ReplLanguage.JAVASCRIPT),
            tokens("#[^\\n]*", "'''[\\s\\S]*?(?:'''|$)|" + TEXTS, ReplLanguage.PYTHON),
            tokens("(?<![\\w$])#[^\\n]*", TEXTS, ReplLanguage.BASH));

    private static Pattern tokens(ReplLanguage language) {
        return switch (language) {
            case JAVASCRIPT -> TOKENS.get(0);
            case PYTHON -> TOKENS.get(1);
            case BASH -> TOKENS.get(2);
        };
    }

    private static Pattern tokens(String comments, String texts, ReplLanguage language) {
        return Pattern.compile("(?<comment>" + comments + ")|(?<text>" + texts + ")|" + NUMBERS + "|(?<![\\w$.])(?:"
                + String.join("|", ReplCompleter.keywords(language)) + ")(?![\\w$])");
    }
}
