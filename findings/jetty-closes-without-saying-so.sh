#!/usr/bin/env bash
# Believed: a handler that refuses a request need not read its body: the server reads the rest away, or says "Connection: close"
#   before it hangs up ("a server that does not intend to receive more requests ought to send it", RFC 9112 9.6).
# Happens: Jetty adds the line only if the answer is not yet on its way when the handler's callback ends, that is if it has no
#   content. A refusal with a text leaves as one of a connection that serves on, and the connection is closed behind it unless
#   the whole body happens to have come by then. Java's HttpClient puts it back into its pool, and one of the next requests fails
#   with "header parser received no bytes". Small bodies come in one piece with the head, so that tests with "{}" pass.
# Source: jetty-server 12.1.14 (Maven Central); https://www.rfc-editor.org/rfc/rfc9112#section-9.6
# Usage: jetty-closes-without-saying-so.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
version=12.1.14
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.eclipse.jetty</groupId><artifactId>jetty-server</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Refuse.java" <<'J'
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

public class Refuse {
    public static void main(String[] arguments) throws Exception {
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(403);
                if (Request.getPathInContext(request).equals("/text")) Content.Sink.write(response, true, "no\n", callback);
                else callback.succeeded();
                return true;
            }
        });
        server.start();
        int port = connector.getLocalPort();
        System.out.println("text, body with the head:  " + behaviour(port, "/text", true));
        System.out.println("empty, body not yet there: " + behaviour(port, "/empty", false));
        System.out.println("text, body not yet there:  " + behaviour(port, "/text", false));
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        int failed = 0;
        for (int i = 0; i < 500; i++) {
            var body = HttpRequest.BodyPublishers.ofString("x".repeat(64 << 10));
            try {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/text")).POST(body).build(),
                        HttpResponse.BodyHandlers.discarding());
            } catch (IOException e) {
                failed++;
                System.err.println("HttpClient: " + e.getMessage());
            }
        }
        System.err.println("HttpClient, 500 requests of 64 KiB, failed (a race, not judged): " + failed);
        server.stop();
    }

    private static String behaviour(int port, String path, boolean withBody) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2000);
            String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n";
            socket.getOutputStream().write((head + (withBody ? "{}" : "")).getBytes(StandardCharsets.US_ASCII));
            var answer = new StringBuilder();
            String end = "stays open";
            try {
                int read;
                while ((read = socket.getInputStream().read()) >= 0) answer.append((char) read);
                end = "is closed";
            } catch (SocketTimeoutException open) {
                // As it should, unless the answer said something else.
            }
            boolean said = answer.toString().toLowerCase().contains("connection: close");
            return answer.substring(9, 12) + (said ? ", says close, " : ", says nothing, ") + end;
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "Jetty $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" -cp "$(cat "$folder/path")" "$folder/Refuse.java" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
echo "$said"
sort "$folder/log" | uniq -c
[ "$said" = "text, body with the head:  403, says nothing, stays open
empty, body not yet there: 403, says close, is closed
text, body not yet there:  403, says nothing, is closed" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
