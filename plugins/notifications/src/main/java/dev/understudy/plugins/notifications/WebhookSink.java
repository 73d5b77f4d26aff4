package dev.understudy.plugins.notifications;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Sends a notification as JSON by a POST request: {@code {kind, automation, title, text, at}}. Where the server cannot be
 * reached, is busy (429) or failing (5xx), it tries twice more, a second and then four seconds later.
 */
@Extension
public final class WebhookSink implements NotificationSink {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(4));
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Duration> pauses;

    public WebhookSink() {
        this(PAUSES);
    }

    /** @param pauses before each further try */
    WebhookSink(List<Duration> pauses) {
        this.pauses = List.copyOf(pauses);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting("url", Type.TEXT, Need.REQUIRED, "an http or https address"),
                new Setting("authorization", Type.TEXT, Need.OPTIONAL, "the value of the Authorization header"));
    }

    @Override
    public Channel open(Map<String, Object> settings) {
        String text = String.valueOf(settings.get("url"));
        URI url = address(text);
        if (url == null)
            throw new IllegalArgumentException("url is '" + text + "', but must be an http or https address");
        String authorization = (String) settings.get("authorization");
        if (authorization != null && authorization.chars().anyMatch(c -> c < ' ' || c > '~'))
            throw new IllegalArgumentException("authorization must be one line of printable ASCII");
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIME).build();
        return new Post(client, url, authorization, pauses);
    }

    private static @Nullable URI address(String text) {
        try {
            URI url = URI.create(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null ? url : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private record Post(
            HttpClient client, URI url, @Nullable String authorization, List<Duration> pauses) implements Channel {
        @Override
        public void send(Notification notification) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(url)
                    .timeout(ANSWER_TIME)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(json(notification)));
            if (authorization != null) request.header("Authorization", authorization);
            for (int attempt = 0; ; attempt++) {
                String problem;
                try {
                    int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    if (status < 300) return;
                    problem = "the server answered " + status;
                    if (status != 429 && status < 500) throw new Rejected(problem);
                } catch (Rejected e) {
                    throw e;
                } catch (IOException e) {
                    problem = url.getHost() + " cannot be reached: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
                }
                if (attempt == pauses.size()) throw new IOException(problem + " (tried " + (attempt + 1) + " times)");
                Thread.sleep(pauses.get(attempt));
            }
        }

        @Override
        public void close() {
            client.shutdownNow();
        }

        private static byte[] json(Notification notification) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeStringField("kind", notification.kind().id());
                json.writeStringField("automation", notification.automationId());
                json.writeStringField("title", notification.title());
                json.writeStringField("text", notification.text());
                json.writeStringField("at", notification.at().toString());
                json.writeEndObject();
            }
            return bytes.toByteArray();
        }
    }

    /** The server does not want it, however often it is sent. */
    private static final class Rejected extends IOException {
        private static final long serialVersionUID = 1;

        Rejected(String message) {
            super(message);
        }
    }
}
