package dev.understudy.core.workflow;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Adds up what several runs, one after the other, changed. Used by one thread at a time. */
final class ChangesOfSteps {
    private final TreeMap<Path, FileChange> byPath = new TreeMap<>();

    void add(List<FileChange> changes) {
        for (FileChange change : changes) {
            FileChange before = byPath.remove(change.path());
            Optional<FileChange> both = before == null ? Optional.of(change) : together(before, change);
            both.ifPresent(one -> byPath.put(one.path(), one));
        }
    }

    /** All changes by path, seen from before the first run. */
    List<FileChange> all() {
        return List.copyOf(byPath.values());
    }

    private static Optional<FileChange> together(FileChange first, FileChange second) {
        boolean wasThere = first.kind() != Kind.CREATED;
        boolean isThere = second.kind() != Kind.DELETED;
        if (!wasThere && !isThere) return Optional.empty();
        Kind kind = !wasThere ? Kind.CREATED : isThere ? Kind.CHANGED : Kind.DELETED;
        // Neither diff is the difference of both together; a file that was not there has all of its text as its diff.
        Optional<String> diff = Optional.empty();
        return Optional.of(new FileChange(
                second.path(), kind, second.directory(), first.sizeBefore(), second.sizeAfter(), diff, second.text()));
    }
}
