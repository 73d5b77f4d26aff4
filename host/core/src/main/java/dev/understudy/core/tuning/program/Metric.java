package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Objective;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Where the figure stands in what an objective prints. */
sealed interface Metric {
    /** Python prints NaN and Infinity as they stand, which is no JSON; the fields beside them are to be found all the same. */
    ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Takes the figure out of how a command that succeeded ended. */
    Objective.Outcome of(CommandRunner.Ended ended);

    /** How long the command took, in seconds. */
    record WallTime() implements Metric {
        @Override
        public Objective.Outcome of(CommandRunner.Ended ended) {
            return new Objective.Measured(ended.took().toNanos() / 1e9);
        }
    }

    /**
     * The last match in what it printed, on standard output if there is one there: its first group, or all of it. Colours do not
     * stand between the words.
     */
    record Regex(Pattern pattern) implements Metric {
        @Override
        public Objective.Outcome of(CommandRunner.Ended ended) {
            Optional<String> found = PrintedNumber.last(PrintedNumber.withoutColours(ended.out()), pattern)
                    .or(() -> PrintedNumber.last(PrintedNumber.withoutColours(ended.err()), pattern));
            if (found.isEmpty() && ended.out().isBlank() && ended.err().isBlank())
                return new Objective.Failed("it printed nothing");
            return found.map(Metric::figure)
                    .orElseGet(() -> new Objective.Failed("nothing that it printed matches '" + pattern + "'"));
        }
    }

    /** A value of the JSON that it printed: all of its output, or the last line that is JSON. */
    record Pointer(JsonPointer pointer) implements Metric {
        @Override
        public Objective.Outcome of(CommandRunner.Ended ended) {
            String out = PrintedNumber.withoutColours(ended.out());
            if (out.isBlank()) return new Objective.Failed("it printed nothing");
            Optional<JsonNode> json = json(out);
            if (json.isEmpty()) {
                List<String> lines = out.lines().toList();
                for (String line : lines.reversed()) {
                    json = line.isBlank() ? Optional.empty() : json(line);
                    if (json.isPresent()) break;
                }
            }
            return json.map(this::in).orElseGet(() -> new Objective.Failed("what it printed is no JSON"));
        }

        Objective.Outcome in(JsonNode json) {
            JsonNode found = json.at(pointer);
            if (found.isMissingNode()) return new Objective.Failed("its JSON has nothing at '" + pointer + "'");
            return figure(found.isValueNode() ? found.asText() : found.toString());
        }

        private static Optional<JsonNode> json(String text) {
            try {
                return Optional.of(JSON.readTree(text));
            } catch (JsonProcessingException _) {
                return Optional.empty();
            }
        }
    }

    /**
     * Reads a metric: a JSON pointer if it begins with a slash, else a regular expression; the wall time if it is empty.
     *
     * @throws UserException if it is neither
     */
    static Metric parse(String text) {
        if (text.isEmpty()) return new WallTime();
        try {
            return text.startsWith("/")
                    ? new Pointer(JsonPointer.compile(text))
                    : new Regex(Pattern.compile(text, Pattern.MULTILINE));
        } catch (PatternSyntaxException e) {
            throw UserException.badInput(
                    "The metric '" + text + "' cannot be read",
                    e.getDescription(),
                    "Write a regular expression with a group around the figure, like 'took ([0-9.]+) s'");
        }
    }

    /** A figure as programs print it. */
    static Objective.Outcome figure(String text) {
        try {
            double value = PrintedNumber.parse(text);
            return Double.isFinite(value)
                    ? new Objective.Measured(value)
                    : new Objective.Failed("its figure is " + text.strip());
        } catch (NumberFormatException e) {
            return new Objective.Failed(String.valueOf(e.getMessage()));
        }
    }
}
