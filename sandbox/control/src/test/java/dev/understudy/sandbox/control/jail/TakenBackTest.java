package dev.understudy.sandbox.control.jail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.files.ChangeSet;
import dev.understudy.sandbox.control.files.CommitResult;
import dev.understudy.sandbox.control.files.CopyOnWriteView;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as a jailed process, also one with ill will, may leave them. */
class TakenBackTest {
    private static final CommitResult COMMITTED = new CommitResult.Committed();

    @TempDir
    Path folder;

    /** After all that the tests do. */
    private final Instant later = Instant.now().plusSeconds(3600);

    private Path granted;
    private Grants grants;
    private FileTransactions transactions;
    private CopyOnWriteView view;

    @BeforeEach
    void prepare() throws Exception {
        folder = folder.toRealPath();
        granted = Files.createDirectory(folder.resolve("granted"));
        Files.createDirectories(granted.resolve("old/deep"));
        Files.writeString(granted.resolve("old/deep/leaf"), "leaf");
        Files.writeString(granted.resolve("changed.txt"), "one\ntwo\n");
        Files.writeString(granted.resolve("deleted.txt"), "gone\n");
        Files.writeString(granted.resolve("other.txt"), "other");
        grants = new Grants(List.of(), List.of(granted), List.of(), List.of());
        transactions = new FileTransactions(folder.resolve("home"), List.of(), 1 << 20, InstantSource.system());
        view = transactions.view("r", grants, Limits.DEFAULT, Map.of(), Set.of());
    }

    @AfterEach
    void close() throws IOException {
        view.close();
    }

    private ChangeSet takeBack(JailArea area, Instant started) throws Exception {
        new TakenBack(view, grants, List.of(), started, OwnerNotes.none()).of(List.of(area));
        return view.changes();
    }

    @Nested
    class OfAnOverlay {
        private Path upper;

        @BeforeEach
        void begin() throws IOException {
            upper = Files.createDirectory(folder.resolve("upper"));
        }

        private ChangeSet changes(Instant started) throws Exception {
            return takeBack(new JailArea.Overlay(granted, upper), started);
        }

        private void mark(Path file, String name, String value) throws IOException {
            var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
            assumeThat(attributes).as("user.* attributes").isNotNull();
            attributes.write("overlay." + name, ByteBuffer.wrap(value.getBytes(UTF_8)));
        }

        @Test
        void areItsFilesWhiteoutsAndOpaqueFolders() throws Exception {
            Files.writeString(upper.resolve("changed.txt"), "new\n");
            Files.writeString(upper.resolve("deleted.txt"), "");
            mark(upper.resolve("deleted.txt"), "whiteout", "y");
            Files.createDirectory(upper.resolve("old"));
            mark(upper.resolve("old"), "opaque", "y");
            Files.writeString(upper.resolve("old/fresh"), "fresh");
            Files.setAttribute(upper.resolve("old/fresh"), "unix:mode", 06755);
            Files.createSymbolicLink(upper.resolve("out"), Path.of("/etc/passwd"));

            ChangeSet changes = changes(later);

            assertThat(changes.describe())
                    .extracting(change -> granted.relativize(change.path()).toString(), FileChange::kind)
                    .containsExactly(
                            tuple("changed.txt", FileChange.Kind.CHANGED),
                            tuple("deleted.txt", FileChange.Kind.DELETED),
                            tuple("old", FileChange.Kind.CHANGED),
                            tuple("old/deep", FileChange.Kind.DELETED),
                            tuple("old/deep/leaf", FileChange.Kind.DELETED),
                            tuple("old/fresh", FileChange.Kind.CREATED),
                            tuple("out", FileChange.Kind.CREATED));
            assertThat(transactions.commit("r", changes)).isEqualTo(COMMITTED);
            assertThat(Tree.of(granted))
                    .containsEntry("changed.txt", "file 644 new\n")
                    .containsEntry("old/fresh", "file 755 fresh")
                    .containsEntry("out", "link to /etc/passwd")
                    .doesNotContainKeys("deleted.txt", "old/deep");
        }

        @Test
        void areDeletionsByCharacterDevices() throws Exception {
            Process made =
                    new ProcessBuilder("mknod", upper.resolve("deleted.txt").toString(), "c", "0", "0").start();
            assumeThat(made.waitFor()).as("a device 0/0 can be made here").isZero();
            assertThat(transactions.commit("r", changes(later))).isEqualTo(COMMITTED);
            assertThat(granted.resolve("deleted.txt")).doesNotExist();
        }

