package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
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

/** A script's {@code understudy.http} from the cell to a server on this machine. */
class HttpInCellsTest {
    private static CellRunner runner;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeAll
    static void openRunner() {
        runner = Cells.open(
                new HostServices(HostServices.NONE.programs(), new CellHttp(HttpSettings.DEFAULT)),
                1,
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
        return runner.start(request, RunListener.SILENT).await().outcome();
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
}
