package dev.understudy.core.automation;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.RunTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run as the audit log tells of it.
 *
 * @param start the entry of its beginning
 * @param end that of its end; empty while it is under way
 * @param repeatedAs the id of the run that did it again after a crash
 */
public record LoggedRun(AuditEntry start, Optional<AuditEntry> end, Optional<String> repeatedAs) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INTERRUPTED = "interrupted";

    public LoggedRun {
        if (!isStart(start)) throw new IllegalArgumentException("no run begins with " + start);
    }

    static boolean isStart(AuditEntry entry) {
        return entry.kind().equals(AuditKind.RUN_STARTED.id());
    }

    static boolean isEnd(AuditEntry entry) {
        return entry.kind().equals(AuditKind.RUN_ENDED.id()) || isInterruption(entry);
    }

    private static boolean isInterruption(AuditEntry entry) {
        return entry.kind().equals(AuditKind.RUN_INTERRUPTED.id());
    }

    static String runId(AuditEntry entry) {
        return entry.details().path("run").asText();
    }

    public String runId() {
        return runId(start);
    }

    /** Empty for a script that a person named. */
    public Optional<String> automationId() {
        return Optional.of(start.automation()).filter(id -> !id.isEmpty());
    }

    public Optional<Integer> version() {
        return Optional.ofNullable(start.details().get("version")).map(JsonNode::asInt);
    }

    /** The script that a person named, as they named it. */
    public Optional<String> file() {
        return text("file");
    }

    public RunRequest.Mode mode() {
        return RunRequest.Mode.valueOf(start.details().path("mode").asText().toUpperCase(Locale.ROOT));
    }

    /** Who or what started it. */
    public String by() {
        return start.details().path("by").asText();
    }

    /** The run that a crash cut short and that this one did again. */
    public Optional<String> repeats() {
        return text("repeats");
    }

    /** All values; secrets are replaced. */
    public Map<String, Object> parameters() {
        return JSON.convertValue(start.details().path("parameters"), new TypeReference<Map<String, Object>>() {});
    }

    /** The working directory; empty in entries of earlier versions. */
    public Optional<String> folder() {
        return text("folder");
    }

    /** Empty in entries of earlier versions. */
    public Optional<IsolationLevel> isolation() {
        return text("isolation").map(id -> IsolationLevel.valueOf(id.toUpperCase(Locale.ROOT)));
    }

    /** How many steps a workflow has; 0 for a script that runs as a whole. */
    public int steps() {
        return start.details().path("steps").asInt();
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(start.details().get(name)).map(JsonNode::asText);
    }

    private List<String> texts(String name) {
        var texts = new ArrayList<String>();
        start.details().path(name).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    public Instant started() {
        return start.at();
    }

    /** {@code succeeded}, {@code failed} … or {@code interrupted}; empty while it is under way. */
    public Optional<String> outcome() {
        return end.map(entry -> isInterruption(entry)
                ? INTERRUPTED
                : entry.details().path("outcome").asText());
    }

    public boolean interrupted() {
        return end.filter(LoggedRun::isInterruption).isPresent();
    }

    /** Empty where it is not known. */
    public Optional<Duration> duration() {
        return endField("durationMillis").map(millis -> Duration.ofMillis(millis.asLong()));
    }

    /** How many files it changed; empty where it is not known. */
    public Optional<Integer> changed() {
        return endField("changed").map(JsonNode::asInt);
    }

    /** Why it did not succeed; empty if it did. */
    public String error() {
        return endField("error").map(JsonNode::asText).orElse("");
    }

    private Optional<JsonNode> endField(String name) {
        return end.flatMap(entry -> Optional.ofNullable(entry.details().get(name)));
    }

    /** What is known of the changes of a run that a crash cut short. */
    public RunTrace trace() {
        return endField("trace")
                .map(id -> RunTrace.valueOf(id.asText().toUpperCase(Locale.ROOT)))
                .orElse(RunTrace.UNSURE);
    }

    /**
     * Whether a run that a crash cut short has provably changed nothing, in files or anywhere else, so that it may be done
     * again without a person.
     */
    public boolean untouched() {
        return mode() == RunRequest.Mode.REHEARSE
                || (trace() == RunTrace.UNCHANGED
                        && steps() == 0
                        && isolation().equals(Optional.of(IsolationLevel.FULL)));
    }

    /** What a run that a crash cut short may have changed: a sentence without its full stop. */
    public String whatItMayHaveChanged() {
        if (mode() == RunRequest.Mode.REHEARSE) return "It was a dry run and has changed nothing";
        if (steps() > 0)
            return "Each of its " + steps()
                    + " steps that had succeeded has made its changes; the one that was under way"
                    + " made all of its changes or none";
        if (untouched()) return "It has changed nothing";
        String files = switch (trace()) {
            case UNCHANGED -> "It has changed no file";
            case COMMITTED -> "It had made its changes, all together";
            case UNSURE -> "It is not known whether its changes were made";
        };
        return files + beyondFiles();
    }

    private String beyondFiles() {
        if (isolation().isEmpty()) return ", and whether it did anything beyond files is not known";
        var may = new ArrayList<String>();
        if (!texts("programs").isEmpty()) may.add("have started " + String.join(", ", texts("programs")));
        if (!texts("hosts").isEmpty()) may.add("have spoken to " + String.join(", ", texts("hosts")));
        return may.isEmpty() ? "" : ", but may " + String.join(" and ", may);
    }
}
