package dev.understudy.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;

/** Reads what came with a request and writes answers: JSON in both directions. */
final class Answers {
    private Answers() {}

    static void json(Context context, JsonNode json) {
        context.contentType(WebJson.TYPE);
        context.result(WebJson.bytes(json));
    }

    static void failure(Context context, Failure failure) {
        context.status(failure.status());
        json(context, failure.json());
    }

    /** The body, a JSON object; an empty body counts as an empty object. */
    static ObjectNode body(Context context) {
        byte[] bytes = context.bodyAsBytes();
        if (bytes.length == 0) return JsonNodeFactory.instance.objectNode();
        String type = context.contentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(WebJson.TYPE))
            throw new Failure.Answer(
                    new Failure(415, "The body is not taken", "its content type is not " + WebJson.TYPE, "Send JSON"));
        try {
            if (WebJson.MAPPER.readTree(bytes) instanceof ObjectNode object) return object;
        } catch (IOException _) {
            // Said below; of bytes in memory it is what is wrong with them, such as a letter that UTF-32 does not have.
        }
        throw new Failure.Answer(new Failure(400, "The body is not taken", "it is no JSON object", "Send an object"));
    }

    /** A whole number in the query, within a range. */
    static int integer(Context context, String name, int fallback, int min, int max) {
        return Math.toIntExact(number(context, name, fallback, min, max));
    }

    /** As {@link #integer}, for larger ones. */
    static long number(Context context, String name, long fallback, long min, long max) {
        String given = context.queryParam(name);
        if (given == null) return fallback;
        if (given.matches("\\d{1,18}")) {
            long value = Long.parseLong(given);
            if (value >= min && value <= max) return value;
        }
        throw new Failure.Answer(new Failure(
                400,
                "The parameter '" + name + "' is not taken",
                "it must be a whole number from " + min + " to " + max,
                "Leave it out, or mend it"));
    }
}
