package dev.understudy.sandbox.control.http;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.HostServices.HttpOfRun;
import dev.understudy.sandbox.control.cells.HostServices.HttpRequest;
import dev.understudy.sandbox.control.cells.HostServices.HttpResult;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code http} of one rehearsal. Where the rehearsal brings responses, each request is answered by the next of those
 * for its method and URL (the last of them again and again), and nothing is sent. Where it brings none, requests that
 * only ask are sent, and those that could change something are refused. Used by one run at a time.
 */
final class RehearsedHttp implements HttpOfRun {
    private static final Set<String> ONLY_ASKING = Set.of("GET", "HEAD", "OPTIONS");

    private final RunRequest run;
    private final List<RunRequest.Response> responses;
    private final HttpOfRun real;

    RehearsedHttp(RunRequest run, HttpOfRun real) {
        this.run = run;
        this.responses = new ArrayList<>(run.responses());
        this.real = real;
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public HttpResult send(HttpRequest request) throws ServiceException {
        String method = request.method().toUpperCase(Locale.ROOT);
        if (responses.isEmpty() && ONLY_ASKING.contains(method)) return real.send(request);
        requireAllowed(request.url());
        if (responses.isEmpty())
            throw new ServiceException(
                    Kind.NOT_ALLOWED,
                    "not sent: this is a rehearsal, and a " + method
                            + " cannot be taken back (a test case says in 'responses' what it would be answered)");
        RunRequest.Response response = next(method, request.url())
                .orElseThrow(() -> new ServiceException(
                        Kind.NOT_ALLOWED,
                        "not sent: this is a rehearsal, and its test case has no response" + " for " + method + " "
                                + Url.printable(request.url())));
        var headers = new ArrayList<String>();
        response.headers().forEach((name, value) -> {
            headers.add(name);
            headers.add(value);
        });
        return new HttpResult(response.status(), headers, response.text().getBytes(StandardCharsets.UTF_8), "UTF-8");
    }

    /** The rules of a real run hold here too, so that a script that passes needs no other grants. */
    private void requireAllowed(String url) throws ServiceException {
        if (run.isolation() != IsolationLevel.MINIMAL)
            throw new ServiceException(Kind.NOT_ALLOWED, run.isolation().noNetwork());
        try {
            HostGrants.of(run.grants().hosts()).requireGranted(Url.parse(url).origin());
        } catch (NotAllowedException refused) {
            throw new ServiceException(Kind.NOT_ALLOWED, refused.reason());
        } catch (IllegalArgumentException badGrant) {
            throw new ServiceException(Kind.NOT_ALLOWED, String.valueOf(badGrant.getMessage()));
        }
    }

    private Optional<RunRequest.Response> next(String method, String url) {
        List<RunRequest.Response> fitting = responses.stream()
                .filter(response ->
                        response.method().equals(method) && response.url().equals(url))
                .toList();
        if (fitting.size() > 1) responses.remove(fitting.getFirst());
        return fitting.stream().findFirst();
    }
}
