package dev.understudy.core;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.sqlite.JDBC;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native parts of SQLite and JNA, unpacked once into the data home and used from there. By themselves both unpack them
 * anew for every process into the folder for temporary files: a process that is killed leaves its copy behind, and where
 * that folder is mounted noexec it cannot be used at all.
 *
 * <p>Each lies in a folder named for its content, so that another version never replaces one in use. The data home is its
 * owner's alone, so nobody else can plant one; what is there is compared with the jar all the same. Where none of this can
 * be done, as on a full disk, the libraries unpack themselves as they always did.
 */
final class NativeLibraries {
    private static final String SQLITE_FOLDER = "org.sqlite.lib.path";
    private static final String JNA_FOLDER = "jna.boot.library.path";

    private final Path folder;

    private NativeLibraries(Path folder) {
        this.folder = folder;
    }

    /** What a jar holds. */
    private record Packed(URL source, String fileName, long checksum, long bytes) {
        String folderName() {
            return HexFormat.of().toHexDigits(checksum, 8) + "-" + bytes;
        }
    }

    /** Unpacks what is not there yet, and tells both libraries; where somebody has told them already, that stands. */
    static void keepIn(DataHome home) {
        if (System.getProperty(SQLITE_FOLDER) != null || System.getProperty(JNA_FOLDER) != null) return;
        try {
            var libraries = new NativeLibraries(home.folder("native"));
            Optional<Path> sqlite = libraries.unpacked(packed(
                    JDBC.class,
                    LibraryLoaderUtil.getNativeLibResourcePath() + "/",
                    LibraryLoaderUtil.getNativeLibName()));
            Optional<Path> jna = libraries.unpacked(packed(
                    Native.class,
                    "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/",
                    System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib")));
            // Not loaded here to see whether it can be: where SQLite has loaded its own copy already, calls would go to
            // one and
            // then to the other. One that cannot be loaded, as from a folder mounted noexec, it unpacks for itself.
            sqlite.ifPresent(
                    file -> System.setProperty(SQLITE_FOLDER, parent(file).toString()));
            jna.ifPresent(file -> System.setProperty(JNA_FOLDER, parent(file).toString()));
        } catch (IOException | UserException _) {
            // They unpack themselves.
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) throw new IllegalArgumentException(file + " lies in no folder");
        return parent;
    }

    private static Optional<Packed> packed(Class<?> neighbour, String resourceFolder, String fileName)
            throws IOException {
        URL source = neighbour.getResource(resourceFolder + fileName);
        if (source == null) return Optional.empty();
        URLConnection connection = source.openConnection();
        if (!(connection instanceof JarURLConnection jar)) return Optional.empty();
        ZipEntry entry = jar.getJarEntry();
        return Optional.of(new Packed(source, fileName, entry.getCrc(), entry.getSize()));
    }

    private Optional<Path> unpacked(Optional<Packed> packed) throws IOException {
        if (packed.isEmpty()) return Optional.empty();
        Packed library = packed.get();
        Path file = folder.resolve(library.folderName()).resolve(library.fileName());
        if (!holds(file, library)) unpack(library, file);
        return Optional.of(file);
    }

    private static boolean holds(Path file, Packed library) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != library.bytes()) return false;
        var checksum = new CRC32();
        checksum.update(Files.readAllBytes(file));
        return checksum.getValue() == library.checksum();
    }

    private void unpack(Packed library, Path file) throws IOException {
        for (Path other : others(library)) remove(other);
        Path place = parent(file);
        DataHome.createPrivate(place);
        Path fresh = Files.createTempFile(place, "new-", "");
        // A copy in its place would have the mode that the umask gives.
        try (InputStream in = library.source().openStream();
                OutputStream out = Files.newOutputStream(fresh)) {
            in.transferTo(out);
        }
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Of earlier versions, and what a kill left half written. Who has one of them loaded keeps it. */
    private List<Path> others(Packed library) throws IOException {
        var others = new ArrayList<Path>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
            for (Path each : folders) {
                boolean same = Files.exists(each.resolve(library.fileName()), LinkOption.NOFOLLOW_LINKS);
                if (same || each.getFileName().toString().equals(library.folderName())) others.add(each);
            }
        }
        return others;
    }

    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
