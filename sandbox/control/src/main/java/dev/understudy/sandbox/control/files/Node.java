package dev.understudy.sandbox.control.files;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a view holds at one name. Nodes are made when looked at and kept once something about them differs. */
abstract sealed class Node {
    /** Identity for as long as the view lives, also after a copy up or a rename. */
    final String key;

    /** Permissions if they were set in the view. */
    @Nullable
    Integer mode;

    /** Time of the last change in the view. */
    @Nullable
    Instant modified;

    /** Whether the guest set the time itself, which makes it a change of its own. */
    boolean timeSet;

    /** Owner and extended attributes if they were given in the view. */
    Traits traits = Traits.NONE;

    /** Bytes that count against the disk limit for this node. */
    long charged;

    private Node(String key) {
        this.key = key;
    }

    /**
     * A folder: what is below {@link #lower} on the host, except where {@link #own} has something else.
     *
     * <p>Renaming one moves this object, so its origin stays where the host still has it.
     */
    static final class Directory extends Node {
        final @Nullable Path lower;
        final @Nullable HostStatus status;
        final Map<String, Node> own = new HashMap<>();

        /** Folders of the host that were deleted or renamed away from here, by name. */
        final Map<String, Directory> formers = new HashMap<>();

        /** If not null, this folder is no granted one: only these names may be seen, since they lead to grants. */
        @Nullable
        Set<String> gates;

        boolean removed;

        Directory(String key, @Nullable Path lower, @Nullable HostStatus status) {
            super(key);
            this.lower = lower;
            this.status = status;
        }

        /** Lets a name be seen in a folder that is not granted itself. */
        void openGate(String name) {
            if (gates != null) gates.add(name);
        }

        static Directory gate(String key, @Nullable Path lower, @Nullable HostStatus status) {
            Directory directory = new Directory(key, lower, status);
            directory.gates = new TreeSet<>();
            return directory;
        }
    }

    /** A regular file: the host's, a staged one, or one with data of its own in the run's folder. */
    static final class RegularFile extends Node {
        final @Nullable Path lower;
        final @Nullable HostStatus status;
        byte @Nullable [] staged;

        /** The host's file of which this is a copy, until its content becomes another. */
        @Nullable
        Original original;

        @Nullable
        Path upper;

        /** Open while handles are. */
        @Nullable
        FileChannel channel;

        long upperSize;
        int handles;

        /** How many names it has in the view. */
        int names = 1;

        boolean unlinked;

        /** A file of the host's as it was when it was copied. */
        record Original(Path path, HostStatus status) {}

        RegularFile(String key, @Nullable Path lower, @Nullable HostStatus status) {
            super(key);
            this.lower = lower;
            this.status = status;
        }

        /** Where on the host its bytes are; null if they are the run's own or staged. */
        @Nullable
        Original onHost() {
            if (upper != null) return null;
            if (original != null) return original;
            return staged == null && lower != null && status != null ? new Original(lower, status) : null;
        }
    }

    static final class SymbolicLink extends Node {
        final @Nullable Path lower;
        final @Nullable HostStatus status;
        final Path target;

        SymbolicLink(String key, @Nullable Path lower, @Nullable HostStatus status, Path target) {
            super(key);
            this.lower = lower;
            this.status = status;
            this.target = target;
        }
    }

    /** A pipe, a socket or a device: seen, never touched. */
    static final class Special extends Node {
        final HostStatus status;

        Special(HostStatus status) {
            super(status.key());
            this.status = status;
        }
    }

    /** Nothing is here, whatever the host has. */
    static final class Absent extends Node {
        static final Absent HERE = new Absent();

        private Absent() {
            super("");
        }
    }
}
