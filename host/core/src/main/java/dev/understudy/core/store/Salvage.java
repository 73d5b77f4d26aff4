package dev.understudy.core.store;

import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteDataSource;

/**
 * Makes a store that can be used out of a damaged one: from the last good copy, and from every row that can still be read in
 * the damaged file, which is kept beside. A table that can be read to its end is as it was; of one with a page that cannot,
 * the rows before and after that page are taken, and those of the copy stay where there are none.
 */
final class Salvage {
    /** SQLite's file format, section 1.3: what the first 100 bytes hold in a store of ours. */
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private static final int HEADER_BYTES = 100;
    private static final int PAGE_BYTES = 4096;

    /** SQLite's write-ahead-log index: whoever has a store open holds this byte of it locked ("dead man's switch"). */
    private static final long IN_USE_BYTE = 128;

    private static final String DAMAGED = ".damaged-";

    /** A line for each lock, which ends in "major:minor:inode first last". */
    private static final Path LOCKS = Path.of("/proc/locks");

    private final Path file;
    private final Path copy;
    private final List<String> lost = new ArrayList<>();

    Salvage(Path file) {
        this.file = file;
        this.copy = copyOf(file);
    }

    /** Where the last good copy of a store lies. */
    static Path copyOf(Path file) {
        return beside(file, ".copy");
    }

    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** That a query met damage; the next one who opens the store salvages it. */
    static Path mark(Path file) {
        return beside(file, ".is-damaged");
    }

    /** Whether a store was found damaged, or is gone though there is a copy of it. */
    static boolean isNeeded(Path file) throws IOException {
        boolean gone = Files.notExists(file) || Files.size(file) == 0;
        return Files.exists(mark(file)) || (gone && Files.exists(copyOf(file)));
    }

