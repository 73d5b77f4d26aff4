package dev.understudy.sandbox.control.files;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files as one run sees them: granted paths and a private workspace, copy on write, at their own paths.
 *
 * <p>The host holds the view and does all reading and writing in it, so that a cell that was taken over still cannot
 * reach beyond the grants. Paths come from the guest as absolute text and are not trusted: each is normalised, resolved
 * link by link and checked against the grants on every call. Used by one thread at a time.
 *
 * <p>Every method throws {@link FileViewException} with the reason that the guest is to see.
 */
public interface FileView extends AutoCloseable {

    /** The absolute path of the run's private, empty, writable workspace; what is in it is never committed. */
    Path workspace();

    /** What is at a path; with {@code NOFOLLOW} the last link itself. */
    Attributes attributes(Path path, Links links) throws FileViewException;

    /** The same, empty where nothing is at the path. */
    default Optional<Attributes> find(Path path, Links links) throws FileViewException {
        try {
            return Optional.of(attributes(path, links));
        } catch (FileViewException failure) {
            if (failure.code() == FileViewException.Code.NOT_FOUND
                    || failure.code() == FileViewException.Code.NOT_A_DIRECTORY) return Optional.empty();
            throw failure;
        }
    }

    /**
     * For a program that has worked on the host's own files, or on an overlay over them, since a moment: whatever is found
     * here for the first time from now on and was changed after that moment is not what the program saw, so a change of it
     * is a conflict.
     */
    void expectUnchangedSince(Instant moment);

    /** Names in a folder, sorted; deleted ones missing, new ones there. */
    List<String> list(Path directory) throws FileViewException;

    /**
     * Opens a file and returns its handle, a small positive number.
     *
     * @throws FileViewException also where the limit of open files or of disk is hit; see {@link #limitHit}
     */
    int open(Path path, Set<OpenMode> modes) throws FileViewException;

    /** Reads up to {@code length} bytes at a position; an empty array at the end of the file. */
    byte[] read(int handle, long position, int length) throws FileViewException;

    /** Writes at a position, beyond the end if need be (the gap reads as zeros and counts against the disk limit). */
    void write(int handle, long position, byte[] bytes) throws FileViewException;

    long size(int handle) throws FileViewException;

    void truncate(int handle, long size) throws FileViewException;

    void close(int handle) throws FileViewException;

    void createDirectory(Path path) throws FileViewException;

    /**
     * Copies a file, a link or a folder with all that is in it, as {@code cp -r} does: what is new gets the permissions
     * of its original less the umask, a file that is there gets other bytes and stays itself, a folder takes in what is
     * copied. The bytes of the host's own files are copied by the kernel when the run is committed and count against no
     * limit.
     *
     * @param follow which links are copied as what they lead to, and not as links
     * @param keep what the copy shall have of its original
     */
    void copy(Path from, Path to, Follow follow, Keep keep) throws FileViewException;

    /** Gives a file or folder the permissions, owner and time of another; links are followed. */
    void copyAttributes(Path from, Path to) throws FileViewException;

    /** Deletes a file, a link or an empty folder. */
    void delete(Path path) throws FileViewException;

    /** Renames; an existing target is replaced only if asked to. */
    void move(Path from, Path to, Existing existing) throws FileViewException;

    void createSymbolicLink(Path link, Path target) throws FileViewException;

    /** Gives a regular file one more name (a hard link), as {@code ln} does; both must be granted to be written. */
    void createLink(Path link, Path existing) throws FileViewException;

    Path readSymbolicLink(Path link) throws FileViewException;

    /** Sets times or permissions; null leaves one as it is. */
    void setAttributes(Path path, @Nullable Instant lastModified, @Nullable Integer posixMode) throws FileViewException;

    /** Sets the time of what is there itself, a link being one. */
    void setTime(Path path, Instant lastModified) throws FileViewException;

    /**
     * Sets the owner and group, by number, of what is there itself, a link being one. Only a host that is root can give
     * files away; another leaves them as they are, as {@code cp -p} does.
     */
    void setOwner(Path path, int uid, int gid) throws FileViewException;

    /** Extended attributes of a file or folder as far as the host keeps them, values in Base64; empty for links. */
    Map<String, String> extendedAttributes(Path path) throws FileViewException;

    /** Adds extended attributes, by names and values as {@link #extendedAttributes} has them, to a file or folder. */
    void addExtendedAttributes(Path path, Map<String, String> values) throws FileViewException;

    /** Gives a file outside of any view those of them that are a person's own, and no access control lists. */
    static void putPersonsAttributes(Path file, Map<String, String> values) throws IOException {
        Traits.writeExtended(file, Traits.onlyPersons(values));
    }

    /** Extended attributes of a file outside of any view that are a person's own, and not an overlay's marks. */
    static Map<String, String> personsAttributes(Path file) throws IOException {
        return Traits.readExtended(file);
    }

    /** The real, absolute path after all links; fails if nothing is there. */
    Path realPath(Path path) throws FileViewException;

    /** The limit that an operation of this view hit, once one has. */
    Optional<LimitHit> limitHit();

    /** What the run has used so far. */
    Use use();

    /** Throws away all that was not committed and frees everything; may be called twice. */
    @Override
    void close() throws IOException;

    enum Links {
        FOLLOW,
        NOFOLLOW
    }

    enum Existing {
        FAIL,
        REPLACE
    }

    /** Which links are copied as what they lead to. */
    enum Follow {
        NONE,
        /** The one that is named itself, but none that is met in a folder. */
        NAMED,
        ALL;

        Links named() {
            return this == NONE ? Links.NOFOLLOW : Links.FOLLOW;
        }

        Links met() {
            return this == ALL ? Links.FOLLOW : Links.NOFOLLOW;
        }
    }

    /** What a copy has of its original beside its content. */
    enum Keep {
        /** Permissions only, and these less the umask. */
        CONTENT,
        /** Permissions, owner and time. */
        ATTRIBUTES,
        /** Extended attributes as well, and that several of the files copied into one folder are one file (hard links). */
        ALL
    }

    enum OpenMode {
        READ,
        WRITE,
        /** Create if absent. */
        CREATE,
        /** Fail if present. */
        CREATE_NEW,
        TRUNCATE
    }

    enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        OTHER
    }

    /**
     * {@code uid} and {@code gid} are those that the host would give the file; {@code names} is how many names it has, more
     * than one with hard links.
     */
    record Attributes(
            Kind kind,
            long size,
            Instant lastModified,
            Instant created,
            int posixMode,
            int uid,
            int gid,
            String fileKey,
            int names) {}

    /**
     * What a run has used.
     *
     * @param diskBytes the most new and changed bytes at once
     * @param openFiles the most at once
     * @param ioBytes read and written by the run, those of files that it had copied twice
     */
    record Use(long diskBytes, int openFiles, long ioBytes) {}

    /** Which limit was hit, what was allowed and what would have been used. */
    record LimitHit(Resource resource, long limit, long used) {
        public enum Resource {
            DISK,
            OPEN_FILES
        }
    }
}
