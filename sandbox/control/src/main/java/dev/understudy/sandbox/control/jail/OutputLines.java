package dev.understudy.sandbox.control.jail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes lines of what one run writes to one channel. Used by one thread. */
final class OutputLines {
    private final String channel;
    private final RunWatch watch;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    OutputLines(String channel, RunWatch watch) {
        this.channel = channel;
        this.watch = watch;
    }

    /** Takes what was written; whether more is wanted. */
    boolean take(byte[] buffer, int length) {
        int kept = watch.admit(length);
        for (int i = 0; i < kept; i++) {
            if (buffer[i] == '\n') emit();
            else line.write(buffer[i]);
        }
        return kept == length;
    }

    /** Tells what comes after the last line's end. */
    void end() {
        if (line.size() > 0) emit();
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        watch.emit(channel, text);
    }
}
