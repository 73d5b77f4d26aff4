package dev.understudy.app.web;

import dev.understudy.core.config.DashboardSection;
import dev.understudy.core.loopback.BrowserGuard;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything else and lets nobody by who has not shown the token or a session made of it, except to ask whether
 * there is somebody. Against pages of other sites in the same browser it checks the host that was asked for (a name that
 * was made to point here is refused), where a request comes from, and with each change a value that only our own pages know.
 */
final class Gate extends Handler.Wrapper {
    static final String COOKIE = "understudy_session";
    static final String HEALTH = "/healthz";
    static final int MAX_BODY_BYTES = 64 << 10;

    /** How much of a body is read only so that the connection can serve on. */
    static final int MAX_DISCARDED_BYTES = 1 << 20;

    /** Of a request that came with a session; absent if it came with the token. */
    static final String SESSION = "understudy.session";

    private static final String BEARER = "Bearer ";
    private static final HttpFields HEADERS = HttpFields.build()
            .add(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                            + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
            .add("X-Content-Type-Options", "nosniff")
            .add("X-Frame-Options", "DENY")
            .add("Referrer-Policy", "no-referrer")
            .add("Cross-Origin-Opener-Policy", "same-origin")
            .add("Cross-Origin-Resource-Policy", "same-origin")
            .add("Cross-Origin-Embedder-Policy", "require-corp")
            .add("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
            .asImmutable();

    private final Sessions sessions;
    private final WrongTries wrongTries;
    private final BrowserGuard guard;
    private final boolean tls;
    private final byte[] unauthorizedPage;

    Gate(Handler inner, Sessions sessions, WrongTries wrongTries, DashboardSection config) {
        super(inner);
        this.sessions = sessions;
        this.wrongTries = wrongTries;
        this.tls = config.tls().isPresent();
        var hosts = new ArrayList<>(config.hosts());
        hosts.add(config.address().contains(":") ? "[" + config.address() + "]" : config.address());
        guard = BrowserGuard.of(hosts, tls ? "https" : "http");
        try (InputStream page = Gate.class.getResourceAsStream("unauthorized.html")) {
            if (page == null) throw new IllegalStateException("no unauthorized.html on the class path");
            unauthorizedPage = page.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every answer carries, whoever gives it. */
    static void addHeaders(HttpFields.Mutable headers) {
        for (HttpField field : HEADERS) headers.put(field);
        if (!headers.contains(HttpHeader.CACHE_CONTROL)) headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        addHeaders(response.getHeaders());
        if (tls) response.getHeaders().put("Strict-Transport-Security", "max-age=31536000");
        Failure refusal = refusal(request);
        if (refusal != null) {
            refuse(request, response, callback, refusal);
            return true;
        }
        String path = path(request);
        if (path.equals(HEALTH)) return super.handle(request, response, callback);
        String token = givenToken(request);
        if (token != null) {
            if (!sessions.isToken(token)) wrong(request, response, callback);
            else if (isBearer(request)) return super.handle(request, response, callback);
            else welcome(response, callback);
            return true;
        }
        String session = session(request);
        if (session == null || !sessions.isValid(session)) {
            unauthorized(request, response, callback);
            return true;
        }
        Failure foreign = changes(request) ? foreignChange(request, session) : null;
        if (foreign != null) {
            refuse(request, response, callback, foreign);
            return true;
        }
        request.setAttribute(SESSION, session);
        return super.handle(request, response, callback);
    }

    private static String path(Request request) {
        String path = request.getHttpURI().getCanonicalPath();
        return path == null ? "" : path;
    }

    private static boolean changes(Request request) {
        return request.getMethod().equals("POST");
    }

    /** Why a request is not even looked at; null if it is. */
    private @Nullable Failure refusal(Request request) {
        HttpFields headers = request.getHeaders();
        String host = headers.get(HttpHeader.HOST);
        if (!guard.answersTo(host))
            return new Failure(
                    BrowserGuard.MISDIRECTED,
                    "This host does not answer here",
                    "the request names a host that is none of this dashboard's",
                    "Use the printed link, or list the name under dashboard.hosts");
        if (!Set.of("GET", "HEAD", "POST").contains(request.getMethod()))
            return new Failure(405, "This method is not known", "only GET and POST are", "See /api/openapi.json");
        String site = headers.get("Sec-Fetch-Site");
        boolean navigates = "navigate".equals(headers.get("Sec-Fetch-Mode"))
                && request.getMethod().equals("GET");
        if (BrowserGuard.isOfAnotherSite(site) && !navigates) return foreign("it was sent by a page of another site");
        if (request.getLength() > MAX_BODY_BYTES) return tooLarge();
        return null;
    }

    static Failure tooLarge() {
        return new Failure(413, "The body is too large", "it holds at most " + MAX_BODY_BYTES + " bytes", "Send less");
    }

    private static Failure foreign(String why) {
        return new Failure(403, "This request is not taken", why, "Use the dashboard's own page");
    }

    /** Why a change that comes with a session is not one of our own pages'; null if it is. */
    private @Nullable Failure foreignChange(Request request, String session) {
        HttpFields headers = request.getHeaders();
        if (guard.isOfAnotherOrigin(headers.get(HttpHeader.ORIGIN), headers.get(HttpHeader.HOST)))
            return foreign("it was sent by a page of another origin");
        String csrf = headers.get("X-CSRF-Token");
        if (csrf == null || !sessions.isCsrfToken(session, csrf))
            return foreign("it lacks the header X-CSRF-Token with the value that /api/session gives");
        return null;
    }

    private static boolean isBearer(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return header != null && header.startsWith(BEARER);
    }

    /** The token that came with a request, in its header or in the link; null if none did. */
    private static @Nullable String givenToken(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header != null)
            return header.startsWith(BEARER) ? header.substring(BEARER.length()).strip() : "";
        HttpURI uri = request.getHttpURI();
        if (!path(request).equals("/") || uri.getQuery() == null || changes(request)) return null;
        Fields parameters = Request.extractQueryParameters(request);
        return parameters.getValue("token");
    }

    private static @Nullable String session(Request request) {
        for (HttpCookie cookie : Request.getCookies(request))
            if (cookie.getName().equals(COOKIE)) return cookie.getValue();
        return null;
    }

    /** Gives a session and leads away from the address that holds the token. */
    private void welcome(Response response, Callback callback) {
        String cookie = COOKIE + "=" + sessions.begin() + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
                + Sessions.LIFETIME.toSeconds() + (tls ? "; Secure" : "");
        response.getHeaders().put(HttpHeader.SET_COOKIE, cookie);
        response.getHeaders().put(HttpHeader.LOCATION, "/");
        response.setStatus(303);
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    private void wrong(Request request, Response response, Callback callback) {
        if (wrongTries.take()) {
            unauthorized(request, response, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.RETRY_AFTER, WrongTries.NANOS_EACH / 1_000_000_000 + 1);
        refuse(
                request,
                response,
                callback,
                new Failure(429, "Too many wrong tokens", "somebody has been trying them", "Wait a little"));
    }

    private void unauthorized(Request request, Response response, Callback callback) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        if (accept != null && accept.contains("text/html")) {
            response.setStatus(401);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
            response.write(true, ByteBuffer.wrap(unauthorizedPage), callback);
            return;
        }
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        refuse(
                request,
                response,
                callback,
                new Failure(
                        401,
                        "No valid session or token came with this",
                        "a session comes from the link that 'understudy up' prints",
                        "Open that link, or send 'Authorization: Bearer' and the token in the data home's dashboard.token"));
    }

    /**
     * Answers a request whose body nobody wants. The body is read away first: else the server would close the connection under
     * a client that is still sending, which then never sees the answer, or sends its next request into nothing.
     */
    private static void refuse(Request request, Response response, Callback callback, Failure failure) {
        boolean unknown = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (unknown || request.getLength() > MAX_DISCARDED_BYTES) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            answer(response, callback, failure);
            return;
        }
        Content.Source.consumeAll(request, Callback.from(() -> answer(response, callback, failure), callback::failed));
    }

    static void answer(Response response, Callback callback, Failure failure) {
        response.setStatus(failure.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, WebJson.TYPE);
        response.write(true, ByteBuffer.wrap(WebJson.bytes(failure.json())), callback);
    }
}
