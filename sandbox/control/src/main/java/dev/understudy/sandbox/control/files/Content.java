package dev.understudy.sandbox.control.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a file are before or after a run. */
sealed interface Content {

    /** A file of the host's own, by its place before the run; at another place after it, the file was renamed. */
    record Host(Path path, Fingerprint fingerprint) implements Content {}

    /** The bytes of a file of the host's that stays where it is; the kernel copies them when the run is committed. */
    record Copy(Path path, Fingerprint fingerprint) implements Content {}

    /** A private file that only the host writes, so that it may be linked into place. */
    record Own(Path path) implements Content {}

    /** A file that a guest wrote and may still hold open, so that it is only ever copied. */
    record Foreign(Path path) implements Content {}

    /** One more name of the file that is at a path of the same changes, or that stays there; by its bytes. */
    record Linked(Path path, Content bytes) implements Content {}

    /** A file that a rehearsal pretended. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Staged(byte[] bytes) implements Content {}

    /** The host's file of which the bytes are; null if a run has written them itself. */
    default @Nullable Path original() {
        return switch (this) {
            case Host(Path path, Fingerprint _) -> path;
            case Copy(Path path, Fingerprint _) -> path;
            case Linked(Path _, Content bytes) -> bytes.original();
            case Own _, Foreign _, Staged _ -> null;
        };
    }

    /** Opens the bytes without following any link. */
    default InputStream open(HostFiles host) throws IOException {
        return switch (this) {
            case Host(Path path, Fingerprint _) -> stream(host, path);
            case Copy(Path path, Fingerprint _) -> stream(host, path);
            case Own(Path path) -> stream(host, path);
            case Foreign(Path path) -> stream(host, path);
            case Linked(Path _, Content bytes) -> bytes.open(host);
            case Staged(byte[] bytes) -> new ByteArrayInputStream(bytes);
        };
    }

    private static InputStream stream(HostFiles host, Path path) throws IOException {
        return Channels.newInputStream(host.openRegular(path).channel());
    }

    /** Whether two files of one size hold the same bytes. */
    static boolean same(HostFiles host, Content one, Content other) throws IOException {
        try (InputStream left = one.open(host);
                InputStream right = other.open(host)) {
            while (true) {
                byte[] first = left.readNBytes(1 << 16);
                byte[] second = right.readNBytes(1 << 16);
                if (!Arrays.equals(first, second)) return false;
                if (first.length == 0) return true;
            }
        }
    }
}
