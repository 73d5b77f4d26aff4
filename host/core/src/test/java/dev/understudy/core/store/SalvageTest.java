package dev.understudy.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.audit.Verification;
import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real files, damaged by hand in the ways that SQLite's "How To Corrupt An SQLite Database File" and users of programs
 * built on it report: cut off, overwritten at the start or in the middle, replaced by something else.
 */
class SalvageTest {
    private static final int PAGE = 4096;
    private static final int ENTRIES = 200;

    @TempDir
    Path folder;

    private DataHome home;
    private Path file;

    @BeforeEach
    void fill() {
        home = DataHome.open(folder.resolve("home"));
        file = home.database();
        try (Database database = Database.open(file)) {
            var log = new AuditLog(database, home, Clock.systemUTC());
            for (int i = 0; i < ENTRIES; i++)
                log.add(AuditKind.CREATED, "automation-" + i, Map.of("text", "x".repeat(200)));
        }
    }

    private void overwrite(long at, byte[] bytes) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(bytes);
        }
    }

    private long entries(Database database) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM audit_entry")
                .mapTo(Long.class)
                .one());
    }

    /** As the engine does it when it finds the note. */
    private Verification verified(Database database) {
        var log = new AuditLog(database, home, Clock.systemUTC());
        Database.DamageNote note = database.damageNote().orElseThrow();
        log.goOnAfterDamage(note.reach(), note.text());
        database.forgetDamageNote();
        return log.verify(Map.of());
    }

    @Nested
    class AStoreWithALastGoodCopy {
        @Test
        void losesNothingByAHeaderOfZeros() throws IOException {
            overwrite(0, new byte[100]);
            try (Database database = Database.open(file)) {
                assertThat(entries(database)).isEqualTo(ENTRIES);
                assertThat(database.damageNote().orElseThrow().text())
                        .contains("what could be read of it", "nothing was lost");
                assertThat(verified(database).isIntact()).isTrue();
            }
        }

        @Test
        void losesNothingThatTheCopyHasWhereItIsNoDatabaseAnyMore() throws IOException {
            Files.writeString(file, "not a database at all\n".repeat(1000), StandardOpenOption.TRUNCATE_EXISTING);
            try (Database database = Database.open(file)) {
                assertThat(entries(database)).isEqualTo(ENTRIES);
                assertThat(database.damageNote().orElseThrow().text())
                        .contains("the copy of", "nothing of it could be read");
                assertThat(verified(database).isIntact()).isTrue();
            }
        }

        @Test
        void losesNothingThatTheCopyHasWhereItIsEmptyOrGone() throws IOException {
            Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            try (Database database = Database.open(file)) {
                assertThat(entries(database)).isEqualTo(ENTRIES);
            }
        }
    }

    @Nested
    class AStoreWithoutACopy {
        @BeforeEach
        void forgetCopy() throws IOException {
            Files.delete(Salvage.copyOf(file));
        }

        @Test
        void losesOnlyWhatStoodOnAPageThatIsDamaged() throws IOException {
            String all = Files.readString(file, StandardCharsets.ISO_8859_1);
            // In the middle of the table's pages, which lie one after another.
            long page = all.indexOf("\"automation-100\"") / PAGE;
            overwrite(page * PAGE, new byte[PAGE]);
            // Whoever meets the damage says so; who comes next puts it right.
            try (Database database = Database.open(file)) {
                var log = new AuditLog(database, home, Clock.systemUTC());
                assertThatThrownBy(() -> log.verify(Map.of())).hasMessageContaining("is damaged");
            }
            try (Database database = Database.open(file)) {
                assertThat(entries(database)).isBetween(ENTRIES - 20L, ENTRIES - 1L);
                assertThat(database.damageNote().orElseThrow().text()).contains("lost in part: audit entry");
                Verification verification = verified(database);
                assertThat(verification.isIntact()).isTrue();
                assertThat(verification.remarks())
                        .singleElement()
                        .asString()
                        .startsWith("the store was damaged on ")
                        .contains("of the log were lost with it");
            }
        }

        @Test
        void startsAnewWithTheOldOneKeptWhereNothingCanBeRead() throws IOException {
            Files.writeString(file, "not a database at all\n".repeat(1000), StandardOpenOption.TRUNCATE_EXISTING);
            try (Database database = Database.open(file)) {
                assertThat(entries(database)).isZero();
                Verification verification = verified(database);
                assertThat(verification.isIntact()).isTrue();
                assertThat(verification.remarks().getFirst()).contains("entries 1 to 200 of the log were lost with it");
            }
            try (var kept = Files.newDirectoryStream(home.root(), "understudy.db.damaged-*")) {
                assertThat(kept).hasSize(1);
            }
        }
    }

    @Nested
    class SomebodyWhoRemovesEntries {
        @Test
        void cannotPassThemOffAsLost() throws IOException {
            try (Database database = Database.open(file)) {
                database.change(handle -> {
                    handle.execute("DROP TRIGGER audit_entry_is_never_removed");
                    handle.execute("DELETE FROM audit_entry WHERE number BETWEEN 50 AND 60");
                });
                var log = new AuditLog(database, home, Clock.systemUTC());
                log.add(AuditKind.STORE_DAMAGED, "", Map.of("said", "forged", "lost", List.of(List.of(50, 60))));
                assertThat(log.verify(Map.of()).problem().orElseThrow().what())
                        .isEqualTo("entries 50 to 60 were removed");
            }
        }
    }
}
