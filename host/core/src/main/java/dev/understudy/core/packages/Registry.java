package dev.understudy.core.packages;

import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where packages of one kind come from. Used by one thread. */
interface Registry {
    /** What a text asks for, of those that a head lists. */
    Want want(String dependency);

    /** Whether a version would do. */
    boolean allows(Want want, String version);

    /**
     * The newest version with which all are served.
     *
     * @param preferred taken instead where it does, as what is locked already
     * @throws PackageException if there is none, or it is not pure
     */
    Found find(String name, Collection<Want> wants, Optional<String> preferred)
            throws IOException, InterruptedException, PackageException;

    /** The files of a package that was downloaded, by their paths in the folder of its kind. */
    Map<String, byte[]> unpack(String name, String version, byte[] archive) throws PackageException;

    /**
     * A version that was found.
     *
     * @param source from where it is downloaded
     * @param integrity what its bytes must hash to, as in Subresource Integrity: {@code sha512-} and Base64
     * @param archive its bytes, if they are there already
     */
    record Found(
            String name,
            String version,
            URI source,
            String integrity,
            Needs needs,
            @SuppressWarnings("ArrayRecordComponent") Optional<byte[]> archive) {}

    /** What a version needs for itself, together with some of its extras. */
    @FunctionalInterface
    interface Needs {
        List<Want> with(Set<String> extras);
    }
}
