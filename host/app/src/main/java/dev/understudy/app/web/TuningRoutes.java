package dev.understudy.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.core.tuning.program.SessionSummary;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is tuned and was tuned: the sessions of {@code tune}, whichever process they run in, and the looks for settings of the
 * machine, which the host makes by itself.
 */
final class TuningRoutes {
    private static final int RECENT = 20;

    private final Understudy understudy;
    private final InstantSource clock;
    private final AtomicReference<Optional<EngineEvent>> look = new AtomicReference<>(Optional.empty());

    TuningRoutes(Understudy understudy, InstantSource clock) {
        this.understudy = understudy;
        this.clock = clock;
    }

    /** Takes what happens, to know whether a look is under way. */
    void happened(EngineEvent event) {
        switch (event.kind()) {
            case OPTIMIZATION_STARTED -> look.set(Optional.of(event));
            case OPTIMIZATION_ENDED -> look.set(Optional.empty());
            default -> {}
        }
    }

    Route route() {
        return Route.get("/api/tuning", this::tuning);
    }

    private void tuning(Context context) throws InterruptedException {
        List<SessionSummary> sessions = understudy.tuning().list();
        var json = JsonNodeFactory.instance.objectNode();
        Optional<ObjectNode> running = sessions.stream()
                .filter(each -> each.state() == SessionSummary.State.RUNNING)
                .findFirst()
                .map(this::session)
                .or(() -> look.get().map(this::look));
        if (running.isEmpty()) json.putNull("running");
        else json.set("running", running.get());
        var recent = new ArrayList<ObjectNode>();
        sessions.stream()
                .filter(each -> each.state() != SessionSummary.State.RUNNING)
                .limit(RECENT)
                .map(this::session)
                .forEach(recent::add);
        understudy.optimizationResults().latest(RECENT).forEach(each -> recent.add(look(each)));
        var array = json.putArray("recent");
        recent.stream()
                .sorted(Comparator.comparing(
                                (ObjectNode each) -> each.path("startedAt").asText())
                        .reversed())
                .limit(RECENT)
                .forEach(array::add);
        Answers.json(context, json);
    }

    private ObjectNode session(SessionSummary session) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("id", session.id())
                .put("kind", "program")
                .put("objective", session.purpose())
                .putNull("strategy")
                .put("state", session.state().name().toLowerCase(Locale.ROOT))
                .put("startedAt", session.created().toString())
                .put("evaluations", session.trials())
                .put("budget", session.budget())
                .put("best", session.verdict().isEmpty() ? null : session.verdict());
        if (session.improvement().isPresent())
            json.put("improvement", session.improvement().getAsDouble());
        else json.putNull("improvement");
        return putElapsed(json, session.created(), session.state() == SessionSummary.State.RUNNING);
    }

    /** A look that is under way. */
    private ObjectNode look(EngineEvent started) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .putNull("id")
                .put("kind", "machine")
                .put("objective", "settings for " + started.details().getOrDefault("workload", "this machine"))
                .put("strategy", started.details().get("strategy"))
                .put("state", "running")
                .put("startedAt", started.at().toString());
        for (String unknown : List.of("evaluations", "budget", "best", "improvement")) json.putNull(unknown);
        return putElapsed(json, started.at(), true);
    }

    /** A look that has ended, as its file has it. */
    private static ObjectNode look(JsonNode result) {
        JsonNode measured = result.path("measured");
        var json = JsonNodeFactory.instance
                .objectNode()
                .putNull("id")
                .put("kind", "machine")
                .put("objective", "settings for " + result.path("workload").asText())
                .put(
                        "strategy",
                        measured.has("strategy") ? measured.path("strategy").asText() : null)
                .put("state", "ended")
                .put("startedAt", result.path("started_at").asText())
                .put("evaluations", measured.path("evaluations").size())
                .putNull("budget")
                .put("best", result.path("summary").asText())
                .putNull("improvement");
        return json.put("elapsedMillis", result.path("duration_ms").asLong());
    }

    private ObjectNode putElapsed(ObjectNode json, Instant since, boolean running) {
        if (!running) return json.putNull("elapsedMillis");
        return json.put(
                "elapsedMillis", Duration.between(since, clock.instant()).toMillis());
    }
}
