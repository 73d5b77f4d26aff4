package dev.understudy.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.audit.Verification;
import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a crash leaves, and what then becomes of it: the log removed, as "How To Corrupt An SQLite Database File" (section 1.4)
 * warns of, or damaged. The files are those of a store in use, copied while it is open, which is what a kill leaves of it.
 */
class WriteAheadLogTest {
    /** These are in the store itself. */
    private static final int STORED = 20;

    /** And these, with the ones before, in its log. */
    private static final int ALL = 30;

    private static final int HEADER = 32;
    private static final int FRAME = 24 + 4096;

    @TempDir
    Path folder;

    private DataHome home;
    private Path log;
    private Path index;

    @BeforeEach
    void crash() throws IOException {
        DataHome living = DataHome.open(folder.resolve("living"));
        add(living, 1, STORED);
        try (Database database = Database.open(living.database())) {
            var audit = new AuditLog(database, living, Clock.systemUTC());
            for (int i = STORED + 1; i <= ALL; i++) audit.add(AuditKind.CREATED, "automation-" + i, Map.of());
            copy(living, "home");
        }
    }

    /** What a kill would leave now. */
    private void copy(DataHome living, String name) throws IOException {
        home = DataHome.open(folder.resolve(name));
        for (String file : List.of("understudy.db", "understudy.db-wal", "understudy.db-shm", "audit.head"))
            Files.copy(living.root().resolve(file), home.root().resolve(file));
        log = home.root().resolve("understudy.db-wal");
        index = home.root().resolve("understudy.db-shm");
    }

    private static void add(DataHome home, int from, int to) {
        try (Database database = Database.open(home.database())) {
            var audit = new AuditLog(database, home, Clock.systemUTC());
            for (int i = from; i <= to; i++) audit.add(AuditKind.CREATED, "automation-" + i, Map.of());
        }
    }

    private void overwrite(long at, int bytes) throws IOException {
        try (var open = new RandomAccessFile(log.toFile(), "rw")) {
            open.seek(at);
            for (int i = 0; i < bytes; i++) open.write('x');
        }
    }

    /** What is found when the store is opened. */
    private record Found(long entries, String said, Verification verification) {}

    /** As the engine does it, and once more, which must find nothing any more. */
    private Found open() {
        Found found;
        try (Database database = Database.open(home.database())) {
            var audit = new AuditLog(database, home, Clock.systemUTC());
            long entries = audit.newestNumber();
            String said = database.damageNote()
                    .map(note -> {
                        audit.goOnAfterDamage(note.reach(), note.text());
                        return note.text();
                    })
                    .orElse("");
            database.forgetDamageNote();
            found = new Found(entries, said, audit.verify(Map.of()));
        }
        add(home, 91, 92);
        try (Database database = Database.open(home.database())) {
            assertThat(database.damageNote()).isEmpty();
            assertThat(new AuditLog(database, home, Clock.systemUTC())
                            .verify(Map.of())
                            .problem())
                    .isEmpty();
        }
        return found;
    }

    private void assertLost(Found found, int from, String what) {
        assertThat(found.entries()).isEqualTo(from - 1);
        assertThat(found.said()).contains("write-ahead log understudy.db-wal " + what + " after a crash");
        assertThat(found.verification().problem()).isEmpty();
        assertThat(found.verification().remarks())
                .singleElement()
                .asString()
                .endsWith(
                        from == ALL
                                ? "entry " + ALL + " of the log was lost with it"
                                : "entries " + from + " to " + ALL + " of the log were lost with it");
    }

