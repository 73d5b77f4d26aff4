package dev.understudy.core.tuning.journal;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.SessionFile.Begin;
import dev.understudy.core.tuning.journal.SessionFile.Changed;
import dev.understudy.core.tuning.journal.SessionFile.Contents;
import dev.understudy.core.tuning.journal.SessionFile.ParameterKey;
import dev.understudy.core.tuning.journal.SessionFile.Settled;
import dev.understudy.sandbox.control.ProcessIdentity;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Every change of a parameter that the host makes, written down and on the disk before it is made, so that all can be put
 * back: when its {@link Session} ends, at the next start if that ended by a crash, or when a person says so.
 *
 * <p>Lies below the data home, a file per session. A session is alive while its process holds the lock beside its file; no
 * other process touches what a living session has changed. A value that is neither what the session wrote nor what was there
 * before was set by somebody else and stays. What a restart of the machine has undone already is forgotten. Safe for use by
 * several threads and processes.
 */
public final class ParameterJournal {
    private static final String FOLDER = "parameter-journal";
    private static final String SUFFIX = ".jsonl";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final DataHome home;
    private final Targets targets;
    private final Clock clock;
    private final ProcessIdentity me;
    private final Path machineLocks;

    private ParameterJournal(DataHome home, Targets targets, Clock clock, ProcessIdentity me, Path machineLocks) {
        this.home = home;
        this.targets = targets;
        this.clock = clock;
        this.me = me;
        this.machineLocks = machineLocks;
    }

    /** Finds a target when its parameters have to be put back, maybe by another process than that which changed them. */
    @FunctionalInterface
    public interface Targets {
        /**
         * Returns the target of this name.
         *
         * @param recipe how to make it, as {@link Session#recipe} was told; empty if it was told nothing
         */
        Optional<ParameterTarget> find(String name, String recipe);
    }

    /** The journal of a data home. Looks at nothing yet. */
    public static ParameterJournal in(DataHome home, Targets targets, Clock clock) {
        return new ParameterJournal(home, targets, clock, ProcessIdentity.thisProcess(), MachineLocks.FOLDER);
    }

    static ParameterJournal in(DataHome home, Targets targets, Clock clock, ProcessIdentity me, Path machineLocks) {
        return new ParameterJournal(home, targets, clock, me, machineLocks);
    }

