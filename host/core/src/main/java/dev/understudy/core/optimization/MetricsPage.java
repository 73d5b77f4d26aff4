package dev.understudy.core.optimization;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A page of metrics that is read again and again. Used by one thread. */
final class MetricsPage {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 32 << 20;

    private final URI url;

    MetricsPage(URI url) {
        this.url = url;
    }

    /**
     * Reads it.
     *
     * @throws IOException with a clause that says why it cannot be read
     */
    MetricsText read() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Accept", "text/plain;version=0.0.4")
                .build();
        // A client holds a thread and connections; between two measurements nobody needs them.
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build()) {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200)
                    throw new IOException("it answers with status " + response.statusCode());
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) throw new IOException("it has more than " + (MAX_BYTES >> 20) + " MiB");
                return MetricsText.parse(new String(bytes, StandardCharsets.UTF_8));
            } finally {
                client.shutdownNow();
            }
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(url + " cannot be read: " + why, e);
        }
    }
}
