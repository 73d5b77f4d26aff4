package dev.understudy.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jline.utils.WCWidth;

/**
 * A table of text that fits the console: columns as wide as their widest cell, and where that is too much the columns
 * that may shrink share what is left, their cells wrapped at spaces. Where that leaves the last of them too narrow to
 * read, each of its cells stands on lines of its own below its row.
 */
final class Table {
    private static final int GAP = 2;
    private static final int NARROWEST = 12;

    /** A sentence is no pleasure to read in less. */
    private static final int READABLE = 28;

    private static final String BELOW = "    ";

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** One column. */
    record Column(String title, Align align, Fit fit) {
        static Column left(String title) {
            return new Column(title, Align.LEFT, Fit.WHOLE);
        }

        static Column right(String title) {
            return new Column(title, Align.RIGHT, Fit.WHOLE);
        }

        static Column wrapped(String title) {
            return new Column(title, Align.LEFT, Fit.WRAP);
        }
    }

    enum Align {
        LEFT,
        RIGHT
    }

    enum Fit {
        WHOLE,
        WRAP
    }

    /** Text and how it is shown. */
    record Cell(String text, List<Style> styles) {
        Cell(String text, Style... styles) {
            this(text, List.of(styles));
        }
    }

    void row(Object... cells) {
        if (cells.length != columns.size())
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        var row = new ArrayList<Cell>(cells.length);
        for (Object cell : cells) {
            Cell given = cell instanceof Cell c ? c : new Cell(String.valueOf(cell));
            row.add(new Cell(Console.printable(given.text()).replace('\n', ' ').replace('\t', ' '), given.styles()));
        }
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(Console console, String indent) {
        int available = console.width() - indent.length();
        int[] widths = widths(available);
        var header = new ArrayList<Cell>();
        for (Column column : columns) header.add(new Cell(column.title(), Style.DIM));
        boolean titled = columns.stream().anyMatch(column -> !column.title().isEmpty());
        if (isTooNarrow(widths)) {
            int last = columns.size() - 1;
            var first = new Table(columns.subList(0, last).toArray(Column[]::new));
            rows.forEach(row -> first.rows.add(row.subList(0, last)));
            int[] firstWidths = first.widths(available);
            if (titled) first.printRow(console, indent, header.subList(0, last), firstWidths);
            for (List<Cell> row : rows) {
                first.printRow(console, indent, row.subList(0, last), firstWidths);
                Cell below = row.get(last);
                for (String line : wrap(below.text(), available - BELOW.length()))
                    if (!line.isEmpty()) console.out().println(indent + BELOW + styled(console, below, line));
            }
            return;
        }
        if (titled) printRow(console, indent, header, widths);
        for (List<Cell> row : rows) printRow(console, indent, row, widths);
    }

    /** Whether the last column, where it may shrink, had to shrink to less than a person likes to read. */
    private boolean isTooNarrow(int[] widths) {
        int last = widths.length - 1;
        if (last == 0 || columns.get(last).fit() != Fit.WRAP || widths[last] >= READABLE) return false;
        return rows.stream().anyMatch(row -> length(row.get(last).text()) > widths[last]);
    }

    private static String styled(Console console, Cell cell, String text) {
        String styled = text;
        for (Style style : cell.styles()) styled = style.of(console, styled);
        return styled;
    }

    private int[] widths(int available) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = length(columns.get(i).title());
            for (List<Cell> row : rows)
                widths[i] = Math.max(widths[i], length(row.get(i).text()));
        }
        int excess = Arrays.stream(widths).sum() + GAP * (widths.length - 1) - available;
        while (excess > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (columns.get(i).fit() == Fit.WRAP
                        && widths[i] > NARROWEST
                        && (widest < 0 || widths[i] > widths[widest])) widest = i;
            }
            if (widest < 0) break;
            widths[widest]--;
            excess--;
        }
        return widths;
    }

    private void printRow(Console console, String indent, List<Cell> row, int[] widths) {
        var wrapped = new ArrayList<List<String>>();
        int height = 1;
        for (int i = 0; i < widths.length; i++) {
            List<String> lines = wrap(row.get(i).text(), widths[i]);
            wrapped.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            var text = new StringBuilder(indent);
            var pending = 0;
            for (int i = 0; i < widths.length; i++) {
                String part = line < wrapped.get(i).size() ? wrapped.get(i).get(line) : "";
                int padding = Math.max(0, widths[i] - length(part));
                boolean right = columns.get(i).align() == Align.RIGHT;
                if (right) pending += padding;
                if (!part.isEmpty()) {
                    text.repeat(' ', pending);
                    pending = 0;
                    text.append(styled(console, row.get(i), part));
                }
                pending += GAP + (right ? 0 : padding);
            }
            console.out().println(text);
        }
    }

    static List<String> wrap(String text, int width) {
        if (length(text) <= width) return List.of(text);
        var lines = new ArrayList<String>();
        var rest = text;
        while (length(rest) > width) {
            int end = fitting(rest, width);
            int space = rest.lastIndexOf(' ', end);
            // A path breaks after a slash, if it must.
            int slash = rest.lastIndexOf('/', end - 1) + 1;
            int cut = space > end / 2 ? space : slash > end / 2 ? slash : end;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        if (!rest.isEmpty()) lines.add(rest);
        return lines;
    }

    /** Where the longest beginning ends that fits, with the marks that belong to its last letter; at least one letter. */
    private static int fitting(String text, int width) {
        int end = 0;
        int filled = 0;
        while (end < text.length()) {
            int letter = text.codePointAt(end);
            filled += width(letter);
            if (filled > width && end > 0) break;
            end += Character.charCount(letter);
        }
        return end;
    }

    /** In cells of a terminal. */
    static int length(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    /** Letters of East Asia take two cells, marks that are put on a letter none. */
    private static int width(int codePoint) {
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }
}
