package dev.understudy.app.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.mcp.Tool.Effect;
import dev.understudy.app.mcp.Tool.Parameter;
import dev.understudy.app.mcp.Tool.Parameter.Need;
import dev.understudy.core.problem.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
            """;
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static Tool tool(String name, Tool.Handler handler, Parameter... parameters) {
        return new Tool(name, "A test's.", Effect.READS, List.of(parameters), handler);
    }

    private McpServer server() {
        return server(out);
    }

    private McpServer server(OutputStream to) {
        return new McpServer(
                "1.2.3",
                "Instructions.",
                List.of(
                        tool(
                                "echo",
                                (arguments, client) -> arguments.put("client", client.name()),
                                Parameter.text("said", "A text.", Need.OPTIONAL, 10),
                                Parameter.number("count", "A number.", 3, 1, 9),
                                Parameter.object("map", "An object.")),
                        tool("needy", (arguments, _) -> arguments, Parameter.text("id", "An id.", Need.REQUIRED, 10)),
                        tool("refuses", (_, _) -> {
                            throw UserException.notAllowed("It is not done", "it is not allowed", "Ask a person");
                        }),
                        tool("fails", (_, _) -> {
                            throw new IllegalStateException("secret detail");
                        }),
                        tool("breaks", (_, _) -> {
                            throw new StackOverflowError();
                        }),
                        tool("waits", (_, _) -> {
                            begun.countDown();
                            try {
                                released.await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                            return JsonNodeFactory.instance.objectNode().put("waited", true);
                        })),
                to,
                () -> 0);
    }

    private static String call(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\""
                + (arguments.isEmpty() ? "" : ",\"arguments\":" + arguments) + "}}\n";
    }

    /** What is answered to these lines, after the answer to 'initialize'. */
    private List<JsonNode> answers(String lines) throws IOException, InterruptedException {
        McpServer server = server();
        server.serve(new ByteArrayInputStream((INITIALIZE + lines).getBytes(StandardCharsets.UTF_8)));
        server.awaitCalls();
        List<JsonNode> all = answers();
        assertThat(all.getFirst().path("id").asInt()).isZero();
        return all.subList(1, all.size());
    }

    private List<JsonNode> answers() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(McpServerTest::read)
                .toList();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    private JsonNode answer(String lines) throws IOException, InterruptedException {
        List<JsonNode> all = answers(lines);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Nested
    class Begins {
        @ParameterizedTest
        @CsvSource({
            "2025-11-25, 2025-11-25",
            "2024-11-05, 2024-11-05",
            "1999-01-01, 2025-11-25",
        })
        void withARevisionThatBothKnow(String asked, String answered) throws Exception {
            server().serve(new ByteArrayInputStream(
                    INITIALIZE.replace("2025-06-18", asked).getBytes(StandardCharsets.UTF_8)));
            JsonNode result = answers().getFirst().path("result");
            assertThat(result.path("protocolVersion").asText()).isEqualTo(answered);
            assertThat(result.at("/serverInfo/name").asText()).isEqualTo("understudy");
            assertThat(result.at("/capabilities/tools").isObject()).isTrue();
        }

        @Test
        void withInitializeAndNothingElse() throws Exception {
            server().serve(new ByteArrayInputStream(call(1, "echo", "{}").getBytes(StandardCharsets.UTF_8)));
            assertThat(answers().getFirst().at("/error/message").asText()).contains("initialize");
        }

        @Test
        void withToolsOfDifferentNamesOnly() {
            Tool tool = tool("same", (arguments, _) -> arguments);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new McpServer("1", "", List.of(tool, tool), out, () -> 0))
                    .withMessageContaining("same");
        }

        @Test
        void underANameThatCannotPretendToBeSomethingElse() throws Exception {
            McpServer server = server();
            String hostile = INITIALIZE.replace("\"test\"", "\"a'\\u001b[2J\\n\\u202e" + "x".repeat(100) + "\"");
            // Said once more, it stays the first.
            String again = INITIALIZE.replace("\"test\"", "\"person\"").replace("\"id\":0", "\"id\":7");
            server.serve(new ByteArrayInputStream(
                    (hostile + again + call(1, "echo", "{}")).getBytes(StandardCharsets.UTF_8)));
            server.awaitCalls();
            assertThat(answers()
                            .getLast()
                            .at("/result/structuredContent/client")
                            .asText())
                    .matches("a\\?+2J\\?+x+")
                    .hasSize(60);
        }
    }

    @Nested
    class Arguments {
        @ParameterizedTest
        @ValueSource(strings = {"", "null", "{}", "{\"said\":null,\"count\":null,\"map\":null}"})
        void thatAreLeftOutHaveTheirDefaults(String arguments) throws Exception {
            assertThat(answer(call(1, "echo", arguments)).at("/result/structuredContent"))
                    .isEqualTo(JSON.readTree("{\"count\":3,\"map\":{},\"client\":\"test\"}"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "needy | {} | 'id' is missing",
                    "needy | [] | must be an object",
                    "needy | {\"id\":1} | must be of the type string",
                    "needy | {\"id\":\"12345678901\"} | 10 are the most",
                    "echo | {\"count\":10} | must be from 1 to 9",
                    "echo | {\"count\":1.5} | must be of the type integer",
                    "echo | {\"count\":99999999999} | must be of the type integer",
                    "echo | {\"map\":\"x\"} | must be of the type object",
                    "echo | {\"other\":1} | is no parameter of it",
                })
        void thatDoNotFitAreNamed(String tool, String arguments, String why) throws Exception {
            JsonNode result = answer(call(1, tool, arguments)).path("result");
            assertThat(result.path("isError").asBoolean()).isTrue();
            assertThat(result.at("/content/0/text").asText()).contains(why);
        }

        @Test
        void areDescribed() throws Exception {
            JsonNode tools = answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n")
                    .at("/result/tools");
            assertThat(tools).hasSize(6);
            assertThat(tools.at("/0/inputSchema/properties/count"))
                    .isEqualTo(
                            JSON.readTree(
                                    "{\"type\":\"integer\",\"description\":\"A number.\",\"minimum\":1,\"maximum\":9,\"default\":3}"));
            assertThat(tools.at("/1/inputSchema/required/0").asText()).isEqualTo("id");
        }
    }

    @Nested
    class Failures {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "refuses | It is not done: it is not allowed. Ask a person",
                    "fails | A mistake of Understudy's own (IllegalStateException). Please report it",
                    "breaks | A mistake of Understudy's own (StackOverflowError). Please report it",
                })
        void areAnsweredWhateverTheyAre(String tool, String said) throws Exception {
            JsonNode result = answer(call(1, tool, "{}")).path("result");
            assertThat(result.path("isError").asBoolean()).isTrue();
            assertThat(result.at("/content/0/text").asText()).isEqualTo(said);
        }

        @Test
        void ofAToolThatIsNotThereAndAMethodThatIsNone() throws Exception {
            List<JsonNode> all =
                    answers(call(1, "nobody", "{}") + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/list\"}\n");
            assertThat(all.get(0).at("/error/code").asInt()).isEqualTo(-32602);
            assertThat(all.get(1).at("/error/code").asInt()).isEqualTo(-32601);
        }
    }

    @Nested
    class TheEndOfInput {
        /** Tells when the answer to a call begins to be written, and does not end before it may. */
        private final class SlowOut extends OutputStream {
            private final CountDownLatch writing = new CountDownLatch(1);
            private final CountDownLatch mayEnd = new CountDownLatch(1);

            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                if (new String(bytes, offset, length, StandardCharsets.UTF_8).contains("\"id\":1")) {
                    writing.countDown();
                    try {
                        mayEnd.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                out.write(bytes, offset, length);
            }
        }

        @Test
        void waitsUntilTheLastAnswerIsWritten() throws Exception {
            var slow = new SlowOut();
            McpServer server = server(slow);
            server.serve(
                    new ByteArrayInputStream((INITIALIZE + call(1, "echo", "{}")).getBytes(StandardCharsets.UTF_8)));
            assertThat(slow.writing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    server.awaitCalls();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            var settled = Set.of(Thread.State.WAITING, Thread.State.TERMINATED);
            while (!settled.contains(waiting.getState())) Thread.onSpinWait();
            assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING);
            slow.mayEnd.countDown();
            waiting.join();
            assertThat(answers()).hasSize(2);
        }
    }

    @Nested
    class UnexpectedLines {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "no json",
                    "{\"jsonrpc\":\"2.0\",\"id\":5,",
                    "{} {}",
                    "[]",
                    "[{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}]",
                    "\"text\"",
                    "42",
                    "null",
                    "{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"ping\"}",
                    "{\"jsonrpc\":\"2.0\",\"id\":5}",
                    "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                    "\u0000\u0001"
                })
        void areAnsweredAndTheNextIsRead(String line) throws Exception {
            List<JsonNode> all = answers(line + "\n" + call(1, "echo", "{}"));
            assertThat(all).hasSize(2);
            assertThat(all.getFirst().at("/error/code").asInt()).isIn(-32700, -32600);
            assertThat(all.getLast().path("id").asInt()).isEqualTo(1);
        }

        @Test
        void mayBeLongOrDeep() throws Exception {
            String deep = "[".repeat(5000) + "]".repeat(5000);
            List<JsonNode> all =
                    answers("x".repeat(McpServer.MAX_LINE_BYTES + 1) + "\n" + deep + "\n" + call(1, "echo", "{}"));
            assertThat(all).hasSize(3);
            assertThat(all.getFirst().at("/error/message").asText()).contains("at most");
        }

        @Test
        void thatWantNoAnswerGetNone() throws Exception {
            assertThat(answers("""

                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    {"jsonrpc":"2.0","method":"notifications/unknown","params":[]}
                    {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}
                    {"jsonrpc":"2.0","id":3,"result":{}}
                    """)).isEmpty();
        }

        @Test
        void aLastOneWithoutAnEndCounts() throws Exception {
            assertThat(answer(call(1, "echo", "{}").strip()).path("id").asInt()).isEqualTo(1);
        }
    }

    @Nested
    class WhileACallRuns {
        private final PipedOutputStream toServer = new PipedOutputStream();
        private final CountDownLatch read = new CountDownLatch(1);

        private Thread serving(McpServer server) throws IOException {
            var in = new PipedInputStream(toServer, 1 << 16);
            return Thread.ofPlatform().daemon().start(() -> {
                try {
                    server.serve(in);
                    read.countDown();
                    server.awaitCalls();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }

        private void send(String lines) throws IOException {
            toServer.write(lines.getBytes(StandardCharsets.UTF_8));
            toServer.flush();
        }

        @Test
        void itIsCancelledByTheClientAndThenNotAnswered() throws Exception {
            Thread serving = serving(server());
            send(INITIALIZE + call(1, "waits", "{}"));
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}\n");
            assertThat(interrupted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            toServer.close();
            serving.join();
            assertThat(answers())
                    .extracting(answer -> answer.path("id").asInt())
                    .containsExactly(0);
        }

        @Test
        void theEndOfInputIsWaitedOutAndItIsAnswered() throws Exception {
            Thread serving = serving(server());
            send(INITIALIZE + call(1, "waits", "{}"));
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            toServer.close();
            released.countDown();
            serving.join();
            assertThat(answers()
                            .getLast()
                            .at("/result/structuredContent/waited")
                            .asBoolean())
                    .isTrue();
        }

        @Test
        void furtherOnesRunBesideItUpToALimit() throws Exception {
            Thread serving = serving(server());
            send(INITIALIZE);
            for (int i = 1; i <= McpServer.MAX_CALLS_AT_ONCE; i++) send(call(i, "waits", "{}"));
            send(call(50, "waits", "{}") + call(1, "waits", "{}"));
            toServer.close();
            assertThat(read.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            released.countDown();
            serving.join();
            JsonNode refused = answers().stream()
                    .filter(each -> each.path("id").asInt() == 50)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.at("/result/content/0/text").asText()).contains("at once");
        }
    }

    @Test
    void moreThanItsCallsAMinuteAreRefused() throws Exception {
        var lines = new StringBuilder();
        for (int i = 1; i <= McpServer.MAX_CALLS_A_MINUTE + 5; i++) lines.append(call(i, "echo", "{}"));
        List<JsonNode> all = answers(lines.toString());
        assertThat(all).hasSize(McpServer.MAX_CALLS_A_MINUTE + 5);
        assertThat(all.stream()
                        .filter(each ->
                                each.at("/result/content/0/text").asText().contains("a minute")))
                .hasSize(5);
    }
}
