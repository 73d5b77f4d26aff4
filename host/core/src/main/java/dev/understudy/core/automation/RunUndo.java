package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.RunStore.OpenRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.files.CommitResult;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.UndoEntry;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes back what runs have changed, from the before-images that their commits kept. Safe for use by several threads and
 * processes.
 */
public final class RunUndo {
    /** Marks an undo of a run among the runs under way. */
    static final String SUFFIX = ".undo";

    private final FileTransactions transactions;
    private final AuditLog audit;
    private final RunStore runs;
    private final OpenRuns open;
    private final Clock clock;

    RunUndo(FileTransactions transactions, AuditLog audit, RunStore runs, OpenRuns open, Clock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.runs = runs;
        this.open = open;
        this.clock = clock;
    }

    /**
     * A run that can be undone.
     *
     * @param automation whose run it was; empty for a script file, or if the run is not remembered
     */
    public record Undoable(UndoEntry run, String automation) {}

    /** Runs whose changes can be taken back, newest first. */
    public List<Undoable> list() {
        return entries().stream()
                .map(entry -> new Undoable(entry, automation(entry.runId())))
                .toList()
                .reversed();
    }

    private String automation(String runId) {
        return runs.automationOf(runId).orElse("");
    }

    private List<UndoEntry> entries() {
        try {
            return transactions.undoable();
        } catch (IOException e) {
            throw UserException.failed(
                    "The before-images cannot be read",
                    String.valueOf(e.getMessage()),
                    "See that the data home can be read",
                    e);
        }
    }

    /**
     * Takes back all that a run has changed, or nothing.
     *
     * @return what was taken back
     * @throws UserException if there is nothing to take back, or if something has changed since
     */
    public Undoable undo(String runId) {
        return undo(runId, Actor.PERSON.by());
    }

    /** As {@link #undo(String)}; {@code by} says in the log who does it. */
    public Undoable undo(String runId, String by) {
        Undoable found = list().stream()
                .filter(each -> each.run().runId().equals(runId))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "The run " + runId + " cannot be undone",
                        "it changed nothing, was undone already, or what it replaced is not kept any more",
                        "'undo --list' lists what can be undone"));
        String automation = found.automation();
        open.hold(runId + SUFFIX);
        try {
            audit.write((handle, entries) -> {
                entries.add(AuditKind.UNDO_STARTED, automation, Map.of("run", runId, "by", by));
                runs.open(handle, new OpenRun(runId + SUFFIX, automation, Optional.empty(), null, clock.instant()));
                return true;
            });
            CommitResult result = transactions.undo(runId);
            conclude(runId, automation, result);
            return switch (result) {
                case CommitResult.Committed() -> found;
                case CommitResult.Conflict(List<String> reasons) ->
                    throw UserException.failed(
                            "The run " + runId + " was not undone, and nothing was changed",
                            String.join("; ", reasons),
                            "Bring these back to what the run left, or mend the files by hand");
                case CommitResult.Refused(String reason) ->
                    throw UserException.failed(
                            "The run " + runId + " was not undone", reason, "'undo --list' lists what can be undone");
            };
        } finally {
            open.release(runId + SUFFIX);
        }
    }

    private void conclude(String runId, String automation, CommitResult result) {
        String outcome = switch (result) {
            case CommitResult.Committed() -> "undone";
            case CommitResult.Conflict(List<String> reasons) -> "conflict: " + String.join("; ", reasons);
            case CommitResult.Refused(String reason) -> "refused: " + reason;
        };
        audit.write((handle, entries) -> {
            runs.close(handle, runId + SUFFIX);
            if (result instanceof CommitResult.Committed) runs.markUndone(handle, runId);
            entries.add(AuditKind.UNDO_ENDED, automation, Map.of("run", runId, "outcome", outcome));
            return true;
        });
    }
}
