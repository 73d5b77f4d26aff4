package dev.understudy.sandbox.control.http;

import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.HostServices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code http} of scripts in cells; starts no programs.
 *
 * <p>Cells do not tell when a run ends, so each request has a {@link GuestHttp} of its own: names are resolved and
 * checked anew, and connections are not kept from one request to the next.
 */
public final class CellHttp implements HostServices {
    private final HttpSettings settings;

    public CellHttp(HttpSettings settings) {
        this.settings = settings;
    }

    /** In a rehearsal nothing is sent that could change anything; see {@link RehearsedHttp}. */
    @Override
    public HostServices forRun(RunRequest request) {
        return request.mode() == RunRequest.Mode.REHEARSE ? new RehearsedHttp(request.responses(), this) : this;
    }

    @Override
    public HttpResult http(RunRequest run, HttpRequest request) throws ServiceException {
        HostGrants grants;
        try {
            grants = HostGrants.of(run.grants().hosts());
        } catch (IllegalArgumentException badGrant) {
            throw new ServiceException(String.valueOf(badGrant.getMessage()));
        }
        var guestRequest = new GuestRequest(
                request.method(),
                request.url(),
                headers(request.headers()),
                request.body(),
                Optional.empty(),
                GuestRequest.Redirects.FOLLOW,
                GuestRequest.Retries.IDEMPOTENT);
        // The run's timer interrupts this thread when less than the whole wall time is left.
        try (var http =
                GuestHttp.open(run.isolation(), grants, settings, run.limits().wallTime())) {
            return switch (http.send(guestRequest)) {
                case HttpOutcome.Response response -> result(response);
                case HttpOutcome.NotAllowed(String reason) -> throw new ServiceException(reason);
                case HttpOutcome.Failed(String error) -> throw new ServiceException(error);
            };
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
        // Cells read the body as UTF-8.
        return new HttpResult(response.status(), headers, response.text().getBytes(StandardCharsets.UTF_8));
    }
}
