package dev.understudy.core.engine;

import dev.understudy.core.engine.EngineEvent.Kind;
import dev.understudy.core.triggers.Firing;
import dev.understudy.core.triggers.FiringState;
import dev.understudy.core.triggers.TriggerListener;
import dev.understudy.sandbox.control.RunReport;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts into words what triggers do. */
final class TriggerEvents implements TriggerListener {
    private final EngineListener listener;
    private final HostTime time;
    private final FailureWatch failures;

    TriggerEvents(EngineListener listener, HostTime time, FailureWatch failures) {
        this.listener = listener;
        this.time = time;
        this.failures = failures;
    }

    @Override
    public void fired(Firing firing) {
        say(
                Kind.FIRED,
                firing.automationId(),
                "by " + firing.causeText(),
                Map.of("firing", Long.toString(firing.id()), "cause", firing.causeText()));
    }

    @Override
    public void repeats(Firing firing, String runId) {
        say(
                Kind.REPEATED,
                firing.automationId(),
                "is run again: the host died while it ran (run " + runId + "), and it had changed nothing",
                Map.of("firing", Long.toString(firing.id()), "cause", firing.causeText(), "run", runId));
    }

    @Override
    public void skipped(String automationId, String cause, String reason) {
        say(Kind.SKIPPED, automationId, cause + " left out: " + reason, Map.of("cause", cause, "reason", reason));
    }

    @Override
    public void ended(Firing firing, FiringState state, String note, @Nullable RunReport report) {
        var details = new LinkedHashMap<String, String>();
        details.put("firing", Long.toString(firing.id()));
        details.put("cause", firing.causeText());
        details.put("state", state.id());
        if (!note.isEmpty()) details.put("note", note);
        String text = state.id();
        if (report != null) {
            details.put("run", report.runId());
            details.put("durationMillis", Long.toString(report.duration().toMillis()));
            details.put("changes", Integer.toString(report.changes().size()));
            text += " in " + report.duration().toMillis() + " ms";
            if (state == FiringState.SUCCEEDED)
                text += ", " + changes(report.changes().size());
        }
        if (!note.isEmpty()) text += ": " + note;
        say(Kind.RUN_ENDED, firing.automationId(), text, details);
        failures.ended(firing.automationId(), state, note, time.instant());
    }

    private static String changes(int count) {
        return count == 1 ? "1 change" : count + " changes";
    }

    @Override
    public void missed(String automationId, String triggerKey) {
        say(
                Kind.MISSED,
                automationId,
                "'" + triggerKey + "' was due while the host was down or the machine slept, and is not made up for",
                Map.of("trigger", triggerKey));
    }

    @Override
    public void folderGone(String automationId, Path path) {
        say(
                Kind.FOLDER_GONE,
                automationId,
                path + " is not there or cannot be read; it is watched again when it is back",
                Map.of("path", path.toString()));
    }

    @Override
    public void folderBack(String automationId, Path path) {
        say(Kind.FOLDER_BACK, automationId, path + " is watched again", Map.of("path", path.toString()));
    }

    @Override
    public void loopAvoided(String automationId, Path file, Set<String> chain) {
        String names = String.join(", ", new TreeSet<>(chain));
        say(
                Kind.LOOP_AVOIDED,
                automationId,
                file + " does not start it: it was written by " + names + ", and would be again and again",
                Map.of("path", file.toString(), "chain", names));
    }

    @Override
    public void webhooksAnswer(URI address, Path tokens) {
        say(
                Kind.WEBHOOKS_ANSWER,
                "",
                "Webhooks answer at " + address + "ID; each one's token is in " + tokens + "/ID",
                Map.of("address", address.toString(), "tokens", tokens.toString()));
    }

    @Override
    public void problem(String line) {
        say(Kind.PROBLEM, "", line, Map.of());
    }

    private void say(Kind kind, String automationId, String text, Map<String, String> details) {
        listener.happened(new EngineEvent(time.instant(), kind, automationId, text, details));
    }
}
