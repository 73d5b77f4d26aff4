package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.core.history.SecretRedactor;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.After;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes the values of secrets out of all that a run says, so that nobody who keeps or shows it can show them: as they are, as
 * JSON and addresses write them, and line by line. What a script has made of a value (turned around, encoded otherwise, cut
 * in two) it cannot know.
 */
final class SecretScrubber {
    /** Of a value of several lines, shorter lines stay: they stand in other texts, too. */
    private static final int MIN_LINE_LENGTH = 8;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longest first, so that of one that holds another nothing is left. */
    private final List<String> forms;

    SecretScrubber(Secrets secrets) {
        var all = new LinkedHashSet<String>();
        for (String value : secrets.values()) {
            addForms(all, value);
            for (String line : value.lines().map(String::strip).toList())
                if (line.length() >= MIN_LINE_LENGTH) addForms(all, line);
        }
        forms = all.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    private static void addForms(Set<String> forms, String value) {
        forms.add(value);
        // A script prints a text without the line feed that its value ends with.
        forms.add(value.strip());
        String json = AutomationFile.json(value);
        forms.add(json.substring(1, json.length() - 1));
        forms.add(ascii(json.substring(1, json.length() - 1)));
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        forms.removeIf(String::isBlank);
    }

    /** As writers of JSON have it that trust in ASCII only. */
    private static String ascii(String text) {
        var ascii = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) ascii.append(c);
            else ascii.append(String.format("\\u%04x", (int) c));
        }
        return ascii.toString();
    }

    String text(String text) {
        String clean = text;
        for (String each : forms) clean = clean.replace(each, SecretRedactor.MASK);
        return clean;
    }

    /** A listener that hears what the other may hear. */
    RunListener listener(RunListener listener) {
        return new RunListener() {
            @Override
            public void waiting(String automationId) {
                listener.waiting(automationId);
            }

            @Override
            public void output(OutputLine line) {
                listener.output(SecretScrubber.this.line(line));
            }

            @Override
            public void rows(List<String> columns, List<String> cells, long more) {
                listener.rows(texts(columns), texts(cells), more);
            }

            @Override
            public void series(String text, List<Double> numbers) {
                String clean = text(text);
                listener.series(clean, clean.equals(text) ? numbers : List.of());
            }

            @Override
            public void progress(double share, String text) {
                listener.progress(share, text(text));
            }
        };
    }

    RunReport report(RunReport report) {
        return new RunReport(
                report.runId(),
                outcome(report.outcome()),
                report.isolation(),
                report.tier(),
                report.started(),
                report.duration(),
                report.changes().stream().map(this::change).toList(),
                report.output().stream().map(this::line).toList(),
                report.usage(),
                report.place().map(place -> new RunReport.Place(place.line(), place.column(), text(place.text()))));
    }

    private List<String> texts(List<String> texts) {
        return texts.stream().map(this::text).toList();
    }

    private OutputLine line(OutputLine line) {
        return new OutputLine(line.channel(), text(line.text()));
    }

    private RunOutcome outcome(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded(String result) -> new RunOutcome.Succeeded(json(result));
            case RunOutcome.Failed(String error, String detail, RunOutcome.Failed.Cause cause) ->
                new RunOutcome.Failed(text(error), text(detail), cause);
            case RunOutcome.Refused(String reason, String mend) -> new RunOutcome.Refused(text(reason), text(mend));
            case RunOutcome.Cancelled _, RunOutcome.LimitExceeded _ -> outcome;
        };
    }

    /** The file itself has what the script wrote; what is told of it has not. */
    private FileChange change(FileChange change) {
        return new FileChange(
                Path.of(text(change.path().toString())),
                change.kind(),
                change.directory(),
                change.sizeBefore(),
                change.sizeAfter(),
                change.diff().map(this::text),
                change.text().map(this::text),
                change.after().map(this::after));
    }

    private After after(After after) {
        if (!(after instanceof After.File(byte[] bytes, int mode, Instant modified))) return after;
        // Byte for byte as it was, where it is no text.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String clean = text;
        for (String each : forms)
            clean = clean.replace(
                    new String(each.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                    SecretRedactor.MASK);
        return clean.equals(text) ? after : new After.File(clean.getBytes(StandardCharsets.ISO_8859_1), mode, modified);
    }

    /** Value by value, so that it stays JSON whatever the secret is. */
    private String json(String result) {
        if (text(result).equals(result)) return result;
        try {
            return clean(JSON.readTree(result)).toString();
        } catch (JsonProcessingException _) {
            return text(result);
        }
    }

    private JsonNode clean(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode clean = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> clean.set(text(field.getKey()), clean(field.getValue())));
                yield clean;
            }
            case ArrayNode array -> {
                ArrayNode clean = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> clean.add(clean(item)));
                yield clean;
            }
            default -> {
                String text = node.asText();
                String clean = text(text);
                yield clean.equals(text) ? node : TextNode.valueOf(clean);
            }
        };
    }
}
