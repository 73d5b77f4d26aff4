package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** A folder that the jail can write to and whose changes go back. */
sealed interface JailArea {
    /** What the jail sees it as. */
    Path inside();

    /** Where its data is on the host. */
    Path data();

    /** The upper folder of an overlay mount (option {@code userxattr}). */
    record Overlay(Path inside, Path data) implements JailArea {}

    /** A copy, with the state of each file as it was copied. */
    record Copy(Path inside, Path data, Map<Path, Stamp> stamps, Extras extras) implements JailArea {}

    /** What becomes of entries that no grant names. */
    enum Extras {
        FAIL,
        IGNORE
    }

    /**
     * By what a changed copy is told: the change time, which no program can set. The key is that of the file, wherever it is
     * moved, with the time of its birth, since the number of a deleted file may be given to a new one.
     */
    record Stamp(Object key, FileTime changed, long size) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(
                    Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS)
                            + ":" + Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)
                            + " " + Files.getAttribute(file, "unix:creationTime", LinkOption.NOFOLLOW_LINKS),
                    (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS),
                    (Long) Files.getAttribute(file, "unix:size", LinkOption.NOFOLLOW_LINKS));
        }
    }
}
