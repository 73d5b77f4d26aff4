package dev.understudy.core.history;

import dev.understudy.core.history.ImportReport.SkippedLine;
import dev.understudy.core.history.KeptTasks.Redaction;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest tasks, in memory and in the store.
 *
 * <p>What enters is stripped of its secrets first. What a method acknowledges by returning is in the store; if it throws,
 * the history is as it was. Safe for use by several threads; one import at a time.
 */
public final class TaskHistory {

    private static final int PROBE_BYTES = 64 << 10;
    private static final int MAX_NOTES = 20;

    /** Null if the history lives in memory only. */
    private final @Nullable TaskStore store;

    private final Supplier<List<TaskSource>> sources;
    private final int maxTasks;
    private @Nullable Path copies;
    private final SecretRedactor redactor = new SecretRedactor();
    private final KeptTasks kept;
    private final List<Consumer<Task>> listeners = new ArrayList<>();
    /** The store's latest row that was read or written here; rows of other processes come after it. */
    private long lastRow;

    /**
     * Opens the history that a database holds.
     *
     * @param sources which read files, in the order in which they are asked
     * @param maxTasks how many of the latest tasks are kept, at least 1
     */
    public TaskHistory(Database database, List<TaskSource> sources, int maxTasks) {
        this(database, () -> sources, maxTasks);
    }

    /** As above with sources that may be others each time: a plugin may come and go. */
    public TaskHistory(Database database, Supplier<List<TaskSource>> sources, int maxTasks) {
        this(new TaskStore(database), sources, maxTasks);
    }

    private TaskHistory(@Nullable TaskStore store, Supplier<List<TaskSource>> sources, int maxTasks) {
        if (maxTasks < 1) throw new IllegalArgumentException("maxTasks must be at least 1, was " + maxTasks);
        this.store = store;
        this.sources = sources;
        this.maxTasks = maxTasks;
        // Asked first: what another process adds meanwhile is read twice rather than never.
        this.lastRow = store == null ? 0 : store.lastRow();
        this.kept = new KeptTasks(store == null ? List.of() : store.load(), maxTasks);
    }

    /** Starts an empty history that ends with its process; otherwise like one of a database. */
    public static TaskHistory inMemory(List<TaskSource> sources, int maxTasks) {
        return new TaskHistory((TaskStore) null, () -> sources, maxTasks);
    }

    /**
     * Has databases copied in a folder of the host's own, from which what a crash has left is removed at once; without it they
     * are copied among the system's temporary files.
     */
    public TaskHistory copyingIn(Path folder) {
        SqliteTables.sweep(folder);
        copies = folder;
        return this;
    }

    /** Returns the kept tasks, oldest first. */
    public synchronized List<Task> tasks() {
        return kept.list();
    }

    /**
     * Gives a listener every kept task, oldest first, and then each one that enters, once it is in the store. An import's
     * tasks come in the order of their time stamps, without those that are too old to be kept. The listener is called by
     * the thread that records or imports, never by two at once, and must not call the history back.
     */
    public synchronized void feed(Consumer<Task> listener) {
        for (Task task : kept.list()) listener.accept(task);
        listeners.add(listener);
    }

    /** Stops feeding a listener. */
    public synchronized void unfeed(Consumer<Task> listener) {
        listeners.remove(listener);
    }

    /** Takes in what other processes have recorded since the last time; returns how many tasks are new. */
    public synchronized int refresh() {
        if (store == null) return 0;
        long row = store.lastRow();
        if (row <= lastRow) return 0;
        KeptTasks.Incoming incoming = kept.incoming();
        // Secrets were replaced when the other process recorded them.
        for (Task task : store.loadAfter(lastRow)) incoming.offer(task, Redaction.NO_SECRETS);
        incoming.settle();
        lastRow = row;
        List<Task> added = List.copyOf(incoming.survivors());
        kept.keep(incoming);
        for (Consumer<Task> listener : listeners) for (Task task : added) listener.accept(task);
        return added.size();
    }

    /**
     * Records one task; false if it is known already, or older than all that a full history keeps.
     *
     * @throws UserException if the store cannot be written
     */
    public synchronized boolean recordTask(Task task) {
        KeptTasks.Incoming incoming = kept.incoming();
        offer(task, incoming);
        incoming.settle();
        boolean added = !incoming.survivors().isEmpty();
        commit(incoming);
        return added;
    }

    private void offer(Task task, KeptTasks.Incoming incoming) {
        Task safe = redactor.redact(task);
        incoming.offer(safe, isSame(safe, task) ? Redaction.NO_SECRETS : Redaction.REPLACED_SECRETS);
    }

