package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.tuning.Phase;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.SearchSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trials and settings as JSON. */
final class SessionJson {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private SessionJson() {}

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    /** A setting that a program is to apply; numbered, so that it is applied again even if it is in force. */
    static String numbered(long number, Map<String, String> values) {
        var setting = new LinkedHashMap<String, Object>();
        setting.put("number", number);
        setting.put("values", values);
        return text(setting);
    }

    /** The values of such a setting. */
    static Map<String, String> setting(String json) {
        try {
            return MAPPER.convertValue(MAPPER.readTree(json).path("values"), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no setting: " + json, e);
        }
    }

    static ObjectNode trial(TrialRecord trial) {
        ObjectNode line = MAPPER.createObjectNode();
        line.put("phase", trial.phase().id());
        line.set("values", MAPPER.valueToTree(trial.candidate().values()));
        if (!trial.candidate().origin().isEmpty())
            line.put("origin", trial.candidate().origin());
        if (trial.failed()) line.put("failure", trial.failure());
        else trial.figures().forEach(line.withArray("figures")::add);
        line.put("nanos", trial.took().toNanos());
        if (trial.machine() > 0) line.put("machine", trial.machine());
        return line;
    }

    /**
     * Reads a trial.
     *
     * @throws IllegalArgumentException if it is none, or not of this space
     */
    static TrialRecord trial(JsonNode line, SearchSpace space) {
        List<Double> figures = new ArrayList<>();
        line.path("figures").forEach(figure -> figures.add(figure.asDouble()));
        return new TrialRecord(
                Phase.valueOf(line.path("phase").asText().toUpperCase(Locale.ROOT)),
                candidate(line.path("values"), space, line.path("origin").asText("")),
                figures,
                line.path("failure").asText(""),
                Duration.ofNanos(line.path("nanos").asLong()),
                line.path("machine").asInt(0));
    }

    /**
     * Reads a candidate.
     *
     * @throws IllegalArgumentException if it is not of this space
     */
    static Candidate candidate(JsonNode values, SearchSpace space, String origin) {
        var typed = new LinkedHashMap<String, Object>();
        for (Dimension dimension : space.dimensions()) {
            JsonNode value = values.path(dimension.name());
            if (value.isMissingNode()) continue;
            typed.put(
                    dimension.name(),
                    DimensionValue.read(dimension, value.asText())
                            .orElseThrow(() ->
                                    new IllegalArgumentException("'" + dimension.name() + "' cannot be " + value)));
        }
        values.fieldNames().forEachRemaining(name -> {
            if (space.dimensions().stream().noneMatch(each -> each.name().equals(name)))
                throw new IllegalArgumentException("there is no parameter '" + name + "'");
        });
        Candidate candidate = space.candidate(typed, origin);
        space.check(candidate);
        return candidate;
    }
}
