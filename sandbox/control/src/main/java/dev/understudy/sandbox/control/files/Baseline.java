package dev.understudy.sandbox.control.files;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was there before a run: the host's files as the run first saw them, and what was staged for it. */
final class Baseline {
    private final Map<Path, HostStatus> observed = new HashMap<>();
    private final Map<Path, StagedFile> stagedFiles = new HashMap<>();
    private final Set<Path> stagedDirectories = new HashSet<>();

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record StagedFile(byte[] bytes, Instant modified) {}

    void stageFile(Path path, byte[] bytes, Instant modified) {
        stagedFiles.put(path, new StagedFile(bytes, modified));
    }

    void stageDirectory(Path path) {
        stagedDirectories.add(path);
    }

    /** Remembers a file as it was when the run first read or changed it; a later look does not count. */
    void observe(Path path, HostStatus status) {
        observed.putIfAbsent(path, status);
    }
}
