package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.FileView.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What the operating system says of one file, link or folder.
 *
 * @param names how many names it has; more than one for a file with hard links
 */
record HostStatus(
        Kind kind,
        long size,
        Instant modified,
        Instant changed,
        Instant created,
        int mode,
        String key,
        int uid,
        int gid,
        int names) {

    // Not "unix:*", which also looks up the names of owner and group: that doubles the price.
    private static final String ATTRIBUTES = "unix:mode,ino,dev,size,uid,gid,nlink,lastModifiedTime,ctime,creationTime";

    /** Of a folder: what is made in it gets its group, and folders this bit as well. */
    static final int SET_GID = 02000;

    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    /** Reads the status of what is at a path whose parents the caller has pinned. */
    static HostStatus read(Path path, LinkOption... options) throws IOException {
        Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, options);
        int mode = (Integer) value(values, "mode");
        Kind kind = switch (mode & TYPE) {
            case REGULAR -> Kind.FILE;
            case DIRECTORY -> Kind.DIRECTORY;
            case LINK -> Kind.SYMBOLIC_LINK;
            default -> Kind.OTHER;
        };
        return new HostStatus(
                kind,
                (Long) value(values, "size"),
                instant(values, "lastModifiedTime"),
                instant(values, "ctime"),
                instant(values, "creationTime"),
                mode & 07777,
                values.get("dev") + ":" + values.get("ino"),
                (Integer) value(values, "uid"),
                (Integer) value(values, "gid"),
                (Integer) value(values, "nlink"));
    }

    private static Object value(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static Instant instant(Map<String, Object> values, String name) {
        return ((FileTime) value(values, name)).toInstant();
    }

    HostStatus withKey(String other) {
        return new HostStatus(kind, size, modified, changed, created, mode, other, uid, gid, names);
    }

    Traits.Owner owner() {
        return new Traits.Owner(uid, gid);
    }

    Fingerprint fingerprint() {
        return new Fingerprint(
                kind, key, kind == Kind.FILE ? size : 0, kind == Kind.FILE ? modified : Instant.EPOCH, mode);
    }
}
