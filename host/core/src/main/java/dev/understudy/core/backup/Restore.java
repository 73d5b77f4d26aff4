package dev.understudy.core.backup;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup in the place of what a data home holds. Everything of it is unpacked and verified first; what was there is
 * then moved aside, and nothing of it deleted. A restore that was cut short while it moved things is ended by whoever opens
 * the data home next ({@link #finish}).
 */
public final class Restore {
    private static final String UNPACKING = "restore-unpacking";

    /** Holds what was verified; as long as it is there, the restore is not over. */
    private static final String READY = "restore-ready";

    private static final String ASIDE = "aside";
    private static final String CONFIGURATION_TARGET = "config.target";
    private static final int MAX_MANIFEST_BYTES = 64 << 20;
    private static final DateTimeFormatter IN_NAMES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path archive;

    /** @param archive the backup */
    public Restore(Path archive) {
        this.archive = archive;
    }

    /**
     * What was restored.
     *
     * @param aside where lies what was there before; empty if there was nothing
     */
    public record Restored(BackupManifest manifest, Optional<Path> aside) {}

    /**
     * Reads the whole backup and compares every file in it with its checksum.
     *
     * @throws UserException if it is no backup, is damaged, or a newer Understudy has made it
     */
    public BackupManifest verify() {
        return unpack(null);
    }

    /**
     * Restores it.
     *
     * @param configuration where the person's configuration belongs
     * @param existing whether what is there may be moved aside
     * @throws UserException if it cannot be used, something is there, or a process works on the data home
     */
    public Restored into(DataHome home, Path configuration, Backup.Existing existing, Clock clock)
            throws InterruptedException {
        try (var _ = home.lock("up", "running 'understudy up' on this data home", Duration.ZERO)) {
            if (Database.isInUse(home.database()))
                throw UserException.failed(
                        "Nothing was restored",
                        "another process has the store " + home.database() + " open",
                        "End it ('understudy host stop', or 'understudy up' where it runs) and try again");
            finish(home);
            Path unpacking = home.root().resolve(UNPACKING);
            Folders.delete(unpacking);
            DataHome.createPrivate(unpacking);
            try {
                BackupManifest manifest = unpack(unpacking);
                Set<String> tops = tops(manifest);
                if (existing == Backup.Existing.KEEP) refuseIfThere(home, configuration, unpacking);
                Path aside = home.root().resolve("before-restore-" + IN_NAMES.format(clock.instant()));
                note(unpacking.resolve(ASIDE), aside.toString());
                if (manifest.hasConfiguration())
                    note(unpacking.resolve(CONFIGURATION_TARGET), configuration.toString());
                // In the way: what the backup does not have, so that the data home is as it was then.
                for (String name : BackupManifest.KEPT)
                    if (!tops.contains(name)) DataHome.createPrivateFile(unpacking.resolve("without-" + name));
                Files.move(unpacking, home.root().resolve(READY), StandardCopyOption.ATOMIC_MOVE);
                finish(home);
                return new Restored(manifest, Optional.of(aside).filter(Files::exists));
            } finally {
                Folders.delete(unpacking);
            }
        } catch (IOException e) {
            throw UserException.failed(
                    "Nothing was restored",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "See that " + home.root() + " can be written and has room for the backup",
                    e);
        }
    }

    private static Set<String> tops(BackupManifest manifest) {
        var tops = new HashSet<String>();
        for (BackupManifest.Entry each : manifest.files())
            if (each.name().startsWith(BackupManifest.HOME))
                tops.add(each.name().substring(BackupManifest.HOME.length()).split("/", 2)[0]);
        return tops;
    }

    private void refuseIfThere(DataHome home, Path configuration, Path unpacked) throws IOException {
        Path inBackup = unpacked.resolve(BackupManifest.CONFIGURATION);
        Optional<Path> there = Optional.empty();
        if (Files.exists(home.database()) && Files.size(home.database()) > 0) there = Optional.of(home.database());
        else if (Files.exists(inBackup) && Files.exists(configuration) && Files.mismatch(inBackup, configuration) >= 0)
            there = Optional.of(configuration);
        if (there.isPresent())
            throw UserException.notAllowed(
                    "Nothing was restored",
                    there.get() + " is there already",
                    "Name an empty data home with --home, or pass --force: what is there is then moved aside");
    }

    private static void note(Path file, String text) throws IOException {
        DataHome.createPrivateFile(file);
        Files.writeString(file, text, StandardOpenOption.SYNC);
    }

    /**
     * Ends a restore that was cut short after it had been verified; does nothing where there is none.
     *
     * @return whether there was one
     */
    public static boolean finish(DataHome home) {
        Path ready = home.root().resolve(READY);
        if (!Files.isDirectory(ready)) return false;
        try {
            if (Files.exists(ready.resolve(ASIDE))) move(home, ready);
            Folders.delete(ready);
            return true;
        } catch (IOException e) {
            throw UserException.failed(
                    "A restore that was cut short could not be ended",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "See that " + home.root() + " can be written and try again; nothing of either state is lost",
                    e);
        }
    }

    /** Each step leaves what the next try can tell: what still lies in the folder is not yet in its place. */
    private static void move(DataHome home, Path ready) throws IOException {
        Path aside = Path.of(Files.readString(ready.resolve(ASIDE)));
        for (String name : BackupManifest.KEPT) {
            Path mark = ready.resolve("without-" + name);
            if (Files.notExists(mark)) continue;
            putAside(home.root().resolve(name), aside);
            Files.delete(mark);
        }
        Path own = ready.resolve(BackupManifest.HOME);
        if (Files.exists(own.resolve(DataHome.DATABASE))) {
            // The last good copy is of the old store, too: with the new one gone, it would be taken for it.
            for (Path each : Database.filesOf(home.database())) putAside(each, aside);
            place(own.resolve(DataHome.DATABASE), home.database());
        }
        List<Path> rest;
        try (Stream<Path> staged = Files.list(own)) {
            rest = staged.toList();
        }
        for (Path each : rest) {
            Path target = home.root().resolve(each.getFileName());
            putAside(target, aside);
            place(each, target);
        }
        Path configuration = ready.resolve(BackupManifest.CONFIGURATION);
        if (Files.exists(configuration)) {
            placeConfiguration(configuration, Path.of(Files.readString(ready.resolve(CONFIGURATION_TARGET))), aside);
            Files.delete(configuration);
        }
    }

    private static void putAside(Path there, Path aside) throws IOException {
        if (Files.notExists(there)) return;
        DataHome.createPrivate(aside);
        Files.move(there, aside.resolve(there.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void place(Path staged, Path target) throws IOException {
        Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** It lies elsewhere, maybe on another disk. */
    private static void placeConfiguration(Path staged, Path target, Path aside) throws IOException {
        if (Files.exists(target)) {
            if (Files.mismatch(staged, target) < 0) return;
            DataHome.createPrivate(aside);
            Path kept = aside.resolve(BackupManifest.CONFIGURATION);
            if (Files.notExists(kept)) Files.copy(target, kept);
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) throw new IOException(target + " lies in no folder");
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, ".config", ".new");
        Files.copy(staged, fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Goes through all files.
     *
     * @param folder where they are written; null to verify them only
     */
    private BackupManifest unpack(@Nullable Path folder) {
        if (!Files.isRegularFile(archive))
            throw UserException.badInput(
                    "The backup " + archive + " cannot be used",
                    Files.exists(archive) ? "it is no ordinary file" : "there is no such file",
                    "Name one that 'understudy backup' has written");
        try (var zip = new ZipFile(archive.toFile())) {
            BackupManifest manifest = manifest(zip);
            for (BackupManifest.Entry each : manifest.files()) {
                ZipEntry entry = zip.getEntry(each.name());
                if (entry == null) throw new BackupManifest.Unreadable(each.name() + " is missing from it");
                Path target = folder == null ? null : folder.resolve(each.name());
                if (!each.sha256().equals(unpack(zip, entry, each.bytes(), target)))
                    throw new BackupManifest.Unreadable(each.name() + " is not as it was written");
            }
            if (manifest.files().stream()
                    .noneMatch(each -> each.name().equals(BackupManifest.HOME + DataHome.DATABASE)))
                throw new BackupManifest.Unreadable("no store is in it");
            return manifest;
        } catch (BackupManifest.NewerException e) {
            throw UserException.failed(
                    "The backup " + archive + " cannot be used",
                    String.valueOf(e.getMessage()),
                    "Restore it with that one, or with a newer one");
        } catch (BackupManifest.Unreadable e) {
            throw damaged(String.valueOf(e.getMessage()));
        } catch (ZipException e) {
            throw damaged(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw UserException.failed(
                    "The backup " + archive + " cannot be used",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Name a file that 'understudy backup' has written",
                    e);
        }
    }

    private UserException damaged(String why) {
        return UserException.badInput(
                "The backup " + archive + " cannot be used",
                "it is damaged, or no backup: " + why,
                "Name one that 'understudy backup' has written; nothing was changed");
    }

    private static BackupManifest manifest(ZipFile zip)
            throws IOException, BackupManifest.Unreadable, BackupManifest.NewerException {
        ZipEntry entry = zip.getEntry(BackupManifest.NAME);
        if (entry == null) throw new BackupManifest.Unreadable("it has no " + BackupManifest.NAME);
        try (InputStream input = zip.getInputStream(entry)) {
            return BackupManifest.of(input.readNBytes(MAX_MANIFEST_BYTES));
        }
    }

    /** Gives the checksum; more bytes than a file should have are not read. */
    private static String unpack(ZipFile zip, ZipEntry entry, long bytes, @Nullable Path target) throws IOException {
        if (target == null) {
            try (OutputStream nowhere = OutputStream.nullOutputStream()) {
                return transfer(zip, entry, bytes, nowhere);
            }
        }
        Path parent = target.getParent();
        if (parent != null) DataHome.createPrivate(parent);
        DataHome.createPrivateFile(target);
        try (OutputStream output = Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
            return transfer(zip, entry, bytes, output);
        }
    }

    private static String transfer(ZipFile zip, ZipEntry entry, long bytes, OutputStream output) throws IOException {
        var digest = Checksums.sha256();
        long left = bytes;
        try (InputStream input = zip.getInputStream(entry)) {
            byte[] part = new byte[1 << 16];
            for (int read = input.read(part); read >= 0; read = input.read(part)) {
                left -= read;
                if (left < 0) return "";
                digest.update(part, 0, read);
                output.write(part, 0, read);
            }
        }
        return left == 0 ? Checksums.hex(digest) : "";
    }
}
