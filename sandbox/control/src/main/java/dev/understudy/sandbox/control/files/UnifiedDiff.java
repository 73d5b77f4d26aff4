package dev.understudy.sandbox.control.files;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.DeleteDelta;
import com.github.difflib.patch.InsertDelta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two texts as a unified diff that {@code patch} understands, as long as it is not cut short. */
public final class UnifiedDiff {
    /** Longer files are not compared. */
    static final int MAX_BYTES = 512 << 10;

    /** Where more lines than this differ as a block, the block is shown as replaced: comparing is quadratic. */
    private static final int MAX_COMPARED_LINES = 4000;

    private static final int MAX_SHOWN_LINES = 2000;
    private static final int CONTEXT_LINES = 3;

    private final List<String> before;
    private final List<String> after;
    private final List<String> shown = new ArrayList<>();

    private UnifiedDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** The diff of a file that was created if there is nothing before, deleted if nothing after; empty if equal. */
    static Optional<String> of(Path path, Optional<String> before, Optional<String> after) {
        if (before.equals(after)) return Optional.empty();
        UnifiedDiff diff = new UnifiedDiff(lines(before.orElse("")), lines(after.orElse("")));
        diff.shown.add("--- " + before.map(_ -> CopyOnWriteView.shown(path)).orElse("/dev/null") + "\n");
        diff.shown.add("+++ " + after.map(_ -> CopyOnWriteView.shown(path)).orElse("/dev/null") + "\n");
        diff.hunks(diff.deltas());
        return Optional.of(diff.text());
    }

    /** The diff of two texts under these names; empty if they are equal. */
    public static Optional<String> of(String beforeName, String before, String afterName, String after) {
        if (before.equals(after)) return Optional.empty();
        UnifiedDiff diff = new UnifiedDiff(lines(before), lines(after));
        diff.shown.add("--- " + beforeName + "\n");
        diff.shown.add("+++ " + afterName + "\n");
        diff.hunks(diff.deltas());
        return Optional.of(diff.text());
    }

    /** Each line with its line feed, so that a last line without one differs from one with. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, next));
            from = next;
        }
        return lines;
    }

    private List<AbstractDelta<String>> deltas() {
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) head++;
        int tail = 0;
        while (tail < shorter - head && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail)))
            tail++;
        List<String> left = before.subList(head, before.size() - tail);
        List<String> right = after.subList(head, after.size() - tail);
        if (left.isEmpty() && right.isEmpty()) return List.of();
        Chunk<String> source = new Chunk<>(head, left);
        Chunk<String> target = new Chunk<>(head, right);
        if (left.isEmpty()) return List.of(new InsertDelta<>(source, target));
        if (right.isEmpty()) return List.of(new DeleteDelta<>(source, target));
        if (left.size() + right.size() > MAX_COMPARED_LINES) return List.of(new ChangeDelta<>(source, target));
        List<AbstractDelta<String>> deltas = new ArrayList<>();
        for (AbstractDelta<String> delta : DiffUtils.diff(left, right, new MyersDiffWithLinearSpace<String>())
                .getDeltas()) {
            Chunk<String> gone = moved(delta.getSource(), head);
            Chunk<String> come = moved(delta.getTarget(), head);
            // Neighbours become one, so that what is gone is shown before what comes in its place.
            while (!deltas.isEmpty() && touches(deltas.getLast(), gone, come)) {
                AbstractDelta<String> last = deltas.removeLast();
                gone = joined(last.getSource(), gone);
                come = joined(last.getTarget(), come);
            }
            deltas.add(new ChangeDelta<>(gone, come));
        }
        return deltas;
    }

    private static boolean touches(AbstractDelta<String> last, Chunk<String> gone, Chunk<String> come) {
        return endOf(last.getSource()) == gone.getPosition() && endOf(last.getTarget()) == come.getPosition();
    }

    private static Chunk<String> joined(Chunk<String> first, Chunk<String> second) {
        List<String> lines = new ArrayList<>(first.getLines());
        lines.addAll(second.getLines());
        return new Chunk<>(first.getPosition(), lines);
    }

    private static Chunk<String> moved(Chunk<String> chunk, int by) {
        return new Chunk<>(chunk.getPosition() + by, chunk.getLines());
    }

    /** Deltas with at most twice the context between them share a hunk. */
    private void hunks(List<AbstractDelta<String>> deltas) {
        int first = 0;
        for (int i = 1; i <= deltas.size(); i++) {
            boolean ends = i == deltas.size()
                    || deltas.get(i).getSource().getPosition()
                                    - endOf(deltas.get(i - 1).getSource())
                            > 2 * CONTEXT_LINES;
            if (!ends) continue;
            hunk(deltas.subList(first, i));
            first = i;
        }
    }

    private static int endOf(Chunk<String> chunk) {
        return chunk.getPosition() + chunk.size();
    }

    private void hunk(List<AbstractDelta<String>> deltas) {
        Chunk<String> firstSource = deltas.getFirst().getSource();
        int context = Math.min(CONTEXT_LINES, firstSource.getPosition());
        int start = firstSource.getPosition() - context;
        int targetStart = deltas.getFirst().getTarget().getPosition() - context;
        int end = Math.min(before.size(), endOf(deltas.getLast().getSource()) + CONTEXT_LINES);
        int targetEnd = endOf(deltas.getLast().getTarget())
                + end
                - endOf(deltas.getLast().getSource());
        shown.add("@@ -" + range(start, end - start) + " +" + range(targetStart, targetEnd - targetStart) + " @@\n");
        int line = start;
        for (AbstractDelta<String> delta : deltas) {
            while (line < delta.getSource().getPosition()) show(' ', before.get(line++));
            for (String gone : delta.getSource().getLines()) show('-', gone);
            for (String come : delta.getTarget().getLines()) show('+', come);
            line = endOf(delta.getSource());
        }
        while (line < end) show(' ', before.get(line++));
    }

    /** Lines are counted from 1; an empty range names the line before it. */
    private static String range(int start, int length) {
        if (length == 1) return Integer.toString(start + 1);
        return (length == 0 ? start : start + 1) + "," + length;
    }

    private void show(char mark, String line) {
        shown.add(line.endsWith("\n") ? mark + line : mark + line + "\n\\ No newline at end of file\n");
    }

    private String text() {
        if (shown.size() <= MAX_SHOWN_LINES) return String.join("", shown);
        return String.join("", shown.subList(0, MAX_SHOWN_LINES)) + "\\ " + (shown.size() - MAX_SHOWN_LINES)
                + " more lines\n";
    }
}
