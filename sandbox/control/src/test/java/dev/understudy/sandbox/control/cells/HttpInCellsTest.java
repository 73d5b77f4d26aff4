package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.http.CellHttp;
import dev.understudy.sandbox.control.http.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script's {@code understudy.http} from the cell to a server on this machine. */
class HttpInCellsTest {
    private static CellRunner runner;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeAll
    static void openRunner() {
        runner = Cells.open(
                new HostServices(HostServices.NONE.programs(), new CellHttp(HttpSettings.DEFAULT)),
                2,
                Duration.ofMinutes(5));
    }

    @AfterAll
    static void closeRunner() {
        runner.close();
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.createContext("/echo", exchange -> {
            requests.incrementAndGet();
            byte[] body = exchange.getRequestBody().readAllBytes();
            String text = exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("X-Name") + " " + new String(body, StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Answer", "42");
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.createContext("/bytes", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders()
                    .set("X-Client", "" + exchange.getRemoteAddress().getPort());
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/latin", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=ISO-8859-1");
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write(0xe9);
            exchange.close();
        });
        // Takes the request and never answers.
        server.createContext("/never", _ -> requests.incrementAndGet());
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private RunOutcome run(IsolationLevel isolation, List<String> hosts) throws InterruptedException {
        String source = """
                function execute(params) {
                  const answer = understudy.http({ method: 'POST', url: 'http://127.0.0.1:%d/echo',
                    headers: { 'X-Name': 'Ada' }, body: 'h\u00e9llo' });
                  return { status: answer.status, text: answer.text, answer: answer.headers['x-answer'] };
                }""".formatted(server.getAddress().getPort());
        RunRequest request = Cells.with(
                Cells.with(Cells.javaScript(source), isolation), new Grants(List.of(), List.of(), hosts, List.of()));
        return runner.start(sending(request), RunListener.SILENT).await().outcome();
    }

    @Test
    void reachesAGrantedHost() throws Exception {
        assertThat(run(IsolationLevel.MINIMAL, List.of("127.0.0.1")))
                .isEqualTo(new RunOutcome.Succeeded(
                        "{\"status\":200,\"text\":\"POST Ada h\u00e9llo\",\"answer\":\"42\"}"));
    }

    @Test
    void isToldWhichGrantWouldDo() throws Exception {
        String host = "127.0.0.1:" + server.getAddress().getPort();
        assertThat(run(IsolationLevel.MINIMAL, List.of("*")))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.error())
                                .contains("not granted: host " + host + " is a loopback address"));
        assertThat(run(IsolationLevel.MINIMAL, List.of()))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.error())
                                .contains("not granted: host " + host + " (grant it with hosts = [\"" + host + "\"])"));
        assertThat(requests).hasValue(0);
    }

    @Test
    void isToldWhichLevelWouldDo() throws Exception {
        assertThat(run(IsolationLevel.FULL, List.of()))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.error())
                                .contains("not allowed at isolation full: network (isolation minimal would allow it)"));
        assertThat(run(IsolationLevel.FULL, List.of("127.0.0.1")))
                .isInstanceOfSatisfying(
                        RunOutcome.Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo(
                                        "not allowed at isolation full: network (isolation minimal would allow it)"));
        assertThat(requests).hasValue(0);
    }

    /** Rehearsals send nothing that could change anything. */
    private static RunRequest sending(RunRequest request) {
        return Cells.with(request, RunRequest.Mode.COMMIT, RunRequest.Reuse.FRESH);
    }

    private RunOutcome run(Language language, String body) throws InterruptedException {
        String source = (language == Language.JAVASCRIPT
                        ? "function execute(params) { " + body + " }"
                        : "def execute(params):\n    " + body)
                .replace("URL", "http://127.0.0.1:" + server.getAddress().getPort());
        RunRequest request = Cells.with(
                Cells.with(Cells.request(language, source), IsolationLevel.MINIMAL),
                new Grants(List.of(), List.of(), List.of("127.0.0.1"), List.of()));
        return runner.start(sending(request), RunListener.SILENT).await().outcome();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | const a = understudy.http({method: 'POST', url: 'URL/bytes', body: new Uint8Array([0, 255, 128, 10]).subarray(1)}); return Array.from(a.bytes)",
                "JAVASCRIPT | const a = understudy.http({method: 'POST', url: 'URL/bytes', body: new Uint8Array([255, 128, 10]).buffer}); return Array.from(a.bytes)",
                "PYTHON | return list(understudy.http('URL/bytes', method='POST', body=bytes([255, 128, 10]))['bytes'])",
                "PYTHON | return list(understudy.http('URL/bytes', method='POST', body=bytearray([255, 128, 10]))['bytes'])",
            })
    void bodiesAreBytesInAndOut(Language language, String body) throws Exception {
        assertThat(run(language, body)).isEqualTo(new RunOutcome.Succeeded("[255,128,10]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | const a = understudy.http('URL/latin'); return [a.text, a.bytes[0]]",
                "PYTHON | a = understudy.http('URL/latin'); return [a['text'], a['bytes'][0]]",
            })
    void textIsReadInTheServersCharacterSet(Language language, String body) throws Exception {
        assertThat(run(language, body)).isEqualTo(new RunOutcome.Succeeded("[\"\u00e9\",233]"));
    }

    @Test
    void aRunKeepsItsConnection() throws Exception {
        RunOutcome outcome = run(
                Language.JAVASCRIPT,
                "const port = () => understudy.http('URL/bytes').headers['x-client'];"
                        + " const first = port(); return [port() === first, port() === first]");
        assertThat(outcome).isEqualTo(new RunOutcome.Succeeded("[true,true]"));
    }

    @Test
    void aTimeoutReadsAsOneInJavaScript() throws Exception {
        assertThat(run(
                        Language.JAVASCRIPT,
                        "try { understudy.http({url: 'URL/never', timeout: 2}) }"
                                + " catch (e) { return [e.name, e.code, e.message.split(':')[0]] }"))
                .isEqualTo(new RunOutcome.Succeeded("[\"TimeoutError\",\"TIMED_OUT\",\"timed out after 2000 ms\"]"));
        assertThat(requests).hasValue(1);
    }

    @Test
    void aTimeoutReadsAsOneInPython() throws Exception {
        assertThat(run(Language.PYTHON, """
                try:
                        understudy.http('URL/never', timeout=2)
                    except TimeoutError as e:
                        return str(e).split(':')[0]
                """)).isEqualTo(new RunOutcome.Succeeded("\"timed out after 2000 ms\""));
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | understudy.http('http://127.0.0.1:1/')| HttpError: GET http://127.0.0.1:1/ failed: ",
                "PYTHON | understudy.http('http://127.0.0.1:1/')| ConnectionError: GET http://127.0.0.1:1/ failed: ",
            })
    void aHostThatDoesNotAnswerIsNoMatterOfGrants(Language language, String body, String error) throws Exception {
        assertThat(run(language, body))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.error()).startsWith(error));
    }

    @Test
    void theRunsWallTimeEndsARequest() throws Exception {
        RunRequest request = Cells.with(
                Cells.with(
                        Cells.with(
                                Cells.javaScript("function execute() { understudy.http('http://127.0.0.1:"
                                        + server.getAddress().getPort() + "/never') }"),
                                IsolationLevel.MINIMAL),
                        new Grants(List.of(), List.of(), List.of("127.0.0.1"), List.of())),
                Limits.DEFAULT.withWallTime(Duration.ofMillis(400)));
        assertThat(runner.start(sending(request), RunListener.SILENT).await().outcome())
                .isInstanceOf(RunOutcome.LimitExceeded.WallTime.class);
    }
}
