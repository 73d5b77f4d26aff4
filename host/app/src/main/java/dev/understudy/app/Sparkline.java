package dev.understudy.app;

import dev.understudy.core.automation.RunRecord;
import java.util.List;

/** The latest runs as one character each, oldest first: on a terminal blocks as high as they took long, else letters. */
final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    static String of(Console console, List<RunRecord> runs) {
        long longest = runs.stream()
                .filter(RunRecord::succeeded)
                .mapToLong(run -> run.duration().toMillis())
                .max()
                .orElse(0);
        var line = new StringBuilder();
        for (RunRecord run : runs) line.append(console.isTerminal() ? block(run, longest) : plain(run));
        return line.toString();
    }

    private static char block(RunRecord run, long longest) {
        // Told by its shape, not by a colour alone.
        if (!run.succeeded()) return '×';
        long steps = longest == 0 ? 0 : run.duration().toMillis() * BLOCKS.length() / (longest + 1);
        return BLOCKS.charAt(Math.toIntExact(steps));
    }

    private static char plain(RunRecord run) {
        return run.succeeded() ? '.' : 'x';
    }
}
