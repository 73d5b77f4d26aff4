package dev.understudy.app;

import dev.understudy.core.automation.RunRecord;
import java.util.List;

/** The latest runs as one character each, oldest first: on a terminal blocks as high as they took long, else letters; and series. */
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

    /** How much wider than this a series may be before neighbours share a character. */
    private static final int WIDEST = 60;

    /** Numbers as blocks, the least as the lowest; where they are many, the mean of neighbours. */
    static String of(List<Double> numbers) {
        int width = Math.min(WIDEST, numbers.size());
        double least = numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = numbers.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        var line = new StringBuilder();
        for (int i = 0; i < width; i++) {
            int from = Math.toIntExact((long) i * numbers.size() / width);
            int to = Math.toIntExact((i + 1L) * numbers.size() / width);
            double mean = numbers.subList(from, to).stream()
                    .mapToDouble(each -> each / (to - from))
                    .sum();
            double share = most > least ? (mean / 2 - least / 2) / (most / 2 - least / 2) : 0.5;
            line.append(BLOCKS.charAt(Math.clamp((int) (share * BLOCKS.length()), 0, BLOCKS.length() - 1)));
        }
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
