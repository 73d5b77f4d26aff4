package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.engine.EngineEvent;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is tuned and was tuned: the sessions of {@code tune}, whichever process they run in, and the looks for settings of the
 * machine, which the host makes by itself.
 */
final class TuningRoutes {
    private static final int MAX_LOOKS = 20;

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
        var json = JsonNodeFactory.instance.objectNode();
        var sessions = json.putArray("sessions");
        understudy.tuning().list().forEach(each -> sessions.add(HostShape.json(each)));
        Optional<EngineEvent> underWay = look.get();
        if (underWay.isEmpty()) json.putNull("look");
        else json.set("look", shape(underWay.get()));
        var looks = json.putArray("looks");
        understudy.optimizationResults().latest(MAX_LOOKS).forEach(looks::add);
        Answers.json(context, json);
    }

    private ObjectNode shape(EngineEvent started) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("workload", started.details().getOrDefault("workload", ""))
                .put("strategy", started.details().getOrDefault("strategy", ""))
                .put("startedAt", started.at().toString())
                .put(
                        "elapsedMillis",
                        Duration.between(started.at(), clock.instant()).toMillis());
    }
}
