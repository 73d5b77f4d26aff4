package dev.understudy.core.store;

import dev.understudy.core.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
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
    /** All migrations in order; a test holds the folder to this list. */
    static final List<String> MIGRATIONS = List.of(
            "V1__tasks.sql",
            "V2__automations.sql",
            "V3__tests.sql",
            "V4__workflows.sql",
            "V5__life.sql",
            "V6__triggers.sql",
            "V7__performance.sql",
            "V9__optimization.sql",
            "V10__timings.sql");

    private static final String MIGRATION_FOLDER = "db/migration/";
    private static final Duration WRITER_PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_IDLE_CONNECTIONS = 4;

    private final Path file;
    private final SQLiteDataSource source;
    private final LinkedBlockingDeque<Connection> idle = new LinkedBlockingDeque<>(MAX_IDLE_CONNECTIONS);
    private final Jdbi jdbi;
    private volatile boolean closed;

    private Database(Path file) {
        this.file = file;
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(Math.toIntExact(WRITER_PATIENCE.toMillis()));
        config.enforceForeignKeys(true);
        // A transaction that starts by reading and then writes would fail at once if another process wrote meanwhile.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        jdbi = Jdbi.create(new Pool());
    }

    /**
     * Opens the file, creating and migrating it if need be.
     *
     * @throws UserException if it cannot be opened, is no database, or belongs to a newer Understudy
     */
    public static Database open(Path file) {
        var database = new Database(file);
        try {
            database.migrate();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
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

    @Override
    public void close() {
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
        if (read(handle -> handle.createQuery("PRAGMA user_version")
                        .mapTo(Integer.class)
                        .one())
                == fingerprint) return;
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
        // Extended codes carry the primary one in the low byte.
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
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
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                UserException.failed(
                        "The store " + file + " cannot be read",
                        "it is damaged or no Understudy store",
                        "Move it away and import your history again, or name another data home with --home",
                        e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_AUTH ->
                UserException.failed(
                        "The store " + file + " cannot be used",
                        String.valueOf(e.getMessage()),
                        "Make the file and its folder writable, or name another data home with --home",
                        e);
            default -> new IllegalStateException("SQLite answered " + code + " for " + file, e);
        };
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