    // The redactor gives the very same object back where there is no secret.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Task one, Task other) {
        return one == other;
    }

    /**
     * Files that the shell's own variable {@code HISTFILE} names and that the sources find, each once.
     *
     * @param environment the variables of the person's shell
     */
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        Map<Path, Path> files = new LinkedHashMap<>();
        named(homeDirectory, environment).ifPresent(file -> files.put(real(file), file));
        for (TaskSource source : sources.get()) {
            try {
                for (Path file : source.discover(homeDirectory, environment)) files.putIfAbsent(real(file), file);
            } catch (RuntimeException | LinkageError e) {
                throw failed(source, homeDirectory, e);
            }
        }
        return List.copyOf(files.values());
    }

    /** What {@code HISTFILE} names; nothing where it switches the history off (empty, {@code /dev/null}, not there). */
    private static Optional<Path> named(Path homeDirectory, Map<String, String> environment) {
        String name = environment.getOrDefault("HISTFILE", "");
        if (name.isBlank()) return Optional.empty();
        Path file = name.startsWith("~/") ? homeDirectory.resolve(name.substring(2)) : Path.of(name);
        return Files.isRegularFile(file) || Files.isDirectory(file) ? Optional.of(file) : Optional.empty();
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException unreachable) {
            return file.toAbsolutePath().normalize();
        }
    }

    /**
     * Imports a file: what can be read of it enters, what cannot is counted and named in the report. Importing it again
     * adds nothing.
     *
     * @throws UserException if there is no such file, it is a folder, cannot be read, or is no text that a source reads
     */
    public ImportReport importFile(Path file) {
        return importFile(file, ImportOptions.NONE);
    }

    /**
     * The same with what the person says about the file.
     *
     * @throws UserException also if there is no such format, or it has no such option
     */
    public synchronized ImportReport importFile(Path file, ImportOptions options) {
        Path path = file.toAbsolutePath().normalize();
        if (Files.isDirectory(path))
            throw UserException.badInput(
                    "'" + file + "' cannot be imported", "it is a folder", "Name the files in it that hold tasks");
        try (InputStream stream = Files.newInputStream(path)) {
            byte[] head = stream.readNBytes(PROBE_BYTES);
            Optional<Utf16> utf16 = Utf16.of(head);
            if (utf16.isEmpty() && Utf16.isMarked(head)) throw binary(file);
            byte[] text = utf16.isPresent() ? utf16.get().toUtf8(head) : head;
            if (text.length == 0) return nothing(path, "The file is empty: there is nothing to import.");
            try (SqliteTables tables = SqliteTables.isDatabase(head) ? SqliteTables.open(path, copies) : null) {
                Optional<TaskSource.Tables> read = Optional.ofNullable(tables);
                TaskSource source = options.format().isEmpty()
                        ? surest(file, new TaskSource.Probe(path, new String(text, StandardCharsets.UTF_8), read))
                        : named(options.format().get());
                requireKnown(source, options);
                InputStream whole = utf16.isPresent()
                        ? utf16.get().toUtf8(head, stream)
                        : new SequenceInputStream(new ByteArrayInputStream(head), stream);
                var input = new TaskSource.Input(
                        path,
                        whole,
                        Files.getLastModifiedTime(path).toInstant(),
                        path.getParent() == null ? path : path.getParent(),
                        options.values(),
                        read);
                return importFrom(source, input);
            }
        } catch (TaskSource.RefusedException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported",
                    e.refusal().reason(),
                    e.refusal().mend());
        } catch (NoSuchFileException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported", "there is no such file", "Check the name and the folder");
        } catch (AccessDeniedException e) {
            throw UserException.badInput(
                    "'" + file + "' cannot be imported", "you may not read it", "Change its permissions or copy it");
        } catch (IOException e) {
            throw UserException.failed(
                    "'" + file + "' cannot be imported",
                    "reading it failed (" + e.getMessage() + ")",
                    "Check the disk and try again; nothing was imported",
                    e);
        }
    }

    private static ImportReport nothing(Path path, String note) {
        return new ImportReport(path, "", 0, 0, 0, 0, List.of(), 0, List.of(note));
    }

    private TaskSource named(String format) {
        return sources.get().stream()
                .filter(source -> source.name().equals(format))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "There is no format '" + format + "'",
                        "no task source has this name",
                        "Use one of " + names() + ", or install a plugin that reads it"));
    }

    private static void requireKnown(TaskSource source, ImportOptions options) {
        for (String option : options.values().keySet()) {
            if (source.options().containsKey(option)) continue;
            throw UserException.badInput(
                    "--" + option + " says nothing here",
                    "the file is read as " + source.name() + ", which "
                            + (source.options().isEmpty()
                                    ? "takes no options"
                                    : "takes "
                                            + String.join(
                                                    ", ",
                                                    source.options().keySet().stream()
                                                            .sorted()
                                                            .map(each -> "--" + each)
                                                            .toList())),
                    "Leave it out, or name another --format");
        }
    }

    private TaskSource surest(Path file, TaskSource.Probe probe) {
        Path path = probe.path();
        TaskSource surest = null;
        double confidence = 0;
        for (TaskSource source : sources.get()) {
            refusal(source, path, probe).ifPresent(refusal -> {
                throw UserException.badInput("'" + file + "' cannot be imported", refusal.reason(), refusal.mend());
            });
            double its = confidence(source, path, probe);
            if (its > confidence) {
                surest = source;
                confidence = its;
            }
        }
        // A crash leaves NUL characters in a text, so that they do not make a file binary if a source knows it.
        if (surest == null && probe.head().indexOf('\0') >= 0) throw binary(file);
        if (surest == null)
            throw UserException.badInput(
                    "'" + file + "' cannot be imported",
                    "none of the task sources (" + names() + ") can read it",
                    "Name a file of one of these kinds, or install a plugin that reads it");
        return surest;
    }

    private static UserException binary(Path file) {
        return UserException.badInput(
                "'" + file + "' cannot be imported",
                "it is a binary file, not text",
                "Name a shell history or a JSON Lines file");
    }

    private String names() {
        List<TaskSource> now = sources.get();
        return now.isEmpty()
                ? "there is none"
                : String.join(", ", now.stream().map(TaskSource::name).toList());
    }

    private static double confidence(TaskSource source, Path path, TaskSource.Probe probe) {
        try {
            return source.confidence(probe);
        } catch (RuntimeException | LinkageError e) {
            throw failed(source, path, e);
        }
    }

    private static Optional<TaskSource.Refusal> refusal(TaskSource source, Path path, TaskSource.Probe probe) {
        try {
            return source.refusal(probe);
        } catch (RuntimeException | LinkageError e) {
            throw failed(source, path, e);
        }
    }

    private static UserException failed(TaskSource source, Path path, Throwable cause) {
        return UserException.failed(
                "'" + path + "' cannot be read",
                "the task source '" + source.name() + "' failed ("
                        + cause.getClass().getSimpleName() + ")",
                "Report this to its plugin's author; nothing was imported",
                cause);
    }

    private ImportReport importFrom(TaskSource source, TaskSource.Input input) throws IOException {
        Path path = input.path();
        var sink = new ImportSink(kept.incoming());
        try {
            source.read(input, sink);
        } catch (RuntimeException | LinkageError e) {
            throw failed(source, path, e);
        }
        sink.incoming.settle();
        ImportReport report = sink.report(path, source.name());
        commit(sink.incoming);
        return report;
    }

    private void commit(KeptTasks.Incoming incoming) {
        List<Task> added = List.copyOf(incoming.survivors());
        if (added.isEmpty()) return;
        if (store != null) store.add(added, maxTasks);
        kept.keep(incoming);
        for (Consumer<Task> listener : listeners) for (Task task : added) listener.accept(task);
    }

    /** Collects what a source reads. */
    private final class ImportSink implements TaskSource.TaskSink {
        private final KeptTasks.Incoming incoming;
        private final List<SkippedLine> skippedLines = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private long skipped;

        ImportSink(KeptTasks.Incoming incoming) {
            this.incoming = incoming;
        }

        @Override
        public void accept(Task task) {
            offer(task, incoming);
        }

        @Override
        public void skip(long line, String reason) {
            skipped++;
            if (skippedLines.size() < ImportReport.MAX_SKIPPED_LINES) skippedLines.add(new SkippedLine(line, reason));
        }

        @Override
        public void note(String text) {
            if (notes.size() < MAX_NOTES) notes.add(text);
        }

        ImportReport report(Path path, String source) {
            return new ImportReport(
                    path,
                    source,
                    incoming.survivors().size(),
                    incoming.alreadyKnown(),
                    incoming.tooOld(),
                    skipped,
                    skippedLines,
                    incoming.redacted(),
                    notes);
        }
    }
}
