package dev.understudy.core.store;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Exhausted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The store: one SQLite file in WAL mode. Readers never wait; writers of all processes queue. Safe for use by several
 * threads.
 *
 * <p>A write that returned is on the disk: {@code synchronous=FULL}, since a commit costs one flush, we commit by the
 * batch, and the journal of what must be undone after a power cut relies on it.
 */
public final class Database implements AutoCloseable {
    /** All migrations in order; a test holds the folder to this list. No version ever had an eighth. */
    static final List<String> MIGRATIONS = List.of(
            "V1__tasks.sql",
            "V2__automations.sql",
            "V3__tests.sql",
            "V4__workflows.sql",
            "V5__life.sql",
            "V6__triggers.sql",
            "V7__performance.sql",
            "V9__optimization.sql",
            "V10__timings.sql",
            "V11__firings.sql",
            "V12__decisions.sql",
            "V13__requested_runs.sql",
            "V14__proposals.sql",
            "V15__executor.sql",
            "V16__settings.sql",
            "V17__fleet.sql");

    /** The version of the tables that this Understudy makes; the number of its last migration. */
    public static final int SCHEMA = versionOf(MIGRATIONS.getLast());

    private static final String MIGRATION_FOLDER = "db/migration/";
    private static final Duration WRITER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration COPY_LIFE = Duration.ofDays(1);
    private static final int MAX_IDLE_CONNECTIONS = 4;

    private final Path file;
    private final SQLiteDataSource source;
    private final boolean readOnly;
    private final LinkedBlockingDeque<Connection> idle = new LinkedBlockingDeque<>(MAX_IDLE_CONNECTIONS);
    private final Jdbi jdbi;
    private volatile boolean closed;

    private Database(Path file, SQLiteDataSource source, boolean readOnly) {
        this.file = file;
        this.source = source;
        this.readOnly = readOnly;
        jdbi = Jdbi.create(new Pool());
    }

    private static Database forAll(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(Math.toIntExact(WRITER_PATIENCE.toMillis()));
        config.enforceForeignKeys(true);
        // A transaction that starts by reading and then writes would fail at once if another process wrote meanwhile.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return new Database(file, source, false);
    }

