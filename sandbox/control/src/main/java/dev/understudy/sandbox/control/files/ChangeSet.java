package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.files.State.Absent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run would change: each path that differs, with its state before and after. Immutable, but the data of new
 * files stays where the run left it, so use it before the view, the overlay or the copy is thrown away.
 */
public final class ChangeSet {
    /** Of all diffs and texts together; beyond it changes are listed without. */
    private static final long MAX_DESCRIBED_BYTES = 4L << 20;

    /** Of what a rehearsal leaves, all files together. */
    private static final long MAX_CONTENT_BYTES = 32L << 20;

    private final HostFiles host;
    private final List<Entry> entries;
    private final Map<Path, Fingerprint> reads;
    private final List<String> refusals;
    private final Map<Path, List<String>> linksOfRuns;

    /**
     * One path that differs.
     *
     * @param fingerprint of what the host has there before; null if nothing, or if it is only staged
     */
    record Entry(Path path, State before, @Nullable Fingerprint fingerprint, State after) {}

    /** @param linksOfRuns which of the links are those of runs and not of the person, with what those runs are granted */
    ChangeSet(
            HostFiles host,
            List<Entry> entries,
            Map<Path, Fingerprint> reads,
            List<String> refusals,
            Map<Path, List<String>> linksOfRuns) {
        this.host = host;
        this.entries =
                entries.stream().sorted(Comparator.comparing(Entry::path)).toList();
        this.reads = Map.copyOf(reads);
        this.refusals = List.copyOf(refusals);
        this.linksOfRuns = Map.copyOf(linksOfRuns);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Paths that are new or different, sorted. */
    public List<Path> present() {
        return entries.stream()
                .filter(entry -> entry.after() != Absent.ABSENT)
                .map(Entry::path)
                .toList();
    }

    /** Paths that are not there any more, sorted. */
    public List<Path> gone() {
        return entries.stream()
                .filter(entry -> entry.after() == Absent.ABSENT)
                .map(Entry::path)
                .toList();
    }

    /** Bytes of new and changed files, as long as they are (holes count, copies of the host's files do not), and 4 KiB for each new entry. */
    public long newBytes() {
        long bytes = 0;
        for (Entry entry : entries) {
            if (entry.before() == Absent.ABSENT) bytes += CopyOnWriteView.ENTRY_BYTES;
            if (entry.after() instanceof State.File file
                    && !(file.content() instanceof Content.Host
                            || file.content() instanceof Content.Copy
                            || file.content() instanceof Content.Linked)) bytes += file.size();
        }
        return bytes;
    }

    /** In order of paths, so that a folder comes before what is in it. */
    List<Entry> entries() {
        return entries;
    }

    /** What the run read; if it is different now, the run built on what is no longer true. */
    Map<Path, Fingerprint> reads() {
        return reads;
    }

    Map<Path, List<String>> linksOfRuns() {
        return linksOfRuns;
    }

    /** Why this cannot be committed whatever the circumstances; empty if it can. */
    List<String> refusals() {
        return refusals;
    }

    /** The changes for people, sorted by path, with unified diffs where both sides are text of reasonable size. */
    public List<FileChange> describe() {
        return describe(0);
    }

    /** As {@link #describe}, with what is there afterwards, as long as it fits in memory. */
    public List<FileChange> describeWithContents() {
        return describe(MAX_CONTENT_BYTES);
    }

    private List<FileChange> describe(long contentBytes) {
        long contentLeft = contentBytes;
        List<FileChange> changes = new ArrayList<>();
        long left = MAX_DESCRIBED_BYTES;
        for (Entry entry : entries) {
            Optional<Texts> texts = left > 0 ? texts(entry) : Optional.empty();
            Optional<String> diff = texts.flatMap(both -> UnifiedDiff.of(entry.path(), both.before, both.after));
            Optional<String> after = texts.flatMap(both -> both.after);
            left -= diff.map(String::length).orElse(0)
                    + after.map(String::length).orElse(0);
            FileChange.Kind kind = entry.before() == Absent.ABSENT
                    ? FileChange.Kind.CREATED
                    : entry.after() == Absent.ABSENT ? FileChange.Kind.DELETED : FileChange.Kind.CHANGED;
            boolean directory = entry.after() == Absent.ABSENT
                    ? entry.before().isFolder()
                    : entry.after().isFolder();
            Optional<FileChange.After> leftBehind =
                    contentBytes == 0 ? Optional.empty() : after(entry.after(), contentLeft);
            if (leftBehind.orElse(null) instanceof FileChange.After.File file) contentLeft -= file.bytes().length;
            changes.add(new FileChange(
                    entry.path(),
                    kind,
                    directory,
                    entry.before().size(),
                    entry.after().size(),
                    diff,
                    after,
                    leftBehind));
        }
        return List.copyOf(changes);
    }

    private Optional<FileChange.After> after(State state, long maxBytes) {
        return switch (state) {
            case Absent _ -> Optional.empty();
            case State.Folder folder -> Optional.of(new FileChange.After.Folder(folder.mode() & 0777));
            case State.Link link -> Optional.of(new FileChange.After.Link(link.target()));
            case State.File file -> {
                if (file.size() > maxBytes) yield Optional.empty();
                try (InputStream stream = file.content().open(host)) {
                    byte[] bytes = stream.readNBytes(Math.toIntExact(file.size()));
                    yield Optional.of(new FileChange.After.File(bytes, file.mode() & 0777, file.modified()));
                } catch (IOException _) {
                    // As with its text: the change stands, what is in it is not known.
                    yield Optional.empty();
                }
            }
        };
    }

    private record Texts(Optional<String> before, Optional<String> after) {}

    /** Both sides as text; empty if one is there but a folder, not text or too long to compare. */
    private Optional<Texts> texts(Entry entry) {
        Optional<String> before = text(entry.before());
        Optional<String> after = text(entry.after());
        boolean known = (before.isPresent() || entry.before() == Absent.ABSENT)
                && (after.isPresent() || entry.after() == Absent.ABSENT);
        return known ? Optional.of(new Texts(before, after)) : Optional.empty();
    }

    private Optional<String> text(State state) {
        return switch (state) {
            case Absent _, State.Folder _ -> Optional.empty();
            case State.Link link -> Optional.of(link.target().toString());
            case State.File file -> {
                if (file.size() > UnifiedDiff.MAX_BYTES) yield Optional.empty();
                try (InputStream bytes = file.content().open(host)) {
                    byte[] start = bytes.readNBytes(UnifiedDiff.MAX_BYTES + 1);
                    yield start.length > UnifiedDiff.MAX_BYTES ? Optional.empty() : PlainText.decode(start);
                } catch (IOException _) {
                    // The host's file went away meanwhile or may not be read: the change stands, without its text.
                    yield Optional.empty();
                }
            }
        };
    }
}
