package dev.understudy.app.resident;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A terminal as its process found it.
 *
 * @param columns of its window; 0 if it does not tell
 * @param rows of its window; 0 if it does not tell
 * @param settings all of its settings, as {@code stty -g} writes them
 */
public record TerminalState(int columns, int rows, String settings) {
    /**
     * What a program changes while it reads keys, a bit each of {@link CallerTerminal#mode}; by the names that {@code stty} has
     * for them, with those of termios beside.
     */
    public enum Flag {
        ICANON(0, Fields.LOCAL, 0x2),
        ECHO(1, Fields.LOCAL, 0x8),
        ISIG(2, Fields.LOCAL, 0x1),
        IEXTEN(3, Fields.LOCAL, 0x8000),
        ICRNL(4, Fields.INPUT, 0x100),
        INLCR(5, Fields.INPUT, 0x40),
        IXON(6, Fields.INPUT, 0x400),
        OPOST(7, Fields.OUTPUT, 0x1);

        private final int bit;
        private final int field;
        private final int mask;

        Flag(int number, int field, int mask) {
            bit = 1 << number;
            this.field = field;
            this.mask = mask;
        }

        /** In a mode. */
        public int bit() {
            return bit;
        }
    }

    /** Where Linux has them in the settings. */
    private static final class Fields {
        static final int INPUT = 0;
        static final int OUTPUT = 1;
        static final int LOCAL = 3;
        static final int CHARACTERS = 4;
    }

    private static final int HEXADECIMAL = 16;
    /** Of a terminal at which nobody has changed anything. */
    private static final int USUAL = Flag.ICANON.bit()
            | Flag.ECHO.bit()
            | Flag.ISIG.bit()
            | Flag.IEXTEN.bit()
            | Flag.ICRNL.bit()
            | Flag.IXON.bit()
            | Flag.OPOST.bit();

    private static final List<Integer> USUAL_CHARACTERS =
            List.of(3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0);

    String encoded() {
        return columns + " " + rows + " " + settings;
    }

    /** @throws IOException if it is none */
    static TerminalState decoded(String text) throws IOException {
        String[] parts = text.strip().split(" ");
        if (parts.length != 3 || !parts[0].matches("\\d{1,5}") || !parts[1].matches("\\d{1,5}"))
            throw new IOException("no terminal");
        return new TerminalState(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
    }

    /** The flags that are on, a bit each. */
    public int mode() {
        String[] fields = settings.split(":");
        if (fields.length <= Fields.CHARACTERS) return USUAL;
        try {
            int mode = 0;
            for (Flag each : Flag.values())
                if ((Long.parseLong(fields[each.field], HEXADECIMAL) & each.mask) != 0) mode |= each.bit();
            return mode;
        } catch (NumberFormatException _) {
            // Other systems write them otherwise.
            return USUAL;
        }
    }

    /** The keys that mean something to the terminal, in the order that Linux has for them; 0 for none. */
    public List<Integer> characters() {
        String[] fields = settings.split(":");
        if (fields.length < Fields.CHARACTERS + USUAL_CHARACTERS.size()) return USUAL_CHARACTERS;
        try {
            var characters = new ArrayList<Integer>();
            for (int i = 0; i < USUAL_CHARACTERS.size(); i++)
                characters.add(Integer.parseInt(fields[Fields.CHARACTERS + i], HEXADECIMAL));
            return List.copyOf(characters);
        } catch (NumberFormatException _) {
            return USUAL_CHARACTERS;
        }
    }

    /** What {@code stty} is told so that the terminal has a mode. */
    List<String> words(int mode) {
        if (mode == mode()) return List.of(settings);
        var words = new ArrayList<>(List.of(settings));
        for (Flag each : Flag.values())
            words.add(((mode & each.bit()) != 0 ? "" : "-") + each.name().toLowerCase(Locale.ROOT));
        // A read waits for a key, and gives it at once.
        if ((mode & Flag.ICANON.bit()) == 0) words.addAll(List.of("min", "1", "time", "0"));
        return words;
    }
}
