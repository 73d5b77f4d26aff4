package dev.understudy.core.triggers;

import java.nio.file.Path;
import java.util.Optional;

/** A state of a file as the cause of a firing. */
record FileCause(Path path, String fingerprint) {
    private static final String PREFIX = "file ";

    /** As it stands in the store. */
    String text() {
        return PREFIX + path + Firing.DETAIL + fingerprint;
    }

    /** Reads what {@link #text} wrote; empty for other causes. */
    static Optional<FileCause> read(String cause) {
        int detail = cause.lastIndexOf(Firing.DETAIL);
        if (!cause.startsWith(PREFIX) || detail < 0) return Optional.empty();
        return Optional.of(new FileCause(
                Path.of(cause.substring(PREFIX.length(), detail)), cause.substring(detail + Firing.DETAIL.length())));
    }
}