    private void assertNothingWasLost(Found found) {
        assertThat(found.entries()).isEqualTo(ALL);
        assertThat(found.verification().isIntact()).isTrue();
        assertThat(found.verification().remarks()).isEmpty();
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.list(home.root())) {
            return files.filter(file -> file.getFileName().toString().startsWith("understudy.db-wal.damaged-"))
                    .toList();
        }
    }

    @Test
    void isPassedOverWhereNothingIsWrong() throws IOException {
        Found found = open();
        assertNothingWasLost(found);
        assertThat(found.said()).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Nested
    class ThatWasRemoved {
        @BeforeEach
        void remove() throws IOException {
            Files.delete(log);
        }

        @Test
        void isTakenForDamageAndTheStoreGoesOnFromWhatStoodInIt() {
            Found found = open();
            assertLost(found, STORED + 1, "was removed");
            assertThat(found.said()).contains("pages) was lost with it, and all before it is kept");
        }

        @Test
        void isToldFromTamperingWithWhatIsLeft() {
            try (Database database = Database.open(home.database())) {
                database.change(handle -> {
                    handle.execute("DROP TRIGGER audit_entry_is_never_removed");
                    handle.execute("DELETE FROM audit_entry WHERE number = 5");
                });
                var audit = new AuditLog(database, home, Clock.systemUTC());
                Database.DamageNote note = database.damageNote().orElseThrow();
                assertThat(audit.goOnAfterDamage(note.reach(), note.text()))
                        .contains("entries 21 to 30 of the log were lost with it");
                assertThat(audit.verify(Map.of()).problem())
                        .contains(
                                new Verification.Problem(5, Verification.Problem.Kind.TAMPERED, "entry 5 was removed"));
            }
        }

        @Test
        void withItsIndexIsSeenByTheNoteOfTheNewestEntry() throws IOException {
            Files.delete(index);
            try (Database database = Database.open(home.database())) {
                assertThat(database.damageNote()).isEmpty();
                assertThat(new AuditLog(database, home, Clock.systemUTC()).lacksItsEnd())
                        .isTrue();
            }
        }
    }

    @Nested
    class ThatIsRemovedWhileAProcessUsesIt {
        @Test
        void closesTheStoreToOthersUntilThatProcessHasSavedWhatItHolds() throws IOException {
            DataHome living = DataHome.open(folder.resolve("living"));
            try (Database database = Database.open(living.database())) {
                var audit = new AuditLog(database, living, Clock.systemUTC());
                audit.add(AuditKind.CREATED, "written-then", Map.of());
                Files.delete(living.root().resolve("understudy.db-wal"));
                assertThatThrownBy(() -> Database.open(living.database()))
                        .hasMessageContaining("was removed while another process uses it")
                        .hasMessageContaining("End the other one");
                assertThat(audit.newestNumber()).isEqualTo(ALL + 1);
            }
            try (Database database = Database.open(living.database())) {
                assertThat(new AuditLog(database, living, Clock.systemUTC()).newestNumber())
                        .isEqualTo(ALL + 1);
            }
        }
    }

    @Nested
    class WithADamagedHeader {
        @ParameterizedTest
        @ValueSource(ints = {0, 4, 8, 12, 16, 20, 24, 28})
        void isMendedWithoutALoss(int field) throws IOException {
            overwrite(field, 4);
            Found found = open();
            assertNothingWasLost(found);
            assertThat(found.said()).contains("was damaged after a crash", "nothing was lost");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void isMendedWhereAllOfItIsGone(boolean withIndex) throws IOException {
            overwrite(0, HEADER);
            if (!withIndex) Files.delete(index);
            assertNothingWasLost(open());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void andADamagedFirstPageIsPutAside(boolean withIndex) throws IOException {
            overwrite(0, HEADER + 100);
            long size = Files.size(log);
            if (!withIndex) Files.delete(index);
            Found found = open();
            assertLost(found, STORED + 1, "was damaged");
            assertThat(found.said()).contains("lost with it", "the damaged one is kept in " + kept().getFirst());
            assertThat(kept())
                    .singleElement()
                    .satisfies(path -> assertThat(path).hasSize(size));
        }
    }

    @Nested
    class WithADamagedPage {
        /** In this test each entry is a transaction of its own, and the last of them take the same number of pages. */
        private long frames() throws IOException {
            return (Files.size(log) - HEADER) / FRAME;
        }

        private void overwriteFrame(long number, int at, int bytes) throws IOException {
            overwrite(HEADER + number * FRAME + at, bytes);
        }

        /** Each entry writes the same few pages again. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void costsNothingWhereThatPageWasWrittenAgain(boolean withIndex) throws IOException {
            overwriteFrame(frames() / 2, 500, 16);
            if (!withIndex) Files.delete(index);
            Found found = open();
            assertNothingWasLost(found);
            assertThat(found.said()).contains("was damaged after a crash", "nothing was lost");
            assertThat(kept()).hasSize(1);
        }

        /** Page and size, salts, and the sum of all before. */
        @ParameterizedTest
        @CsvSource({"0, 8", "8, 8", "16, 8"})
        void costsNothingWhereOnlyWhatIsSaidOfThePageIsDamaged(int at, int bytes) throws IOException {
            overwriteFrame(frames() / 2, at, bytes);
            assertNothingWasLost(open());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void costsThatPageAloneWhereItWasWrittenOnce(boolean withIndex) throws IOException {
            DataHome living = DataHome.open(folder.resolve("living"));
            long ofText;
            try (Database database = Database.open(living.database())) {
                var audit = new AuditLog(database, living, Clock.systemUTC());
                audit.add(AuditKind.CREATED, "begun", Map.of());
                copy(living, "without");
                ofText = frames();
                audit.add(AuditKind.CREATED, "long", Map.of("text", "y".repeat(20_000)));
                for (int i = 0; i < 5; i++) audit.add(AuditKind.CREATED, "later-" + i, Map.of());
                copy(living, "with");
            }
            int page = -1;
            byte[] all = Files.readAllBytes(log);
            // A page of nothing but the long text.
            for (long i = ofText; i < frames() && page < 0; i++) {
                int at = (int) (HEADER + i * FRAME + 24);
                if (all[at + 2000] == 'y' && all[at + 100] == 'y') page = (int) i;
            }
            overwriteFrame(page, 500, 16);
            if (!withIndex) Files.delete(index);
            Found found = open();
            assertThat(found.entries()).isEqualTo(ALL + 7);
            assertThat(found.said()).contains("1 page of it cannot be read");
        }

        /** The whole part of the log alone would bring back older pages than the store has. */
        @Test
        void costsNothingWhereAllOfItIsInTheStoreToo() throws IOException {
            DataHome living = DataHome.open(folder.resolve("living"));
            try (Database database = Database.open(living.database())) {
                var audit = new AuditLog(database, living, Clock.systemUTC());
                for (int i = 0; i < 10; i++) audit.add(AuditKind.CREATED, "later-" + i, Map.of());
                database.read(handle -> handle.createQuery("PRAGMA wal_checkpoint(PASSIVE)")
                        .mapToMap()
                        .one());
                copy(living, "checkpointed");
            }
            overwrite(HEADER + frames() / 2 * FRAME + 500, 16);
            Found found = open();
            assertThat(found.entries()).isEqualTo(ALL + 10);
            assertThat(found.said()).contains("nothing was lost");
            assertThat(found.verification().remarks()).isEmpty();
        }

        @Test
        void atItsEndIsKnownByTheIndex() throws IOException {
            overwrite(HEADER + (frames() - 1) * FRAME + 500, 16);
            assertLost(open(), ALL, "was damaged");
        }

        @Test
        void atItsEndMayBeWhatAPowerCutLeavesWhereThereIsNoIndex() throws IOException {
            overwrite(HEADER + (frames() - 1) * FRAME + 500, 16);
            Files.delete(index);
            try (Database database = Database.open(home.database())) {
                assertThat(database.damageNote()).isEmpty();
                assertThat(new AuditLog(database, home, Clock.systemUTC()).lacksItsEnd())
                        .isTrue();
            }
        }

        @Test
        void isKeptUpToThereWhereItWasCutOff() throws IOException {
            try (var open = new RandomAccessFile(log.toFile(), "rw")) {
                open.setLength(HEADER + frames() / 2 * FRAME + 100);
            }
            Found found = open();
            assertLost(found, (int) found.entries() + 1, "was damaged");
            assertThat(found.entries()).isGreaterThan(STORED);
        }
    }
}
