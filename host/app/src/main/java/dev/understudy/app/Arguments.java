package dev.understudy.app;

import dev.understudy.sandbox.control.Utf8Locale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Arguments that did not reach Java as they were typed: it replaces what it cannot read and says nothing. */
final class Arguments {
    private static final Path TYPED = Path.of("/proc/self/cmdline");
    private static final char REPLACED = '\ufffd';

    private Arguments() {}

    /** What to tell of the first argument that is not what was typed; empty if all are. */
    static Optional<String> unreadable(String... arguments) {
        if (List.of(arguments).stream().noneMatch(argument -> argument.indexOf(REPLACED) >= 0)) return Optional.empty();
        try {
            // Each byte as a character, so that none is lost here.
            String[] typed =
                    Files.readString(TYPED, StandardCharsets.ISO_8859_1).split("\0", -1);
            int first = typed.length - 1 - arguments.length;
            for (int i = 0; i < arguments.length; i++) {
                byte[] bytes = typed[first + i].getBytes(StandardCharsets.ISO_8859_1);
                // It may be a name that holds the very character.
                if (new String(bytes, StandardCharsets.UTF_8).equals(arguments[i])
                        && arguments[i].getBytes(StandardCharsets.UTF_8).length == bytes.length) continue;
                if (arguments[i].indexOf(REPLACED) >= 0) return Optional.of(cannotName(escaped(typed[first + i])));
            }
        } catch (IOException | IndexOutOfBoundsException _) {
            // Without /proc nothing better is known, and the name will not be found.
        }
        return Optional.empty();
    }

    private static String escaped(String bytes) {
        var text = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c >= ' ' && c < '\u007f') text.append(c);
            else text.append(String.format("\\x%02x", (int) c));
        }
        return text.toString();
    }

    /** Why a name cannot be used at all, and how to mend it. */
    static String cannotName(String name) {
        return Utf8Locale.isOfThisProcess()
                ? "'" + Console.printable(name) + "' is no UTF-8 text, and Java takes names in no other way. Rename the"
                        + " file, for example with mv and a pattern or with convmv, and type its new name."
                : "'" + Console.printable(name) + "' cannot be used: this system has no UTF-8 locale, and without it"
                        + " Java knows ASCII only. " + Utf8Locale.MEND + ".";
    }
}
