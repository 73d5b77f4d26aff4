package dev.understudy.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That a store of any earlier Understudy is brought up to date with all that is in it, and one of a newer is left alone. */
class SchemaMigrationTest {
    private static final int ROWS = 3;

    /** What V10 throws away on purpose, as its own text says: no released version had written it. */
    private static final Set<String> EMPTIED_BY_V10 = Set.of("metric", "execution", "duration_summary");

    @TempDir
    Path folder;

    static Stream<String> versions() {
        return Database.MIGRATIONS.stream().map(name -> name.substring(1, name.indexOf('_')));
    }

    /** Rows by table: each by column, in the order of the first column. */
    private record Content(Map<String, List<Map<String, Object>>> tables) {}

    @ParameterizedTest
    @MethodSource("versions")
    void keepsEveryRowOfAStoreOfAnEarlierVersion(String version) throws SQLException {
        Path file = made(version);
        Content before = content(file);
        assertThat(before.tables())
                .isNotEmpty()
                .allSatisfy((_, rows) -> assertThat(rows).hasSizeGreaterThanOrEqualTo(ROWS));

        Database.open(file).close();

        Content after = content(file, before);
        boolean emptied = Integer.parseInt(version) < 10;
        before.tables().forEach((table, rows) -> {
            if (emptied && EMPTIED_BY_V10.contains(table)) return;
            assertThat(after.tables()).as(table).containsEntry(table, rows);
        });
        try (Connection store = connect(file)) {
            assertThat(texts(store, "PRAGMA integrity_check")).containsExactly("ok");
            assertThat(texts(store, "PRAGMA foreign_key_check")).isEmpty();
            assertThat(texts(store, "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history"))
                    .containsExactly("" + Database.SCHEMA);
        }
    }

    @Test
    void keepsACopyOfTheStoreAsItWasBefore() throws SQLException {
        Path file = made("7");
        Content before = content(file);
        try (Database _ = Database.open(file)) {
            assertThat(content(Salvage.copyOf(file), before)).isEqualTo(before);
        }
    }

    @Test
    void refusesAStoreOfANewerVersionInOneLineAndLeavesItAsItIs() throws Exception {
        Path file = folder.resolve("understudy.db");
        Database.open(file).close();
        int next = Database.SCHEMA + 1;
        try (Connection store = connect(file);
                Statement statement = store.createStatement()) {
            statement.execute("CREATE TABLE later (text TEXT)");
            statement.execute("INSERT INTO flyway_schema_history SELECT max(installed_rank) + 1, '" + next
                    + "', 'later', 'SQL', 'V" + next
                    + "__later.sql', 1, 'x', datetime(), 1, 1 FROM flyway_schema_history");
            statement.execute("PRAGMA user_version = 4711");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(UserException.class)
                .hasMessage("The store " + file + " was not opened: a newer Understudy has written it (version " + next
                        + " of the tables, and this one knows " + Database.SCHEMA
                        + "). Use that one, restore a backup from before ('understudy restore FILE'), or name another"
                        + " data home with --home; nothing was changed");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    /** A store as the Understudy of that version left it, with rows in every table. */
    private Path made(String version) throws SQLException {
        Path file = folder.resolve("v" + version + ".db");
        Flyway.configure(Database.class.getClassLoader())
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:db/migration")
                .target(MigrationVersion.fromVersion(version))
                .load()
                .migrate();
        try (Connection store = connect(file);
                Statement statement = store.createStatement()) {
            for (String table : tables(store)) fill(store, table);
            // Any other than this version's own: each version knows its stores by such a number.
            statement.execute("PRAGMA user_version = 4711");
        }
        return file;
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static List<String> texts(Connection store, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (Statement statement = store.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) texts.add(rows.getString(1));
        }
        return texts;
    }

    private static List<String> tables(Connection store) throws SQLException {
        return texts(
                store,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'flyway%'");
    }

    /** The same text or number in every column of a row, so that each row refers to what there is. */
    private static void fill(Connection store, String table) throws SQLException {
        List<String> types = texts(store, "SELECT type FROM pragma_table_info('" + table + "')");
        String columns = String.join(", ", texts(store, "SELECT name FROM pragma_table_info('" + table + "')"));
        String values = "?, ".repeat(types.size() - 1) + "?";
        try (PreparedStatement insert =
                store.prepareStatement("INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")")) {
            for (int row = 1; row <= ROWS; row++) {
                for (int column = 0; column < types.size(); column++)
                    insert.setObject(
                            column + 1,
                            switch (types.get(column)) {
                                case "INTEGER" -> row;
                                case "REAL" -> row + 0.5;
                                case "BLOB" -> new byte[] {(byte) row};
                                default -> "{\"automation\":\"a" + row + "\"}";
                            });
                insert.executeUpdate();
            }
        }
    }

    private static Content content(Path file) throws SQLException {
        return content(file, (_, _) -> true);
    }

    /** Of the tables and columns that are in an earlier content. */
    private static Content content(Path file, Content earlier) throws SQLException {
        return content(
                file,
                (table, column) -> earlier.tables().getOrDefault(table, List.of()).stream()
                        .anyMatch(row -> row.containsKey(column)));
    }

    private static Content content(Path file, BiPredicate<String, String> wanted) throws SQLException {
        var tables = new TreeMap<String, List<Map<String, Object>>>();
        try (Connection store = connect(file);
                Statement statement = store.createStatement()) {
            for (String table : tables(store)) {
                List<String> columns = texts(store, "SELECT name FROM pragma_table_info('" + table + "')");
                columns.removeIf(column -> !wanted.test(table, column));
                if (columns.isEmpty()) continue;
                var rows = new ArrayList<Map<String, Object>>();
                try (ResultSet found = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
                    while (found.next()) {
                        var row = new TreeMap<String, Object>();
                        for (String column : columns) {
                            Object value = found.getObject(column);
                            row.put(column, value instanceof byte[] bytes ? List.of(bytes[0]) : String.valueOf(value));
                        }
                        rows.add(row);
                    }
                }
                tables.put(table, rows);
            }
        }
        return new Content(tables);
    }
}
