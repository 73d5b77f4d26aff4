package dev.understudy.core.triggers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.core.loopback.BrowserGuard;
import dev.understudy.core.loopback.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@code POST /hooks/ID} on the loopback interface with {@code Authorization: Bearer TOKEN}; the body is a JSON
 * object with the automation's parameters, or empty.
 *
 * <p>Without the automation's token the answer is 401, whether there is such an automation or not, and the body is not
 * read.
 */
final class WebhookServer implements AutoCloseable {
    static final int MAX_BODY_BYTES = 256 << 10;

    private static final String PREFIX = "/hooks/";
    private static final String SCHEME = "Bearer ";
    private static final int MAX_UNREAD_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Hooks hooks;
    private final BrowserGuard guard = BrowserGuard.ofLoopback();

    /** Knows the automations that have a webhook. Called by several threads. */
    interface Hooks {
        /** The token of an automation; empty if it has no webhook. */
        Optional<String> token(String automationId);

        /** Fires; {@code key} tells a request from its own repetition, and is empty if the sender named none. */
        Reply fire(String automationId, Map<String, String> parameters, String key);
    }

    /** Status and text of an answer. */
    record Reply(int status, String text) {}

    private WebhookServer(HttpServer server, Hooks hooks) {
        this.server = server;
        this.hooks = hooks;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any
     */
    static WebhookServer start(int port, Hooks hooks) throws IOException {
        HttpServer server = LoopbackServer.create(port);
        var started = new WebhookServer(server, hooks);
        server.setExecutor(started.executor);
        server.createContext("/", started::handle);
        server.start();
        return started;
    }

    URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + PREFIX);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = JSON.writeValueAsBytes(Map.of(reply.status() < 300 ? "state" : "error", reply.text()));
            // What was not read would be taken for the next request; a large rest is not worth reading.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (reply.status() == 401) exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        Optional<BrowserGuard.Refusal> foreign = guard.refusal(exchange.getRequestHeaders());
        if (foreign.isPresent())
            return new Reply(foreign.get().status(), foreign.get().why());
        String path = exchange.getRequestURI().getPath();
        String id = path != null && path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        if (!isAllowed(id, exchange.getRequestHeaders().getFirst("Authorization")))
            return new Reply(401, "POST " + PREFIX + "ID needs 'Authorization: Bearer' and the automation's token");
        if (!exchange.getRequestMethod().equals("POST")) return new Reply(405, "only POST is allowed");
        byte[] body;
        try (InputStream stream = exchange.getRequestBody()) {
            body = stream.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                // A client that still sends would see a broken connection instead of the answer.
                stream.skip(MAX_UNREAD_BYTES);
                return new Reply(413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
            }
        }
        Map<String, String> parameters = parameters(body);
        if (parameters == null) return new Reply(400, "the body must be a JSON object with the parameters, or empty");
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        return hooks.fire(id, parameters, key == null ? "" : key);
    }

    private boolean isAllowed(String id, @Nullable String header) {
        String token = hooks.token(id).orElse("");
        byte[] given = header != null && header.startsWith(SCHEME)
                ? header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given) && !token.isEmpty();
    }

    /** Values as a person would type them; null if this is no JSON object. */
    private static @Nullable Map<String, String> parameters(byte[] body) {
        if (body.length == 0) return Map.of();
        try {
            JsonNode root = JSON.readTree(body);
            if (root == null || !root.isObject()) return null;
            var parameters = new LinkedHashMap<String, String>();
            for (Map.Entry<String, JsonNode> field : root.properties())
                parameters.put(
                        field.getKey(),
                        field.getValue().isTextual()
                                ? field.getValue().asText()
                                : field.getValue().toString());
            return parameters;
        } catch (IOException _) {
            // Of bytes in memory it is what is wrong with them, such as a letter that UTF-32 does not have.
            return null;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
