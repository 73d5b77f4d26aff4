package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Reads event logs as comma-separated values (RFC 4180; semicolons and tabs, too) with a header: an event a record. Which
 * columns say what was done and when must be said, for a table does not tell.
 */
@Extension
public final class CsvSource implements TaskSource {
    private static final int MAX_RECORD = ByteLines.MAX_LINE_BYTES;

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "Event logs as CSV with a header; --activity and --timestamp name the columns that say what was done and when";
    }

    @Override
    public Map<String, String> options() {
        return EventLog.OPTIONS;
    }

    @Override
    public Optional<Refusal> refusal(Probe probe) {
        if (!looksLikeTable(probe)) return Optional.empty();
        return Optional.of(new Refusal(
                "it is a table, which does not tell which column is what",
                "Say so: --format csv --activity COLUMN --timestamp COLUMN --case COLUMN, with the columns "
                        + columns(probe)));
    }

    /** A table is read only if a person says so, for its columns must be named. */
    @Override
    public double confidence(Probe probe) {
        return 0;
    }

    private static boolean looksLikeTable(Probe probe) {
        if (!probe.fileName().endsWith(".csv") || probe.head().indexOf('\0') >= 0) return false;
        return header(probe).size() > 1;
    }

    private static List<String> header(Probe probe) {
        String first = probe.head().lines().findFirst().orElse("");
        try {
            var records = new Records(Reader.of(first + "\n"));
            return records.next() ? records.fields() : List.of();
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
    }

    private static String columns(Probe probe) {
        return String.join(", ", header(probe));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var records = new Records(new BufferedReader(new InputStreamReader(input.stream(), StandardCharsets.UTF_8)));
        if (!records.next()) return;
        List<String> header = records.fields();
        var log = new EventLog(
                input, column(header, input, EventLog.ACTIVITY), column(header, input, EventLog.TIMESTAMP), sink);
        if (log.caseColumn() != null) column(header, input, EventLog.CASE);
        if (new HashSet<>(header).size() < header.size())
            throw EventLog.refused("two of its columns have the same name", "Give each column a name of its own");
        Map<String, String> fields = new LinkedHashMap<>();
        while (records.next()) {
            List<String> values = records.fields();
            if (values.size() == 1 && values.getFirst().isBlank()) continue;
            if (values.size() != header.size()) {
                sink.skip(records.line(), "it has " + values.size() + " fields where the header has " + header.size());
                continue;
            }
            fields.clear();
            for (int column = 0; column < header.size(); column++)
                if (log.keepsCase() || !header.get(column).equals(log.caseColumn()))
                    fields.put(header.get(column), values.get(column));
            log.add(records.line(), fields);
        }
        log.end();
    }

    private static String column(List<String> header, Input input, String option) throws RefusedException {
        String named = input.options().get(option);
        if (named == null)
            throw EventLog.refused(
                    "it is not said which column " + EventLog.OPTIONS.get(option),
                    "Name it with --" + option + "; there are " + String.join(", ", header));
        if (!header.contains(named))
            throw EventLog.refused(
                    "it has no column '" + named + "' (--" + option + ")", "There are " + String.join(", ", header));
        return named;
    }

    /** The records of a table, one after the other. */
    private static final class Records {
        private final Reader reader;
        private final StringBuilder field = new StringBuilder();
        private List<String> fields = List.of();
        private long line = 1;
        private long nextLine = 1;
        private char separator;
        private int pushedBack = -2;

        Records(Reader reader) {
            this.reader = reader;
        }

        List<String> fields() {
            return fields;
        }

        /** The line on which the latest record begins, counted from 1. */
        long line() {
            return line;
        }

        private int read() throws IOException {
            int c = pushedBack == -2 ? reader.read() : pushedBack;
            pushedBack = -2;
            return c;
        }

        private int peek() throws IOException {
            pushedBack = read();
            return pushedBack;
        }

        /** Reads the next record; false at the end. */
        boolean next() throws IOException {
            if (nextLine == 1 && peek() == '\uFEFF') read();
            if (peek() < 0) return false;
            line = nextLine;
            boolean header = separator == 0;
            List<String> read = new ArrayList<>();
            field.setLength(0);
            boolean quoted = false;
            int size = 0;
            while (true) {
                int c = read();
                if (++size > MAX_RECORD)
                    throw EventLog.refused(
                            "the record on line " + line + " is longer than " + (MAX_RECORD >> 20)
                                    + " MiB, perhaps for want of a closing quote",
                            "Mend it; nothing was imported");
                if (c == '\n') nextLine++;
                if (c < 0 && quoted)
                    throw EventLog.refused(
                            "a quote that opens in the record on line " + line + " is never closed",
                            "Mend it; nothing was imported");
                if (quoted && c == '"' && peek() == '"') field.append((char) read());
                else if (c == '"') quoted = !quoted;
                else if (c < 0 || (c == '\n' && !quoted)) break;
                else if (!quoted && isSeparator(c)) {
                    read.add(field.toString());
                    field.setLength(0);
                } else if (c != '\r' || quoted) field.append((char) c);
            }
            read.add(field.toString());
            if (header && separator == 0) separator = ',';
            fields = List.copyOf(read);
            return true;
        }

        /** The first of the three that stands in the header is the one of the whole table. */
        private boolean isSeparator(int c) {
            if (separator == 0 && (c == ',' || c == ';' || c == '\t')) separator = (char) c;
            return c == separator;
        }
    }
}
