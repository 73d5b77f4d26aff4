package dev.understudy.core.history;

import dev.understudy.sandbox.control.cells.Workshop;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/**
 * A program's database, read from a copy: a program that writes meanwhile is not held up, and SQLite leaves nothing beside the
 * file. What is still in its write-ahead log is part of it.
 */
final class SqliteTables implements TaskSource.Tables, AutoCloseable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> PARTS = List.of("", "-wal");
    private static final String COPY = "copy.db";
    private static final int TRIES = 5;

    private final Workshop folder;
    private final Connection connection;

    private SqliteTables(Workshop folder, Connection connection) {
        this.folder = folder;
        this.connection = connection;
    }

    /** Whether a file that begins so is a database. */
    static boolean isDatabase(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Removes the copies of processes that are gone, killed in the middle of an import. */
    static void sweep(Path copies) {
        try {
            Workshop.sweep(copies);
        } catch (IOException _) {
            // What cannot be removed now is found again by the next.
        }
    }

    /**
     * @param copies where the copy lies; if null, among the system's temporary files
     * @throws IOException if it cannot be copied, or its owner does not stop writing it
     */
    static SqliteTables open(Path file, @Nullable Path copies) throws IOException {
        Workshop folder = Workshop.open(copies != null ? copies : Path.of(System.getProperty("java.io.tmpdir")));
        try {
            Path copy = folder.path().resolve(COPY);
            copy(file, copy);
            var source = new SQLiteDataSource();
            source.setUrl("jdbc:sqlite:" + copy);
            return new SqliteTables(folder, source.getConnection());
        } catch (SQLException e) {
            folder.close();
            throw new IOException("SQLite: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private record State(long size, FileTime modified) {
        static List<State> of(Path file) throws IOException {
            var states = new ArrayList<State>();
            for (String part : PARTS) {
                Path each = Path.of(file + part);
                if (!Files.exists(each)) continue;
                BasicFileAttributes found = Files.readAttributes(each, BasicFileAttributes.class);
                states.add(new State(found.size(), found.lastModifiedTime()));
            }
            return states;
        }
    }

    /** Both files as they were at one time. */
    private static void copy(Path file, Path copy) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            List<State> before = State.of(file);
            for (String part : PARTS) {
                Path from = Path.of(file + part);
                Path to = Path.of(copy + part);
                Files.deleteIfExists(to);
                if (Files.exists(from)) Files.copy(from, to);
            }
            if (State.of(file).equals(before)) return;
        }
        throw new IOException("a program does not stop writing it");
    }

    @Override
    public List<String> columns(String table) throws IOException {
        try (PreparedStatement query = connection.prepareStatement("SELECT name FROM pragma_table_info(?)")) {
            query.setString(1, table);
            var names = new ArrayList<String>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new IOException("SQLite: " + e.getMessage(), e);
        }
    }

    @Override
    public void rows(String table, List<String> columns, List<String> order, Consumer<List<@Nullable Object>> row)
            throws IOException {
        List<String> known = columns(table);
        for (String column : Stream.concat(columns.stream(), order.stream()).toList())
            if (!known.contains(column)) throw new IOException("it has no " + table + "." + column);
        String query = "SELECT " + quoted(columns) + " FROM " + quoted(List.of(table)) + " ORDER BY "
                + (order.isEmpty() ? "" : quoted(order) + ", ") + "rowid";
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                var values = new ArrayList<@Nullable Object>();
                for (int i = 1; i <= columns.size(); i++) values.add(value(found, i));
                row.accept(values);
            }
        } catch (SQLException e) {
            throw new IOException("SQLite: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object value(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    private static String quoted(List<String> names) {
        return names.stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException _) {
            // It is a copy, which goes now.
        }
        folder.close();
    }
}
