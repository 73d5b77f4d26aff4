package dev.understudy.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the command line prints: results to standard output, everything about them to standard error.
 *
 * <p>Text from scripts and histories is shown through {@link #printable}, so that it cannot move the cursor or change
 * colours.
 */
final class Console {
    private static final int DEFAULT_WIDTH = 100;
    private static final int MIN_WIDTH = 40;
    private static final int MAX_WIDTH = 400;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean styled;
    private final boolean terminal;
    private final int width;

    Console(PrintStream out, PrintStream err, boolean terminal, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.styled = terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        this.width = width(environment.get("COLUMNS"));
    }

    private Console(Console other, int width) {
        out = other.out;
        err = other.err;
        terminal = other.terminal;
        styled = other.styled;
        this.width = width;
    }

    /** The process's own streams: a terminal gets its own charset, a pipe UTF-8 whatever the locale says. */
    static Console ofProcess() {
        boolean interactive = isInteractive();
        Charset charset = interactive ? ofTerminal() : StandardCharsets.UTF_8;
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                interactive,
                System.getenv());
    }

    /** As the launcher found it in the person's locale; ASCII there says nothing of the terminal, which then takes UTF-8. */
    static Charset ofTerminal() {
        try {
            return Charset.forName(System.getProperty("understudy.terminal.charset", "UTF-8"));
        } catch (IllegalArgumentException _) {
            return StandardCharsets.UTF_8;
        }
    }

    // JDK 25 gives no console where there is no terminal, whatever Error Prone's check says of JDK 22.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isInteractive() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static int width(@Nullable String columns) {
        // A terminal that does not know its size says 0.
        if (columns == null || !columns.matches("0*[1-9]\\d{0,3}")) return DEFAULT_WIDTH;
        return Math.clamp(Integer.parseInt(columns), MIN_WIDTH, MAX_WIDTH);
    }

    /** The same at another width, as far as that is one to print at. */
    Console ofWidth(int columns) {
        return columns < 1 ? this : new Console(this, Math.clamp(columns, MIN_WIDTH, MAX_WIDTH));
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    boolean isStyled() {
        return styled;
    }

    /** Whether a person is looking and can answer. */
    boolean isTerminal() {
        return terminal;
    }

    /** Columns to fill at most. */
    int width() {
        return width;
    }

    /** The text with control characters shown instead of obeyed; line feeds and tabs stay. */
    static String printable(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean harmless = c == '\n' || c == '\t' || (!isControl(c) && !isByte(c));
            if (harmless) {
                if (shown != null) shown.append(c);
            } else {
                if (shown == null) shown = new StringBuilder(text.length() + 8).append(text, 0, i);
                if (isByte(c)) shown.append(String.format("\\x%02x", c & 0xFF));
                else if (c < ' ') shown.append('^').append((char) (c + '@'));
                else shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return shown == null ? text : shown.toString();
    }

    /** The text with paths below the working directory made relative, and those below the person's home begun with ~. */
    static String shortened(String text) {
        String here = Invocation.current().folder() + "/";
        String home = RootCommand.userHome() + "/";
        String shorter = here.equals("/") ? text : text.replace(here, "");
        return home.equals("//") ? shorter : shorter.replace(home, "~/");
    }

    /** What stands for a byte of a file's name that is no UTF-8. */
    private static boolean isByte(char c) {
        return c >= '\uf780' && c <= '\uf7ff';
    }

    /** C0, DEL, C1 and the marks that turn the direction of text. */
    private static boolean isControl(char c) {
        return c < ' '
                || (c >= '\u007f' && c <= '\u009f')
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
