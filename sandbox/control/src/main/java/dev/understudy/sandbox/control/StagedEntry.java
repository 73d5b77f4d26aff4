package dev.understudy.sandbox.control;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What a rehearsal pretends at one path. */
public sealed interface StagedEntry {
    /**
     * A regular file.
     *
     * @param mode permissions, the lowest nine bits; empty for those of a new file
     * @param modified empty for the start of the run
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record File(byte[] bytes, OptionalInt mode, Optional<Instant> modified) implements StagedEntry {
        public File {
            if (mode.isPresent() && (mode.getAsInt() & ~0777) != 0)
                throw new IllegalArgumentException("mode must be within 0777, was " + mode.getAsInt());
        }
    }

    /** A symbolic link; {@code target} as it is written in it, so that it may be relative or lead nowhere. */
    record Link(Path target) implements StagedEntry {}

    /** A file as any program would make it now. */
    static StagedEntry of(byte[] bytes) {
        return new File(bytes, OptionalInt.empty(), Optional.empty());
    }
}
