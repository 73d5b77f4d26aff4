package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransactionsTest {
    private static final CommitResult COMMITTED = new CommitResult.Committed();

    @TempDir
    Path folder;

    private Path granted;
    private FileTransactions transactions;

    @BeforeEach
    void prepare() throws IOException {
        folder = folder.toRealPath();
        granted = Files.createDirectory(folder.resolve("granted"));
        CommitScenario.prepare(granted);
        transactions = transactions(1 << 20);
    }

    private FileTransactions transactions(long undoBytes) {
        return new FileTransactions(folder.resolve("home"), List.of(), undoBytes, InstantSource.system());
    }

    @FunctionalInterface
    private interface Script {
        void run(CopyOnWriteView view) throws Exception;
    }

    private CommitResult run(String id, Script script) throws Exception {
        return run(id, script, () -> null);
    }

    private CommitResult run(String id, Script script, Callable<?> meanwhile) throws Exception {
        return run(id, granted, script, meanwhile);
    }

    private CommitResult run(String id, Path grant, Script script) throws Exception {
        return run(id, grant, script, () -> null);
    }

    private CommitResult run(String id, Path grant, Script script, Callable<?> meanwhile) throws Exception {
        Grants grants = new Grants(List.of(), List.of(grant), List.of(), List.of());
        try (CopyOnWriteView view = transactions.view(id, grants, Limits.DEFAULT, Map.of(), Set.of())) {
            script.run(view);
            meanwhile.call();
            return transactions.commit(id, view.changes());
        }
    }

    /** What decides whether a run that a crash cut short may be run again. */
    @Nested
    class TheTraceOfARun {
        private static final Instant BEFORE = Instant.parse("2001-02-03T04:05:06Z");

        @Test
        void isNoneWhereItCommittedNothing() throws Exception {
            run("other", view -> CommitScenario.write(view, granted.resolve("changed.txt"), "x"));
            assertThat(transactions.trace("r", BEFORE)).isEqualTo(RunTrace.UNCHANGED);
        }

        @Test
        void isThereWhereItCommitted() throws Exception {
            run("r", view -> CommitScenario.write(view, granted.resolve("changed.txt"), "x"));
            assertThat(transactions.trace("r", BEFORE)).isEqualTo(RunTrace.COMMITTED);
        }

        @Test
        void provesNothingOnceUndoDataWasDroppedThatMayHaveBeenItsOwn() throws Exception {
            run("r", view -> CommitScenario.write(view, granted.resolve("changed.txt"), "x"));
            assertThat(transactions.prune(0)).containsExactly("r");
            assertThat(transactions.trace("r", BEFORE)).isEqualTo(RunTrace.UNSURE);
            assertThat(transactions.trace("later", Instant.now().plusSeconds(60)))
                    .isEqualTo(RunTrace.UNCHANGED);
        }

        @Test
        void isUnsureWhereARollbackIsNotDone() throws Exception {
            Files.createDirectories(folder.resolve("home/undo/r"));
            assertThat(transactions.trace("r", BEFORE)).isEqualTo(RunTrace.UNSURE);
            assertThat(transactions.rollBackCutShort())
                    .extracting(Recovery::runId)
                    .containsExactly("r");
            assertThat(transactions.trace("r", BEFORE)).isEqualTo(RunTrace.UNCHANGED);
        }
    }

    @Nested
    class ACommit {
        @Test
        void keepsPermissionsTimesAndTheInodeOfWhatIsRenamed() throws Exception {
            Path from = granted.resolve("renamed.txt");
            FileTime old = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
            Files.setLastModifiedTime(from, old);
            Files.setAttribute(granted.resolve("changed.txt"), "unix:mode", 0640);
            Object inode = Files.getAttribute(from, "unix:ino");
            assertThat(run("r", view -> {
                        view.move(from, granted.resolve("to"), Existing.FAIL);
                        CommitScenario.write(view, granted.resolve("changed.txt"), "x");
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(Files.getAttribute(granted.resolve("to"), "unix:ino")).isEqualTo(inode);
            assertThat(Files.getLastModifiedTime(granted.resolve("to"))).isEqualTo(old);
            assertThat(Tree.of(granted)).containsEntry("changed.txt", "file 640 x");
        }

        @Test
        void setsATimeThatTheScriptChose() throws Exception {
            Instant chosen = Instant.parse("2020-01-01T00:00:00Z");
            assertThat(run("r", view -> view.setAttributes(granted.resolve("changed.txt"), chosen, null)))
                    .isEqualTo(COMMITTED);
            assertThat(Files.getLastModifiedTime(granted.resolve("changed.txt")).toInstant())
                    .isEqualTo(chosen);
        }

        /** rm and mv take the link that they are told, dangling or not (filebrowser/filebrowser#1387). */
        @ParameterizedTest
        @ValueSource(strings = {"nowhere", "changed.txt"})
        void takesAwayALinkThatIsGrantedByItsName(String target) throws Exception {
            Path link = Files.createSymbolicLink(granted.resolve("named"), Path.of(target));
            Path other = Files.createSymbolicLink(granted.resolve("unnamed"), Path.of(target));
            Map<String, String> before = Tree.of(granted);
            assertThat(run("r", link, view -> {
                        assertThatThrownBy(() -> view.delete(other)).hasMessageStartingWith("not granted: ");
                        view.delete(link);
                        assertThatThrownBy(() -> view.createSymbolicLink(link, Path.of("/etc")))
                                .hasMessageStartingWith("not granted: ");
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(Files.isSymbolicLink(link)).isFalse();
            assertThat(transactions.undo("r")).isEqualTo(COMMITTED);
            assertThat(Tree.of(granted)).isEqualTo(before);
        }

        /** Grants are followed through links when a run starts: a script's own would grant what nobody did. */
        @Test
        void makesNoLinkThatTheNextRunWouldBeGranted() throws Exception {
            Path place = granted.resolve("place");
            assertThat(run("r", place, view -> view.createSymbolicLink(place, Path.of("/etc"))))
                    .isInstanceOfSatisfying(
                            CommitResult.Refused.class,
                            refused ->
                                    assertThat(refused.reason()).contains("would put a link in the place of " + place));
            assertThat(Files.exists(place, LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThat(run("s", granted, view -> view.createSymbolicLink(place, Path.of("/etc"))))
                    .isEqualTo(COMMITTED);
        }

        @Test
        void happensOnlyOnceForARun() throws Exception {
            run("r", view -> CommitScenario.write(view, granted.resolve("n"), "1"));
            assertThat(run("r", view -> CommitScenario.write(view, granted.resolve("n"), "2")))
                    .isInstanceOf(CommitResult.Refused.class);
            assertThat(granted.resolve("n")).hasContent("1");
        }

        @Test
        void ofManyAtOnceHappensOneAfterTheOther() throws Exception {
            Files.writeString(granted.resolve("count"), "0");
            List<Callable<CommitResult>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String id = "r" + i;
                runs.add(() -> run(id, view -> {
                    int handle = view.open(granted.resolve("count"), Set.of(OpenMode.READ, OpenMode.WRITE));
                    int count = Integer.parseInt(new String(view.read(handle, 0, 10), UTF_8));
                    view.truncate(handle, 0);
                    view.write(handle, 0, Integer.toString(count + 1).getBytes(UTF_8));
                    view.close(handle);
                }));
            }
            long committed = 0;
            try (var threads = Executors.newFixedThreadPool(4)) {
                for (var result : threads.invokeAll(runs)) {
                    if (result.get().equals(COMMITTED)) committed++;
                    else assertThat(result.get()).isInstanceOf(CommitResult.Conflict.class);
                }
            }
            assertThat(granted.resolve("count")).hasContent(Long.toString(committed));
            assertThat(committed).isPositive();
        }
    }

    /** The next run, of this automation or of another, follows none that the person has not made. */
    @Nested
    class ALinkThatARunHasMade {
        private Path secret;
        private Path inbox;

        @BeforeEach
        void secrets() throws Exception {
            secret = Files.createDirectory(folder.resolve("secret"));
            Files.writeString(secret.resolve("key"), "secret");
            inbox = Files.createDirectory(granted.resolve("inbox"));
        }

        private void make(String id, String name, Path target) throws Exception {
            assertThat(run(id, view -> view.createSymbolicLink(inbox.resolve(name), target)))
                    .isEqualTo(COMMITTED);
        }

        private void assertWalled(Path grant) {
            Grants reading = new Grants(List.of(grant), List.of(), List.of(), List.of());
            Grants writing = new Grants(List.of(), List.of(grant), List.of(), List.of());
            for (Grants grants : List.of(reading, writing))
                assertThatThrownBy(() -> transactions.view("next", grants, Limits.DEFAULT, Map.of(), Set.of()))
                        .isInstanceOf(FileViewException.class)
                        .hasMessageContaining("which an automation has made")
                        .hasMessageContaining(secret.toString());
        }

        @Test
        void leadsNoOtherGrantBeyondWhatThatRunHad() throws Exception {
            make("a", "out", secret);
            make("b", "report", secret.resolve("key"));
            make("c", "hidden", Path.of("out/key"));
            assertWalled(inbox.resolve("out"));
            assertWalled(inbox.resolve("out/key"));
            assertWalled(inbox.resolve("report"));
            assertWalled(inbox.resolve("hidden"));
        }

        @Test
        void staysAWallForThoseThatAreGrantedTheFolder() throws Exception {
            make("a", "out", secret);
            run("next", view -> {
                assertThatThrownBy(() -> view.list(inbox.resolve("out"))).hasMessageContaining("not granted");
                assertThatThrownBy(() -> CommitScenario.write(view, inbox.resolve("out/key"), "x"))
                        .hasMessageContaining("not granted");
                view.copy(inbox, granted.resolve("copy"), FileView.Follow.NONE, FileView.Keep.ALL);
            });
            assertThat(secret.resolve("key")).hasContent("secret");
            // A copy of it is one that a run has made as well.
            assertWalled(granted.resolve("copy/out/key"));
        }

        @Test
        void mayLeadToWhatThatRunHad() throws Exception {
            make("a", "latest", Path.of("../swap-a"));
            Grants grants = new Grants(List.of(inbox.resolve("latest")), List.of(), List.of(), List.of());
            try (var view = transactions.view("next", grants, Limits.DEFAULT, Map.of(), Set.of())) {
                assertThat(view.attributes(inbox.resolve("latest"), FileView.Links.FOLLOW)
                                .size())
                        .isEqualTo(1);
            }
        }

        @Test
        void isThePersonsOnceThePersonHasMadeIt() throws Exception {
            make("a", "out", secret);
            Files.delete(inbox.resolve("out"));
            Files.createSymbolicLink(inbox.resolve("out"), secret);
            Grants grants = new Grants(List.of(inbox.resolve("out")), List.of(), List.of(), List.of());
            try (var view = transactions.view("next", grants, Limits.DEFAULT, Map.of(), Set.of())) {
                assertThat(view.list(inbox.resolve("out"))).containsExactly("key");
            }
        }

        @Test
        void staysOneWhereItIsMovedDeletedAndBroughtBack() throws Exception {
            make("a", "out", secret);
            Files.move(inbox.resolve("out"), inbox.resolve("moved"));
            assertWalled(inbox.resolve("moved/key"));
            run("b", view -> view.delete(inbox.resolve("moved")));
            assertThat(transactions.undo("b")).isEqualTo(COMMITTED);
            assertWalled(inbox.resolve("moved/key"));
        }

        @Test
        void isNotFollowedByAnUndo() throws Exception {
            Path file = Files.writeString(inbox.resolve("key"), "old");
            run("a", view -> CommitScenario.write(view, file, "new"));
            // Another puts a link in the place of the folder, as the run of an automation that is granted more could.
            run("b", view -> {
                view.delete(file);
                view.delete(inbox);
                view.createSymbolicLink(inbox, secret);
            });
            assertThat(transactions.undo("a")).isNotEqualTo(COMMITTED);
            assertThat(secret.resolve("key")).hasContent("secret");
            assertThat(transactions.undo("b")).isEqualTo(COMMITTED);
            assertThat(transactions.undo("a")).isEqualTo(COMMITTED);
            assertThat(file).hasContent("old");
        }
    }

    @Nested
    class AConflict {
        private void expectConflict(Script script, Callable<?> meanwhile, String reason) throws Exception {
            CommitResult result = run("r", script, meanwhile);
            assertThat(result)
                    .isInstanceOfSatisfying(
                            CommitResult.Conflict.class,
                            conflict -> assertThat(conflict.reasons()).contains(granted + "/" + reason));
            assertThat(transactions.undoable()).isEmpty();
        }

        @Test
        void isAFileThatTheRunReadAndAnotherChanged() throws Exception {
            expectConflict(
                    view -> {
                        view.close(view.open(granted.resolve("changed.txt"), Set.of(OpenMode.READ)));
                        CommitScenario.write(view, granted.resolve("n"), "built on what was read");
                    },
                    () -> Files.writeString(granted.resolve("changed.txt"), "by another"),
                    "changed.txt has changed meanwhile");
            assertThat(granted.resolve("n")).doesNotExist();
        }

        /** Two runs that read the same count and add one to it: the second may not pass for done. */
        @Test
        void isAFileToWhichAnotherHasDoneTheSame() throws Exception {
            Files.writeString(granted.resolve("count"), "0");
            expectConflict(
                    view -> CommitScenario.write(view, granted.resolve("count"), "1"),
                    () -> Files.writeString(granted.resolve("count"), "1"),
                    "count has changed meanwhile");
        }

        @Test
        void isAFileThatTheRunReplacedAndAnotherDeleted() throws Exception {
            expectConflict(
                    view -> CommitScenario.write(view, granted.resolve("changed.txt"), "new"),
                    () -> Files.deleteIfExists(granted.resolve("changed.txt")),
                    "changed.txt has been deleted meanwhile");
        }

        @Test
        void isAFileThatBothCreated() throws Exception {
            expectConflict(
                    view -> CommitScenario.write(view, granted.resolve("n"), "mine"),
                    () -> Files.writeString(granted.resolve("n"), "theirs"),
                    "n has been created meanwhile");
            assertThat(granted.resolve("n")).hasContent("theirs");
        }

        @Test
        void isAFileThatAppearsInAFolderTheRunDeletes() throws Exception {
            expectConflict(
                    view -> {
                        view.delete(granted.resolve("turns-file/inside"));
                        view.delete(granted.resolve("turns-file"));
                    },
                    () -> Files.writeString(granted.resolve("turns-file/late"), "keep me"),
                    "turns-file/late has appeared in a folder that is to be deleted");
            assertThat(granted.resolve("turns-file/late")).hasContent("keep me");
        }
    }

    @Nested
    class ACommitThatFails {
        @Test
        void onAFullDiskChangesNothing() throws Exception {
            Path small = Files.createDirectory(folder.resolve("small"));
            Process mount =
                    new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()).start();
            assumeThat(mount.waitFor())
                    .as("a small tmpfs can be mounted here (needs root)")
                    .isZero();
            try {
                Files.writeString(small.resolve("a"), "before");
                Map<String, String> before = Tree.of(small);
                CommitResult result = run(
                        "r",
                        small,
                        view -> {
                            CommitScenario.write(view, small.resolve("a"), "x".repeat(30_000));
                            CommitScenario.write(view, small.resolve("b"), "x".repeat(60_000));
                        },
                        () -> null);
                assertThat(result)
                        .isInstanceOfSatisfying(
                                CommitResult.Refused.class,
                                refused -> assertThat(refused.reason()).contains("No space left on device"));
                assertThat(Tree.of(small)).isEqualTo(before);
            } finally {
                assertThat(new ProcessBuilder("umount", small.toString())
                                .start()
                                .waitFor())
                        .isZero();
            }
        }

        @Test
        void onAReadOnlyFileSystemChangesNothing() throws Exception {
            Path fixed = Files.createDirectory(folder.resolve("fixed"));
            Process mount =
                    new ProcessBuilder("mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", fixed.toString()).start();
            assumeThat(mount.waitFor())
                    .as("a read-only tmpfs can be mounted here (needs root)")
                    .isZero();
            try {
                assertThat(run("r", fixed, view -> CommitScenario.write(view, fixed.resolve("a"), "x"), () -> null))
                        .isInstanceOfSatisfying(
                                CommitResult.Refused.class,
                                refused -> assertThat(refused.reason()).contains("Read-only file system"));
            } finally {
                assertThat(new ProcessBuilder("umount", fixed.toString())
                                .start()
                                .waitFor())
                        .isZero();
            }
        }

        @Test
        void forBeforeImagesThatDoNotFitSaysSo() throws Exception {
            transactions = transactions(3);
            assertThat(run("r", view -> view.delete(granted.resolve("deleted.txt"))))
                    .isEqualTo(new CommitResult.Refused("what the run replaces or deletes takes 5 bytes, but only 3 may"
                            + " be kept for undo. Let it change less at once, or raise the undo size."));
            assertThat(granted.resolve("deleted.txt")).exists();
        }
    }

    @Nested
    class AnUndo {
        @Test
        void bringsEverythingBack() throws Exception {
            Map<String, String> before = Tree.of(granted);
            assertThat(run("r", view -> CommitScenario.change(view, granted))).isEqualTo(COMMITTED);
            assertThat(transactions.undoable()).extracting(UndoEntry::runId).containsExactly("r");
            assertThat(transactions.undo("r")).isEqualTo(COMMITTED);
            assertThat(Tree.of(granted)).isEqualTo(before);
            assertThat(transactions.undoable()).isEmpty();
            assertThat(transactions.undo("r")).isInstanceOf(CommitResult.Refused.class);
        }

        @Test
        void isRefusedWhereSomethingChangedSince() throws Exception {
            run("r", view -> CommitScenario.change(view, granted));
            Files.writeString(granted.resolve("changed.txt"), "edited by hand");
            Map<String, String> edited = Tree.of(granted);
            assertThat(transactions.undo("r"))
                    .isEqualTo(new CommitResult.Conflict(List.of(
                            granted + "/changed-too has changed meanwhile",
                            granted + "/changed.txt has changed meanwhile")));
            assertThat(Tree.of(granted)).isEqualTo(edited);
        }

        @Test
        void isForgottenWhenItsDataIsPruned() throws Exception {
            for (String id : List.of("r1", "r2", "r3"))
                run(id, view -> CommitScenario.write(view, granted.resolve("changed.txt"), id + " 8 bytes"));
            assertThat(transactions.undoable()).extracting(UndoEntry::bytes).containsExactly(8L, 10L, 10L);
            assertThat(transactions.prune(20)).containsExactly("r1");
            assertThat(transactions.undo("r1")).isInstanceOf(CommitResult.Refused.class);
            assertThat(transactions.undo("r3")).isEqualTo(COMMITTED);
            assertThat(granted.resolve("changed.txt")).hasContent("r2 8 bytes");
        }

        @Test
        void makesRoomForANewerOne() throws Exception {
            transactions = transactions(12);
            run("r1", view -> CommitScenario.write(view, granted.resolve("changed.txt"), "x"));
            run("r2", view -> view.delete(granted.resolve("deleted.txt")));
            assertThat(transactions.undoable()).extracting(UndoEntry::runId).containsExactly("r2");
        }
    }
}
