package dev.understudy.core.tuning.journal;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.SessionFile.Change;
import dev.understudy.core.tuning.journal.SessionFile.Changed;
import dev.understudy.core.tuning.journal.SessionFile.End;
import dev.understudy.core.tuning.journal.SessionFile.Holds;
import dev.understudy.core.tuning.journal.SessionFile.Keep;
import dev.understudy.core.tuning.journal.SessionFile.Line;
import dev.understudy.core.tuning.journal.SessionFile.ParameterKey;
import dev.understudy.core.tuning.journal.SessionFile.Recipe;
import dev.understudy.core.tuning.journal.SessionFile.Settled;
import dev.understudy.sandbox.control.ProcessIdentity;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes parameters for a while. Closing it puts back all that was not to be kept; so does the end of the process by a
 * signal that it can handle, and the next start after one that it cannot.
 *
 * <p>Safe for use by several threads. A target is used by one thread at a time.
 */
public final class Session implements AutoCloseable {
    private final ParameterJournal journal;
    private final SessionFile file;
    private final FileChannel life;
    private final ProcessIdentity owner;
    private final MachineLocks locks;
    private final Thread atEnd;
    private final Map<ParameterKey, Changed> changes = new LinkedHashMap<>();
    private final Map<ParameterKey, ParameterTarget> targets = new LinkedHashMap<>();
    private List<Restoration> restorations = List.of();
    private boolean closed;
    private volatile boolean ending;