    /**
     * Begins a session, after having put back what crashed ones have left.
     *
     * @param purpose what it is for, a noun phrase for people: "tuning of pgbench"
     * @throws UserException if the journal cannot be written
     */
    public Session begin(String purpose) throws InterruptedException {
        recover();
        try (var _ = lock()) {
            long number = 1
                    + sessions().stream()
                            .mapToLong(ParameterJournal::number)
                            .max()
                            .orElse(0);
            Path file = home.folder(FOLDER).resolve("%06d%s".formatted(number, SUFFIX));
            DataHome.createPrivateFile(lifeOf(file));
            FileChannel life = FileChannel.open(lifeOf(file), StandardOpenOption.WRITE);
            try {
                life.lock();
                var session = new SessionFile(file);
                session.create(new Begin(purpose, clock.instant().toString(), me));
                return new Session(this, session, life, me, new MachineLocks(machineLocks));
            } catch (IOException | RuntimeException e) {
                life.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Puts back what sessions that have crashed, or could not put it back, have left. Costs a look at a folder if there is
     * nothing.
     *
     * @return what became of each parameter, the newest change first
     * @throws UserException if the journal cannot be used
     */
    public List<Restoration> recover() throws InterruptedException {
        return hasEnded() ? putBack(changed -> !changed.kept()) : List.of();
    }

    /**
     * Puts back what stands changed, kept changes too, but for what living sessions hold.
     *
     * @param parameters names; all if empty
     * @return what became of each, the newest change first; empty if nothing stands changed
     * @throws UserException if the journal cannot be used
     */
    public List<Restoration> restore(Set<String> parameters) throws InterruptedException {
        Predicate<Changed> asked = changed ->
                parameters.isEmpty() || parameters.contains(changed.key().parameter());
        return hasEnded() ? putBack(asked) : List.of();
    }

    /** What does not hold what it held before, the oldest change first. */
    public List<Standing> standing() {
        var standing = new ArrayList<Standing>();
        try {
            for (Path file : sessions()) {
                Contents contents = new SessionFile(file).read();
                boolean alive = isAlive(file, contents);
                Optional<Begin> begin = contents.begin();
                for (Changed changed : contents.changes()) {
                    Standing.State state =
                            alive ? Standing.State.IN_USE : changed.kept() ? Standing.State.KEPT : Standing.State.LEFT;
                    standing.add(new Standing(
                            changed.key().target(),
                            changed.key().parameter(),
                            changed.original(),
                            changed.last(),
                            begin.map(Begin::purpose).orElse(""),
                            begin.map(Begin::at).map(Instant::parse).orElse(Instant.EPOCH),
                            state));
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        return standing;
    }

    /** Whether there is a session that has ended, well or not. */
    private boolean hasEnded() {
        try {
            for (Path file : sessions()) if (!isAlive(file, new SessionFile(file).read())) return true;
            return false;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private List<Restoration> putBack(Predicate<Changed> which) throws InterruptedException {
        var restorations = new ArrayList<Restoration>();
        try (var _ = lock()) {
            Map<ParameterKey, Long> inUse = inUse();
            for (Path path : sessions().reversed()) {
                var file = new SessionFile(path);
                Contents contents = file.read();
                if (isAlive(path, contents)) continue;
                restorations.addAll(putBack(file, contents, which, inUse));
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        return restorations;
    }

    private List<Restoration> putBack(
            SessionFile file, Contents contents, Predicate<Changed> which, Map<ParameterKey, Long> inUse)
            throws IOException {
        boolean restarted =
                contents.begin().map(begin -> me.restartedSince(begin.owner())).orElse(false);
        Function<ParameterKey, Optional<ParameterTarget>> find =
                key -> targets.find(key.target(), contents.recipes().getOrDefault(key.target(), ""));
        var restorations = new ArrayList<Restoration>();
        var wanted = new ArrayList<Changed>();
        for (Changed changed : contents.changes().reversed()) {
            ParameterKey key = changed.key();
            // What was kept until a restart is over without anybody having to ask.
            boolean over = restarted
                    && find.apply(key).map(each -> !each.outlastsRestart()).orElse(false);
            Long user = inUse.get(key);
            if (!over && !which.test(changed)) continue;
            if (over || user == null) wanted.add(changed);
            else restorations.add(inUse(changed, user));
        }
        restorations.addAll(new Restorer(restarted).restore(wanted, find));
        List<Settled> settled = restorations.stream()
                .filter(done -> done.outcome() != Outcome.FAILED)
                .map(done -> new Settled(done.target(), done.parameter(), done.outcome()))
                .toList();
        if (settled.size() == contents.changes().size()) delete(file);
        else if (!settled.isEmpty()) file.append(settled);
        return restorations;
    }

    private static Restoration inUse(Changed changed, long pid) {
        return new Restoration(
                changed.key().target(),
                changed.key().parameter(),
                changed.original(),
                changed.last(),
                "",
                Outcome.FAILED,
                "process " + pid + " is tuning it; try again when that has ended");
    }

    /** Parameters that living sessions have changed, with their processes. */
    private Map<ParameterKey, Long> inUse() throws IOException {
        var inUse = new HashMap<ParameterKey, Long>();
        for (Path file : sessions()) {
            Contents contents = new SessionFile(file).read();
            if (!isAlive(file, contents)) continue;
            long pid = contents.begin().map(begin -> begin.owner().pid()).orElse(0L);
            contents.changes().forEach(changed -> inUse.put(changed.key(), pid));
        }
        return inUse;
    }

    /**
     * Refuses parameters that another living session has changed.
     *
     * @throws UserException naming the first
     */
    void refuseInUse(Set<ParameterKey> wanted) throws IOException {
        inUse().forEach((key, pid) -> {
            if (wanted.contains(key))
                throw UserException.failed(
                        key.parameter() + " cannot be tuned now",
                        "process " + pid + " is tuning it",
                        "Wait until that has ended, or end it");
        });
    }

    DataHome.Lock lock() throws InterruptedException {
        return home.lock("parameter-journal", "putting parameters back", PATIENCE);
    }

    /**
     * Whether the session's process goes on. This process's own are told by name: to open the file of a lock that this
     * process holds, and close it again, would let go of the lock.
     */
    private boolean isAlive(Path file, Contents contents) throws IOException {
        if (contents.ended()) return false;
        if (contents.begin().map(begin -> begin.owner().equals(me)).orElse(false)) return true;
        DataHome.createPrivateFile(lifeOf(file));
        try (FileChannel life = FileChannel.open(lifeOf(file), StandardOpenOption.WRITE)) {
            return life.tryLock() == null;
        } catch (OverlappingFileLockException _) {
            return true;
        }
    }

    private static Path lifeOf(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".lock");
    }

    /** The sessions' files, the oldest first. */
    private List<Path> sessions() throws IOException {
        Path folder = home.root().resolve(FOLDER);
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{6,18}\\.jsonl"))
                    .sorted(Comparator.comparingLong(ParameterJournal::number))
                    .toList();
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    void delete(SessionFile file) throws IOException {
        file.delete();
        Files.deleteIfExists(lifeOf(file.path()));
    }

    Instant now() {
        return clock.instant();
    }

    private UserException unusable(IOException e) {
        return UserException.failed(
                "The journal of changed parameters in " + home.root().resolve(FOLDER) + " cannot be used",
                String.valueOf(e.getMessage()),
                "Make it readable and writable; what it names may still be changed",
                e);
    }
}
