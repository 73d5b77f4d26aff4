package dev.understudy.app.web;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** The pages' files, the stream of events, and whether somebody is there. */
final class PageRoutes {
    private static final long HEARTBEAT_SECONDS = 15;
    private static final byte[] RETRY = "retry: 2000\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEARTBEAT = ": here\n\n".getBytes(StandardCharsets.UTF_8);

    private final EventStream stream;
    private final StaticFiles files = new StaticFiles();

    PageRoutes(EventStream stream) {
        this.stream = stream;
    }

    List<Route> first() {
        return List.of(
                Route.get(
                        Gate.HEALTH,
                        context -> context.contentType("text/plain").result("ok\n")),
                Route.get("/api/events", this::events));
    }

    /** What is no other route. */
    List<Route> last() {
        return List.of(Route.get("/", this::file), Route.get("/<path>", this::file));
    }

    private void file(Context context) {
        Optional<StaticFiles.File> found = files.find(context.path());
        if (found.isEmpty())
            throw new Failure.Answer(Failure.notFound("There is nothing at this path", "See /api/openapi.json"));
        StaticFiles.File file = found.get();
        // Asked for again each time, and answered in a few bytes where it is the same.
        context.header("Cache-Control", "no-cache");
        context.header("ETag", file.tag());
        if (file.tag().equals(context.header("If-None-Match"))) {
            context.status(304);
            return;
        }
        context.contentType(file.type());
        context.result(file.bytes());
    }

    /** Holds its thread, a virtual one, until the reader goes or is dropped. */
    private void events(Context context) throws IOException, InterruptedException {
        var request = ServletContextRequest.getServletContextRequest(context.req());
        // A reader that does not read blocks the thread that writes to it; only the end of its connection frees that.
        Runnable drop = () ->
                request.getConnectionMetaData().getConnection().getEndPoint().close();
        Optional<EventStream.Reader> opened = stream.open(context.header("Last-Event-ID"), drop);
        if (opened.isEmpty())
            throw new Failure.Answer(new Failure(
                    503,
                    "There are too many readers",
                    EventStream.MAX_READERS + " pages listen already",
                    "Close one and try again"));
        context.res().setContentType("text/event-stream");
        context.res().setCharacterEncoding("utf-8");
        try (EventStream.Reader reader = opened.get()) {
            ServletOutputStream out = context.res().getOutputStream();
            out.write(RETRY);
            out.flush();
            while (true) {
                byte[] event = reader.next(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                if (event == null) break;
                out.write(event.length == 0 ? HEARTBEAT : event);
                if (!reader.hasMore()) out.flush();
            }
        } catch (IOException _) {
            // The reader is gone.
        }
    }
}
