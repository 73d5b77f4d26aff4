package dev.understudy.core.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T16:05:12Z"), ZoneOffset.UTC);
    private static final String CONFIGURATION = "sandbox: { isolation_level: full }\n";

    @TempDir
    Path folder;

    private DataHome home;
    private Path configuration;

    @BeforeEach
    void work() throws IOException {
        home = DataHome.open(folder.resolve("home"));
        configuration = Files.writeString(folder.resolve("config.yaml"), CONFIGURATION);
        Files.writeString(home.folder("automations").resolve("sort.py"), "# sorts\n");
        Files.writeString(home.folder("plugins").resolve("approved.sha256"), "0".repeat(64) + "  mine.jar\n");
        Files.writeString(home.folder("undo").resolve("before"), "an image\n");
        Files.writeString(home.root().resolve("dashboard.token"), "a token\n");
        try (Database store = Database.open(home.database())) {
            for (int i = 0; i < 5; i++) audit(store, home).add(AuditKind.CREATED, "a" + i, Map.of());
        }
    }

    private static AuditLog audit(Database store, DataHome home) {
        return new AuditLog(store, home, Clock.systemUTC());
    }

    private Backup.Made backUp(Path target) {
        return backUp(target, Backup.Existing.KEEP);
    }

    private Backup.Made backUp(Path target, Backup.Existing existing) {
        try (Database store = Database.open(home.database())) {
            return new Backup(home, store, configuration, "1.2", CLOCK).write(target, existing);
        }
    }

    private Restore.Restored restore(Path backup, DataHome target, Backup.Existing existing) throws Exception {
        return new Restore(backup).into(target, folder.resolve("new/config.yaml"), existing, CLOCK);
    }

    private DataHome another() {
        return DataHome.open(folder.resolve("another"));
    }

    private static List<String> automationsIn(DataHome home) {
        try (Database store = Database.open(home.database())) {
            return store.read(handle -> handle.createQuery("SELECT automation_id FROM audit_entry ORDER BY number")
                    .mapTo(String.class)
                    .list());
        }
    }

    private static Map<String, String> files(Path root) throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.filter(Files::isRegularFile).toList())
                files.put(
                        root.relativize(each).toString(),
                        new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
        }
        return files;
    }

    @Nested
    class ABackup {
        @Test
        void restoresStoreLogScriptsApprovalsAndConfigurationElsewhere() throws Exception {
            Path backup = backUp(folder.resolve("b.zip")).file();

            Restore.Restored restored = restore(backup, another(), Backup.Existing.KEEP);

            assertThat(restored.aside()).isEmpty();
            assertThat(another().root().resolve("automations/sort.py")).hasContent("# sorts");
            assertThat(another().root().resolve("plugins/approved.sha256")).hasContent("0".repeat(64) + "  mine.jar");
            assertThat(folder.resolve("new/config.yaml")).hasContent(CONFIGURATION.strip());
            assertThat(automationsIn(another())).containsExactly("a0", "a1", "a2", "a3", "a4");
            try (Database store = Database.open(another().database())) {
                assertThat(audit(store, another()).verify(Map.of()).isIntact()).isTrue();
            }
        }

        @Test
        void isNotMadeWhereThereIsNoFolderForIt() {
            assertThatThrownBy(() -> backUp(folder.resolve("no/b.zip")))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("there is no folder " + folder.resolve("no"));
        }

        @Test
        void leavesNothingOfItselfWhenItIsAskedToEnd() throws Exception {
            Path target = Files.createDirectory(folder.resolve("backups"));
            try (Database store = Database.open(home.database())) {
                var asked = new FutureTask<Void>(() -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> new Backup(home, store, configuration, "1.2", CLOCK)
                                    .write(target, Backup.Existing.KEEP))
                            .isInstanceOf(UserException.class)
                            .hasMessageContaining("it was asked to end before it was whole");
                    return null;
                });
                Thread.ofPlatform().start(asked);
                asked.get(60, TimeUnit.SECONDS);
            }
            assertThat(target).isEmptyDirectory();
        }

        @Test
        void holdsNoTokenNoSecretAndNoBeforeImage() throws Exception {
            Files.writeString(home.folder("secrets").resolve("key"), "a key\n");
            try (var zip = new ZipFile(backUp(folder.resolve("b.zip")).file().toFile())) {
                assertThat(zip.stream().map(ZipEntry::getName))
                        .containsExactlyInAnyOrder(
                                "backup.json",
                                "config.yaml",
                                "home/audit.head",
                                "home/automations/sort.py",
                                "home/plugins/approved.sha256",
                                "home/understudy.db");
            }
        }

        @Test
        void isNamedAfterTheTimeInAFolderAndIsForItsOwnerAlone() throws Exception {
            Path made = backUp(Files.createDirectory(folder.resolve("backups"))).file();
            assertThat(made.getFileName()).hasToString("understudy-2026-11-30T160512Z.zip");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rw-------");
            assertThat(made.getParent()).isDirectoryNotContaining(each -> !each.equals(made));
        }

        @Test
        void replacesAnotherOnlyIfItIsTold() throws Exception {
            Path file = Files.writeString(folder.resolve("b.zip"), "mine");
            assertThatThrownBy(() -> backUp(file))
                    .isInstanceOf(UserException.class)
                    .hasMessage("No backup was made: " + file
                            + " is there already. Name another file, or pass --force to replace it");
            assertThat(file).hasContent("mine");
            backUp(file, Backup.Existing.REPLACE);
            assertThat(new Restore(file).verify().understudy()).isEqualTo("1.2");
        }

        @Test
        void isConsistentWhileAnotherProcessWrites() throws Exception {
            Process writer = OtherProcess.of(Writer.class, home.root()).start();
            var backups = new ArrayList<Path>();
            try (var lines = writer.inputReader()) {
                for (int i = 0; i < 3; i++) {
                    for (int line = 0; line < 10; line++)
                        assertThat(lines.readLine()).isNotNull();
                    backups.add(backUp(folder.resolve(i + ".zip")).file());
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            var entries = new ArrayList<Long>();
            for (Path each : backups) {
                DataHome target = DataHome.open(folder.resolve("from-" + each.getFileName()));
                restore(each, target, Backup.Existing.KEEP);
                try (Database store = Database.open(target.database())) {
                    var verified = audit(store, target).verify(Map.of());
                    assertThat(verified.isIntact()).as(verified.toString()).isTrue();
                    entries.add(audit(store, target).newestNumber());
                }
            }
            assertThat(entries).isSorted().doesNotHaveDuplicates();
        }
    }

    @Nested
    class ADataHomeThatHoldsSomething {
        @Test
        void isLeftAloneUnlessItIsTold() throws Exception {
            Path backup = backUp(folder.resolve("b.zip")).file();
            Files.writeString(home.root().resolve("automations/sort.py"), "# newer\n");
            Map<String, String> before = files(home.root());
            assertThatThrownBy(() -> restore(backup, home, Backup.Existing.KEEP))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Nothing was restored: " + home.database()
                            + " is there already. Name an empty data home with --home, or pass --force: what is there is"
                            + " then moved aside");
            Map<String, String> after = files(home.root());
            after.keySet().removeIf(name -> name.startsWith("locks/"));
            before.keySet().removeIf(name -> name.startsWith("locks/"));
            assertThat(after).isEqualTo(before);
        }

        @Test
        void isMovedAsideWholeAndIsThenAsItWasAtTheBackup() throws Exception {
            Path backup = backUp(folder.resolve("b.zip")).file();
            Files.writeString(home.root().resolve("automations/sort.py"), "# newer\n");
            Files.writeString(home.folder("templates").resolve("own.yaml"), "later\n");
            try (Database store = Database.open(home.database())) {
                audit(store, home).add(AuditKind.CREATED, "later", Map.of());
            }

            Path aside = restore(backup, home, Backup.Existing.REPLACE).aside().orElseThrow();

            assertThat(automationsIn(home)).doesNotContain("later");
            assertThat(home.root().resolve("automations/sort.py")).hasContent("# sorts");
            assertThat(home.root().resolve("templates/own.yaml")).doesNotExist();
            assertThat(aside.resolve("automations/sort.py")).hasContent("# newer");
            assertThat(aside.resolve("templates/own.yaml")).hasContent("later");
            try (Database old = Database.open(aside.resolve(DataHome.DATABASE))) {
                assertThat(audit(old, home).newestNumber()).isEqualTo(6);
            }
        }

        @Test
        void isNotTouchedWhileAnotherProcessHasItOpen() throws Exception {
            Path backup = backUp(folder.resolve("b.zip")).file();
            Process writer = OtherProcess.of(Writer.class, home.root()).start();
            try (var lines = writer.inputReader()) {
                assertThat(lines.readLine()).isNotNull();
                assertThatThrownBy(() -> restore(backup, home, Backup.Existing.REPLACE))
                        .isInstanceOf(UserException.class)
                        .hasMessageStartingWith("Nothing was restored: another process has the store " + home.database()
                                + " open. End it");
            } finally {
                writer.destroyForcibly().waitFor();
            }
        }
    }

    @Nested
    class ABackupThatCannotBeUsed {
        private Path backup;

        @BeforeEach
        void make() {
            backup = backUp(folder.resolve("b.zip")).file();
        }

        private void isRefused(String why) throws IOException {
            Map<String, String> before = files(home.root());
            for (Backup.Existing each : Backup.Existing.values())
                assertThatThrownBy(() -> restore(backup, home, each))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining(why)
                        .message()
                        .doesNotContain("\n");
            before.keySet().removeIf(name -> name.startsWith("locks/"));
            Map<String, String> after = files(home.root());
            after.keySet().removeIf(name -> name.startsWith("locks/"));
            assertThat(after).isEqualTo(before);
        }

        @Test
        void becauseItWasCutOff() throws IOException {
            try (var open = new RandomAccessFile(backup.toFile(), "rw")) {
                open.setLength(open.length() / 2);
            }
            isRefused("it is damaged, or no backup: ");
        }

        @Test
        void becauseItIsNotThereOrIsAFolder() throws IOException {
            Files.delete(backup);
            isRefused("cannot be used: there is no such file");
            Files.createDirectory(backup);
            isRefused("cannot be used: it is no ordinary file");
        }

        @Test
        void becauseItIsSomethingElse() throws IOException {
            Files.writeString(backup, "no archive");
            isRefused("it is damaged, or no backup: ");
        }

        @Test
        void becauseAFileInItWasChanged() throws IOException {
            rewrite((name, bytes) -> name.endsWith("sort.py") ? "# other\n".getBytes(StandardCharsets.UTF_8) : bytes);
            isRefused("home/automations/sort.py is not as it was written");
        }

        @Test
        void becauseAFileIsMissing() throws IOException {
            rewrite((name, bytes) -> name.endsWith("sort.py") ? new byte[0] : bytes);
            isRefused("home/automations/sort.py is not as it was written");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"home/../../evil", "/evil", "home/undo/evil", "home//automations/x", "home/automations/../x"
                })
        void becauseAFileWouldLieElsewhere(String name) throws IOException {
            replaceInManifest("home/automations/sort.py", name);
            isRefused("its list of files cannot be used: not a name in a backup: " + name);
        }

        @Test
        void becauseItsStoreIsOfANewerVersion() throws IOException {
            replaceInManifest("\"schema\" : " + Database.SCHEMA, "\"schema\" : " + (Database.SCHEMA + 1));
            isRefused("The backup " + backup + " cannot be used: a newer Understudy (1.2) has made it: version "
                    + (Database.SCHEMA + 1) + " of the tables, and this one knows " + Database.SCHEMA
                    + ". Restore it with that one, or with a newer one");
        }

        @Test
        void becauseItIsOfANewerForm() throws IOException {
            replaceInManifest("\"format\" : 1", "\"format\" : 2");
            isRefused("a newer Understudy (1.2) has made it: format 2, and this one knows 1");
        }

        private void replaceInManifest(String what, String with) throws IOException {
            rewrite((name, bytes) -> name.equals("backup.json")
                    ? new String(bytes, StandardCharsets.UTF_8)
                            .replace(what, with)
                            .getBytes(StandardCharsets.UTF_8)
                    : bytes);
        }

        private void rewrite(java.util.function.BiFunction<String, byte[], byte[]> change) throws IOException {
            Path fresh = folder.resolve("fresh.zip");
            try (var from = new ZipFile(backup.toFile());
                    var to = new ZipOutputStream(Files.newOutputStream(fresh))) {
                for (ZipEntry each : from.stream().toList()) {
                    to.putNextEntry(new ZipEntry(each.getName()));
                    to.write(change.apply(
                            each.getName(), from.getInputStream(each).readAllBytes()));
                }
            }
            backup = fresh;
        }
    }

    @Nested
    class ARestoreThatIsCutShort {
        private Path aside;

        @BeforeEach
        void cut() throws Exception {
            Path backup = backUp(folder.resolve("b.zip")).file();
            Files.writeString(home.root().resolve("automations/sort.py"), "# newer\n");
            aside = home.root().resolve("before-restore-2026-11-30T160512Z");
            // A file where the folder must be: it ends at the first thing that it moves, as a crash may.
            Files.createFile(aside);
            assertThatThrownBy(() -> restore(backup, home, Backup.Existing.REPLACE))
                    .isInstanceOf(UserException.class);
            assertThat(home.root().resolve("restore-ready")).isDirectory();
            Files.delete(aside);
        }

        private void isEnded() throws IOException {
            assertThat(Restore.finish(home)).isTrue();
            assertThat(home.root().resolve("automations/sort.py")).hasContent("# sorts");
            assertThat(aside.resolve("automations/sort.py")).hasContent("# newer");
            assertThat(automationsIn(home)).hasSize(5);
            assertThat(home.root().resolve("restore-ready")).doesNotExist();
            assertThat(Restore.finish(home)).isFalse();
        }

        @Test
        void isEndedByTheNextOne() throws IOException {
            isEnded();
        }

        @Test
        void isEndedWhereTheOldStoreIsAsideAndTheNewOneNotYetInItsPlace() throws IOException {
            Files.createDirectory(aside);
            for (Path each : Database.filesOf(home.database()))
                if (Files.exists(each)) Files.move(each, aside.resolve(each.getFileName()));
            isEnded();
        }

        @Test
        void isEndedWhereHalfOfItIsInItsPlace() throws IOException {
            Files.createDirectory(aside);
            Files.move(home.root().resolve("automations"), aside.resolve("automations"));
            Files.move(
                    home.root().resolve("restore-ready/home/automations"),
                    home.root().resolve("automations"));
            isEnded();
        }
    }

    /** Adds to the log until it is killed, and prints a line for each entry. */
    static final class Writer {
        private Writer() {}

        @SuppressWarnings({"SystemOut", "InfiniteLoopStatement"}) // a process of its own that the test reads and kills
        public static void main(String[] arguments) {
            DataHome home = DataHome.open(Path.of(arguments[0]));
            try (Database store = Database.open(home.database())) {
                while (true) {
                    audit(store, home).add(AuditKind.CREATED, "written", Map.of("text", "x".repeat(500)));
                    System.out.println("one");
                }
            }
        }
    }
}
