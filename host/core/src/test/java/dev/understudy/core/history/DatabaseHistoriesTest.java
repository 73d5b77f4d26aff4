package dev.understudy.core.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.problem.UserException;
import dev.understudy.plugins.tasksources.AtuinSource;
import dev.understudy.plugins.tasksources.BashSource;
import dev.understudy.plugins.tasksources.NushellSource;
import dev.understudy.plugins.tasksources.XonshSource;
import dev.understudy.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Databases that other programs write while they run, with the tables as those programs make them. */
class DatabaseHistoriesTest {
    // atuin-client/migrations/20210422143411_create_history.sql
    private static final String ATUIN_OF_2021 = """
            create table if not exists history (
                id text primary key, timestamp integer not null, duration integer not null, exit integer not null,
                command text not null, cwd text not null, session text not null, hostname text not null,
                unique(timestamp, cwd, command));
            create index if not exists idx_history_timestamp on history(timestamp)""";

    // 20230319185725_deleted_at.sql, 20260224000100_history_author_intent.sql, 20260709214605_shell.sql,
    // 20260818000000_history_author_kind.sql
    private static final String ATUIN_SINCE = """
            alter table history add column deleted_at integer;
            alter table history add column author text;
            alter table history add column intent text;
            alter table history add column shell text;
            alter table history add column author_kind integer""";

    // reedline, src/history/sqlite_backed.rs
    private static final String NUSHELL = """
            create table if not exists history (
                id integer primary key autoincrement, command_line text not null, start_timestamp integer,
                session_id integer, hostname text, cwd text, duration_ms integer, exit_status integer, more_info text
            ) strict;
            create index if not exists idx_history_cwd on history(cwd)""";

    // xonsh/history/sqlite.py
    private static final String XONSH = """
            CREATE TABLE IF NOT EXISTS xonsh_history
                (inp TEXT, rtn INTEGER, tsb REAL, tse REAL, sessionid TEXT, out TEXT, info TEXT)""";

    @TempDir
    Path folder;

    private Path file = Path.of("");

    private final TaskHistory history = TaskHistory.inMemory(
            List.of(new BashSource(), new AtuinSource(), new NushellSource(), new XonshSource()), 1000);

