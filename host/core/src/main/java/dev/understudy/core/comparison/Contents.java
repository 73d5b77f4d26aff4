package dev.understudy.core.comparison;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Compares what is in two files: byte for byte, and where a format leaves bytes free, by value. Of gzip it is what was
 * compressed, of tar and zip the members, of JSON the values, of tables the cells (so that a field may be quoted or not).
 */
public final class Contents {
    private static final int MAX_SHOWN = 80;

    /** More is not unpacked to compare. */
    private static final int MAX_UNPACKED_BYTES = 256 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Contents() {}

    /**
     * Where two files differ first.
     *
     * @param where after the file's name, for example {@code , line 3}; may be empty
     */
    public record Difference(String where, String expected, String actual) {
        /** As one line after a file's name; the words say whose the two are. */
        public String said(String expectedBy, String actualBy) {
            return where + ": " + expectedBy + " " + expected + ", " + actualBy + " " + actual;
        }
    }

    /** Where two contents of one file differ; its name says by which format they are compared. */
    public static Optional<Difference> difference(String name, byte[] expected, byte[] actual) {
        if (Arrays.equals(expected, actual)) return Optional.empty();
        String lower = name.toLowerCase(Locale.ROOT);
        try {
            if (lower.endsWith(".gz")) return unpacked(name.substring(0, name.length() - 3), expected, actual);
            if (lower.endsWith(".tgz")) return unpacked(name.substring(0, name.length() - 3) + "tar", expected, actual);
            if (lower.endsWith(".tar")) return Member.difference(TarMembers.of(expected), TarMembers.of(actual));
            if (lower.endsWith(".zip")) return Member.difference(ZipMembers.of(expected), ZipMembers.of(actual));
        } catch (IOException broken) {
            return Optional.of(new Difference(
                    "", expected.length + " bytes", actual.length + " bytes (" + broken.getMessage() + ")"));
        }
        String left = new String(expected, StandardCharsets.UTF_8);
        String right = new String(actual, StandardCharsets.UTF_8);
        if (lower.endsWith(".json") && isSameJson(left, right)) return Optional.empty();
        if ((lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) && isSameJsonLines(left, right))
            return Optional.empty();
        if ((lower.endsWith(".csv") || lower.endsWith(".tsv")) && Cells.of(left, right)) return Optional.empty();
        return Optional.of(firstLine(left, right));
    }

    private static Optional<Difference> unpacked(String name, byte[] expected, byte[] actual) throws IOException {
        return difference(name, gunzip(expected), gunzip(actual));
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return stream.readNBytes(MAX_UNPACKED_BYTES);
        }
    }

    private static boolean isSameJsonLines(String left, String right) {
        List<String> expected = left.lines().toList();
        List<String> actual = right.lines().toList();
        if (expected.size() != actual.size()) return false;
        for (int i = 0; i < expected.size(); i++)
            if (!expected.get(i).equals(actual.get(i)) && !isSameJson(expected.get(i), actual.get(i))) return false;
        return true;
    }

    private static boolean isSameJson(String left, String right) {
        try {
            JsonNode expected = JSON.readTree(left);
            return expected.equals(
                    (one, other) -> one.isNumber() && other.isNumber()
                            ? one.decimalValue().compareTo(other.decimalValue())
                            : one.equals(other) ? 0 : 1,
                    JSON.readTree(right));
        } catch (JsonProcessingException _) {
            return false;
        }
    }

    private static Difference firstLine(String left, String right) {
        List<String> expected = left.lines().toList();
        List<String> actual = right.lines().toList();
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String wanted = i < expected.size() ? quoted(expected.get(i)) : "no more";
            String was = i < actual.size() ? quoted(actual.get(i)) : "no more";
            boolean isSame =
                    i < expected.size() && i < actual.size() && expected.get(i).equals(actual.get(i));
            if (!isSame) return new Difference(", line " + (i + 1), wanted, was);
        }
        return new Difference(", line ends", left.length() + " characters", right.length() + " characters");
    }

    private static String quoted(String line) {
        var shown = new StringBuilder("'");
        line.codePoints().limit(MAX_SHOWN).forEach(point -> {
            if (Character.isISOControl(point)) shown.append(String.format(Locale.ROOT, "\\u%04x", point));
            else shown.appendCodePoint(point);
        });
        return shown.append(line.codePointCount(0, line.length()) > MAX_SHOWN ? "…'" : "'")
                .toString();
    }

    /** The cells of a table, whichever of comma, semicolon and tab parts them. */
    private static final class Cells {
        private Cells() {}

        static boolean of(String left, String right) {
            for (char delimiter : new char[] {',', ';', '\t'}) {
                // A table that is one column by this delimiter would be compared by its quotes alone.
                if (left.indexOf(delimiter) >= 0 && rows(left, delimiter).equals(rows(right, delimiter))) return true;
            }
            return rows(left, ',').equals(rows(right, ','));
        }

        private static List<List<String>> rows(String text, char delimiter) {
            var rows = new ArrayList<List<String>>();
            var row = new ArrayList<String>();
            var cell = new StringBuilder();
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char letter = text.charAt(i);
                if (quoted) {
                    if (letter != '"') cell.append(letter);
                    else if (i + 1 < text.length() && text.charAt(i + 1) == '"') cell.append(text.charAt(++i));
                    else quoted = false;
                } else if (letter == '"' && cell.isEmpty()) quoted = true;
                else if (letter == delimiter || letter == '\n') {
                    row.add(cell.toString());
                    cell.setLength(0);
                    if (letter == delimiter) continue;
                    rows.add(List.copyOf(row));
                    row.clear();
                } else cell.append(letter);
            }
            if (!cell.isEmpty() || !row.isEmpty()) {
                row.add(cell.toString());
                rows.add(List.copyOf(row));
            }
            return rows;
        }
    }
}
