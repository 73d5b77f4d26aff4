package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;

/**
 * One line of standard error: plain text, or what the {@code understudy} object says, marked by a record separator. A
 * script that writes such a line itself logs, no more.
 */
sealed interface ScriptRecord {
    record Line(String text) implements ScriptRecord {}

    record Logged(String level, String text) implements ScriptRecord {}

    record Progress(double share, String text) implements ScriptRecord {}

    char MARK = '\u001e';

    Set<String> LEVELS = Set.of("debug", "info", "warn", "error");

    JsonMapper JSON = new JsonMapper();

    static ScriptRecord parse(String line) {
        if (line.isEmpty() || line.charAt(0) != MARK) return new Line(line);
        try {
            JsonNode node = JSON.readTree(line.substring(1));
            String text = node.path("text").asText("");
            if (node.path("progress").isNumber())
                return new Progress(Math.clamp(node.path("progress").asDouble(), 0.0, 1.0), text);
            String level = node.path("channel").asText("");
            return LEVELS.contains(level) ? new Logged(level, text) : new Line(line);
        } catch (JsonProcessingException broken) {
            return new Line(line);
        }
    }
}
