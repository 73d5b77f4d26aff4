package dev.understudy.core.packages;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fetches from registries: over TLS, or from this machine itself; by the proxy that the environment names. */
final class Downloads implements AutoCloseable {
    /** Of an archive, or of what a registry says of a package. */
    static final int MAX_BYTES = 32 << 20;

    private final HttpClient client;

    /** @param environment of which HTTPS_PROXY, HTTP_PROXY and NO_PROXY count, in capitals or not */
    Downloads(Map<String, String> environment) {
        client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(new EnvironmentProxies(environment))
                .build();
    }

    /** @throws PackageException if it is not to be had; the message names the address */
    byte[] get(URI address, String accept) throws IOException, InterruptedException, PackageException {
        URI at = address;
        for (int redirections = 0; redirections < 6; redirections++) {
            requireSafe(at);
            HttpRequest request = HttpRequest.newBuilder(at)
                    .timeout(Duration.ofMinutes(2))
                    .header("Accept", accept)
                    .header("User-Agent", "understudy")
                    .build();
            HttpResponse<InputStream> response;
            try {
                response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new PackageException(at + " cannot be reached: "
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
            }
            try (InputStream body = response.body()) {
                int status = response.statusCode();
                if (status / 100 == 3
                        && response.headers().firstValue("Location").isPresent()) {
                    at = at.resolve(response.headers().firstValue("Location").get());
                    continue;
                }
                if (status == 404) throw new PackageException(at + " is not there");
                if (status != 200) throw new PackageException(at + " answered " + status);
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES)
                    throw new PackageException(at + " is larger than " + (MAX_BYTES >> 20) + " MiB");
                return bytes;
            }
        }
        throw new PackageException(address + " leads from one address to the next without an end");
    }

    private static void requireSafe(URI address) throws PackageException {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        boolean own = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
        if (!"https".equals(address.getScheme()) && !("http".equals(address.getScheme()) && own))
            throw new PackageException(address + " is no https address");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** The proxies that the environment names, as curl reads it. */
    private static final class EnvironmentProxies extends ProxySelector {
        private final Map<String, String> environment;

        EnvironmentProxies(Map<String, String> environment) {
            this.environment = environment;
        }

        private String value(String name) {
            String small = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
            return small.isEmpty() ? environment.getOrDefault(name, "") : small;
        }

        @Override
        public List<Proxy> select(URI address) {
            String named = value(address.getScheme().toUpperCase(Locale.ROOT) + "_PROXY");
            if (named.isEmpty() || isExcepted(String.valueOf(address.getHost()))) return List.of(Proxy.NO_PROXY);
            try {
                URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
                int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
                if (proxy.getHost() == null) return List.of(Proxy.NO_PROXY);
                return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)));
            } catch (IllegalArgumentException _) {
                return List.of(Proxy.NO_PROXY);
            }
        }

        private boolean isExcepted(String host) {
            for (String each : value("NO_PROXY").split("[,\\s]+", -1)) {
                String name = each.replaceFirst("^\\*?\\.", "");
                if (each.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name))))
                    return true;
            }
            return false;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The request fails with it.
        }
    }
}