    /**
     * Even to read, SQLite makes a file beside the store (its index of the write-ahead log), which cannot be where the disk
     * is full or mounted read-only. A store whose log is empty, as it is when nobody uses it, can be read without.
     */
    private static Database forReading(Path file) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        var source = new SQLiteDataSource(config);
        // A URI, in which a path may hold any letter.
        source.setUrl("jdbc:sqlite:" + file.toUri().toASCIIString().replace("file:///", "file:/") + "?immutable=1");
        return new Database(file, source, true);
    }

    private static boolean canBeReadAsItIs(Path file) {
        try {
            Path log = file.resolveSibling(file.getFileName() + "-wal");
            return Files.size(file) > 0 && (Files.notExists(log) || Files.size(log) == 0);
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Opens the file, creating and migrating it if need be. Where its disk is full or mounted read-only it can be read, and
     * what writes says so. One that is damaged is put right first, as far as it can be: {@link #damageNote} then tells.
     *
     * @throws UserException if it cannot be opened, is no database, or belongs to a newer Understudy
     */
    public static Database open(Path file) {
        boolean logWasMended = mendLog(file);
        try {
            if (Salvage.isNeeded(file)) salvage(file);
            // SQLite gives the files that it makes beside it the same mode.
            DataHome.createPrivateFile(file);
        } catch (IOException _) {
            // SQLite finds the same, and says it with its own word.
        }
        try {
            Database opened = opened(forAll(file));
            if (!logWasMended || opened.isSound()) return opened;
            // The log was lost while its pages were on their way into the store.
            opened.disconnect();
            salvage(file);
            return opened(forAll(file));
        } catch (UserException e) {
            if (isDamage(e)) {
                salvage(file);
                return opened(forAll(file));
            }
            boolean noRoom = Exhausted.at(file).isPresent();
            if (!noRoom || !canBeReadAsItIs(file)) throw e;
            return opened(forReading(file));
        }
    }

    private static boolean isDamage(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite && isDamage(primary(sqlite))) return true;
        }
        return false;
    }

    private static boolean isDamage(SQLiteErrorCode code) {
        return code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    /** Extended codes carry the primary one in the low byte. */
    private static SQLiteErrorCode primary(SQLiteException e) {
        return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
    }

    private static void salvage(Path file) {
        try {
            if (Salvage.isInUse(file))
                throw UserException.failed(
                        "The store " + file + " is damaged",
                        "another process has it open, so it cannot be put right now",
                        "End the other one ('understudy up') and try again");
            String note = new Salvage(file).run(store -> opened(forAll(store)).disconnect());
            Path told = damageNote(file);
            DataHome.createPrivateFile(told);
            Files.writeString(told, note);
        } catch (IOException | SQLException e) {
            throw UserException.failed(
                    "The store " + file + " is damaged",
                    "what can be read could not be saved: " + e.getMessage(),
                    "See that its folder can be written; name another data home with --home meanwhile",
                    e);
        }
    }

    /** What SQLite would pass over in silence, and what it would make worse by writing on. */
    private static boolean mendLog(Path file) {
        var log = new WriteAheadLog(file);
        try {
            if (log.isTakenFromItsUser())
                throw UserException.failed(
                        "The store " + file + " cannot be used now",
                        "its write-ahead log (" + file.getFileName()
                                + "-wal) was removed while another process uses it",
                        "End the other one ('understudy up'), which saves what it has written, and try again");
            return log.mend(logNote(file));
        } catch (IOException e) {
            if (Exhausted.behind(e).isEmpty() && Exhausted.at(file).isEmpty()) return false;
            throw UserException.failed(
                    "The write-ahead log of the store " + file + " is damaged",
                    "the damaged one could not be kept: " + e.getMessage(),
                    "See that its folder can be written",
                    e);
        }
    }

    private boolean isSound() {
        return read(handle -> handle.createQuery("PRAGMA quick_check(1)")
                .mapTo(String.class)
                .one()
                .equals("ok"));
    }

    private static Path damageNote(Path file) {
        return Salvage.beside(file, ".salvaged");
    }

    private static Path logNote(Path file) {
        return Salvage.beside(file, ".log-mended");
    }

    /**
     * How the store was found damaged.
     *
     * @param reach which of the things in it may be missing
     * @param text what was kept and lost, a clause for people
     */
    public record DamageNote(Reach reach, String text) {
        /** What damage may have taken. */
        public enum Reach {
            /** Only what was written last. */
            END,
            /** Any row. */
            ANY
        }
    }

    /** What was kept and lost when the store was last found damaged; empty once it has been told. */
    public Optional<DamageNote> damageNote() {
        try {
            String log = text(logNote(file));
            String store = text(damageNote(file));
            if (log.isEmpty() && store.isEmpty()) return Optional.empty();
            return Optional.of(
                    store.isEmpty()
                            ? new DamageNote(DamageNote.Reach.END, log)
                            : new DamageNote(DamageNote.Reach.ANY, log.isEmpty() ? store : log + "; then " + store));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String text(Path note) throws IOException {
        return Files.exists(note) ? Files.readString(note) : "";
    }

    /** That the note has been taken into the log and told. */
    public void forgetDamageNote() {
        try {
            Files.deleteIfExists(damageNote(file));
            Files.deleteIfExists(logNote(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Database opened(Database database) {
        try {
            database.migrate();
            return database;
        } catch (RuntimeException e) {
            database.disconnect();
            throw e;
        }
    }

    /** Whether it can only be read, since its disk is full or takes no writes. */
    public boolean isReadOnly() {
        return readOnly;
    }

    /** Reads; several threads and processes at once. */
    public <T, X extends Exception> T read(HandleCallback<T, X> query) throws X {
        try {
            return jdbi.withHandle(query);
        } catch (JdbiException e) {
            throw translate(e);
        }
    }

    /** Writes in one transaction, which stands when this returns and has never happened when it throws. */
    public <T, X extends Exception> T write(HandleCallback<T, X> change) throws X {
        try {
            return jdbi.inTransaction(change);
        } catch (JdbiException e) {
            throw translate(e);
        }
    }

    /** As {@link #write}, without a result. */
    public <X extends Exception> void change(HandleConsumer<X> change) throws X {
        write(handle -> {
            change.useHandle(handle);
            return true;
        });
    }

    /** Closes it; once a day a copy of it is made first, for the case of damage. */
    @Override
    public void close() {
        if (!closed && !readOnly && isCopyDue()) copy();
        disconnect();
    }

    private boolean isCopyDue() {
        try {
            Path copy = Salvage.copyOf(file);
            return Files.notExists(copy)
                    || Files.getLastModifiedTime(copy)
                            .toInstant()
                            .isBefore(Instant.now().minus(COPY_LIFE));
        } catch (IOException _) {
            return false;
        }
    }

    /** Only of a store in which nothing is wrong, and only as a whole in place of the one before. */
    private void copy() {
        Path copy = Salvage.copyOf(file);
        Path fresh = Salvage.beside(copy, ".new");
        try {
            Files.deleteIfExists(fresh);
            DataHome.createPrivateFile(fresh);
            if (!isSound()) {
                DataHome.createPrivateFile(Salvage.mark(file));
                return;
            }
            writeTo(fresh);
            Files.move(fresh, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException _) {
            // The one before stands; there is no room, or somebody is writing for long.
            discard(fresh);
        }
    }

    /**
     * Writes the store as it is at one moment into a file, while others read it and write to it.
     *
     * @param target is not there, or empty
     * @throws UserException if something is wrong in the store: of a damaged one no copy is made
     */
    public void copyTo(Path target) throws IOException {
        if (!isSound())
            throw UserException.failed(
                    "The store " + file + " was not copied",
                    "it is damaged",
                    "Run any command once more: what can be read is then saved, and the rest comes from the last good copy");
        DataHome.createPrivateFile(target);
        writeTo(target);
    }

    private void writeTo(Path target) throws IOException {
        read(handle -> handle.execute("VACUUM INTO ?", target.toString()));
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Whether another process has a store open. */
    public static boolean isInUse(Path file) throws IOException {
        return Salvage.isInUse(file);
    }

    /** All files that a store may have, itself the last: without the others it is older, with them alone it is none. */
    public static List<Path> filesOf(Path file) {
        return Stream.of(".copy", ".is-damaged", ".salvaged", ".log-mended", "-shm", "-wal", "")
                .map(suffix -> Salvage.beside(file, suffix))
                .toList();
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // The next copy takes its place.
            return;
        }
    }

    private void disconnect() {
        closed = true;
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll())
            quietlyClose(connection);
    }

    /**
     * Brings the tables up to date. Flyway takes 400 ms to see that there is nothing to do (13.12.0, two cores), which
     * is most of what a short command takes; so the file remembers for which migrations it was last found up to date.
     */
    private void migrate() {
        int fingerprint = fingerprint();
        int found = read(handle ->
                handle.createQuery("PRAGMA user_version").mapTo(Integer.class).one());
        if (found == fingerprint) return;
        refuseIfNewer();
        // What a new version does to it can be taken back then.
        if (found != 0) copy();
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:" + MIGRATION_FOLDER)
                    .validateMigrationNaming(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw translate(e);
        }
        change(handle -> handle.execute("PRAGMA user_version = " + fingerprint));
    }

    /** Flyway passes over migrations that it does not know, and what they have made would then be written to as if it were old. */
    private void refuseIfNewer() {
        int version = read(handle -> {
            boolean migrated =
                    handle.createQuery("SELECT count(*) FROM sqlite_schema WHERE name = 'flyway_schema_history'")
                                    .mapTo(Integer.class)
                                    .one()
                            > 0;
            return migrated
                    ? handle.createQuery("SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM flyway_schema_history")
                            .mapTo(Integer.class)
                            .one()
                    : 0;
        });
        if (version > SCHEMA)
            throw UserException.failed(
                    "The store " + file + " was not opened",
                    "a newer Understudy has written it (version " + version + " of the tables, and this one knows "
                            + SCHEMA + ")",
                    "Use that one, restore a backup from before ('understudy restore FILE'), or name another data home"
                            + " with --home; nothing was changed");
    }

    private static int versionOf(String migration) {
        return Integer.parseInt(migration.substring(1, migration.indexOf('_')));
    }

    private static int fingerprint() {
        var crc = new CRC32();
        for (String migration : MIGRATIONS) {
            try (InputStream stream =
                    Database.class.getClassLoader().getResourceAsStream(MIGRATION_FOLDER + migration)) {
                if (stream == null) throw new IllegalStateException("no migration " + migration + " on the class path");
                crc.update(stream.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return (int) crc.getValue();
    }

    private RuntimeException translate(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) return translate(sqlite);
        }
        return e instanceof FlywayException
                ? UserException.failed(
                        "The store " + file + " cannot be brought up to date",
                        String.valueOf(e.getMessage()),
                        "It may belong to a newer Understudy: use that one, or another data home with --home",
                        e)
                : e;
    }

    private RuntimeException translate(SQLiteException e) {
        SQLiteErrorCode code = e.getResultCode();
        boolean aboutRoom = switch (primary(e)) {
            case SQLITE_FULL, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_IOERR -> true;
            default -> false;
        };
        Optional<Exhausted> exhausted = aboutRoom ? Exhausted.at(file) : Optional.empty();
        if (exhausted.isPresent())
            return UserException.failed(
                    "The store " + file + " cannot be " + (readOnly ? "written" : "used"),
                    exhausted.get().why(),
                    exhausted.get().mend(),
                    e);
        return switch (primary(e)) {
            case SQLITE_FULL ->
                UserException.failed(
                        "The store " + file + " cannot be written",
                        "the disk is full",
                        "Free some space; what was stored before is safe",
                        e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                UserException.failed(
                        "The store " + file + " is busy",
                        "another process has been writing for " + WRITER_PATIENCE.toSeconds() + " s",
                        "Wait until it is done and try again",
                        e);
            case SQLITE_CORRUPT, SQLITE_NOTADB -> damaged(e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_AUTH ->
                UserException.failed(
                        "The store " + file + " cannot be used",
                        String.valueOf(e.getMessage()),
                        "Make the file and its folder writable, or name another data home with --home",
                        e);
            default -> new IllegalStateException("SQLite answered " + code + " for " + file, e);
        };
    }

    private UserException damaged(SQLiteException e) {
        try {
            DataHome.createPrivateFile(Salvage.mark(file));
        } catch (IOException _) {
            // Whoever meets the damage next marks it.
        }
        return UserException.failed(
                "The store " + file + " is damaged",
                String.valueOf(e.getMessage()),
                "Try again: what can be read is then saved, and what cannot comes from the last good copy",
                e);
    }

    private static void quietlyClose(Connection connection) {
        try {
            connection.close();
        } catch (SQLException _) {
            // Nothing is lost: what was acknowledged is on the disk.
        }
    }

    /** Opening a connection and setting it up costs more than most of our queries, so a few are kept. */
    private final class Pool implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            if (closed) throw new IllegalStateException("the store " + file + " is closed");
            Connection connection = idle.poll();
            return connection != null ? connection : source.getConnection();
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            if (connection.isClosed()) return;
            if (closed || !connection.getAutoCommit() || !idle.offer(connection)) quietlyClose(connection);
        }
    }
}
