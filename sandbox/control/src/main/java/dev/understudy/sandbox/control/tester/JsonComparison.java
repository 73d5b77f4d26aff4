package dev.understudy.sandbox.control.tester;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** Finds where two JSON values first differ. */
final class JsonComparison {
    private static final int MAX_SHOWN_CHARS = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // As doubles, 0.1 and 0.10000000000000001 would be the same.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final boolean moreMembersAllowed;

    private JsonComparison(boolean moreMembersAllowed) {
        this.moreMembersAllowed = moreMembersAllowed;
    }

    static JsonNode parse(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** What first differs from the expected value; empty if they are equal. */
    static Optional<String> equal(JsonNode expected, JsonNode actual) {
        return new JsonComparison(false).difference("", expected, actual);
    }

    /** As {@link #equal}, but objects may have more members than expected. */
    static Optional<String> includes(JsonNode expected, JsonNode actual) {
        return new JsonComparison(true).difference("", expected, actual);
    }

    private Optional<String> difference(String path, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) return inObjects(path, expected, actual);
        if (expected.isArray() && actual.isArray()) return inArrays(path, expected, actual);
        return same(expected, actual) ? Optional.empty() : at(path, shown(expected), shown(actual));
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber())
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        return expected.equals(actual);
    }

    private Optional<String> inObjects(String path, JsonNode expected, JsonNode actual) {
        for (var member : expected.properties()) {
            String below = path + "/" + escaped(member.getKey());
            JsonNode there = actual.get(member.getKey());
            var difference = there == null
                    ? at(below, shown(member.getValue()), "missing")
                    : difference(below, member.getValue(), there);
            if (difference.isPresent()) return difference;
        }
        if (moreMembersAllowed) return Optional.empty();
        return actual.properties().stream()
                .filter(member -> !expected.has(member.getKey()))
                .findFirst()
                .flatMap(member -> at(path + "/" + escaped(member.getKey()), "nothing", shown(member.getValue())));
    }

    private Optional<String> inArrays(String path, JsonNode expected, JsonNode actual) {
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String below = path + "/" + i;
            if (i >= actual.size()) return at(below, shown(expected.get(i)), "missing");
            if (i >= expected.size()) return at(below, "nothing", shown(actual.get(i)));
            var difference = difference(below, expected.get(i), actual.get(i));
            if (difference.isPresent()) return difference;
        }
        return Optional.empty();
    }

    /** The path is a JSON pointer (RFC 6901), which is empty for the whole. */
    private static Optional<String> at(String path, String expected, String actual) {
        return Optional.of((path.isEmpty() ? "" : "at " + path + ": ") + "expected " + expected + ", was " + actual);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
    }
}
