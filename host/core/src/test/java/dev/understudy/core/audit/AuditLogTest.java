package dev.understudy.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.audit.Verification.Problem.Kind;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final String NOTHING = "0".repeat(64);

    @TempDir
    Path folder;

    private DataHome home;
    private Database database;
    private AuditLog log;

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        log = log(database, home);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static AuditLog log(Database database, DataHome home) {
        return new AuditLog(database, home, Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC));
    }

    private void addSix() {
        for (int i = 1; i <= 6; i++) log.add(AuditKind.SUSPENDED, "a" + i, Map.of("by", "person"));
    }

    private Verification verify() {
        return log.verify(Map.of());
    }

    private Optional<String> problem() {
        return verify().problem().map(Verification.Problem::what);
    }

    private Path head() {
        return home.root().resolve("audit.head");
    }

    /** What somebody does who can write the store with any tool. */
    private void tamper(String... statements) {
        database.change(handle -> {
            handle.execute("DROP TRIGGER IF EXISTS audit_entry_is_never_changed");
            handle.execute("DROP TRIGGER IF EXISTS audit_entry_is_never_removed");
            for (String statement : statements) handle.execute(statement);
        });
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Nested
    class AnEntry {
        @Test
        void holdsTheHashOfTheOneBeforeInACanonicalForm() throws Exception {
            log.add(AuditKind.SUSPENDED, "copy", Map.of("reason", "by hand", "by", "person"));
            log.add(AuditKind.RETIRED, "copy", Map.of());
            String first =
                    "{\"at\":\"2026-11-21T12:00:00Z\",\"automation\":\"copy\",\"details\":{\"by\":\"person\",\"reason\":"
                            + "\"by hand\"},\"kind\":\"suspended\",\"number\":1,\"previous\":\"" + NOTHING + "\"}";
            String second =
                    "{\"at\":\"2026-11-21T12:00:00Z\",\"automation\":\"copy\",\"details\":{},\"kind\":\"retired\","
                            + "\"number\":2,\"previous\":\"" + sha256(first) + "\"}";
            assertThat(log.newest(Optional.of("copy"), 9))
                    .extracting(AuditEntry::hash)
                    .containsExactly(sha256(second), sha256(first));
            assertThat(head()).hasContent("2 " + sha256(second) + "\n");
            assertThat(verify()).isEqualTo(new Verification(2, sha256(second), Optional.empty(), List.of()));
        }

        @Test
        void standsOnlyIfTheChangeThatItTellsOfStands() {
            log.add(AuditKind.SUSPENDED, "kept", Map.of());
            assertThatThrownBy(() -> log.write((handle, entries) -> {
                        entries.add(AuditKind.RETIRED, "lost", Map.of());
                        handle.execute("INSERT INTO no_such_table VALUES (1)");
                        return true;
                    }))
                    .isInstanceOf(RuntimeException.class);
            assertThat(log.newest(Optional.empty(), 9))
                    .extracting(AuditEntry::automation)
                    .containsExactly("kept");
            assertThat(verify().isIntact()).isTrue();
        }

        @Test
        void isNeitherChangedNorRemovedByTheStore() {
            addSix();
            assertThatThrownBy(() -> database.change(handle -> handle.execute("DELETE FROM audit_entry")))
                    .hasMessageContaining("SQLITE_CONSTRAINT");
            assertThatThrownBy(() -> database.change(handle -> handle.execute("UPDATE audit_entry SET hash = ''")))
                    .hasMessageContaining("SQLITE_CONSTRAINT");
            assertThat(verify().entries()).isEqualTo(6);
        }
    }

    @Nested
    class Verifying {
        @Test
        void findsAnEntryThatWasChanged() {
            addSix();
            tamper("UPDATE audit_entry SET entry = replace(entry, 'person', 'nobody') WHERE number = 3");
            assertThat(verify().problem()).contains(new Verification.Problem(3, Kind.TAMPERED, "entry 3 was changed"));
        }

        @Test
        void findsAnEntryThatWasChangedAndGivenItsNewHash() throws Exception {
            addSix();
            String entry = database.read(handle -> handle.createQuery("SELECT entry FROM audit_entry WHERE number = 3")
                    .mapTo(String.class)
                    .one());
            String changed = entry.replace("person", "nobody");
            tamper("UPDATE audit_entry SET entry = '" + changed + "', hash = '" + sha256(changed)
                    + "' WHERE number = 3");
            assertThat(problem())
                    .contains("entry 4 does not follow from entry 3: one of them was replaced or inserted");
        }

        @Test
        void findsEntriesThatWereRemoved() {
            addSix();
            tamper("DELETE FROM audit_entry WHERE number = 3");
            assertThat(verify().problem()).contains(new Verification.Problem(3, Kind.TAMPERED, "entry 3 was removed"));
            tamper("DELETE FROM audit_entry WHERE number IN (1, 2)");
            assertThat(problem()).contains("entries 1 to 3 were removed");
        }

        @Test
        void findsEntriesThatWereRemovedAndRenumbered() {
            addSix();
            tamper("DELETE FROM audit_entry WHERE number = 3", "UPDATE audit_entry SET number = 3 WHERE number = 4");
            assertThat(problem()).contains("entry 3 was inserted or moved: it was written as entry 4");
        }

        @Test
        void findsAnEntryThatWasInserted() throws Exception {
            addSix();
            String forged = "{\"automation\":\"x\",\"details\":{},\"kind\":\"approved\",\"number\":4,\"previous\":\""
                    + NOTHING + "\"}";
            tamper(
                    "UPDATE audit_entry SET number = number + 100 WHERE number > 3",
                    "UPDATE audit_entry SET number = number - 99 WHERE number > 100",
                    "INSERT INTO audit_entry (number, entry, hash) VALUES (4, '" + forged + "', '" + sha256(forged)
                            + "')");
            assertThat(problem())
                    .contains("entry 4 does not follow from entry 3: one of them was replaced or inserted");
        }

        @Test
        void findsThatTheNewestAreMissing() {
            addSix();
            tamper("DELETE FROM audit_entry WHERE number > 4");
            String what = "the newest entries are missing: the log ends at entry 4, but entry 6 was noted";
            assertThat(verify().problem()).contains(new Verification.Problem(5, Kind.ENDS_EARLY, what));
            // What is written later does not hide it.
            log.add(AuditKind.RETIRED, "later", Map.of());
            assertThat(problem()).contains(what.replace("entry 4", "entry 5"));
            addSix();
            assertThat(problem()).isPresent();
        }

        @Test
        void findsThatAllAreMissing() {
            addSix();
            tamper("DELETE FROM audit_entry");
            assertThat(problem())
                    .contains("the newest entries are missing: the log ends at entry 0, but entry 6 was noted");
        }

        @Test
        void findsAWholeChainThatWasWrittenAnewByWhatWasNotedElsewhere() throws IOException {
            addSix();
            var noted = Map.of(6L, verify().newestHash());
            log.add(AuditKind.RETIRED, "later", Map.of());
            assertThat(log.verify(noted).isIntact()).isTrue();
            tamper("DELETE FROM audit_entry");
            Files.delete(head());
            for (int i = 0; i < 7; i++) log.add(AuditKind.RETIRED, "forged", Map.of());
            assertThat(verify().isIntact()).as("here it cannot be told").isTrue();
            assertThat(log.verify(noted).problem().map(Verification.Problem::what))
                    .hasValueSatisfying(what -> assertThat(what).startsWith("entry 6 is not the one that was noted"));
        }

        @Test
        void tellsThatItCannotTellWhereTheNoteIsGone() throws IOException {
            addSix();
            Files.delete(head());
            assertThat(verify().isIntact()).isTrue();
            assertThat(verify().remarks())
                    .containsExactly(
                            "the file audit.head is missing or damaged: whether the newest entries were removed"
                                    + " cannot be told");
            log.add(AuditKind.RETIRED, "later", Map.of());
            assertThat(log.newest(Optional.empty(), 2))
                    .extracting(AuditEntry::kind)
                    .containsExactly("retired", "head_missing");
            assertThat(verify().remarks())
                    .singleElement()
                    .satisfies(remark -> assertThat(remark).startsWith("before entry 7 the file audit.head was gone"));
        }

        @Test
        void takesANoteThatIsBehindForWhatAKillLeaves() throws IOException {
            addSix();
            String behind = Files.readString(head());
            addSix();
            Files.writeString(head(), behind);
            assertThat(verify().isIntact()).isTrue();
            assertThat(verify().remarks())
                    .singleElement()
                    .satisfies(remark -> assertThat(remark).contains("6 entries are not noted in audit.head yet"));
            log.add(AuditKind.RETIRED, "later", Map.of());
            assertThat(verify().remarks()).isEmpty();
        }
    }

    @Nested
    class WithSeveralProcesses {
        @Test
        void isOneChainThatSurvivesAKillAtAnyInstant() throws Exception {
            for (int kill = 0; kill < 3; kill++) {
                var writer = OtherProcess.of(EndlessWriter.class, home.root()).start();
                try (var lines = writer.inputReader()) {
                    for (int i = 0; i < 10 + 7 * kill; i++) {
                        assertThat(lines.readLine()).isNotNull();
                        log.add(AuditKind.SUSPENDED, "own", Map.of());
                    }
                }
                writer.toHandle().destroyForcibly();
                writer.waitFor();
                assertThat(verify().problem()).isEmpty();
            }
            log.add(AuditKind.RETIRED, "last", Map.of());
            assertThat(verify().remarks()).isEmpty();
            assertThat(verify().entries()).isGreaterThan(2 * (10 + 17 + 24));
        }
    }

    /** Writes entries until it is killed, a line for each. */
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] arguments) {
            DataHome home = DataHome.open(Path.of(arguments[0]));
            try (var database = Database.open(home.database())) {
                AuditLog log = log(database, home);
                while (true) {
                    log.add(AuditKind.SUSPENDED, "other", Map.of());
                    System.out.println("written");
                }
            }
        }
    }
}
