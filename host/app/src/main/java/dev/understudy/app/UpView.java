package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.engine.EngineEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Shows what happens: a line for each event, and on a terminal a last line with how it stands; or JSON, a line for each
 * event. Safe for use by several threads.
 */
final class UpView implements AutoCloseable {
    private static final ObjectMapper ONE_LINE = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter NEXT =
            DateTimeFormatter.ofPattern("EEE HH:mm").withZone(ZoneId.systemDefault());

    private final Console console;
    private final boolean json;
    private final Progress statusLine;
    private @Nullable Engine engine;

    UpView(Console console, boolean json) {
        this.console = console;
        this.json = json;
        statusLine = new Progress(console);
    }

    /** Shows how this engine stands, too. */
    synchronized void watch(Engine up) {
        engine = up;
        showStatus();
    }

    synchronized void show(EngineEvent event) {
        if (json) {
            console.out().println(asJson(event));
            return;
        }
        statusLine.close();
        String name = event.automationId().isEmpty() ? "" : event.automationId() + ": ";
        String text = Console.printable(name + Console.shortened(event.text()));
        console.out().println(Style.DIM.of(console, TIME.format(event.at())) + "  " + styled(event, text));
        showStatus();
    }

    private String styled(EngineEvent event, String text) {
        return switch (event.kind()) {
            case PROBLEM, FOLDER_GONE, MISSED, LOOP_AVOIDED, ROLLED_BACK, PERFORMANCE_FINDING ->
                Style.YELLOW.of(console, text);
            case PROPOSAL_READY, GRANT_ASKED, AUTOMATION_CHANGED, ADVICE_READY -> Style.CYAN.of(console, text);
            case RUN_ENDED -> "succeeded".equals(event.details().get("state")) ? text : Style.RED.of(console, text);
            case STARTED,
                    TRIGGERS_CHANGED,
                    WEBHOOKS_ANSWER,
                    FIRED,
                    REPEATED,
                    SKIPPED,
                    FOLDER_BACK,
                    CLOCK_JUMPED,
                    CYCLE_ENDED,
                    PLUGIN_CHANGED,
                    WORKLOAD_CHANGED,
                    OPTIMIZATION_STARTED,
                    OPTIMIZATION_ENDED,
                    RESOURCES_CHANGED,
                    STOPPING -> text;
        };
    }

    private void showStatus() {
        Engine up = engine;
        if (json || up == null || !console.isTerminal()) return;
        Engine.Status status = up.status();
        String next = status.nextCron().map(time -> ", next " + nextText(time)).orElse("");
        statusLine.step("up: " + status.triggers() + (status.triggers() == 1 ? " trigger" : " triggers") + next
                + "   (Ctrl-C ends)");
    }

    private static String nextText(Instant time) {
        return NEXT.format(time);
    }

    private static String asJson(EngineEvent event) {
        try {
            return ONE_LINE.writeValueAsString(HostShape.json(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    @Override
    public synchronized void close() {
        engine = null;
        statusLine.close();
    }
}
