package dev.understudy.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path folder;

    @Nested
    class WhenOpened {
        @Test
        void isInWriteAheadModeAndFlushesEachCommit() {
            try (var database = open()) {
                assertThat(text(database, "PRAGMA journal_mode")).isEqualTo("wal");
                // 2 is FULL in SQLite's manual.
                assertThat(text(database, "PRAGMA synchronous")).isEqualTo("2");
            }
        }

        @Test
        void hasItsTables() {
            try (var database = open()) {
                assertThat(text(database, "SELECT count(*) FROM automation")).isEqualTo("0");
            }
        }

        @Test
        void keepsWhatItHadThen() {
            try (var database = open()) {
                create(database);
                insert(database, "kept");
            }
            try (var database = open()) {
                assertThat(text(database, "SELECT body FROM note")).isEqualTo("kept");
            }
        }

        @Test
        void knowsEveryMigrationInTheFolder() throws Exception {
            Path migrations = Path.of(Database.class
                            .getResource("/db/migration/V2__automations.sql")
                            .toURI())
                    .getParent();
            try (var files = Files.list(migrations)) {
                assertThat(files.map(file -> file.getFileName().toString())
                                .sorted(Comparator.comparingInt(
                                        name -> Integer.parseInt(name.substring(1, name.indexOf('_'))))))
                        .isEqualTo(Database.MIGRATIONS);
            }
        }
    }

    @Nested
    class AWriteThatThrows {
        @Test
        void hasNeverHappened() {
            try (var database = open()) {
                create(database);
                assertThatThrownBy(() -> database.change(handle -> {
                            handle.execute("INSERT INTO note VALUES ('half')");
                            throw new IllegalStateException("on the way");
                        }))
                        .hasMessage("on the way");
                assertThat(text(database, "SELECT count(*) FROM note")).isEqualTo("0");
            }
        }
    }

    @Nested
    class WithTwoProcesses {
        @Test
        void queuesTheirWritesAndLosesNone() throws Exception {
            try (var database = open()) {
                create(database);
                var others = new ArrayList<Process>();
                for (int i = 0; i < 2; i++)
                    others.add(OtherProcess.of(Writer.class, file()).start());
                for (int i = 0; i < Writer.NOTES; i++) insert(database, "own " + i);
                for (Process other : others) assertThat(other.waitFor()).isZero();
                assertThat(text(database, "SELECT count(*) FROM note")).isEqualTo(String.valueOf(3 * Writer.NOTES));
            }
        }

        @Test
        void keepsAllThatWasAcknowledgedBeforeAKill() throws Exception {
            try (var database = open()) {
                create(database);
            }
            var writer = OtherProcess.of(EndlessWriter.class, file()).start();
            long acknowledged = 0;
            try (var lines = writer.inputReader()) {
                while (acknowledged < 20) acknowledged = Long.parseLong(lines.readLine());
                // Unlike Process.destroyForcibly, this leaves what was printed to be read.
                writer.toHandle().destroyForcibly();
                for (String line = lines.readLine(); line != null; line = lines.readLine())
                    acknowledged = Long.parseLong(line);
            }
            try (var database = open()) {
                long kept = Long.parseLong(text(database, "SELECT count(*) FROM note"));
                assertThat(kept).isBetween(acknowledged, acknowledged + 1);
            }
        }
    }

    @Nested
    class ThatCannotBeUsed {
        @Test
        void saysThatAFolderIsMissing() {
            Path absent = folder.resolve("absent/understudy.db");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Database.open(absent))
                    .withMessageStartingWith("The store " + absent + " cannot be used: ");
        }

        @Test
        void saysThatTheDiskIsFull() {
            try (var database = open()) {
                create(database);
                // SQLite answers a file that may not grow exactly as it answers a full disk.
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> database.change(handle -> {
                            handle.execute("PRAGMA max_page_count = 1");
                            handle.execute("INSERT INTO note VALUES (?)", "x".repeat(100_000));
                        }))
                        .withMessage(
                                "The store " + file()
                                        + " cannot be written: the disk is full. Free some space; what was stored before is safe");
            }
        }

        @Test
        void saysThatItIsReadOnly() {
            try (var database = open()) {
                create(database);
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> database.read(handle -> {
                            handle.execute("PRAGMA query_only = 1");
                            try {
                                return handle.execute("INSERT INTO note VALUES ('x')");
                            } finally {
                                handle.execute("PRAGMA query_only = 0");
                            }
                        }))
                        .withMessageContaining("Make the file and its folder writable");
            }
        }
    }

    private Path file() {
        return folder.resolve("understudy.db");
    }

    private Database open() {
        return Database.open(file());
    }

    private static void create(Database database) {
        database.change(handle -> handle.execute("CREATE TABLE note (body TEXT)"));
    }

    private static void insert(Database database, String body) {
        database.change(handle -> insert(handle, body));
    }

    private static void insert(Handle handle, String body) {
        handle.execute("INSERT INTO note VALUES (?)", body);
    }

    private static String text(Database database, String query) {
        return database.read(
                handle -> handle.createQuery(query).mapTo(String.class).one());
    }

    /** Writes some notes. */
    static final class Writer {
        static final int NOTES = 50;

        private Writer() {}

        public static void main(String[] arguments) {
            try (var database = Database.open(Path.of(arguments[0]))) {
                for (int i = 0; i < NOTES; i++) insert(database, "note " + i);
            }
        }
    }

    /** Writes until it is killed, and prints the number of notes after each. */
    static final class EndlessWriter {
        private EndlessWriter() {}

        @SuppressWarnings({"SystemOut", "InfiniteLoopStatement"}) // a process of its own that the test reads and kills
        public static void main(String[] arguments) {
            try (var database = Database.open(Path.of(arguments[0]))) {
                for (int i = 1; ; i++) {
                    insert(database, "note " + i);
                    System.out.println(i);
                }
            }
        }
    }
}
