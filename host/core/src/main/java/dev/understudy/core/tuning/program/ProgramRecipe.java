package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.core.problem.UserException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that is needed to make a {@link ProgramTarget} again in another process.
 *
 * @param session its id
 * @param profile of the session
 * @param defaults the values that were in force, by parameter
 */
record ProgramRecipe(String session, TuningProfile profile, Map<String, String> defaults) {

    String json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("session", session);
        json.put("profile", profile.asMap());
        json.put("defaults", defaults);
        return SessionJson.text(json);
    }

    /** Reads one; empty if it is none. */
    static Optional<ProgramRecipe> parse(String json) {
        try {
            JsonNode read = SessionJson.MAPPER.readTree(json);
            if (!read.path("session").asText("").matches("\\d{1,15}")) return Optional.empty();
            Path root = Path.of("/");
            TuningProfile profile = ProfileDraft.parse(
                            "journal", read.path("profile").toString(), root, root)
                    .build();
            if (profile.apply().isEmpty()) return Optional.empty();
            Map<String, String> defaults =
                    SessionJson.MAPPER.convertValue(read.path("defaults"), new TypeReference<>() {});
            return Optional.of(new ProgramRecipe(read.path("session").asText(), profile, defaults));
        } catch (JsonProcessingException | UserException _) {
            return Optional.empty();
        }
    }
}