    Session(ParameterJournal journal, SessionFile file, FileChannel life, ProcessIdentity owner, MachineLocks locks) {
        this.locks = locks;
        this.journal = journal;
        this.file = file;
        this.life = life;
        this.owner = owner;
        atEnd = Thread.ofPlatform().name("put-parameters-back").unstarted(this::end);
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    private void end() {
        ending = true;
        close();
    }

    /** Says how to make a target that no plugin brings, in case that another process has to put its parameters back. */
    public synchronized void recipe(ParameterTarget target, String recipe) throws IOException {
        checkOpen();
        file.append(List.of(new Recipe(target.name(), recipe)));
    }

    /**
     * Sets parameters of one target, in the order given, each written down before. One that holds its value already is left
     * alone.
     *
     * @return what each of them holds then, as the target reads it; it may differ from what was written where the system
     *     rounds
     * @throws IOException if a parameter cannot be read or written; those before it are set, the others are not
     * @throws UserException if somebody else has changed one since this session set it, which then stays as it is for good,
     *     or another session is at it; nothing is set then
     * @throws InterruptedException if the process is ending, or was to stop while it waited
     */
    public synchronized Map<String, String> set(ParameterTarget target, Map<String, String> values)
            throws IOException, InterruptedException {
        if (ending) throw new InterruptedException("the process is ending");
        checkOpen();
        var held = new LinkedHashMap<String, String>();
        for (String name : values.keySet()) held.put(name, target.read(name));
        giveUpForeign(target, held);
        var steps = new ArrayList<Change>();
        values.forEach((name, value) -> {
            String before = held.getOrDefault(name, "");
            if (!SessionFile.same(before, value))
                steps.add(new Change(target.name(), name, before, value, owner.pid(), owner.boot()));
        });
        if (steps.isEmpty()) return held;
        write(target, steps);
        try {
            for (Change step : steps) {
                ParameterKey key = new ParameterKey(target.name(), step.parameter());
                targets.put(key, target);
                changes.merge(key, SessionFile.first(step), (earlier, _) -> SessionFile.again(earlier, step));
                target.write(step.parameter(), step.value());
            }
            // One may reset another: a block device's scheduler the length of its queue, whether that was set or left
            // alone.
            for (var entry : values.entrySet()) {
                String name = entry.getKey();
                if (SessionFile.same(target.read(name), entry.getValue())) continue;
                ParameterKey key = new ParameterKey(target.name(), name);
                if (!changes.containsKey(key)) {
                    var step = new Change(
                            target.name(),
                            name,
                            held.getOrDefault(name, ""),
                            entry.getValue(),
                            owner.pid(),
                            owner.boot());
                    write(target, List.of(step));
                    targets.put(key, target);
                    changes.put(key, SessionFile.first(step));
                }
                target.write(name, entry.getValue());
            }
        } finally {
            held.putAll(noteWhatHolds(target));
        }
        held.keySet().retainAll(values.keySet());
        return held;
    }

    /** Writes down where what a target holds is not what was written, because the system rounds or couples parameters. */
    private Map<String, String> noteWhatHolds(ParameterTarget target) throws IOException {
        var held = new LinkedHashMap<String, String>();
        var surprises = new ArrayList<Line>();
        for (Changed changed : List.copyOf(changes.values())) {
            ParameterKey key = changed.key();
            if (!key.target().equals(target.name())) continue;
            String now = target.read(key.parameter());
            held.put(key.parameter(), now);
            if (SessionFile.same(now, changed.holds())) continue;
            surprises.add(new Holds(key.target(), key.parameter(), now));
            changes.put(key, changed.holding(now));
        }
        if (!surprises.isEmpty()) file.append(surprises);
        return held;
    }

    /** Two sessions must not both believe that what they found is nobody's, so new parameters are looked up under a lock. */
    private void write(ParameterTarget target, List<Change> steps) throws IOException, InterruptedException {
        var fresh = new HashSet<ParameterKey>();
        for (Change step : steps) fresh.add(new ParameterKey(step.target(), step.parameter()));
        fresh.removeAll(changes.keySet());
        if (fresh.isEmpty()) {
            file.append(steps);
            return;
        }
        try (DataHome.Lock _ = journal.lock()) {
            journal.refuseInUse(fresh);
            if (!target.outlastsRestart()) for (ParameterKey key : fresh) locks.take(key);
            file.append(steps);
        }
    }

    private void giveUpForeign(ParameterTarget target, Map<String, String> held) throws IOException {
        for (var entry : held.entrySet()) {
            ParameterKey key = new ParameterKey(target.name(), entry.getKey());
            Changed changed = changes.get(key);
            if (changed == null
                    || changed.isOurs(entry.getValue())
                    || SessionFile.same(entry.getValue(), changed.original())) continue;
            file.append(List.of(new Settled(key.target(), key.parameter(), Outcome.CHANGED_BY_OTHERS)));
            changes.remove(key);
            throw UserException.failed(
                    key.parameter() + " was changed by somebody else",
                    "it holds " + entry.getValue() + ", and was set to " + changed.last()
                            + " for a while here; it stays as it is now, and what else was changed is put back",
                    "Tune again when nothing else sets it");
        }
    }

    /**
     * Lets changes stand when the session closes; they are put back on demand only.
     *
     * @param names of parameters; those that were not changed are passed over
     */
    public synchronized void keep(ParameterTarget target, Collection<String> names) throws IOException {
        checkOpen();
        var lines = new ArrayList<Keep>();
        for (String name : names) {
            ParameterKey key = new ParameterKey(target.name(), name);
            if (changes.containsKey(key)) lines.add(new Keep(key.target(), key.parameter()));
        }
        if (lines.isEmpty()) return;
        file.append(lines);
        for (Keep line : lines)
            changes.computeIfPresent(new ParameterKey(line.target(), line.parameter()), (_, was) -> was.keeping());
    }

    /** What closing has put back, the newest change first; empty before that. */
    public synchronized List<Restoration> restorations() {
        return restorations;
    }

    /** Puts back what was not to be kept. What cannot be put back stays in the journal, so that the next start tries again. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        // An interrupt would close the files under our hands.
        boolean interrupted = Thread.interrupted();
        try {
            putBack();
        } catch (IOException e) {
            throw UserException.failed(
                    "What was put back could not be written down in " + file.path(),
                    String.valueOf(e.getMessage()),
                    "Make it writable; the next start looks again",
                    e);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
            forgetHook();
        }
    }

    private void putBack() throws IOException {
        var lines = new ArrayList<Line>();
        var back = List.copyOf(changes.values()).reversed().stream()
                .filter(changed -> !changed.kept())
                .toList();
        var done = new Restorer(false).restore(back, key -> Optional.ofNullable(targets.get(key)));
        for (Restoration restoration : done) {
            if (restoration.outcome() == Outcome.FAILED) continue;
            changes.remove(new ParameterKey(restoration.target(), restoration.parameter()));
            lines.add(new Settled(restoration.target(), restoration.parameter(), restoration.outcome()));
        }
        restorations = List.copyOf(done);
        try (life;
                locks) {
            if (changes.isEmpty()) {
                file.delete();
            } else {
                lines.add(new End(journal.now().toString()));
                file.append(lines);
            }
        }
        if (changes.isEmpty()) journal.delete(file);
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException _) {
            // The process is ending, and this may be the hook itself.
        }
    }

    private void checkOpen() {
        if (closed) throw new IllegalStateException("the session has ended");
    }
}
