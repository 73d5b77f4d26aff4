package dev.understudy.core.backup;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes backups: one archive with the store, the scripts, the plugins and what was approved, the audit log with its note,
 * and the configuration, each with its checksum. Others may work on the data home meanwhile.
 */
public final class Backup {
    private static final DateTimeFormatter IN_NAMES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Scripts that change while they are copied are copied anew, so often at most. */
    private static final int TRIES = 5;

    private final DataHome home;
    private final Database store;
    private final Path configuration;
    private final String understudy;
    private final Clock clock;

    /**
     * @param configuration the person's file; need not be there
     * @param understudy the version that runs
     */
    public Backup(DataHome home, Database store, Path configuration, String understudy, Clock clock) {
        this.home = home;
        this.store = store;
        this.configuration = configuration;
        this.understudy = understudy;
        this.clock = clock;
    }

    /** What becomes of a file that is there. */
    public enum Existing {
        KEEP,
        REPLACE
    }

    /** A backup that was made. */
    public record Made(Path file, long bytes, BackupManifest manifest) {}

    /**
     * Makes one. What is at its place is whole at any moment.
     *
     * @param target a file, or a folder that is there, in which it then has the time for its name
     * @throws UserException if something is there already, or cannot be read or written
     */
    public Made write(Path target, Existing existing) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Path file = (Files.isDirectory(target) ? target.resolve("understudy-" + IN_NAMES.format(now) + ".zip") : target)
                .toAbsolutePath();
        if (Files.exists(file) && existing == Existing.KEEP)
            throw UserException.badInput(
                    "No backup was made",
                    file + " is there already",
                    "Name another file, or pass --force to replace it");
        Path parent = file.getParent();
        if (parent == null || !Files.isDirectory(parent))
            throw UserException.badInput(
                    "No backup was made", "there is no folder " + parent, "Name a file in a folder that is there");
        try {
            Path folder = Files.createTempDirectory(parent, ".understudy-backup-");
            try {
                BackupManifest manifest = gather(folder.resolve("all"), now);
                Path whole = folder.resolve("backup.zip");
                DataHome.createPrivateFile(whole);
                pack(folder.resolve("all"), manifest, whole);
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return new Made(file, Files.size(file), manifest);
            } finally {
                Folders.delete(folder);
            }
        } catch (ClosedByInterruptException e) {
            throw UserException.failed(
                    "No backup was made", "it was asked to end before it was whole", "Start it again", e);
        } catch (IOException e) {
            throw UserException.failed(
                    "No backup was made",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "See that " + parent + " can be written and the data home be read",
                    e);
        }
    }

    /** Copies all into a folder as it was at one moment. */
    private BackupManifest gather(Path folder, Instant now) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Folders.delete(folder);
            Path own = Files.createDirectories(folder.resolve(BackupManifest.HOME));
            String before = scripts();
            // Before the store: it may be behind the log, and never ahead of it.
            for (String name : List.of("audit.head", "audit.salvaged"))
                copy(home.root().resolve(name), own.resolve(name));
            store.copyTo(own.resolve(DataHome.DATABASE));
            for (String name : BackupManifest.KEPT)
                if (!name.startsWith("audit.")) copy(home.root().resolve(name), own.resolve(name));
            copy(configuration, folder.resolve(BackupManifest.CONFIGURATION));
            if (attempt == TRIES || scripts().equals(before))
                return new BackupManifest(understudy, Database.SCHEMA, now, entries(folder));
        }
    }

    /** What tells whether a script was written meanwhile: the store says of each what was approved. */
    private String scripts() throws IOException {
        var text = new StringBuilder();
        Path folder = home.root().resolve("automations");
        if (!Files.isDirectory(folder)) return "";
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted().toList())
                text.append(each)
                        .append(' ')
                        .append(Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS))
                        .append('\n');
        } catch (NoSuchFileException e) {
            // It went meanwhile; the next try sees the rest.
            text.append("without ").append(e.getFile());
        }
        return text.toString();
    }

    /** Files and folders; what a link leads to is no part of the data home. */
    private static void copy(Path source, Path target) throws IOException {
        if (Files.isSymbolicLink(source) && !target.endsWith(BackupManifest.CONFIGURATION)) return;
        if (Files.isDirectory(source)) {
            Files.createDirectories(target);
            List<Path> inside;
            try (Stream<Path> files = Files.list(source)) {
                inside = files.toList();
            }
            for (Path each : inside) copy(each, target.resolve(each.getFileName()));
        } else if (Files.isRegularFile(source)) {
            try {
                Files.copy(source, target);
            } catch (NoSuchFileException _) {
                // A draft or a plugin that somebody removed just now.
                return;
            }
        }
    }

    private static List<BackupManifest.Entry> entries(Path folder) throws IOException {
        var entries = new ArrayList<BackupManifest.Entry>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList())
                entries.add(new BackupManifest.Entry(
                        folder.relativize(each).toString(), Files.size(each), Checksums.sha256(each)));
        }
        return entries;
    }

    private static void pack(Path folder, BackupManifest manifest, Path file) throws IOException {
        // By a channel, which an interruption closes; a stream of the file would be written to its end.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                OutputStream output = new BufferedOutputStream(Channels.newOutputStream(channel));
                var zip = new ZipOutputStream(output)) {
            zip.putNextEntry(new ZipEntry(BackupManifest.NAME));
            zip.write(manifest.json());
            for (BackupManifest.Entry each : manifest.files()) {
                zip.putNextEntry(new ZipEntry(each.name()));
                Files.copy(folder.resolve(each.name()), zip);
            }
            zip.finish();
            output.flush();
            channel.force(true);
        }
    }
}
