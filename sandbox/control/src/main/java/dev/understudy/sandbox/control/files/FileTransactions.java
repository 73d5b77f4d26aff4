package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.sandbox.control.files.ChangeSet.Entry;
import dev.understudy.sandbox.control.files.Journal.Done;
import dev.understudy.sandbox.control.files.Journal.Plan;
import dev.understudy.sandbox.control.files.Journal.Side;
import dev.understudy.sandbox.control.files.Journal.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs as transactions on files: gives each run its view, commits what a run changed all or nothing, and undoes it.
 *
 * <p>One object serves the whole host and is safe for use by several threads; each view belongs to one. Commits are
 * done one after the other, also between processes that share a data home. Call {@link #recover} once at start, before
 * anything is committed.
 */
public final class FileTransactions {
    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    private static final String UNDO = ".undo";

    /** A file that says when the youngest run was committed of which undo data has been dropped. */
    private static final String DROPPED = "dropped";

    /** Each commit reads the list of those kept, and those that only created files take no space in before-images. */
    private static final int MAX_UNDOABLE = 1000;

    private final HostFiles host;
    private final NewModes newModes = NewModes.ofThisProcess();
    private final Path runs;
    private final Path journals;
    private final MadeLinks madeLinks;
    private final List<Path> hostOwn;
    private final long undoBytes;
    private final InstantSource clock;
    private final Consumer<String> reached;

    /**
     * @param dataHome absolute folder of the host's own data, which no grant gives even if it contains it; below it,
     *     {@code runs} holds what runs under way have written and {@code undo} the journals and before-images
     * @param hostOwn other folders of the host that no grant gives
     * @param undoBytes that all before-images together may take; a run that alone needs more is refused its commit
     */
    public FileTransactions(Path dataHome, Collection<Path> hostOwn, long undoBytes, InstantSource clock) {
        this(HostFiles.ofThisSystem(), dataHome, hostOwn, undoBytes, clock, _ -> {});
    }

    FileTransactions(
            HostFiles host,
            Path dataHome,
            Collection<Path> hostOwn,
            long undoBytes,
            InstantSource clock,
            Consumer<String> reached) {
        if (!dataHome.isAbsolute()) throw new IllegalArgumentException("dataHome must be absolute, was " + dataHome);
        if (undoBytes < 0) throw new IllegalArgumentException("undoBytes must not be negative, was " + undoBytes);
        this.host = host;
        this.runs = dataHome.resolve("runs");
        this.journals = dataHome.resolve("undo");
        this.madeLinks = new MadeLinks(journals.resolve("links"));
        List<Path> own = new ArrayList<>(hostOwn);
        own.add(dataHome);
        this.hostOwn = List.copyOf(own);
        this.undoBytes = undoBytes;
        this.clock = clock;
        this.reached = reached;
    }

    /**
     * Makes the view of a run. Nothing is written to disk before the run's first write.
     *
     * @param runId names the run's folder and its undo data: letters, digits and {@code -_.}, sortable by start
     * @param stagedFiles files and links that the run sees as though they existed, by absolute path
     * @param stagedFolders folders likewise
     * @throws FileViewException if something is staged where nothing is granted, or a granted path is reached by a link that a
     *     run has made and that leads beyond what that run could reach
     */
    public CopyOnWriteView view(
            String runId, Grants grants, Limits limits, Map<Path, StagedEntry> stagedFiles, Set<Path> stagedFolders)
            throws IOException, FileViewException {
        Path run = runs.resolve(checked(runId));
        CopyOnWriteView view =
                new CopyOnWriteView(host, grants, limits, run, hostOwn, madeLinks.read(), newModes, clock);
        for (Path folder : stagedFolders) view.stageDirectory(folder);
        for (Map.Entry<Path, StagedEntry> file : stagedFiles.entrySet()) view.stage(file.getKey(), file.getValue());
        return view;
    }

    private static String checked(String runId) {
        if (!RUN_ID.matcher(runId).matches())
            throw new IllegalArgumentException("runId must match " + RUN_ID + ", was " + runId);
        return runId;
    }

    /**
     * Makes a run's changes real, all or none, and keeps what was there before for {@link #undo}. Older undo data is
     * dropped where it would not fit beside.
     */
    public CommitResult commit(String runId, ChangeSet changes) {
        return locked(() -> commitLocked(checked(runId), changes));
    }

    /** Brings back what a run changed, if nothing else has changed it since; all or nothing. */
    public CommitResult undo(String runId) {
        return locked(() -> {
            Journal journal = journal(checked(runId));
            Journal.Contents contents = journal.read();
            if (contents.plan().isEmpty() || contents.done().isEmpty())
                return new CommitResult.Refused(
                        "no undo data for run " + runId + ": it changed nothing, was undone, or its data was dropped");
            ChangeSet back =
                    inverse(journal, contents.plan().get(), contents.done().get());
            CommitResult result = commitLocked(runId + UNDO, back);
            if (result instanceof CommitResult.Committed) {
                journal.delete();
                journal(runId + UNDO).delete();
            }
            return result;
        });
    }

    /**
     * Rolls back what a crash has cut short and clears what is left of runs that were under way. Only for the start of
     * the host: while runs are under way it would take their data.
     */
    public List<Recovery> recover() throws IOException {
        List<Recovery> recoveries = new ArrayList<>();
        CommitResult result = locked(() -> {
            recoveries.addAll(rollBackLocked());
            for (Path folder : folders(runs)) Journal.deleteFlat(folder);
            return new CommitResult.Committed();
        });
        if (result instanceof CommitResult.Refused(String reason)) throw new IOException(reason);
        return List.copyOf(recoveries);
    }

    /** Rolls back what a crash has cut short, as {@link #recover}, at any time: whoever commits holds the lock meanwhile. */
    public List<Recovery> rollBackCutShort() throws IOException {
        List<Recovery> recoveries = new ArrayList<>();
        CommitResult result = locked(() -> {
            recoveries.addAll(rollBackLocked());
            return new CommitResult.Committed();
        });
        if (result instanceof CommitResult.Refused(String reason)) throw new IOException(reason);
        return List.copyOf(recoveries);
    }

    private List<Recovery> rollBackLocked() throws IOException {
        List<Recovery> recoveries = new ArrayList<>();
        for (Path folder : folders(journals)) {
            if (Journal.isLeftover(folder)) Journal.deleteFlat(folder);
        }
        for (Path folder : folders(journals)) {
            Journal journal = new Journal(folder);
            String name = folder.getFileName().toString();
            boolean done = journal.read().done().isPresent();
            if (!done) {
                List<String> problems = rollBack(journal);
                recoveries.add(new Recovery(name, problems));
                if (problems.isEmpty()) journal.delete();
            } else if (name.endsWith(UNDO)) {
                // The undo was done; only its own traces and what it used up are left.
                journal(name.substring(0, name.length() - UNDO.length())).delete();
                journal.delete();
            }
        }
        return recoveries;
    }

    /**
     * What became of the changes of a run that has ended without a report, as far as its journal tells. To be asked after
     * {@link #recover} or {@link #rollBackCutShort}.
     *
     * @param started when the run began
     */
    public RunTrace trace(String runId, Instant started) throws IOException {
        Journal journal = journal(checked(runId));
        if (Files.isDirectory(journal.folder()))
            return journal.read().done().isPresent() ? RunTrace.COMMITTED : RunTrace.UNSURE;
        // Undo data that was dropped since may have been this run's.
        return droppedUntil().isBefore(started) ? RunTrace.UNCHANGED : RunTrace.UNSURE;
    }

    private Instant droppedUntil() throws IOException {
        try {
            return Instant.parse(Files.readString(journals.resolve(DROPPED)));
        } catch (NoSuchFileException _) {
            return Instant.MIN;
        } catch (DateTimeParseException _) {
            // Cut short by a full disk or a crash.
            return Instant.MAX;
        }
    }

    /** Runs that can be undone, the oldest first. */
    public List<UndoEntry> undoable() throws IOException {
        List<UndoEntry> entries = new ArrayList<>();
        for (Path folder : folders(journals)) {
            Journal.Contents contents = new Journal(folder).read();
            if (Journal.isLeftover(folder)
                    || contents.plan().isEmpty()
                    || contents.done().isEmpty()) continue;
            entries.add(new UndoEntry(
                    folder.getFileName().toString(),
                    contents.done().get().time(),
                    contents.plan().get().imageBytes(),
                    contents.plan().get().steps().stream().map(Step::at).toList()));
        }
        entries.sort(Comparator.comparing(UndoEntry::committed).thenComparing(UndoEntry::runId));
        return List.copyOf(entries);
    }

    /** Drops the oldest undo data until what is left takes at most so many bytes and fewer than 1000 runs; returns the runs it was of. */
    public List<String> prune(long maxBytes) throws IOException {
        List<String> dropped = new ArrayList<>();
        CommitResult result = locked(() -> {
            dropped.addAll(pruneLocked(maxBytes));
            return new CommitResult.Committed();
        });
        if (result instanceof CommitResult.Refused(String reason)) throw new IOException(reason);
        return List.copyOf(dropped);
    }

    private List<String> pruneLocked(long maxBytes) throws IOException {
        List<UndoEntry> entries = undoable();
        long bytes = entries.stream().mapToLong(UndoEntry::bytes).sum();
        List<String> dropped = new ArrayList<>();
        for (UndoEntry oldest : entries) {
            if (bytes <= maxBytes && entries.size() - dropped.size() < MAX_UNDOABLE) break;
            Files.writeString(journals.resolve(DROPPED), oldest.committed().toString());
            journal(oldest.runId()).delete();
            dropped.add(oldest.runId());
            bytes -= oldest.bytes();
        }
        return dropped;
    }

    private CommitResult commitLocked(String name, ChangeSet changes) throws IOException {
        if (!changes.refusals().isEmpty())
            return new CommitResult.Refused(changes.refusals().getFirst());
        if (changes.isEmpty()) return new CommitResult.Committed();
        if (changes.entries().stream().anyMatch(FileTransactions::isStaged))
            return new CommitResult.Refused("files that were staged for a rehearsal are not committed");
        Journal journal = journal(name);
        if (Files.exists(journal.folder()))
            return new CommitResult.Refused("run " + name + " has been committed already");
        Plan plan;
        try {
            plan = new CommitPlanner(host).plan(name, changes);
        } catch (CommitPlanner.ConflictException e) {
            return new CommitResult.Conflict(e.reasons());
        }
        if (!name.endsWith(UNDO)) {
            if (plan.imageBytes() > undoBytes)
                return new CommitResult.Refused("what the run replaces or deletes takes " + plan.imageBytes()
                        + " bytes, but only " + undoBytes
                        + " may be kept for undo. Let it change less at once, or raise the undo size.");
            pruneLocked(undoBytes - plan.imageBytes());
        }
        try {
            new Commit(host, journal, madeLinks, reached).run(plan, changes, clock);
            return new CommitResult.Committed();
        } catch (IOException e) {
            return rolledBack(journal, reason(e));
        } catch (RuntimeException e) {
            rolledBack(journal, e.toString());
            throw e;
        }
    }

    private static boolean isStaged(Entry entry) {
        return isStaged(entry.before()) || isStaged(entry.after());
    }

    private static boolean isStaged(State state) {
        return state instanceof State.File file
                && (file.content() instanceof Content.Staged
                        || file.content() instanceof Content.Linked(Path _, Content.Staged _));
    }

    private CommitResult rolledBack(Journal journal, String cause) {
        String problem;
        try {
            List<String> problems = rollBack(journal);
            if (problems.isEmpty()) {
                journal.delete();
                return new CommitResult.Refused("nothing was changed: " + cause);
            }
            problem = String.join("; ", problems);
        } catch (IOException e) {
            problem = reason(e);
        }
        return new CommitResult.Refused("the changes failed: " + cause + "; and not all could be brought back: "
                + problem + ". It is tried again when the host starts.");
    }

    private static String reason(IOException e) {
        if (!(e instanceof FileSystemException at)) return String.valueOf(e.getMessage());
        String what = at.getReason() == null ? at.getClass().getSimpleName() : at.getReason();
        return what + " (" + at.getFile() + ")";
    }

    /** The changes that lead from after a commit to before it. */
    private ChangeSet inverse(Journal journal, Plan plan, Done done) throws IOException {
        Map<String, Integer> renamedTo = new HashMap<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            if (step.act() == Step.Act.RENAME) renamedTo.put(step.from(), i);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            Side now = done.sides().get(i);
            Fingerprint fingerprint = fingerprint(now);
            Integer moved = renamedTo.get(step.path());
            Content old = step.image() > 0
                    ? new Content.Own(journal.image(step.image()))
                    : moved != null
                            ? hostContent(
                                    plan.steps().get(moved).at(), done.sides().get(moved))
                            : hostContent(step.at(), now);
            entries.add(new Entry(
                    step.at(), state(now, hostContent(step.at(), now)), fingerprint, state(step.before(), old)));
        }
        return new ChangeSet(host, entries, Map.of(), List.of(), madeBefore(plan));
    }

    /** Which of the links that a commit has taken away were made by runs, and what those were granted. */
    private Map<Path, List<String>> madeBefore(Plan plan) throws IOException {
        Map<Path, List<String>> made = new HashMap<>();
        List<MadeLinks.Made> known = madeLinks.read();
        for (Step step : plan.steps()) {
            for (MadeLinks.Made each : known) if (each.is(step.before())) made.put(step.at(), each.granted());
        }
        return made;
    }

    private static Content hostContent(Path path, Side side) {
        Fingerprint fingerprint = fingerprint(side);
        return fingerprint == null ? new Content.Staged(new byte[0]) : new Content.Host(path, fingerprint);
    }

    private static @Nullable Fingerprint fingerprint(Side side) {
        FileView.Kind kind = switch (side.kind()) {
            case ABSENT -> null;
            case FOLDER -> FileView.Kind.DIRECTORY;
            case FILE -> FileView.Kind.FILE;
            case LINK -> FileView.Kind.SYMBOLIC_LINK;
        };
        if (kind == null) return null;
        boolean file = kind == FileView.Kind.FILE;
        return new Fingerprint(
                kind,
                side.key(),
                file ? side.size() : 0,
                file ? Instant.parse(side.modified()) : Instant.EPOCH,
                side.mode());
    }

    private static State state(Side side, Content content) {
        return switch (side.kind()) {
            case ABSENT -> State.Absent.ABSENT;
            case FOLDER ->
                new State.Folder(side.mode(), Instant.parse(side.modified()), State.Time.CHOSEN, traits(side));
            case FILE ->
                new State.File(content, side.size(), side.mode(), Instant.parse(side.modified()), traits(side));
            case LINK -> new State.Link(Path.of(side.target()), modified(side), traits(side));
        };
    }

    private static @Nullable Instant modified(Side side) {
        return side.modified().isEmpty() ? null : Instant.parse(side.modified());
    }

    private static Traits traits(Side side) {
        return new Traits(new Traits.Owner(side.uid(), side.gid()), side.extended());
    }

    private Journal journal(String name) {
        return new Journal(journals.resolve(name));
    }

    private List<String> rollBack(Journal journal) throws IOException {
        return new RollBack(host, journal, madeLinks, reached).rollBack();
    }

    private static List<Path> folders(Path parent) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (!Files.isDirectory(parent)) return folders;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, path -> Files.isDirectory(path))) {
            for (Path path : stream) folders.add(path);
        }
        folders.sort(null);
        return folders;
    }

    @FunctionalInterface
    private interface Locked {
        CommitResult run() throws IOException;
    }

    private synchronized CommitResult locked(Locked action) {
        try {
            Files.createDirectories(
                    journals, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (FileChannel channel = FileChannel.open(
                            journals.resolve("lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    FileLock _ = channel.lock()) {
                return action.run();
            }
        } catch (IOException e) {
            return new CommitResult.Refused("nothing was changed: " + reason(e));
        }
    }
}
