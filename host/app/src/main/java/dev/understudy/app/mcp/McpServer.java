package dev.understudy.app.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.mcp.Tool.Client;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's side of the Model Context Protocol (revisions 2024-11-05 to 2025-11-25, <a
 * href="https://modelcontextprotocol.io/specification">modelcontextprotocol.io/specification</a>): JSON-RPC 2.0, a message a
 * line, with the tools as its only capability.
 *
 * <p>The official Java SDK would bring a second JSON library, a second YAML library and Reactor, and leaves some failures
 * unanswered; the part of the protocol that is needed here is small. What a client sends is checked line by line: one that is
 * no message, or too long, is answered and the next is read. Each call is answered, whatever happens in it, except where the
 * client has cancelled it: then its thread is interrupted. At the end of input what runs is answered before the server ends.
 */
public final class McpServer {
    /** A longer message is not read. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    /** Calls of one client that run at once; further ones are refused. */
    public static final int MAX_CALLS_AT_ONCE = 8;

    /** Calls of one client within a minute; further ones are refused. */
    public static final int MAX_CALLS_A_MINUTE = 240;

    /** Newest first, which is offered to a client that asks for another one. */
    private static final List<String> REVISIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String version;
    private final String instructions;
    private final Map<String, Tool> tools;
    private final OutputStream out;
    private final LongSupplier nanoTime;
    private final Map<JsonNode, Call> calls = new ConcurrentHashMap<>();
    /** Of calls whose answers are not all written yet, although their ids may be used again. */
    private final Set<Thread> working = ConcurrentHashMap.newKeySet();

    private final Semaphore atOnce = new Semaphore(MAX_CALLS_AT_ONCE);
    private Client client = new Client("unnamed");
    private boolean initialized;
    private long minute;
    private int callsInMinute;

    /**
     * @param version of Understudy
     * @param instructions for the client, on what all this is for
     * @param tools of different names
     * @param out to the client, and nothing else may write there
     * @param nanoTime a clock for limits, as {@link System#nanoTime}
     */
    public McpServer(String version, String instructions, List<Tool> tools, OutputStream out, LongSupplier nanoTime) {
        this.version = version;
        this.instructions = instructions;
        this.out = out;
        this.nanoTime = nanoTime;
        var byName = new LinkedHashMap<String, Tool>();
        for (Tool each : tools)
            if (byName.put(each.name(), each) != null)
                throw new IllegalArgumentException("two tools are named " + each.name());
        this.tools = byName;
        minute = nanoTime.getAsLong();
    }

    /** A call that is under way. */
    private static final class Call {
        private final Thread thread;
        private boolean cancelled;
        private boolean answered;

        Call(Thread thread) {
            this.thread = thread;
        }

        synchronized void cancel() {
            if (answered) return;
            cancelled = true;
            thread.interrupt();
        }

        /** Whether its answer is still wanted; from then on it cannot be cancelled. */
        synchronized boolean answer() {
            answered = true;
            return !cancelled;
        }
    }

