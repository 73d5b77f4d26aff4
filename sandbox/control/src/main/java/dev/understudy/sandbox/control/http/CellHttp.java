package dev.understudy.sandbox.control.http;

import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.HostServices.Http;
import dev.understudy.sandbox.control.cells.HostServices.HttpOfRun;
import dev.understudy.sandbox.control.cells.HostServices.HttpRequest;
import dev.understudy.sandbox.control.cells.HostServices.HttpResult;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code http} of scripts in cells. A run keeps its connections, and the addresses that it has resolved. In a
 * rehearsal nothing is sent that could change anything; see {@link RehearsedHttp}.
 */
public final class CellHttp implements Http {
    private final HttpSettings settings;

    public CellHttp(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public HttpOfRun open(RunRequest run) throws ServiceException {
        try {
            HostGrants grants = HostGrants.of(run.grants().hosts());
            var real = new OfRun(GuestHttp.open(
                    run.isolation(), grants, settings, run.limits().wallTime()));
            return run.mode() == RunRequest.Mode.REHEARSE ? new RehearsedHttp(run, real) : real;
        } catch (IllegalArgumentException badGrant) {
            throw new ServiceException(Kind.NOT_ALLOWED, String.valueOf(badGrant.getMessage()));
        }
    }

    private record OfRun(GuestHttp http) implements HttpOfRun {
        @Override
        public HttpResult send(HttpRequest request) throws ServiceException {
            var guestRequest = new GuestRequest(
                    request.method(),
                    request.url(),
                    headers(request.headers()),
                    request.body(),
                    request.timeout(),
                    GuestRequest.Redirects.FOLLOW,
                    GuestRequest.Retries.IDEMPOTENT);
            return switch (http.send(guestRequest)) {
                case HttpOutcome.Response response -> result(response);
                case HttpOutcome.NotAllowed(String reason) -> throw new ServiceException(Kind.NOT_ALLOWED, reason);
                case HttpOutcome.TimedOut(String error) -> throw new ServiceException(Kind.TIMED_OUT, error);
                case HttpOutcome.Failed(String error) -> throw new ServiceException(Kind.NETWORK_FAILED, error);
            };
        }

        @Override
        public void close() {
            http.close();
        }
    }

    private static Map<String, List<String>> headers(List<String> namesAndValues) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i + 1 < namesAndValues.size(); i += 2)
            headers.computeIfAbsent(namesAndValues.get(i), _ -> new ArrayList<>())
                    .add(namesAndValues.get(i + 1));
        return headers;
    }

    private static HttpResult result(HttpOutcome.Response response) {
        var headers = new ArrayList<String>();
        response.headers().forEach((name, values) -> {
            headers.add(name);
            headers.add(String.join(", ", values));
        });
        return new HttpResult(
                response.status(), headers, response.body(), response.charset().name());
    }
}
