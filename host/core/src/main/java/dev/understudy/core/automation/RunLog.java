package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs as the audit log tells of them, those of all processes and of scripts that a person named included. Safe for use by
 * several threads.
 */
public final class RunLog {
    private static final int PAGE = 500;

    /** So far back the log is read for a list of runs. */
    private static final int MAX_ENTRIES = 10_000;

    private final AuditLog audit;

    public RunLog(AuditLog audit) {
        this.audit = audit;
    }

    /** Whether an entry is that of a run's beginning. */
    public static boolean isStart(AuditEntry entry) {
        return LoggedRun.isStart(entry);
    }

    /** Whether an entry is that of a run's end, however it came. */
    public static boolean isEnd(AuditEntry entry) {
        return LoggedRun.isEnd(entry);
    }

    /** The latest runs that are wanted, latest first. */
    public List<LoggedRun> latest(int limit, Predicate<LoggedRun> wanted) {
        var runs = new ArrayList<LoggedRun>();
        var ends = new HashMap<String, AuditEntry>();
        var repeated = new HashMap<String, String>();
        long before = Long.MAX_VALUE;
        for (int read = 0; read < MAX_ENTRIES && runs.size() < limit; read += PAGE) {
            List<AuditEntry> page = audit.before(before, PAGE);
            for (AuditEntry entry : page) {
                before = entry.number();
                if (isEnd(entry)) ends.put(LoggedRun.runId(entry), entry);
                if (!isStart(entry) || runs.size() >= limit) continue;
                LoggedRun run = run(entry, ends, repeated);
                run.repeats().ifPresent(earlier -> repeated.put(earlier, run.runId()));
                if (wanted.test(run)) runs.add(run);
            }
            if (page.size() < PAGE) break;
        }
        return List.copyOf(runs);
    }

    private static LoggedRun run(AuditEntry start, Map<String, AuditEntry> ends, Map<String, String> repeated) {
        String id = LoggedRun.runId(start);
        return new LoggedRun(start, Optional.ofNullable(ends.get(id)), Optional.ofNullable(repeated.get(id)));
    }

    /** The latest runs that a crash cut short, latest first, however long ago. */
    public List<LoggedRun> interrupted(int limit, Predicate<LoggedRun> wanted) {
        return audit.newest(AuditKind.RUN_INTERRUPTED, Integer.MAX_VALUE).stream()
                .flatMap(end -> find(end.automation(), LoggedRun.runId(end)).stream())
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    /**
     * One run; empty if it is not in the log.
     *
     * @param automation whose run it is; empty if none
     */
    public Optional<LoggedRun> find(String automation, String runId) {
        var starts = new HashMap<String, AuditEntry>();
        var ends = new HashMap<String, AuditEntry>();
        var repeated = new HashMap<String, String>();
        for (AuditEntry entry : audit.ofRun(automation, runId)) {
            String id = LoggedRun.runId(entry);
            if (isStart(entry)) starts.put(id, entry);
            if (isEnd(entry)) ends.put(id, entry);
            if (isStart(entry) && !id.equals(runId)) repeated.put(runId, id);
        }
        return Optional.ofNullable(starts.get(runId)).map(start -> run(start, ends, repeated));
    }
}
