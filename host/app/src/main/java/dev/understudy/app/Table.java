package dev.understudy.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of text that fits the console: columns as wide as their widest cell, and where that is too much the columns
 * that may shrink share what is left, their cells wrapped at spaces.
 */
final class Table {
    private static final int GAP = 2;
    private static final int NARROWEST = 12;

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
        int[] widths = widths(console.width() - indent.length());
        var header = new ArrayList<Cell>();
        for (Column column : columns) header.add(new Cell(column.title(), Style.DIM));
        if (columns.stream().anyMatch(column -> !column.title().isEmpty())) printRow(console, indent, header, widths);
        for (List<Cell> row : rows) printRow(console, indent, row, widths);
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
                    String styled = part;
                    for (Style style : row.get(i).styles()) styled = style.of(console, styled);
                    text.append(styled);
                }
                pending += GAP + (right ? 0 : padding);
            }
            console.out().println(text);
        }
    }

    private static List<String> wrap(String text, int width) {
        if (length(text) <= width) return List.of(text);
        var lines = new ArrayList<String>();
        var rest = text;
        while (length(rest) > width) {
            int end = rest.offsetByCodePoints(0, width);
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

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
