package dev.understudy.app;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Prints what a session prints and shows, as it does: lists of records as tables, of numbers with a line of blocks. */
final class ReplPrinter implements RunListener {
    private static final Pattern NUMBER = Pattern.compile("|-?\\d[\\d_]*(?:\\.\\d+)?(?:e[+-]?\\d+)?n?");

    private final Console console;
    private final IntSupplier width;

    /** @param width of the terminal as it is now; 0 if that is not known */
    ReplPrinter(Console console, IntSupplier width) {
        this.console = console;
        this.width = width;
    }

    /** The console, as wide as it is now. */
    Console console() {
        return console.ofWidth(width.getAsInt());
    }

    @Override
    public void output(RunReport.OutputLine line) {
        var stream = line.channel().equals("stdout") ? console.out() : console.err();
        stream.println(Console.printable(line.text()));
    }

    @Override
    public void rows(List<String> columns, List<String> cells, long more) {
        int rows = cells.size() / columns.size();
        var shown = new ArrayList<Table.Column>();
        shown.add(Table.Column.right("#"));
        for (int column = 0; column < columns.size(); column++) {
            int at = column;
            boolean numbers = IntStream.range(0, rows)
                    .allMatch(row ->
                            NUMBER.matcher(cells.get(row * columns.size() + at)).matches());
            String title = Console.printable(columns.get(column)).replace('\n', ' ');
            shown.add(numbers ? Table.Column.right(title) : Table.Column.wrapped(title));
        }
        var table = new Table(shown.toArray(Table.Column[]::new));
        for (int row = 0; row < rows; row++) {
            var line = new ArrayList<Object>();
            line.add(new Table.Cell(String.valueOf(row), Style.DIM));
            line.addAll(cells.subList(row * columns.size(), (row + 1) * columns.size()));
            table.row(line.toArray());
        }
        table.print(console(), "");
        if (more > 0) console.out().println(Style.DIM.of(console, "… and " + more + " more"));
    }

    @Override
    public void series(String text, List<Double> numbers) {
        console.out().println(Console.printable(text));
        // What reads from a pipe wants the numbers.
        if (console.isTerminal() && !numbers.isEmpty())
            console.out().println(Style.CYAN.of(console, Sparkline.of(numbers)));
    }
}
