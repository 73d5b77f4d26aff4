package dev.understudy.app;

import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.tester.CaseResult;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code dev} shows of each save, all of it on standard output and in its order: mistakes, or each case with what it
 * printed on the left and what it would change on the right; without a terminal one below the other.
 */
final class DevView implements DevReport {
    /** Two columns of less are no pleasure to read. */
    private static final int NARROWEST_FOR_TWO = 72;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final String INDENT = "  ";
    private static final String BETWEEN = " │ ";

    private final Console console;
    private final String name;

    /** @param name by which the person knows the script */
    DevView(Console console, String name) {
        this.console = console;
        this.name = name;
    }

    /** A line of a column. */
    private record Line(String text, List<Style> styles) {
        Line(String text, Style... styles) {
            this(Console.printable(text).replace('\t', ' '), List.of(styles));
        }

        String styled(Console console, String part) {
            String styled = part;
            for (Style style : styles) styled = style.of(console, styled);
            return styled;
        }
    }

    @Override
    public void saved() {
        String time = LocalTime.now(ZoneId.systemDefault()).format(TIME);
        console.out().println("\n" + Style.BOLD.of(console, name) + "  " + Style.DIM.of(console, time));
    }

    @Override
    public void checked(CheckResult result) {
        CheckCommand.printMistakes(console, console.out(), result.file(), result.mistakes());
        result.unchecked().ifPresent(why -> console.out().println(Console.printable(why) + "."));
        if (!result.mistakes().isEmpty()) summary(Style.RED, "not run: it has mistakes");
    }

    @Override
    public void failed(UserException e) {
        summary(Style.RED, "not run: " + Console.printable(String.valueOf(e.getMessage())));
    }

    @Override
    public void tested(TestRun run) {
        TestCommand.printSource(console, run.source());
        if (run.source() == TestRun.Source.NONE) return;
        run.result().cases().forEach(this::print);
        int passed = run.result().passed();
        int total = run.result().cases().size();
        summary(passed == total ? Style.GREEN : Style.RED, passed + " of " + total + " cases passed");
    }

    private void summary(Style style, String text) {
        console.out().println(style.of(console, text));
    }

    private void print(CaseResult each) {
        PrintStream out = console.out();
        out.println(TestCommand.verdict(console, each.verdict())
                + Console.printable(each.name())
                + Style.DIM.of(console, "  " + Quantities.duration(each.duration())));
        for (String problem : each.problems()) out.println(INDENT + Style.RED.of(console, Console.printable(problem)));
        each.report().place().ifPresent(place -> {
            out.println(INDENT + name + ":" + place.line() + (place.column() > 0 ? ":" + place.column() : "") + ":");
            for (String line : ScriptError.excerpt(place.text(), place.column()))
                out.println(INDENT + Style.DIM.of(console, Console.printable(line)));
        });
        columns(output(each.report()), changes(each.report().changes()));
    }

    private static List<Line> output(RunReport report) {
        var lines = new ArrayList<Line>();
        String error = RunView.error(report.outcome());
        for (RunReport.OutputLine line : report.output()) {
            if (error != null && ScriptError.says(error, line)) continue;
            boolean printed = line.channel().equals("stdout");
            String channel = printed || line.channel().equals("stderr") ? "" : line.channel() + ": ";
            line.text()
                    .lines()
                    .forEach(text -> lines.add(printed ? new Line(text) : new Line(channel + text, Style.DIM)));
        }
        if (report.outcome() instanceof RunOutcome.Succeeded succeeded)
            lines.add(new Line("→ " + succeeded.resultJson(), Style.CYAN));
        return lines;
    }

    private static List<Line> changes(List<FileChange> changes) {
        var lines = new ArrayList<Line>();
        for (FileChange change : changes) {
            String size = change.directory() ? "/" : "  " + RunView.size(change);
            lines.add(new Line(
                    RunView.mark(change) + Console.shortened(change.path().toString()) + size, RunView.style(change)));
            List<String> diff = change.diff().map(text -> text.lines().toList()).orElse(List.of());
            for (String line : diff.subList(0, Math.min(diff.size(), RunView.DIFF_LINES_SHOWN)))
                lines.add(new Line(INDENT + line, RunView.diffStyle(line)));
            if (diff.size() > RunView.DIFF_LINES_SHOWN)
                lines.add(
                        new Line(INDENT + "… " + (diff.size() - RunView.DIFF_LINES_SHOWN) + " more lines", Style.DIM));
        }
        return lines;
    }

    private void columns(List<Line> left, List<Line> right) {
        int width = console.width() - INDENT.length();
        boolean sideBySide =
                console.isTerminal() && console.width() >= NARROWEST_FOR_TWO && !left.isEmpty() && !right.isEmpty();
        if (!sideBySide) {
            List<Line> all = new ArrayList<>(left);
            all.addAll(right);
            // Programs and people who read a pipe want each line whole.
            (console.isTerminal() ? wrapped(all, width) : all)
                    .forEach(line -> console.out().println(INDENT + line.styled(console, line.text())));
            return;
        }
        int half = (width - BETWEEN.length()) / 2;
        List<Line> leftLines = wrapped(left, half);
        List<Line> rightLines = wrapped(right, width - BETWEEN.length() - half);
        for (int i = 0; i < Math.max(leftLines.size(), rightLines.size()); i++) {
            Line at = i < leftLines.size() ? leftLines.get(i) : new Line("");
            Line beside = i < rightLines.size() ? rightLines.get(i) : new Line("");
            String padding = " ".repeat(Math.max(0, half - Table.length(at.text())));
            console.out()
                    .println((INDENT
                                    + at.styled(console, at.text())
                                    + padding
                                    + Style.DIM.of(console, BETWEEN)
                                    + beside.styled(console, beside.text()))
                            .stripTrailing());
        }
    }

    private static List<Line> wrapped(List<Line> lines, int width) {
        var wrapped = new ArrayList<Line>();
        for (Line line : lines)
            for (String part : Table.wrap(line.text(), width)) wrapped.add(new Line(part, line.styles()));
        return wrapped;
    }
}
