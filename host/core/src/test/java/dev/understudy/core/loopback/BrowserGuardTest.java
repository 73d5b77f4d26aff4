package dev.understudy.core.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real server; what a browser would send is written byte for byte, since Java's client sets these headers itself. */
class BrowserGuardTest {
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.create(0);
        BrowserGuard guard = BrowserGuard.ofLoopback();
        server.createContext("/", exchange -> {
            try (exchange) {
                int status = guard.refusal(exchange.getRequestHeaders())
                        .map(BrowserGuard.Refusal::status)
                        .orElse(200);
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String answer(String request) throws IOException {
        InetSocketAddress address = server.getAddress();
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .findFirst()
                        .orElse("");
            }
        }
    }

    /** The rebound name of NVD's CVE-2018-5702 (Transmission) is the third. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "200 | Host: 127.0.0.1:4318",
                "200 | Host: LOCALHOST",
                "421 | Host: rebound.example",
                "421 | Host: 127.0.0.1.rebound.example:4318",
                "421 | X: no host",
                "403 | Host: localhost:4318#Origin: http://evil.example",
                "403 | Host: localhost:4318#Origin: null",
                "200 | Host: localhost:4318#Origin: http://localhost:4318",
                "403 | Host: localhost:4318#Sec-Fetch-Site: cross-site",
                "403 | Host: localhost:4318#Sec-Fetch-Site: same-site",
                "200 | Host: localhost:4318#Sec-Fetch-Site: none",
            })
    void takesWhatProgramsOfThisMachineSendAndNoPages(String status, String headers) throws IOException {
        String request = "POST /x HTTP/1.1\r\n" + headers.replace("#", "\r\n")
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        assertThat(answer(request)).contains(" " + status + " ");
    }

    @Test
    void hasAnEndForRequestsThatNeverComeWhole() {
        assertThat(System.getProperty("sun.net.httpserver.maxReqTime")).isEqualTo("30");
        assertThat(System.getProperty("sun.net.httpserver.idleInterval")).isEqualTo("30");
    }
}
