package dev.understudy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataHomeTest {
    @TempDir
    Path folder;

    @Nested
    class WhenOpened {
        @Test
        void isCreatedForItsOwnerAlone() throws IOException {
            Path root = folder.resolve("a/b/home");
            DataHome.open(root).folder("automations");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("automations"))))
                    .isEqualTo("rwx------");
        }

        /** As an earlier version, a copy without modes or a wide umask leaves them. */
        @Test
        void takesBackFromOthersWhatIsItsOwnInAFolderThatIsThereAndNothingElse() throws IOException {
            for (String name :
                    List.of("understudy.db", "understudy.db-wal", "audit.head", "performance-told.txt", "notes"))
                Files.createFile(
                        folder.resolve(name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
            for (String name : List.of("runs", "undo", "locks", "photos"))
                Files.createDirectory(
                        folder.resolve(name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            DataHome.open(folder);
            try (var all = Files.list(folder)) {
                assertThat(all.filter(path -> mode(path).contains("r--"))
                                .map(path -> path.getFileName().toString()))
                        .containsExactly("notes");
            }
            assertThat(mode(folder.resolve("photos"))).isEqualTo("rwxr-xr-x");
            assertThat(List.of("runs", "undo", "locks"))
                    .allMatch(name -> mode(folder.resolve(name)).equals("rwx------"));
        }

        private static String mode(Path path) {
            try {
                return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void isNotInTheWayOfOthersWhoOpenItAtTheSameTime() throws Exception {
            // Whoever opens it tries to write there, and looks at what is there.
            Path home = folder.resolve("home");
            try (var opening = Executors.newFixedThreadPool(8)) {
                List<Future<?>> opened = new ArrayList<>();
                for (int i = 0; i < 2000; i++) opened.add(opening.submit(() -> DataHome.open(home)));
                for (Future<?> each : opened) each.get();
            }
        }

        @Test
        void leavesNothingInAFolderThatIsThere() {
            DataHome.open(folder);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Nested
    class ThatCannotBeWritten {
        @Test
        void saysSoIfAFileIsInTheWay() throws IOException {
            Path file = Files.createFile(folder.resolve("file"));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> DataHome.open(file))
                    .withMessageStartingWith("The data home " + file + " cannot be written: ")
                    .withMessageEndingWith("Make it writable, or name another folder with --home")
                    .returns(UserException.Category.FAILED, UserException::category);
        }

        @Test
        void saysSoIfThePlaceIsReadOnly() {
            // /proc refuses new files even to the superuser, whom permissions do not stop.
            assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs /proc");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> DataHome.open(Path.of("/proc/self")))
                    .withMessageStartingWith("The data home /proc/self cannot be written: ");
        }
    }

    @Nested
    class ItsLock {
        @Test
        void isHeldByOneThreadAtATime() throws Exception {
            var home = DataHome.open(folder);
            CompletableFuture<DataHome.Lock> second;
            try (var _ = home.lock("cell", "preparing the cell", Duration.ZERO)) {
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> home.lock("cell", "preparing the cell", Duration.ZERO))
                        .withMessage("Another process is busy preparing the cell: it holds "
                                + folder.resolve("locks/cell.lock")
                                + " (process " + ProcessHandle.current().pid()
                                + "). Wait until it is done and try again");
                second = CompletableFuture.supplyAsync(() -> {
                    try {
                        return home.lock("cell", "preparing the cell", Duration.ofMinutes(1));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            second.get().close();
        }

        @Test
        void isHeldByOneProcessAtATime() throws Exception {
            var home = DataHome.open(folder);
            try (var _ = home.lock("cell", "preparing the cell", Duration.ZERO)) {
                var other = OtherProcess.of(LockHolder.class, folder).start();
                assertThat(new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .startsWith("Another process is busy testing: ");
                assertThat(other.waitFor()).isZero();
            }
        }

        @Test
        void isFreeForAnotherName() throws Exception {
            var home = DataHome.open(folder);
            try (var _ = home.lock("cell", "x", Duration.ZERO);
                    var other = home.lock("journal", "y", Duration.ZERO)) {
                assertThat(other).isNotNull();
            }
        }
    }

    /** Takes the lock and prints what happened. */
    static final class LockHolder {
        private LockHolder() {}

        @SuppressWarnings("SystemOut") // a process of its own, read by the test
        public static void main(String[] arguments) throws InterruptedException {
            try (var _ = DataHome.open(Path.of(arguments[0])).lock("cell", "testing", Duration.ZERO)) {
                System.out.print("held");
            } catch (UserException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void liesBelowTheDataHomeOfTheSystem() {
        assertThat(DataHome.defaultRoot(Map.of("XDG_DATA_HOME", "/data"), Path.of("/home/me")))
                .isEqualTo(Path.of("/data/understudy"));
        assertThat(DataHome.defaultRoot(Map.of(), Path.of("/home/me")))
                .isEqualTo(Path.of("/home/me/.local/share/understudy"));
    }
}