        @Test
        void areRefusedWithADeviceOrAPipeAmongThem() throws Exception {
            Process made = new ProcessBuilder("mkfifo", upper.resolve("pipe").toString()).start();
            assumeThat(made.waitFor()).as("mkfifo is there").isZero();
            assertThatExceptionOfType(TakenBack.Failure.class)
                    .isThrownBy(() -> changes(later))
                    .withMessage("it left %s/pipe, which is neither a file nor a folder nor a link", granted);
        }

        @Test
        void areRefusedWhereAnEntryStandsForBytesThatLieElsewhere() throws Exception {
            Files.writeString(upper.resolve("changed.txt"), "");
            mark(upper.resolve("changed.txt"), "metacopy", "");
            assertThatExceptionOfType(TakenBack.Failure.class)
                    .isThrownBy(() -> changes(later))
                    .withMessageContaining("metacopy");
        }

        @Test
        void conflictWithWhatChangedUnderneath() throws Exception {
            Files.writeString(upper.resolve("changed.txt"), "new\n");
            assertThat(transactions.commit("r", changes(Instant.EPOCH)))
                    .isEqualTo(new CommitResult.Conflict(List.of(granted + "/changed.txt has changed meanwhile")));
            assertThat(granted.resolve("changed.txt")).hasContent("one\ntwo\n");
        }

        @Test
        void conflictWhereAnotherHasDoneTheSameMeanwhile() throws Exception {
            Files.writeString(upper.resolve("deleted.txt"), "");
            mark(upper.resolve("deleted.txt"), "whiteout", "y");
            assertThat(transactions.commit("r", changes(Instant.EPOCH))).isInstanceOf(CommitResult.Conflict.class);
            assertThat(granted.resolve("deleted.txt")).exists();
        }
    }

    @Nested
    class OfACopy {
        @Test
        void areWhatDiffersWhileWhatThePersonChangedMeanwhileStays() throws Exception {
            Path copy = folder.resolve("copy");
            Tree.copy(granted, copy);
            Map<Path, JailArea.Stamp> stamps = new HashMap<>();
            try (Stream<Path> all = Files.walk(copy)) {
                for (Path path : all.toList()) stamps.put(path, JailArea.Stamp.of(path));
            }
            Files.writeString(copy.resolve("changed.txt"), "new\n");
            Files.delete(copy.resolve("old/deep/leaf"));
            Files.delete(copy.resolve("old/deep"));
            Files.writeString(granted.resolve("other.txt"), "the person's own");

            ChangeSet changes = takeBack(new JailArea.Copy(granted, copy, stamps, JailArea.Extras.FAIL), later);

            assertThat(transactions.commit("r", changes)).isEqualTo(COMMITTED);
            assertThat(Tree.of(granted))
                    .containsEntry("changed.txt", "file 644 new\n")
                    .containsEntry("other.txt", "file 644 the person's own")
                    .doesNotContainKey("old/deep");
        }

        private JailArea.Copy copied(Path copy) throws IOException {
            Tree.copy(granted, copy);
            Map<Path, JailArea.Stamp> stamps = new HashMap<>();
            try (Stream<Path> all = Files.walk(copy)) {
                for (Path path : all.toList()) stamps.put(path, JailArea.Stamp.of(path));
            }
            return new JailArea.Copy(granted, copy, stamps, JailArea.Extras.FAIL);
        }

        /** The jail's copy shows neither the owner nor extended attributes; what moved is the file that it was. */
        @Test
        void areMovesOfWhatWasMoved() throws Exception {
            if (isRoot()) {
                Files.setAttribute(granted.resolve("other.txt"), "unix:uid", 33);
                Files.setAttribute(granted.resolve("old/deep/leaf"), "unix:uid", 34);
                Files.setAttribute(granted.resolve("old"), "unix:gid", 35);
            }
            Object file = inode("other.txt");
            Object leaf = inode("old/deep/leaf");
            Files.setLastModifiedTime(granted.resolve("old"), FileTime.from(Instant.EPOCH));
            Path copy = folder.resolve("copy");
            JailArea.Copy area = copied(copy);
            Files.createDirectory(copy.resolve("to"));
            Files.move(copy.resolve("other.txt"), copy.resolve("to/moved.txt"));
            Files.move(copy.resolve("old"), copy.resolve("to/new"));
            Files.writeString(copy.resolve("to/new/added"), "added");

            assertThat(transactions.commit("r", takeBack(area, Instant.now()))).isEqualTo(COMMITTED);
            assertThat(inode("to/moved.txt")).isEqualTo(file);
            assertThat(inode("to/new/deep/leaf")).isEqualTo(leaf);
            assertThat(Tree.of(granted))
                    .containsEntry("to/new/added", "file 644 added")
                    .doesNotContainKeys("old", "other.txt", "old/deep");
            if (isRoot())
                assertThat(Files.getAttribute(granted.resolve("to/new"), "unix:gid"))
                        .isEqualTo(35);
            assertThat(transactions.undo("r")).isEqualTo(COMMITTED);
            assertThat(inode("old/deep/leaf")).isEqualTo(leaf);
        }

