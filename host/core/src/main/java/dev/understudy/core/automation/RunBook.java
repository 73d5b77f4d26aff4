package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.LifeListener.Kind;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.automation.RunStore.OpenRun;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.RunTrace;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of runs: each is in the log before it begins, so that none is ever missing there, and is counted when it
 * has ended. Safe for use by several threads.
 */
final class RunBook {
    /** More changed files are counted in the log, but not named. */
    private static final int MAX_NAMED_CHANGES = 1000;

    private final AuditLog audit;
    private final RunStore runs;
    private final RunWatch watch;
    private final RunTimings timings;
    private final OpenRuns open;
    private final Consumer<LifeEvent> events;
    private final Clock clock;
    private final RandomGenerator random;
    private final RunSecrets secrets = new RunSecrets();

    RunBook(
            AuditLog audit,
            RunStore runs,
            RunWatch watch,
            RunTimings timings,
            OpenRuns open,
            Consumer<LifeEvent> events,
            Clock clock,
            RandomGenerator random) {
        this.audit = audit;
        this.runs = runs;
        this.watch = watch;
        this.timings = timings;
        this.open = open;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What is about to run.
     *
     * @param automationId of a kept automation; empty for a file
     * @param version that runs; null for a file
     * @param experimentId of the experiment that chose the version, if one did
     * @param file the text's file
     * @param parameters all values
     * @param occasion who or what starts it, and why
     */
    record Entry(
            String automationId,
            @Nullable Integer version,
            @Nullable Long experimentId,
            AutomationFile file,
            Map<String, Object> parameters,
            RunRequest.Mode mode,
            Occasion occasion) {
        boolean counts() {
            return version != null && mode == RunRequest.Mode.COMMIT;
        }
    }

    /**
     * Enters a run that is about to begin; returns its id.
     *
     * @param request what is asked of the sandbox, but for the id
     */
    String begin(Entry entry, RunRequest request) {
        String runId = entry.occasion().runId().orElseGet(() -> RunIds.at(clock.instant(), random));
        open.hold(runId);
        try {
            audit.write((handle, entries) -> {
                var details = new LinkedHashMap<String, Object>();
                details.put("run", runId);
                if (entry.version() != null) details.put("version", entry.version());
                else details.put("file", entry.file().file());
                details.put("sha256", AutomationStore.sha256(entry.file().text()));
                details.put("mode", entry.mode().name().toLowerCase(Locale.ROOT));
                details.put("by", entry.occasion().by());
                entry.occasion().repeats().ifPresent(earlier -> details.put("repeats", earlier));
                details.put("parameters", secrets.parameters(entry.parameters()));
                details.putAll(whatItMayTouch(entry, request));
                entries.add(AuditKind.RUN_STARTED, entry.automationId(), details);
                runs.open(
                        handle,
                        new OpenRun(
                                runId,
                                entry.automationId(),
                                Optional.ofNullable(entry.version()),
                                entry.experimentId(),
                                clock.instant()));
                return true;
            });
            return runId;
        } catch (RuntimeException e) {
            open.release(runId);
            throw e;
        }
    }

    /** What must be known of a run that a crash cuts short, beside its files. */
    private Map<String, Object> whatItMayTouch(Entry entry, RunRequest request) {
        var details = new LinkedHashMap<String, Object>();
        details.put("isolation", request.isolation().id());
        if (request.workingDirectory() != null)
            details.put("folder", request.workingDirectory().toString());
        if (!entry.file().steps().isEmpty())
            details.put("steps", entry.file().steps().size());
        // A grant can hold a parameter's value.
        Function<List<String>, List<String>> clean = texts -> texts.stream()
                .map(text -> secrets.text(entry.parameters(), text))
                .toList();
        List<String> programs = request.grants().programs();
        List<String> hosts = request.grants().hosts();
        if (!programs.isEmpty()) details.put("programs", clean.apply(programs));
        if (!hosts.isEmpty()) details.put("hosts", clean.apply(hosts));
        if (!request.grants().secrets().isEmpty())
            details.put("secrets", List.copyOf(request.grants().secrets().names()));
        return details;
    }

    /** Takes a run that could not even begin off the books. */
    void abandon(Entry entry, String runId, RuntimeException cause) {
        audit.write((handle, entries) -> {
            runs.close(handle, runId);
            String why = secrets.text(entry.parameters(), String.valueOf(cause.getMessage()));
            entries.add(
                    AuditKind.RUN_ENDED,
                    entry.automationId(),
                    Map.of("run", runId, "outcome", "refused", "error", why));
            return true;
        });
        open.release(runId);
    }

    /** Enters the end of a run, and does what follows from it. */
    void end(Entry entry, String runId, RunReport report, Predicate<Entry> edited) {
        var happened = new ArrayList<LifeEvent>();
        audit.write((handle, entries) -> {
            runs.close(handle, runId);
            entries.add(AuditKind.RUN_ENDED, entry.automationId(), details(entry, runId, report));
            Integer version = entry.version();
            if (version == null || !entry.counts()) return true;
            String id = entry.automationId();
            if (isCounted(report.outcome())) {
                runs.count(handle, id, version, entry.experimentId(), RunStore.taskMillis(handle, id), runId, report);
                timings.record(handle, entry, report);
                watch.look(handle, entries, id, version).ifPresent(happened::add);
            }
            if (edited.test(entry))
                happened.add(new LifeEvent(
                        Kind.EDITED,
                        id,
                        entry.file().file() + " was edited while " + id
                                + " ran. The run used the text that was approved; the next one is refused until the new"
                                + " text is rehearsed and approved"));
            for (LifeEvent event : happened) runs.addNotice(handle, id, event.message());
            return true;
        });
        open.release(runId);
        if (entry.counts() && isCounted(report.outcome()) && !(report.outcome() instanceof RunOutcome.Succeeded))
            events.accept(new LifeEvent(
                    Kind.FAILED,
                    entry.automationId(),
                    entry.automationId() + " failed (run " + runId + "): " + error(entry, report.outcome())));
        happened.forEach(events);
    }

    /** A run that was refused or cancelled says nothing of how well the script works. */
    private static boolean isCounted(RunOutcome outcome) {
        return !(outcome instanceof RunOutcome.Refused || outcome instanceof RunOutcome.Cancelled);
    }

    private Map<String, Object> details(Entry entry, String runId, RunReport report) {
        var details = new LinkedHashMap<String, Object>();
        details.put("run", runId);
        if (entry.version() != null) details.put("version", entry.version());
        details.put("outcome", Outcomes.id(report.outcome()));
        String error = error(entry, report.outcome());
        if (!error.isEmpty()) details.put("error", error);
        details.put("isolation", report.isolation().id());
        details.put("tier", report.tier().id());
        details.put("durationMillis", report.duration().toMillis());
        List<FileChange> changes = entry.mode() == RunRequest.Mode.COMMIT ? report.changes() : List.of();
        details.put("changed", changes.size());
        details.put(
                "changes",
                changes.stream()
                        .limit(MAX_NAMED_CHANGES)
                        .map(change -> Map.of(
                                "path",
                                secrets.text(Map.of(), change.path().toString()),
                                "kind",
                                change.kind().name().toLowerCase(Locale.ROOT)))
                        .toList());
        return details;
    }

    private String error(Entry entry, RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _, RunOutcome.Cancelled _ -> "";
            case RunOutcome.Failed failed -> secrets.text(entry.parameters(), failed.error());
            case RunOutcome.Refused refused -> secrets.text(entry.parameters(), refused.reason());
            case RunOutcome.LimitExceeded exceeded -> Outcomes.describe(exceeded);
        };
    }