    /**
     * Serves until the end of input. What runs then is still answered: {@link #awaitCalls} waits for it.
     *
     * @throws IOException if the input cannot be read
     */
    public void serve(InputStream in) throws IOException {
        var lines = new Lines(in, MAX_LINE_BYTES);
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
            switch (line.get()) {
                case Lines.Line.TooLong() ->
                    error(
                            NullNode.getInstance(),
                            INVALID_REQUEST,
                            "a message has at most " + MAX_LINE_BYTES + " bytes");
                case Lines.Line.Whole(String text) -> {
                    if (!text.isEmpty()) take(text);
                }
            }
        }
    }

    /** Waits until nothing runs and all is answered. */
    public void awaitCalls() throws InterruptedException {
        for (Thread each : List.copyOf(working)) each.join();
    }

    /** Cancels what runs; called by any thread. */
    public void cancelAll() {
        calls.values().forEach(Call::cancel);
    }

    private void take(String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException _) {
            error(NullNode.getInstance(), PARSE_ERROR, "this line is no JSON");
            return;
        }
        JsonNode id = message.path("id");
        boolean asks = id.isTextual() || id.isIntegralNumber();
        JsonNode answerTo = asks ? id : NullNode.getInstance();
        if (!message.isObject() || !message.path("jsonrpc").asText().equals("2.0")) {
            error(answerTo, INVALID_REQUEST, "this line is no message of JSON-RPC 2.0");
            return;
        }
        if (!message.has("method")) {
            // An answer to a request, of which this server makes none.
            if (!message.has("result") && !message.has("error"))
                error(answerTo, INVALID_REQUEST, "a message has a method, a result or an error");
            return;
        }
        String method = message.path("method").asText();
        if (asks) request(id, method, message.path("params"));
        else if (message.has("id")) error(answerTo, INVALID_REQUEST, "an id is a string or a whole number");
        else if (method.equals("notifications/cancelled")) cancel(message.path("params"));
        // Other notifications need nothing.
    }

    private void cancel(JsonNode params) {
        Call call = calls.get(params.path("requestId"));
        if (call != null) call.cancel();
    }

    private void request(JsonNode id, String method, JsonNode params) {
        if (!initialized && !method.equals("initialize") && !method.equals("ping")) {
            error(id, INVALID_REQUEST, "the first request is 'initialize'");
            return;
        }
        switch (method) {
            case "initialize" -> result(id, initialize(params));
            case "ping" -> result(id, JsonNodeFactory.instance.objectNode());
            case "tools/list" -> {
                var list = JsonNodeFactory.instance.objectNode();
                var array = list.putArray("tools");
                tools.values().forEach(each -> array.add(each.describe()));
                result(id, list);
            }
            case "tools/call" -> call(id, params);
            default -> error(id, METHOD_NOT_FOUND, "there is no method '" + Tool.shortened(method) + "'");
        }
    }

    private ObjectNode initialize(JsonNode params) {
        // Whom a proposal is from is settled once.
        if (!initialized)
            client = new Client(name(params.path("clientInfo").path("name").asText()));
        initialized = true;
        String wanted = params.path("protocolVersion").asText();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("protocolVersion", REVISIONS.contains(wanted) ? wanted : REVISIONS.getFirst());
        json.putObject("capabilities").putObject("tools");
        json.putObject("serverInfo").put("name", "understudy").put("version", version);
        json.put("instructions", instructions);
        return json;
    }

    /** What a client calls itself, fit for a line of a log: it may say anything. */
    private static String name(String said) {
        String name = said.replaceAll("[^A-Za-z0-9 ._/@+-]", "?").strip();
        return name.isEmpty() ? "unnamed" : name.substring(0, Math.min(name.length(), 60));
    }

    private void call(JsonNode id, JsonNode params) {
        Tool tool = tools.get(params.path("name").asText());
        if (tool == null) {
            error(
                    id,
                    INVALID_PARAMS,
                    "there is no tool '" + Tool.shortened(params.path("name").asText()) + "'");
            return;
        }
        if (!mayCall()) {
            failure(id, "Not called: " + MAX_CALLS_A_MINUTE + " calls a minute are the most. Wait a little");
            return;
        }
        if (!atOnce.tryAcquire()) {
            failure(id, "Not called: " + MAX_CALLS_AT_ONCE + " calls at once are the most. Wait for one to end");
            return;
        }
        var call =
                new Call(Thread.ofPlatform().daemon().name("mcp " + tool.name()).unstarted(() -> {
                    try {
                        work(id, tool, params.get("arguments"));
                    } finally {
                        atOnce.release();
                        working.remove(Thread.currentThread());
                    }
                }));
        if (calls.putIfAbsent(id, call) != null) {
            atOnce.release();
            error(id, INVALID_REQUEST, "a call with this id is under way");
            return;
        }
        working.add(call.thread);
        call.thread.start();
    }

    private boolean mayCall() {
        long now = nanoTime.getAsLong();
        if (now - minute >= MINUTE_NANOS) {
            minute = now;
            callsInMinute = 0;
        }
        return ++callsInMinute <= MAX_CALLS_A_MINUTE;
    }

    private void work(JsonNode id, Tool tool, @Nullable JsonNode arguments) {
        ObjectNode answer;
        try {
            answer = answer(tool.handler().call(tool.complete(arguments), client));
        } catch (UserException e) {
            answer = failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            answer = failed("It was cancelled");
        } catch (Throwable e) {
            // Whatever it is: a client that gets no answer waits for ever.
            answer = failed("A mistake of Understudy's own (" + e.getClass().getSimpleName() + "). Please report it");
        }
        Call call = calls.get(id);
        boolean wanted = call == null || call.answer();
        // First, so that a client that has its answer may use the id again.
        calls.remove(id);
        if (wanted) result(id, answer);
    }

    private static ObjectNode answer(JsonNode value) {
        var json = JsonNodeFactory.instance.objectNode();
        // The text is for clients of revisions that know no structured content.
        json.putArray("content").addObject().put("type", "text").put("text", value.toPrettyString());
        if (value.isObject()) json.set("structuredContent", value);
        return json.put("isError", false);
    }

    private static ObjectNode failed(String text) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putArray("content").addObject().put("type", "text").put("text", text);
        return json.put("isError", true);
    }

    private void failure(JsonNode id, String text) {
        result(id, failed(text));
    }

    private void result(JsonNode id, JsonNode result) {
        send(message(id).set("result", result));
    }

    private void error(JsonNode id, int code, String text) {
        ObjectNode message = message(id);
        message.putObject("error").put("code", code).put("message", text);
        send(message);
    }

    private static ObjectNode message(JsonNode id) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        return message.set("id", id);
    }

    private void send(ObjectNode message) {
        byte[] line = (message + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException _) {
                // The client has gone; its input ends, too, and with that the server.
            }
        }
    }
}
