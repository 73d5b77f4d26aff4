package dev.understudy.core.engine;

import dev.understudy.core.triggers.FiringState;
import dev.understudy.spi.Notification;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Tells once that an automation fails, and again only after it has succeeded. Safe for use by several threads. */
final class FailureWatch {
    private final Consumer<Notification> tell;
    private final Set<String> failing = new HashSet<>();

    FailureWatch(Consumer<Notification> tell) {
        this.tell = tell;
    }

    void ended(String automationId, FiringState state, String note, Instant at) {
        switch (state) {
            case SUCCEEDED -> succeeded(automationId);
            case FAILED, REFUSED, INTERRUPTED -> failed(automationId, state, note, at);
            case WAITING, RUNNING, CANCELLED, SKIPPED -> {}
        }
    }

    private synchronized void succeeded(String automationId) {
        failing.remove(automationId);
    }

    private void failed(String automationId, FiringState state, String note, Instant at) {
        synchronized (this) {
            if (!failing.add(automationId)) return;
        }
        tell.accept(new Notification(
                Notification.Kind.AUTOMATION_FAILING,
                automationId,
                "Failing: " + automationId,
                "Its latest run was " + state.id() + (note.isEmpty() ? "." : ": " + note)
                        + " You hear of it again only once it has succeeded.",
                at));
    }
}