        @Test
        void areHardLinksAndTimesOfFoldersAndLinks() throws Exception {
            FileTime old = FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z"));
            Path copy = folder.resolve("copy");
            JailArea.Copy area = copied(copy);
            Files.createDirectory(copy.resolve("d"));
            Files.writeString(copy.resolve("d/a"), "x");
            Files.createLink(copy.resolve("d/b"), copy.resolve("d/a"));
            Files.createLink(copy.resolve("d/c"), copy.resolve("other.txt"));
            Files.createSymbolicLink(copy.resolve("d/l"), Path.of("a"));
            Files.getFileAttributeView(copy.resolve("d/l"), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(old, null, null);
            Files.setAttribute(copy.resolve("d"), "unix:mode", 01777);
            Files.setLastModifiedTime(copy.resolve("d"), old);
            Object other = inode("other.txt");

            assertThat(transactions.commit("r", takeBack(area, Instant.now()))).isEqualTo(COMMITTED);
            assertThat(inode("d/a")).isEqualTo(inode("d/b"));
            assertThat(inode("d/c")).isEqualTo(other).isEqualTo(inode("other.txt"));
            assertThat(Files.getLastModifiedTime(granted.resolve("d"))).isEqualTo(old);
            assertThat(Files.getLastModifiedTime(granted.resolve("d/l"), LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(old);
            assertThat(Tree.of(granted))
                    .containsEntry("other.txt", "file 644 other")
                    .containsEntry("d", "folder 1777");
        }

        @Test
        void haveTheOwnersThatTheScriptHasNoted() throws Exception {
            assumeThat(isRoot()).as("a host that is root").isTrue();
            Files.setAttribute(granted.resolve("other.txt"), "unix:uid", 33);
            Path copy = folder.resolve("copy");
            JailArea.Copy area = copied(copy);
            Files.delete(copy.resolve("other.txt"));
            Files.writeString(copy.resolve("other.txt.gz"), "packed");
            Files.writeString(copy.resolve("unpacked"), "x");
            Files.writeString(copy.resolve("named"), "x");
            Path notes = Files.createDirectory(folder.resolve("result"));
            Files.writeString(
                    notes.resolve("owners"),
                    String.join(
                                    "\0",
                                    List.of(
                                            "like",
                                            granted + "/other.txt",
                                            granted + "/other.txt.gz",
                                            "is",
                                            "nobody-here",
                                            "41",
                                            "nobody-here",
                                            "42",
                                            granted + "/unpacked",
                                            "is",
                                            "root",
                                            "43",
                                            "root",
                                            "44",
                                            granted + "/named",
                                            "is",
                                            "x",
                                            "45",
                                            "x",
                                            "46",
                                            "/etc/passwd",
                                            "like",
                                            granted + "/gone",
                                            "/etc/passwd"))
                            + "\0");

            new TakenBack(view, grants, List.of(), Instant.now(), OwnerNotes.read(notes)).of(List.of(area));
            assertThat(transactions.commit("r", view.changes())).isEqualTo(COMMITTED);
            assertThat(Files.getAttribute(granted.resolve("other.txt.gz"), "unix:uid"))
                    .isEqualTo(33);
            assertThat(Files.getAttribute(granted.resolve("unpacked"), "unix:uid"))
                    .isEqualTo(41);
            assertThat(Files.getAttribute(granted.resolve("unpacked"), "unix:gid"))
                    .isEqualTo(42);
            assertThat(Files.getAttribute(granted.resolve("named"), "unix:uid")).isEqualTo(0);
            assertThat(Files.getAttribute(Path.of("/etc/passwd"), "unix:uid")).isEqualTo(0);
        }

        private Object inode(String name) throws IOException {
            return Files.getAttribute(granted.resolve(name), "unix:ino");
        }

        private static boolean isRoot() {
            return System.getProperty("user.name").equals("root");
        }

        @Test
        void failWithAnEntryThatNoGrantNames() throws Exception {
            Path copy = Files.createDirectory(folder.resolve("copy"));
            Files.writeString(copy.resolve("stray"), "x");
            Path outside = folder.resolve("granted-not");
            assertThatExceptionOfType(TakenBack.Failure.class)
                    .isThrownBy(() -> takeBack(new JailArea.Copy(outside, copy, Map.of(), JailArea.Extras.FAIL), later))
                    .withMessageContaining("stray, which is not granted");
        }
    }
}