    /** Whether a host ended while it had runs under way, so that {@link #mend} has something to do. */
    boolean hasCutShort() {
        List<OpenRun> known = runs.open();
        open.clearLeftovers(known.stream().map(OpenRun::runId).collect(Collectors.toSet()));
        return known.stream().anyMatch(run -> !open.isHeld(run.runId()));
    }

    /** What the files tell of a run that has ended without a report. */
    interface Traces {
        RunTrace of(String runId, Instant started);
    }

    /** Takes runs off the books whose host ended before they did. */
    void mend(Traces traces) {
        for (OpenRun run : runs.open()) {
            if (open.isHeld(run.runId())) continue;
            if (run.runId().endsWith(RunUndo.SUFFIX)) mendUndo(run, traces);
            else mendRun(run, traces.of(run.runId(), run.started()));
            open.release(run.runId());
        }
    }

    private void mendRun(OpenRun run, RunTrace trace) {
        String what = run.automationId().isEmpty() ? "a script" : run.automationId();
        boolean filesOnly = new RunLog(audit)
                .find(run.automationId(), run.runId())
                .flatMap(LoggedRun::isolation)
                .filter(level -> level == IsolationLevel.FULL)
                .isPresent();
        String unchanged = filesOnly ? "it has changed nothing" : "it has changed no file";
        audit.write((handle, entries) -> {
            runs.close(handle, run.runId());
            entries.add(
                    AuditKind.RUN_INTERRUPTED,
                    run.automationId(),
                    Map.of(
                            "run",
                            run.runId(),
                            "changesStand",
                            trace == RunTrace.COMMITTED,
                            "trace",
                            trace.name().toLowerCase(Locale.ROOT)));
            runs.addNotice(
                    handle,
                    run.automationId(),
                    "The run " + run.runId() + " of " + what + " was cut short, since its host was ended: "
                            + switch (trace) {
                                case UNCHANGED -> unchanged + " ('runs --interrupted' says how to repeat it)";
                                case COMMITTED ->
                                    "its changes had been made all together ('undo " + run.runId()
                                            + "' takes them back)";
                                case UNSURE ->
                                    "a part of its changes may stand ('runs --interrupted' says what is known of it)";
                            });
            return true;
        });
    }

    private void mendUndo(OpenRun run, Traces traces) {
        String undone = run.runId().substring(0, run.runId().length() - RunUndo.SUFFIX.length());
        boolean back = traces.of(undone, run.started()) != RunTrace.COMMITTED;
        audit.write((handle, entries) -> {
            runs.close(handle, run.runId());
            if (back) runs.markUndone(handle, undone);
            entries.add(
                    AuditKind.UNDO_ENDED,
                    run.automationId(),
                    Map.of("run", undone, "outcome", back ? "undone" : "interrupted"));
            return true;
        });
    }
}
