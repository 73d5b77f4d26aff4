package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, driven over its own DevTools protocol, so that no other driver is needed. Used by one
 * thread. Keys and clicks are given to the browser as a person gives them, not to the page's scripts.
 */
final class Browser implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path profile;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private String session = "";

    private Browser(Process process, Path profile, URI address) {
        this.process = process;
        this.profile = profile;
        socket = client.newWebSocketBuilder().buildAsync(address, new Answers()).join();
        String target = send("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        session = send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Performance")) send(domain + ".enable", Map.of());
    }

    /** The browser of this machine; empty if it has none. */
    static Optional<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name ->
                        Stream.of(path.split(java.io.File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it with an empty profile. */
    static Browser start() throws IOException {
        Path profile = Files.createTempDirectory("browser");
        Process process = new ProcessBuilder(
                        installed().orElseThrow().toString(),
                        "--headless=new",
                        // Chromium's sandbox refuses to start for root; it shows only our own pages here.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--lang=en-US",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        var said = new ArrayList<String>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            int address = line.indexOf("ws://");
            if (address < 0) continue;
            // A reader of a pipe holds the thread that carries it, and there are only as many of those as processors.
            Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(_ -> {}));
            return new Browser(
                    process, profile, URI.create(line.substring(address).strip()));
        }
        throw new AssertionError("Chromium did not start: " + said);
    }

    /** Puts frames together and completes what was asked; collects what goes wrong in the page. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            asked.values().forEach(each -> each.completeExceptionally(error));
        }
    }

    private void take(String message) {
        JsonNode node;
        try {
            node = JSON.readTree(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (node.has("id")) {
            CompletableFuture<JsonNode> answer = asked.remove(node.path("id").asInt());
            if (answer == null) return;
            if (node.has("error"))
                answer.completeExceptionally(
                        new IllegalStateException(node.at("/error/message").asText()));
            else answer.complete(node.path("result"));
            return;
        }
        JsonNode parameters = node.path("params");
        switch (node.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                errors.add(parameters.at("/exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if (parameters.at("/entry/level").asText().equals("error"))
                    errors.add(parameters.at("/entry/text").asText() + " "
                            + parameters.at("/entry/url").asText());
            }
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(parameters.path("type").asText()))
                    errors.add(parameters.path("args").toString());
            }
            default -> {
                // Nothing to know.
            }
        }
    }

    /** Asks the browser and waits for its answer. */
    JsonNode send(String method, Map<String, ?> parameters) {
        return answer(method, ask(method, parameters));
    }

    private CompletableFuture<JsonNode> ask(String method, Map<String, ?> parameters) {
        int number = numbers.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        asked.put(number, answer);
        ObjectNode message = JSON.createObjectNode().put("id", number).put("method", method);
        if (!session.isEmpty()) message.put("sessionId", session);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        return answer;
    }

    private static JsonNode answer(String method, CompletableFuture<JsonNode> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(method + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer to " + method + " within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What went wrong in the page since this was asked last: uncaught exceptions, console errors, refused resources. */
    List<String> takeErrors() {
        var taken = List.copyOf(errors);
        errors.clear();
        return taken;
    }

    void open(URI address) {
        send("Page.navigate", Map.of("url", address.toString()));
    }

    /** The value of an expression of the page, awaited if it is a promise. */
    JsonNode evaluate(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails"))
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        return answer.at("/result/value");
    }

    /** Waits, from frame to frame, until an expression of the page is true. */
    void await(String condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            try {
                if (evaluate("""
                        new Promise((resolve) => {
                          const end = performance.now() + 1000;
                          const look = () => {
                            if (%s) resolve(true);
                            else if (performance.now() > end) resolve(false);
                            else requestAnimationFrame(look);
                          };
                          look();
                        })
                        """.formatted(condition)).asBoolean()) return;
            } catch (IllegalStateException _) {
                // The page went away while it was asked, as it does when another is opened.
            }
        }
        throw new AssertionError("never true: " + condition + "\nthe page shows: " + text("body") + "\n" + errors);
    }

    /** Waits until an element holds a text. */
    void awaitText(String selector, String text) {
        await("document.querySelector(%s)?.innerText.includes(%s)".formatted(quoted(selector), quoted(text)));
    }

    /** What a person reads of an element; empty if it is not there. */
    String text(String selector) {
        return evaluate("document.querySelector(%s)?.innerText ?? ''".formatted(quoted(selector)))
                .asText();
    }

    static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    /** Clicks in the middle of the first element that matches. */
    void click(String selector) {
        JsonNode at = evaluate("""
                (() => {
                  const element = document.querySelector(%s);
                  element.scrollIntoView({ block: "center", behavior: "instant" });
                  const { x, y, width, height } = element.getBoundingClientRect();
                  return { x: x + width / 2, y: y + height / 2 };
                })()
                """.formatted(quoted(selector)));
        for (String type : List.of("mousePressed", "mouseReleased"))
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.path("x").asDouble(),
                            "y",
                            at.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
    }

    private static final Map<String, Integer> CODES = Map.of("Tab", 9, "Enter", 13, "Escape", 27, " ", 32);

    /**
     * Presses and releases keys one after the other: a letter, or Tab, Enter, Escape, space. As a person's, they do not wait
     * for a page that is busy.
     */
    void press(String... keys) {
        String method = "Input.dispatchKeyEvent";
        var answers = new ArrayList<CompletableFuture<JsonNode>>();
        for (String key : keys) {
            int code = CODES.getOrDefault(key, (int) Character.toUpperCase(key.charAt(0)));
            String typed = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
            answers.add(
                    ask(method, Map.of("type", "keyDown", "key", key, "windowsVirtualKeyCode", code, "text", typed)));
            answers.add(ask(method, Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code)));
        }
        answers.forEach(each -> answer(method, each));
    }

    /** Forgets what pages of this one's origin have stored. */
    void forget(URI page) {
        String origin = page.getScheme() + "://" + page.getAuthority();
        send("Storage.clearDataForOrigin", Map.of("origin", origin, "storageTypes", "local_storage"));
    }

    void resize(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** What the system is said to prefer: {@code light} or {@code dark}. */
    void prefer(String scheme) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The whole page as a PNG. */
    void screenshot(Path file) {
        evaluate("scrollTo(0, 0)");
        JsonNode size = send("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        Map<String, ?> clip = Map.of(
                "x",
                0,
                "y",
                0,
                "width",
                size.path("width").asDouble(),
                "height",
                Math.min(4000, size.path("height").asDouble()),
                "scale",
                1);
        write(file, send("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip)));
    }

    /** The page as it is printed on A4. */
    void print(Path file) {
        write(file, send("Page.printToPDF", Map.of("paperWidth", 8.27, "paperHeight", 11.69, "printBackground", true)));
    }

    private static void write(Path file, JsonNode answer) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, answer.path("data").binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** CPU time of all of the browser's processes since it started. */
    double cpuSeconds() {
        String page = session;
        session = "";
        try {
            double sum = 0;
            for (JsonNode each : send("SystemInfo.getProcessInfo", Map.of()).path("processInfo"))
                sum += each.path("cpuTime").asDouble();
            return sum;
        } finally {
            session = page;
        }
    }

    /** Seconds that the page's main thread has worked. */
    double mainThreadSeconds() {
        for (JsonNode each : send("Performance.getMetrics", Map.of()).path("metrics"))
            if (each.path("name").asText().equals("TaskDuration"))
                return each.path("value").asDouble();
        throw new AssertionError("no TaskDuration");
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        client.shutdownNow();
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }
}