    /** Whether another process has the store open; it would go on writing to what has been put aside. */
    static boolean isInUse(Path file) throws IOException {
        Path index = beside(file, "-shm");
        if (Files.notExists(index)) return false;
        // Asked for first, since closing the file would give up the locks that this process itself holds on it.
        if (isKnownLocked(index)) return true;
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock(IN_USE_BYTE, 1, false)) {
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true;
        }
    }

    /** Whether the kernel lists the lock; it does not list those of processes in other PID namespaces. */
    private static boolean isKnownLocked(Path index) throws IOException {
        if (Files.notExists(LOCKS)) return false;
        String held = ":" + Files.getAttribute(index, "unix:ino") + " " + IN_USE_BYTE + " " + IN_USE_BYTE;
        try (Stream<String> locks = Files.lines(LOCKS)) {
            return locks.anyMatch(lock -> lock.endsWith(held));
        } catch (NoSuchFileException | UncheckedIOException _) {
            return false;
        }
    }

    /** Makes an up-to-date store of an empty file or a copy. */
    interface Migration {
        void run(Path store);
    }

    /**
     * Puts a new store in the place of the damaged one.
     *
     * @return what was kept and what was lost, a line for people
     */
    String run(Migration migration) throws IOException, SQLException {
        Path fresh = beside(file, ".salvage");
        removeStore(fresh);
        boolean fromCopy = Files.exists(copy);
        String copied = fromCopy
                ? "the copy of " + Files.getLastModifiedTime(copy).toInstant().truncatedTo(ChronoUnit.SECONDS)
                : "";
        if (fromCopy) Files.copy(copy, fresh);
        else DataHome.createPrivateFile(fresh);
        migration.run(fresh);
        Path aside = putAside();
        boolean read = Files.exists(aside) && Files.size(aside) > 0 && merge(aside, fresh);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(mark(file));
        String source = read
                ? "what could be read of it" + (fromCopy ? " and " + copied : "")
                : fromCopy
                        ? copied + ", since nothing of it could be read"
                        : "nothing, since nothing of it could be read";
        String nothing = Files.exists(beside(file, ".log-mended")) ? "; nothing more was lost" : "; nothing was lost";
        String missing = read ? lost.isEmpty() ? nothing : "; lost in part: " + String.join(", ", lost) : "";
        return "the store was damaged on " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " and goes on from "
                + source + missing + "; the damaged one is kept in " + aside;
    }

    private static void removeStore(Path store) throws IOException {
        for (String part : List.of("", "-wal", "-shm", "-journal")) Files.deleteIfExists(beside(store, part));
    }

    /** With its write-ahead log, under a new name; one damaged store is kept, not one for every accident. */
    private Path putAside() throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) throw new IOException(file + " lies in no folder");
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(parent, file.getFileName() + DAMAGED + "*")) {
            for (Path each : earlier) Files.deleteIfExists(each);
        }
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
        Path aside = beside(file, DAMAGED + time);
        // The log first: without it the store is only older, with it but under its old name it could fit a new one.
        for (String part : List.of("-wal", ""))
            if (Files.exists(beside(file, part)))
                Files.move(beside(file, part), beside(aside, part), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(beside(file, "-shm"));
        return aside;
    }

    private static Connection connect(Path store) throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + store);
        return source.getConnection();
    }

    /** Whether anything of the damaged store could be read. */
    private boolean merge(Path aside, Path fresh) throws IOException, SQLException {
        mendHeader(aside);
        try (Connection to = connect(fresh)) {
            to.setAutoCommit(false);
            boolean any = false;
            try (Connection from = connect(aside)) {
                try (Statement statement = from.createStatement()) {
                    // Else a file that was cut off is refused as a whole.
                    statement.execute("PRAGMA writable_schema = ON");
                    statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
                    any = true;
                }
                for (String table : tables(to)) new Table(table, columns(to, table)).merge(from, to);
            } catch (SQLException e) {
                if (any) throw e;
            }
            to.commit();
            return any;
        }
    }

    /** What is wrong in the first bytes is known, since the same stand in every store of ours. */
    private static void mendHeader(Path store) throws IOException {
        try (FileChannel channel = FileChannel.open(store, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer found = ByteBuffer.allocate(MAGIC.length);
            channel.read(found, 0);
            if (found.flip().equals(ByteBuffer.wrap(MAGIC)) || channel.size() < PAGE_BYTES) return;
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.BIG_ENDIAN);
            header.put(MAGIC).putShort((short) PAGE_BYTES);
            // Written and read by way of a log, nothing reserved, and the three fractions that are always the same.
            header.put(new byte[] {2, 2, 0, 64, 32, 32});
            int changes = 1;
            header.putInt(24, changes).putInt(28, (int) (channel.size() / PAGE_BYTES));
            header.putInt(40, 1).putInt(44, 4).putInt(56, 1).putInt(92, changes);
            channel.write(header.position(0), 0);
        }
    }

    private static List<String> tables(Connection store) throws SQLException {
        return texts(
                store,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                        + " AND name NOT LIKE 'flyway%'");
    }

    private static List<String> columns(Connection store, String table) throws SQLException {
        return texts(store, "SELECT '\"' || name || '\"' FROM pragma_table_info('" + table + "')");
    }

    private static List<String> texts(Connection store, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (Statement statement = store.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) texts.add(rows.getString(1));
        }
        return texts;
    }

    /** One table on its way from the damaged store to the new one. */
    private final class Table {
        private final String name;
        private final String columns;
        private final int width;

        Table(String name, List<String> columns) {
            this.name = name;
            this.columns = String.join(", ", columns);
            this.width = columns.size();
        }

        void merge(Connection from, Connection to) throws SQLException {
            String forwards = "SELECT " + columns + " FROM " + name + " NOT INDEXED";
            boolean whole = isWhole(from, forwards);
            if (whole) empty(to);
            take(from, forwards, to);
            if (whole) return;
            // Past the page that cannot be read there may be more.
            take(from, forwards + " ORDER BY rowid DESC", to);
            lost.add(name.replace('_', ' '));
        }

        private static boolean isWhole(Connection from, String query) {
            try (Statement statement = from.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {}
                return true;
            } catch (SQLException _) {
                return false;
            }
        }

        /** What was deleted since the copy was made shall not come back. */
        private void empty(Connection to) throws SQLException {
            var before = to.setSavepoint();
            try (Statement statement = to.createStatement()) {
                statement.execute("DELETE FROM " + name);
            } catch (SQLException _) {
                // From the log of what was done nothing is ever deleted.
                to.rollback(before);
            }
        }

        private void take(Connection from, String query, Connection to) throws SQLException {
            String values = "?, ".repeat(width - 1) + "?";
            try (Statement statement = from.createStatement();
                    PreparedStatement insert = to.prepareStatement(
                            "INSERT OR REPLACE INTO " + name + " (" + columns + ") VALUES (" + values + ")");
                    ResultSet rows = rows(statement, query)) {
                while (next(rows)) {
                    for (int i = 1; i <= width; i++) insert.setObject(i, rows.getObject(i));
                    insert(insert);
                }
            }
        }

        private static ResultSet rows(Statement statement, String query) throws SQLException {
            try {
                return statement.executeQuery(query);
            } catch (SQLException _) {
                return statement.executeQuery("SELECT 1 WHERE 0");
            }
        }

        private static boolean next(ResultSet rows) {
            try {
                return rows.next();
            } catch (SQLException _) {
                return false;
            }
        }

        private static void insert(PreparedStatement insert) {
            try {
                insert.executeUpdate();
            } catch (SQLException _) {
                // A row that the damage has made one that cannot be, or one that the log has already.
                return;
            }
        }
    }
}
