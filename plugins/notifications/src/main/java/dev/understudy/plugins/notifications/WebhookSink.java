package dev.understudy.plugins.notifications;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.plugins.notifications.Tries.Rejected;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Sends a notification as JSON by a POST request: {@code {kind, automation, title, text, at}}. Where the server cannot be
 * reached, is busy (429) or failing (5xx), it tries twice more, a second and then four seconds later. Where it has moved for good or
 * for now (308, 307) the same is sent to where it says; of other redirections, after which clients ask for a page instead, the
 * person is told.
 */
@Extension
public final class WebhookSink implements NotificationSink {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(4));
    private static final int MAX_REDIRECTIONS = 5;
    private static final JsonFactory JSON = new JsonFactory();

    private final Tries tries;

    public WebhookSink() {
        this(PAUSES);
    }

    /** @param pauses before each further try */
    WebhookSink(List<Duration> pauses) {
        tries = new Tries(pauses);
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
        return new Post(client, url, authorization, tries);
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
            HttpClient client, URI url, @Nullable String authorization, Tries tries) implements Channel {
        @Override
        public void send(Notification notification) throws IOException, InterruptedException {
            byte[] body = json(notification);
            tries.send(() -> post(body));
        }

        private void post(byte[] body) throws IOException, InterruptedException {
            URI to = url;
            for (int redirections = 0; redirections <= MAX_REDIRECTIONS; redirections++) {
                HttpResponse<Void> answer = post(to, body);
                int status = answer.statusCode();
                if (status < 300) return;
                String problem = "the server answered " + status;
                if (status == 429 || status >= 500) throw new IOException(problem);
                Optional<String> location = status < 400 ? answer.headers().firstValue("Location") : Optional.empty();
                if (location.isEmpty()) throw new Rejected(problem);
                to = movedTo(to, status, location.get());
            }
            throw new Rejected("the server redirects more than " + MAX_REDIRECTIONS + " times, the last time to " + to);
        }

        private HttpResponse<Void> post(URI to, byte[] body) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(to)
                    .timeout(ANSWER_TIME)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            // The secret is for the server that the person named, not for whom it names.
            if (authorization != null && isSameServer(to)) request.header("Authorization", authorization);
            try {
                return client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            } catch (IOException e) {
                throw new IOException(
                        to.getHost() + " cannot be reached: "
                                + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                        e);
            }
        }

        private boolean isSameServer(URI to) {
            return String.valueOf(url.getAuthority()).equals(to.getAuthority())
                    && String.valueOf(url.getScheme()).equals(to.getScheme());
        }

        private URI movedTo(URI from, int status, String location) throws Rejected {
            String mend = "the server answered " + status + " and sends on to '" + location + "'";
            URI to;
            try {
                to = address(from.resolve(location).toString());
            } catch (IllegalArgumentException e) {
                throw new Rejected(mend + ", which is no address", e);
            }
            if (to == null) throw new Rejected(mend + ", which is no http or https address");
            boolean keepsTheRequest = status == 307 || status == 308;
            if (!keepsTheRequest) throw new Rejected(mend + ": if that is right, write it as the url");
            if ("https".equals(from.getScheme()) && "http".equals(to.getScheme()))
                throw new Rejected(
                        mend + ", where everybody on the way can read it: if that is right, write it as the url");
            return to;
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
}