    /** A connection as the program that owns the database has. */
    private Connection owner(String name, String... scripts) throws SQLException {
        file = folder.resolve(name);
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        Connection connection = source.getConnection();
        execute(connection, "pragma journal_mode = wal");
        for (String script : scripts) for (String each : script.split(";")) execute(connection, each);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void atuinsOfItsFirstVersionIsReadWithTimesFoldersAndExitCodes() throws Exception {
        try (Connection atuin = owner("history.db", ATUIN_OF_2021)) {
            execute(atuin, """
                    insert into history values
                        ('a', 1700000000123456789, 1500000000, 0, 'cp a.txt b', '/home/ada/src', 's', 'box:ada'),
                        ('b', 1700000005000000000, -1, -1, 'vim x', 'unknown', 's', 'box:ada'),
                        ('c', 1700000009000000000, 2000000, 2, 'make', '/home/ada/src', 's', 'box:ada')""");

            ImportReport report = history.importFile(file);

            assertThat(report).returns("atuin", ImportReport::source).returns(3L, ImportReport::imported);
            List<Task> tasks = history.tasks();
            assertThat(tasks).extracting(Task::type).containsExactly("cp", "vim", "make");
            assertThat(tasks.getFirst())
                    .returns(Instant.ofEpochSecond(1_700_000_000L, 123_456_789), Task::timestamp)
                    .returns(Duration.ofMillis(1500), Task::duration)
                    .returns(true, Task::success);
            assertThat(tasks.getFirst().parameters()).containsEntry(Task.WORKING_DIRECTORY, "/home/ada/src");
            // It has not heard of its end.
            assertThat(tasks.get(1)).returns(true, Task::success).returns(Duration.ZERO, Task::duration);
            assertThat(tasks.get(1).parameters()).doesNotContainKey(Task.WORKING_DIRECTORY);
            assertThat(tasks.get(2)).returns(false, Task::success);
            assertThat(history.importFile(file).imported()).isZero();
        }
    }

    @Test
    void atuinsOfTodayTellsTheShellAndWhatWasDeleted() throws Exception {
        try (Connection atuin = owner("history.db", ATUIN_OF_2021, ATUIN_SINCE)) {
            execute(atuin, """
                    insert into history(id, timestamp, duration, exit, command, cwd, session, hostname, deleted_at, shell) values
                        ('a', 1700000000000000000, 1, 0, 'echo my password', '/', 's', 'h', 1700000001000000000, 'zsh'),
                        ('b', 1700000002000000000, 1, 0, 'ls | where size > 1mb', '/', 's', 'h', null, 'nu'),
                        ('c', 1700000003000000000, 1, 0, 'rm *(.)', '/', 's', 'h', null, 'zsh')""");

            history.importFile(file);

            assertThat(history.tasks()).extracting(Task::type).containsExactly("nushell:ls", "rm");
            assertThat(history.tasks().getLast().parameters()).containsEntry(Task.SHELL, "zsh");
        }
    }

    @Test
    void aCommandIsTheSameTaskFromAtuinAndFromItsShellsOwnFile() throws Exception {
        Path own = Files.writeString(folder.resolve(".bash_history"), "#1700000000\ngit status\n");
        assertThat(history.importFile(own).imported()).isEqualTo(1);
        try (Connection atuin = owner("history.db", ATUIN_OF_2021)) {
            execute(atuin, "insert into history values ('a', 1700000000500000000, 1, 0, 'git status', '/', 's', 'h')");
            assertThat(history.importFile(file).imported()).isZero();
        }
    }

    @Test
    void nushellsIsRead() throws Exception {
        try (Connection nushell = owner("history.sqlite3", NUSHELL)) {
            execute(nushell, """
                    insert into history(command_line, start_timestamp, cwd, duration_ms, exit_status) values
                        ('cargo build', 1700000000250, '/home/ada/src', 1500, 101),
                        ('open a.json | get name', null, null, null, null)""");

            history.importFile(file);

            assertThat(history.tasks()).extracting(Task::type).containsExactlyInAnyOrder("cargo build", "nushell:open");
            assertThat(history.tasks())
                    .filteredOn(task -> task.type().equals("cargo build"))
                    .singleElement()
                    .returns(Instant.ofEpochMilli(1_700_000_000_250L), Task::timestamp)
                    .returns(Duration.ofMillis(1500), Task::duration)
                    .returns(false, Task::success);
        }
    }

    @Test
    void xonshsIsRead() throws Exception {
        try (Connection xonsh = owner("xonsh-history.sqlite", XONSH)) {
            execute(
                    xonsh,
                    "insert into xonsh_history(inp, rtn, tsb, tse) values ('git push', 0, 1700000000.5, 1700000002.0)");

            history.importFile(file);

            assertThat(history.tasks())
                    .singleElement()
                    .returns("git push", Task::type)
                    .returns(Duration.ofMillis(1500), Task::duration);
        }
    }

    @Test
    void nothingIsLeftBesideADatabaseThatNobodyHasOpen() throws Exception {
        try (Connection atuin = owner("history.db", ATUIN_OF_2021)) {
            execute(atuin, "insert into history values ('a', 1700000000000000000, 1, 0, 'ls', '/', 's', 'h')");
        }
        history.importFile(file);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aTableOfAnotherShapeIsRefusedByWhatItLacks() throws Exception {
        try (Connection _ = owner("history.db", "create table history (id text, command text, cwd text)")) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> history.importFile(file))
                    .withMessageContaining("its table 'history' has no column timestamp, duration, exit");
        }
    }

    @Test
    void aDamagedDatabaseIsToldInOneLine() throws IOException {
        file = Files.writeString(
                folder.resolve("history.db"), "SQLite format 3\0" + "create table history cwd ".repeat(100));
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> history.importFile(file))
                .withMessageContaining("SQLite");
    }

    @Nested
    class TheCopy {
        @Test
        void liesInTheHostsOwnFolderAndIsGoneAfterwards() throws Exception {
            Path copies = Files.createDirectory(folder.resolve("imports"));
            try (Connection atuin = owner("history.db", ATUIN_OF_2021)) {
                assertThat(atuin.isClosed()).isFalse();
                try (SqliteTables tables = SqliteTables.open(file, copies)) {
                    assertThat(tables.columns("history")).contains("command");
                    assertThat(copies).isNotEmptyDirectory();
                }
                assertThat(copies).isEmptyDirectory();
            }
        }

        /** As after a kill in the middle: the process that made it is gone, and its number is in the folder's name. */
        @Test
        void ofAKilledImportIsRemovedByTheNext() throws Exception {
            Path copies = Files.createDirectory(folder.resolve("imports"));
            Process killed = new ProcessBuilder("sleep", "1000").start();
            Path left = Files.createDirectory(copies.resolve("new-" + killed.pid() + "-1"));
            Files.writeString(left.resolve("copy.db"), "somebody's history");
            history.copyingIn(copies);
            assertThat(left).as("of a process that lives").exists();
            killed.destroyForcibly().waitFor();
            history.copyingIn(copies);
            assertThat(left).doesNotExist();
        }
    }
}
