package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the programming interface (OpenAPI 3.1); a test holds it to the routes and to what they answer. */
final class OpenApi {
    private final byte[] bytes;

    OpenApi(String version) {
        try (InputStream stream = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (stream == null) throw new IllegalStateException("no openapi.json on the class path");
            var description = (ObjectNode) WebJson.MAPPER.readTree(stream);
            ((ObjectNode) description.path("info")).put("version", version);
            bytes = WebJson.bytes(description);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Route route() {
        return Route.get(
                "/api/openapi.json",
                context -> context.contentType(WebJson.TYPE).result(bytes));
    }
}
