package dev.understudy.app.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.core.sandbox.Notices;
import dev.understudy.sandbox.control.cells.CellOptions.Preparation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A host without plugins in this process, its dashboard, and a browser's side of it. */
final class RunningDashboard implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    final Understudy understudy;
    final Dashboard dashboard;
    final List<String> problems = new CopyOnWriteArrayList<>();
    private final Engine engine;
    private final HttpClient client = HttpClient.newHttpClient();
    /** Empty if it could not be opened. */
    final Optional<URI> link;

    private final String cookie;

    RunningDashboard(Path folder, String config) throws IOException, InterruptedException {
        Path empty = Files.createDirectories(folder.resolve("none"));
        var installation = new Installation(
                empty,
                empty,
                List.of(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Optional.empty(),
                Preparation.ENDS_WITH_HOST);
        understudy = Understudy.open(
                installation,
                DataHome.open(folder.resolve("home")),
                Config.parse("test", config),
                folder,
                Notices.SILENT);
        dashboard = new Dashboard(understudy, "1.2.3", problems::add, Clock.systemUTC());
        engine = understudy.startEngine(dashboard::happened);
        link = dashboard.open(engine);
        cookie = link.map(this::session).orElse("");
    }

    private String session(URI through) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(through));
        String given = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return given.substring(0, given.indexOf(';'));
    }

    URI address() {
        return link.orElseThrow().resolve("/");
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(address().resolve(path)).header("Cookie", cookie);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    /** An answer's status and its JSON. */
    record Answer(int status, JsonNode json) {
        static Answer of(HttpResponse<String> response) {
            try {
                return new Answer(response.statusCode(), WebJson.MAPPER.readTree(response.body()));
            } catch (JsonProcessingException e) {
                throw new AssertionError(response.body(), e);
            }
        }
    }

    Answer ask(String path) {
        return Answer.of(send(to(path)));
    }

    /** The JSON of what must be there. */
    JsonNode get(String path) {
        Answer answer = ask(path);
        if (answer.status() != 200) throw new AssertionError(path + ": " + answer);
        return answer.json();
    }

    String text(String path, String accept) {
        return send(to(path).header("Accept", accept)).body();
    }

    /** As a program that starts a run, with a key of its own. */
    Answer request(String key, String body) {
        String csrf = get("/api/session").path("csrfToken").asText();
        return Answer.of(send(to("/api/runs")
                .header("X-CSRF-Token", csrf)
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))));
    }

    Answer post(String path, String body) {
        String csrf = get("/api/session").path("csrfToken").asText();
        return Answer.of(send(to(path).header("X-CSRF-Token", csrf)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))));
    }

    /** One who listens. */
    final class Listener implements AutoCloseable {
        private final InputStream body;
        private final BlockingQueue<Event> coming = new LinkedBlockingQueue<>();

        private Listener(@Nullable String lastId) {
            HttpRequest.Builder request = to("/api/events");
            if (lastId != null) request.header("Last-Event-ID", lastId);
            body = send(request, BodyHandlers.ofInputStream()).body();
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            String id = "";
            String name = "";
            try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) id = line.substring(4);
                    if (line.startsWith("event: ")) name = line.substring(7);
                    if (line.startsWith("data: "))
                        coming.add(new Event(id, name, WebJson.MAPPER.readTree(line.substring(6))));
                }
            } catch (IOException _) {
                // Closed, by one side or the other.
            }
            coming.add(new Event("", "end", WebJson.MAPPER.createObjectNode()));
        }

        /** Waits for the next event of a name; those of others are passed over. */
        Event await(String name) {
            return await(name, _ -> true);
        }

        /** Waits for the next event of a name about something. */
        Event await(String name, String id) {
            return await(name, event -> event.data().path("id").asText().equals(id));
        }

        private Event await(String name, Predicate<Event> rule) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            try {
                while (true) {
                    Event event = coming.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (event == null) throw new AssertionError("no " + name + " within " + PATIENCE_SECONDS + " s");
                    if (event.name().equals(name) && rule.test(event)) return event;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            try {
                // The reader itself would wait for the thread that reads.
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What came. */
    record Event(String id, String name, JsonNode data) {}

    Listener listen() {
        return new Listener(null);
    }

    Listener listenAgain(String lastId) {
        return new Listener(lastId);
    }

    @Override
    public void close() {
        engine.close();
        dashboard.close();
        understudy.close();
        client.close();
    }
}
