package dev.understudy.core.tuning.journal;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.SessionFile.ParameterKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps sessions of different data homes from changing one parameter of the machine at once: each would take the other's trial
 * for what was there before. Needs a folder that only its owner may write; where there can be none, nothing is locked, and
 * whoever cannot have it may hardly change the machine either.
 */
final class MachineLocks implements AutoCloseable {
    /** Gone after a restart, as what it guards is. */
    static final Path FOLDER = Path.of("/run/understudy");

    private final Path folder;
    private final Map<ParameterKey, FileChannel> held = new HashMap<>();

    MachineLocks(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes the lock of a parameter until this is closed.
     *
     * @throws UserException if another session on this machine has it
     */
    void take(ParameterKey key) throws IOException {
        if (held.containsKey(key) || !folderIsOurs()) return;
        String name = (key.target() + "." + key.parameter()).replaceAll("[^A-Za-z0-9._-]", "_");
        FileChannel channel = FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // Another session of this process has it.
        } finally {
            if (!taken) channel.close();
        }
        if (!taken)
            throw UserException.failed(
                    key.parameter() + " cannot be tuned now",
                    "another Understudy on this machine, with another data home, is tuning it",
                    "Wait until that has ended, or end it");
        held.put(key, channel);
    }

    private boolean folderIsOurs() {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.isWritable(folder);
        } catch (IOException | UnsupportedOperationException _) {
            // Another process may have made it just now; then it is there.
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(folder);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : held.values()) channel.close();
        held.clear();
    }
}
