package dev.understudy.sandbox.control.http;

import dev.understudy.sandbox.control.IsolationLevel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One run's way to the network: HTTP/1.1 and HTTP/2 to granted hosts, at isolation minimal.
 *
 * <p>Each host name is resolved once in a run, all its addresses are checked, and every connection goes to one of
 * them, so a name that changes its address meanwhile leads nowhere new ({@link PinnedRelay} says how). Redirects are
 * followed here, hop by hop, each checked like a first request; from https to http they are refused. No proxies,
 * cookies or passwords of the host are used.
 *
 * <p>Safe for use by several threads. Costs nothing before the first request. The run owns it and closes it, which
 * ends what is under way.
 */
public final class GuestHttp implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final IsolationLevel isolation;
    private final HostGrants grants;
    private final HttpSettings settings;
    private final Network network;
    private final Waiting waiting;
    private final RandomGenerator random;
    private final SSLContext tls;
    private final long runDeadline;
    private final String token = newToken();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<Host, List<InetAddress>> pinned = new ConcurrentHashMap<>();
    private final Map<Url.Origin, PinnedRelay> relays = new ConcurrentHashMap<>();
    private @Nullable HttpClient client;

    /** The parts that reach the world, so that tests can bring their own. */
    record Effects(Network network, Waiting waiting, RandomGenerator random, SSLContext tls) {}

    /**
     * Gives a run its {@code http}. At other levels than minimal it answers every request with why not.
     *
     * @param remainingWallTime of the run, from now; no request and no wait lasts longer
     */
    public static GuestHttp open(
            IsolationLevel isolation, HostGrants grants, HttpSettings settings, Duration remainingWallTime) {
        return new GuestHttp(
                isolation,
                grants,
                settings,
                remainingWallTime,
                new Effects(Network.SYSTEM, Waiting.REAL, RandomGenerator.getDefault(), systemTls()));
    }

    GuestHttp(
            IsolationLevel isolation,
            HostGrants grants,
            HttpSettings settings,
            Duration remainingWallTime,
            Effects effects) {
        this.isolation = isolation;
        this.grants = grants;
        this.settings = settings;
        this.network = effects.network;
        this.waiting = effects.waiting;
        this.random = effects.random;
        this.tls = effects.tls;
        this.runDeadline = waiting.nanoTime() + remainingWallTime.toNanos();
    }

    private static SSLContext systemTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this JDK has no TLS", broken);
        }
    }

    private static String newToken() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        // A scheme of our own: the JDK keeps Basic from tunnels.
        return "Understudy " + HexFormat.of().formatHex(bytes);
    }

    /** Sends a request and waits for its end. What goes wrong is a value; this throws for bugs only. */
    public HttpOutcome send(GuestRequest request) {
        if (isolation != IsolationLevel.MINIMAL)
            return new HttpOutcome.NotAllowed(
                    "not allowed at isolation " + isolation.id() + ": network (isolation minimal would allow it)");
        try {
            return follow(request, CheckedRequest.of(request, settings), deadline(request));
        } catch (NotAllowedException refused) {
            return new HttpOutcome.NotAllowed(refused.reason());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new HttpOutcome.Failed("the run has ended");
        }
    }

    private Deadline deadline(GuestRequest request) {
        long total = settings.totalTimeout().toNanos();
        if (request.timeout().isPresent())
            total = Math.min(total, Math.max(0, request.timeout().get().toNanos()));
        long left = runDeadline - waiting.nanoTime();
        return total <= left
                ? new Deadline(
                        waiting.nanoTime() + total,
                        "timed out after " + Duration.ofNanos(total).toMillis() + " ms")
                : new Deadline(runDeadline, "the run's wall time is used up");
    }

    private record Deadline(long nanos, String message) {}

    private Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.nanos - waiting.nanoTime());
    }

    private HttpOutcome follow(GuestRequest request, CheckedRequest first, Deadline deadline)
            throws InterruptedException, NotAllowedException {
        CheckedRequest current = first;
        for (int redirects = 0; ; redirects++) {
            HttpOutcome outcome = sendUntilDone(current, request.retries(), deadline);
            if (!(outcome instanceof HttpOutcome.Response response)) return outcome;
            Optional<String> location =
                    request.redirects() == GuestRequest.Redirects.FOLLOW && REDIRECTS.contains(response.status())
                            ? response.header("location")
                            : Optional.empty();
            if (location.isEmpty()) return outcome;
            if (redirects == settings.maxRedirects())
                return new HttpOutcome.Failed(
                        "more than " + settings.maxRedirects() + " redirects from " + first.url());
            current = redirected(current, response.status(), location.get());
        }
    }

    private CheckedRequest redirected(CheckedRequest current, int status, String location) throws NotAllowedException {
        try {
            Url target = current.url().resolve(location);
            if (current.url().origin().scheme() == Url.Scheme.HTTPS
                    && target.origin().scheme() == Url.Scheme.HTTP)
                throw new NotAllowedException("it leads from https to http, " + target);
            grants.requireGranted(target.origin());
            return current.redirected(status, target);
        } catch (NotAllowedException refused) {
            throw new NotAllowedException("redirect from " + current.url() + " refused: " + refused.reason());
        }
    }

    private HttpOutcome sendUntilDone(CheckedRequest request, GuestRequest.Retries retries, Deadline deadline)
            throws InterruptedException, NotAllowedException {
        boolean again = retries == GuestRequest.Retries.IDEMPOTENT && Retry.isIdempotent(request.method());
        int attempts = again ? settings.maxAttempts() : 1;
        for (int attempt = 1; ; attempt++) {
            HttpOutcome outcome;
            Optional<Duration> asked = Optional.empty();
            try {
                var response = sendOnce(request, deadline);
                if (!Retry.mayPass(response.status())) return response;
                asked = response.header("retry-after").flatMap(header -> Retry.after(header, waiting.now()));
                outcome = response;
            } catch (TimeoutException timeout) {
                return new HttpOutcome.TimedOut(deadline.message + ": " + request.method() + " " + request.url());
            } catch (SSLException | BoundedBody.TooLargeException | UnknownHostException lasting) {
                return new HttpOutcome.Failed(describe(request, lasting));
            } catch (IOException passing) {
                outcome = new HttpOutcome.Failed(describe(request, passing));
            }
            if (ended.getCount() == 0) return new HttpOutcome.Failed("the run has ended");
            if (attempt >= attempts) return outcome;
            Duration wait = asked.isPresent()
                    ? asked.get()
                    : Retry.backoff(attempt, settings.firstBackoff(), settings.longestBackoff(), random);
            if (wait.compareTo(left(deadline)) >= 0) return outcome;
            waiting.pause(wait, ended);
        }
    }

    private String describe(CheckedRequest request, IOException failure) {
        String reason = Optional.ofNullable(relays.get(request.url().origin()))
                .flatMap(PinnedRelay::takeFailure)
                .orElseGet(() -> switch (failure) {
                    case UnknownHostException _ ->
                        "there is no host " + request.url().origin().host();
                    case SSLException tlsFailure ->
                        "no trusted connection to " + request.url().origin() + ": " + tlsFailure.getMessage();
                    default ->
                        Optional.ofNullable(failure.getMessage())
                                .orElse(failure.getClass().getSimpleName());
                });
        return request.method() + " " + request.url() + " failed: " + reason;
    }

    private HttpOutcome.Response sendOnce(CheckedRequest request, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException, NotAllowedException {
        prepare(request.url().origin(), deadline);
        var future = client().sendAsync(
                        request.forClient(token),
                        BoundedBody.handler(settings.maxResponseBytes(), settings.maxHeaderBytes()));
        HttpResponse<byte[]> response = await(future, deadline);
        return new HttpOutcome.Response(
                response.statusCode(),
                response.headers().map(),
                response.body(),
                request.url().toString(),
                response.version() == HttpClient.Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1");
    }

    /** Checks grant and addresses, and has a relay stand ready that leads to just these addresses. */
    private void prepare(Url.Origin origin, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException, NotAllowedException {
        grants.requireGranted(origin);
        if (relays.containsKey(origin)) return;
        List<InetAddress> addresses = addresses(origin.host(), deadline);
        grants.requireReachable(origin, addresses);
        synchronized (relays) {
            if (ended.getCount() == 0) throw new IOException("the run has ended");
            if (relays.containsKey(origin)) return;
            if (relays.size() >= settings.maxHosts())
                throw new NotAllowedException("one run may speak to at most " + settings.maxHosts() + " hosts");
            relays.put(origin, new PinnedRelay(origin, addresses, token, network, settings.connectTimeout()));
        }
    }

    private List<InetAddress> addresses(Host host, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        if (host.literal().isPresent()) return List.of(host.literal().get());
        if (host.isLocalhost()) return Addresses.loopback();
        List<InetAddress> known = pinned.get(host);
        if (known != null) return known;
        List<InetAddress> found = await(threads.submit(() -> network.resolve(host.text())), deadline);
        if (found.isEmpty()) throw new UnknownHostException(host.text());
        // If two threads asked at once, both use the first answer.
        List<InetAddress> before = pinned.putIfAbsent(host, List.copyOf(found));
        return before == null ? found : before;
    }

    private <T> T await(Future<T> future, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        try {
            return future.get(Math.max(0, left(deadline).toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cause) throw cause;
            throw new IOException("unexpected: " + failed.getCause(), failed.getCause());
        } finally {
            future.cancel(true);
        }
    }

    private HttpClient client() throws IOException {
        synchronized (relays) {
            if (ended.getCount() == 0) throw new IOException("the run has ended");
            if (client == null)
                client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(threads)
                        .sslContext(tls)
                        .proxy(new RelaySelector())
                        .build();
            return client;
        }
    }

    /** Sends every connection to its origin's relay; there is no other way out. */
    private final class RelaySelector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            try {
                var relay = relays.get(Url.parse(uri.toString()).origin());
                if (relay == null) throw new IllegalStateException("no relay for " + uri);
                return List.of(new Proxy(Proxy.Type.HTTP, relay.address()));
            } catch (NotAllowedException bug) {
                throw new IllegalStateException("not one of our URLs: " + uri, bug);
            }
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The request itself reports it.
        }
    }

    /** Ends every request under way; later ones answer that the run has ended. */
    @Override
    public void close() {
        ended.countDown();
        HttpClient open;
        synchronized (relays) {
            open = client;
            client = null;
            relays.values().forEach(PinnedRelay::close);
        }
        if (open != null) open.shutdownNow();
        threads.shutdownNow();
    }
}
