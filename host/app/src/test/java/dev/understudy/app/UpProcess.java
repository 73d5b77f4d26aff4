package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code understudy up --json} as a process of its own, whose events a test awaits. */
final class UpProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BlockingQueue<JsonNode> coming = new LinkedBlockingQueue<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

    private UpProcess(Process process) {
        this.process = process;
        // Reading a pipe holds the thread that carries a virtual one, of which there are only as many as processors.
        Thread.ofPlatform().daemon().start(this::readEvents);
        Thread.ofPlatform().daemon().start(this::readErrors);
    }

    /** Starts it and waits until it is up. */
    static UpProcess start(Launcher launcher) {
        return start(launcher.start("up", "--json"));
    }

    /** As above, with this configuration. */
    static UpProcess start(Launcher launcher, Path config) {
        return start(launcher.start("up", "--json", "--config", config.toString()));
    }

    private static UpProcess start(Process process) {
        var up = new UpProcess(process);
        up.await("started");
        return up;
    }

    private void readEvents() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) coming.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            errors.add("no JSON: " + e.getMessage());
        } catch (IOException _) {
            // It was killed.
        }
    }

    private void readErrors() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (errors) {
                    errors.add(line);
                    errors.notifyAll();
                }
            }
        } catch (IOException _) {
            // It was killed.
        }
    }

    /** Waits for the next event of a kind. */
    JsonNode await(String event) {
        return await(event, _ -> true);
    }

    /** Waits for the next event of a kind about an automation. */
    JsonNode await(String event, String automation) {
        return await(event, node -> node.path("automation").asText().equals(automation));
    }

    private JsonNode await(String event, Predicate<JsonNode> rule) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (true) {
                JsonNode node = coming.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (node == null)
                    throw new AssertionError(
                            "no " + event + " within " + PATIENCE_SECONDS + " s, but " + seen + "\n" + errors);
                seen.add(node);
                if (node.path("event").asText().equals(event) && rule.test(node)) return node;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The events so far of a kind about an automation. */
    List<JsonNode> seen(String event, String automation) {
        coming.drainTo(seen);
        return seen.stream()
                .filter(node -> node.path("event").asText().equals(event)
                        && node.path("automation").asText().equals(automation))
                .toList();
    }

    /** Waits for a line on standard error that begins so, and returns the rest of it. */
    String awaitOnStandardError(String beginning) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (errors) {
            while (true) {
                for (String line : errors) if (line.startsWith(beginning)) return line.substring(beginning.length());
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) throw new AssertionError("no line '" + beginning + "…', but " + errors);
                try {
                    errors.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
            }
        }
    }

    String errors() {
        return String.join("\n", errors);
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As SIGTERM does; returns the exit code. */
    int terminate() {
        // Process.destroy() would close our end of its output, and with it lose what it says last.
        process.toHandle().destroy();
        return awaitEnd();
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new AssertionError("still up after " + PATIENCE_SECONDS + " s: " + seen + "\n" + errors);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
