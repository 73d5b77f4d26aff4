package dev.understudy.sandbox.control.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.Follow;
import dev.understudy.sandbox.control.files.FileView.Keep;
import dev.understudy.sandbox.control.files.FileView.Links;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hard links, access control lists and groups of folders, each beside what the system or coreutils make of the same. */
class KeptAttributesTest extends CommittedViews {
    private static final CommitResult COMMITTED = new CommitResult.Committed();

    /** The same files, for the real programs. */
    private Path real;

    @BeforeEach
    void prepare() throws IOException {
        real = Files.createDirectory(folder.resolve("real"));
    }

    private void run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command).directory(real.toFile()).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static int names(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode") & 07777;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** cp(1): -a is -dR --preserve=all, and that keeps hard links among what is copied. */
    @Nested
    class HardLinks {
        @BeforeEach
        void link() throws IOException {
            for (Path root : List.of(granted, real)) {
                Files.createDirectories(root.resolve("d/below"));
                Files.createDirectory(root.resolve("to"));
                Files.writeString(root.resolve("d/a"), "x");
                Files.createLink(root.resolve("d/below/b"), root.resolve("d/a"));
                Files.createLink(root.resolve("c"), root.resolve("d/a"));
            }
        }

        @Test
        void areKeptAmongWhatIsCopiedWithAll() throws Exception {
            run("cp", "-a", "d", "c", "to");
            assertThat(run("r", view -> {
                        view.copy(granted.resolve("d"), granted.resolve("to/d"), Follow.NONE, Keep.ALL);
                        view.copy(granted.resolve("c"), granted.resolve("to/c"), Follow.NONE, Keep.ALL);
                        assertThat(view.attributes(granted.resolve("to/c"), Links.FOLLOW)
                                        .names())
                                .isEqualTo(3);
                    }))
                    .isEqualTo(COMMITTED);
            for (Path root : List.of(real, granted)) {
                assertThat(names(root.resolve("to/c"))).as("%s", root).isEqualTo(3);
                assertThat(inode(root.resolve("to/d/below/b")))
                        .isEqualTo(inode(root.resolve("to/d/a")))
                        .isEqualTo(inode(root.resolve("to/c")))
                        .isNotEqualTo(inode(root.resolve("c")));
                assertThat(root.resolve("to/d/below/b")).hasContent("x");
            }
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(granted.resolve("to")).isEmptyDirectory();
            assertThat(names(granted.resolve("c"))).isEqualTo(3);
        }

        @Test
        void areNoneWhereOneFileIsCopiedTwiceOrLessIsKept() throws Exception {
            run("cp", "-rp", "d", "to");
            run("cp", "-a", "c", "to/c");
            run("cp", "-a", "c", "to/c2");
            assertThat(run("r", view -> {
                        view.copy(granted.resolve("d"), granted.resolve("to/d"), Follow.NONE, Keep.ATTRIBUTES);
                        view.copy(granted.resolve("c"), granted.resolve("to/c"), Follow.NONE, Keep.ALL);
                        view.copy(granted.resolve("c"), granted.resolve("to/c2"), Follow.NONE, Keep.ALL);
                    }))
                    .isEqualTo(COMMITTED);
            for (Path root : List.of(real, granted))
                for (String name : List.of("to/d/a", "to/d/below/b", "to/c", "to/c2"))
                    assertThat(names(root.resolve(name))).as("%s", root).isEqualTo(1);
        }

        @Test
        void madeToAFileThatStaysAreOfThatFileAndGoWithAnUndo() throws Exception {
            Object before = inode(granted.resolve("c"));
            assertThat(run("r", view -> {
                        view.createLink(granted.resolve("1"), granted.resolve("c"));
                        view.createLink(granted.resolve("z"), granted.resolve("1"));
                        CommitScenario.write(view, granted.resolve("new"), "n");
                        view.createLink(granted.resolve("also"), granted.resolve("new"));
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(inode(granted.resolve("1"))).isEqualTo(before).isEqualTo(inode(granted.resolve("z")));
            assertThat(names(granted.resolve("z"))).isEqualTo(5);
            assertThat(inode(granted.resolve("new"))).isEqualTo(inode(granted.resolve("also")));
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(granted).isDirectoryNotContaining("glob:**/{1,z,new,also}");
            assertThat(names(granted.resolve("c"))).isEqualTo(3);
        }

        @Test
        void ofWhatMovesAreOfWhatHasMoved() throws Exception {
            Object before = inode(granted.resolve("c"));
            assertThat(run("r", view -> {
                        view.createLink(granted.resolve("1"), granted.resolve("c"));
                        view.delete(granted.resolve("c"));
                        view.createLink(granted.resolve("to/2"), granted.resolve("1"));
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(inode(granted.resolve("1"))).isEqualTo(before).isEqualTo(inode(granted.resolve("to/2")));
            assertThat(granted.resolve("c")).doesNotExist();
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(inode(granted.resolve("c"))).isEqualTo(before);
            assertThat(names(granted.resolve("c"))).isEqualTo(3);
        }

        @Test
        void showOneContentUnderAllNamesAsLongAsThereIsOne() throws Exception {
            assertThat(run("r", view -> {
                        view.createLink(granted.resolve("1"), granted.resolve("c"));
                        CommitScenario.write(view, granted.resolve("1"), "other");
                        view.move(granted.resolve("1"), granted.resolve("c"), Existing.REPLACE);
                        view.delete(granted.resolve("c"));
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(granted.resolve("1")).hasContent("other");
            assertThat(granted.resolve("c")).doesNotExist();
        }

        @Test
        void areMadeOnlyToWhatMayBeWritten() throws Exception {
            Path outside = Files.writeString(folder.resolve("outside"), "kept");
            Grants grants = new Grants(List.of(outside), List.of(granted), List.of(), List.of());
            try (CopyOnWriteView view = transactions().view("r", grants, Limits.DEFAULT, Map.of(), Set.of())) {
                assertThatExceptionOfType(FileViewException.class)
                        .isThrownBy(() -> view.createLink(granted.resolve("l"), outside))
                        .withMessageContaining("not granted");
                assertThatExceptionOfType(FileViewException.class)
                        .isThrownBy(() -> view.createLink(granted.resolve("l"), granted.resolve("d")));
            }
            assertThat(names(outside)).isEqualTo(1);
        }
    }

    /** acl(5). The lists are written as the kernel has them, since setfacl(1) is not everywhere. */
    @Nested
    class AccessControlLists {
        private static final int SOMEBODY = 1234;

        /** Owner and somebody read and write, all others nothing. */
        private final byte[] list = list(6, 6, 0, 6, 0);

        private static byte[] list(int owner, int somebody, int group, int mask, int others) {
            ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
            list.putInt(2);
            int[][] entries = {
                {0x01, owner, -1}, {0x02, somebody, SOMEBODY}, {0x04, group, -1}, {0x10, mask, -1}, {0x20, others, -1}
            };
            for (int[] entry : entries)
                list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
            return list.array();
        }

        private void set(Path path, String attribute, byte[] value) {
            AccessLists.write(path, attribute, value);
            assumeThat(AccessLists.read(path, attribute))
                    .as("access control lists on this file system")
                    .isPresent();
        }

        private void assertSame(Path path, Path as) throws IOException {
            for (String attribute : List.of(AccessLists.ACCESS, AccessLists.DEFAULT))
                assertThat(AccessLists.read(path, attribute).map(ByteBuffer::wrap))
                        .as("%s of %s", attribute, path)
                        .isEqualTo(AccessLists.read(as, attribute).map(ByteBuffer::wrap));
            assertThat(Integer.toOctalString(mode(path))).as("%s", path).isEqualTo(Integer.toOctalString(mode(as)));
        }

        /** Without it the group would get what the mask allowed somebody else. */
        @Test
        void ofAFileThatIsWrittenAnewStays() throws Exception {
            Path file = Files.writeString(granted.resolve("f"), "old");
            set(file, AccessLists.ACCESS, list);
            assertThat(run("r", view -> CommitScenario.write(view, file, "new")))
                    .isEqualTo(COMMITTED);
            assertThat(file).hasContent("new");
            assertThat(AccessLists.read(file, AccessLists.ACCESS)).hasValue(list);
            assertThat(mode(file)).isEqualTo(0660);
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(AccessLists.read(file, AccessLists.ACCESS)).hasValue(list);
        }

        @Test
        void stayWhereOnlyTheTimeIsSet() throws Exception {
            Path file = Files.writeString(granted.resolve("f"), "old");
            set(file, AccessLists.ACCESS, list);
            assertThat(run("r", view -> view.setAttributes(file, Instant.EPOCH, null)))
                    .isEqualTo(COMMITTED);
            assertThat(AccessLists.read(file, AccessLists.ACCESS)).hasValue(list);
        }

        @Test
        void goWithCopiesThatKeepPermissions() throws Exception {
            for (Path root : List.of(granted, real)) {
                Files.createDirectory(root.resolve("d"));
                set(root.resolve("d"), AccessLists.DEFAULT, list);
                set(Files.writeString(root.resolve("d/f"), "x"), AccessLists.ACCESS, list);
            }
            run("cp", "-a", "d", "a");
            run("cp", "-rp", "d", "p");
            run("cp", "d/f", "plain");
            assertThat(run("r", view -> {
                        view.copy(granted.resolve("d"), granted.resolve("a"), Follow.NONE, Keep.ALL);
                        view.copy(granted.resolve("d"), granted.resolve("p"), Follow.NONE, Keep.ATTRIBUTES);
                        view.copy(granted.resolve("d/f"), granted.resolve("plain"), Follow.NAMED, Keep.CONTENT);
                    }))
                    .isEqualTo(COMMITTED);
            for (String name : List.of("a", "a/f", "p", "p/f", "plain"))
                assertSame(granted.resolve(name), real.resolve(name));
        }

        @Test
        void ofAFolderAreGivenToWhatIsMadeInIt() throws Exception {
            for (Path root : List.of(granted, real)) set(root, AccessLists.DEFAULT, list(7, 7, 5, 7, 0));
            Files.writeString(real.resolve("f"), "x");
            Files.createDirectory(real.resolve("d"));
            Files.writeString(real.resolve("d/g"), "x");
            Files.createFile(
                    real.resolve("private"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            assertThat(run("r", view -> {
                        CommitScenario.write(view, granted.resolve("f"), "x");
                        view.createDirectory(granted.resolve("d"));
                        CommitScenario.write(view, granted.resolve("d/g"), "x");
                        CommitScenario.write(view, granted.resolve("private"), "");
                        view.setAttributes(granted.resolve("private"), null, 0600);
                    }))
                    .isEqualTo(COMMITTED);
            for (String name : List.of("f", "d", "d/g", "private"))
                assertSame(granted.resolve(name), real.resolve(name));
        }

        /** A file that had none gets none from its folder, when it is written anew or brought back. */
        @Test
        void areNotGivenToWhatHadNone() throws Exception {
            Path file = Files.writeString(granted.resolve("f"), "old");
            Files.setAttribute(file, "unix:mode", 0644);
            Path gone = Files.writeString(granted.resolve("gone"), "kept");
            set(granted, AccessLists.DEFAULT, list);
            assertThat(run("r", view -> {
                        CommitScenario.write(view, file, "new");
                        view.delete(gone);
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(AccessLists.read(file, AccessLists.ACCESS)).isEqualTo(Optional.empty());
            assertThat(mode(file)).isEqualTo(0644);
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(AccessLists.read(gone, AccessLists.ACCESS)).isEqualTo(Optional.empty());
        }
    }

    /** mkdir(2), open(2): in a folder with the set-group-ID bit what is new gets its group, and folders the bit as well. */
    @Nested
    class AFolderThatGivesItsGroup {
        @BeforeEach
        void share() throws IOException {
            for (Path root : List.of(granted, real)) {
                Files.createDirectory(root.resolve("shared"));
                if (isRoot()) Files.setAttribute(root.resolve("shared"), "unix:gid", 33);
                Files.setAttribute(root.resolve("shared"), "unix:mode", 02775);
            }
        }

        private void assertSame(String name) throws IOException {
            assertThat(Integer.toOctalString(mode(granted.resolve(name))))
                    .as(name)
                    .isEqualTo(Integer.toOctalString(mode(real.resolve(name))));
            assertThat(Files.getAttribute(granted.resolve(name), "unix:gid"))
                    .as(name)
                    .isEqualTo(Files.getAttribute(real.resolve(name), "unix:gid"));
        }

        @Test
        void givesItToFilesFoldersAndCopies() throws Exception {
            Path one = Files.writeString(granted.resolve("one"), "x");
            Files.writeString(real.resolve("one"), "x");
            run(
                    "sh",
                    "-c",
                    "echo x >shared/f; mkdir shared/d; echo x >shared/d/g; cp one shared/copy; cp -p one shared/kept");
            assertThat(run("r", view -> {
                        CommitScenario.write(view, granted.resolve("shared/f"), "x");
                        view.createDirectory(granted.resolve("shared/d"));
                        CommitScenario.write(view, granted.resolve("shared/d/g"), "x");
                        view.copy(one, granted.resolve("shared/copy"), Follow.NAMED, Keep.CONTENT);
                        view.copy(one, granted.resolve("shared/kept"), Follow.NAMED, Keep.ATTRIBUTES);
                    }))
                    .isEqualTo(COMMITTED);
            for (String name : List.of("shared/f", "shared/d", "shared/d/g", "shared/copy", "shared/kept", "shared"))
                assertSame(name);
        }

        @Test
        void keepsTheBitInACopyWithAll() throws Exception {
            run("cp", "-a", "shared", "copy");
            assertThat(run(
                            "r",
                            view -> view.copy(
                                    granted.resolve("shared"), granted.resolve("copy"), Follow.NONE, Keep.ALL)))
                    .isEqualTo(COMMITTED);
            assertSame("copy");
        }
    }

    @Nested
    class Owners {
        @Test
        void areSetByAHostThatIsRootAlone() throws Exception {
            Path file = Files.writeString(granted.resolve("f"), "x");
            Path link = Files.createSymbolicLink(granted.resolve("l"), Path.of("f"));
            int before = (Integer) Files.getAttribute(file, "unix:uid");
            assertThat(run("r", view -> {
                        view.setOwner(file, 33, 34);
                        CommitScenario.write(view, granted.resolve("new"), "n");
                        view.setOwner(granted.resolve("new"), 35, 36);
                        view.createSymbolicLink(granted.resolve("made"), Path.of("f"));
                        view.setOwner(granted.resolve("made"), 37, 38);
                        view.setTime(granted.resolve("made"), Instant.parse("2001-02-03T04:05:06Z"));
                        view.setOwner(link, before, (Integer) Files.getAttribute(link, "unix:gid"));
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(List.of(uid("f"), uid("new"), uid("made")))
                    .isEqualTo(isRoot() ? List.of(33, 35, 37) : List.of(before, before, before));
            assertThat(Files.getLastModifiedTime(granted.resolve("made"), LinkOption.NOFOLLOW_LINKS)
                            .toInstant())
                    .isEqualTo("2001-02-03T04:05:06Z");
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(uid("f")).isEqualTo(before);
        }

        private int uid(String name) throws IOException {
            return (Integer) Files.getAttribute(granted.resolve(name), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        }
    }

    @Test
    void extendedAttributesAreAddedByNameAndBytes() throws Exception {
        Path file = Files.writeString(granted.resolve("f"), "x");
        assumeThat(Files.getFileStore(file).supportsFileAttributeView("user")).isTrue();
        assertThat(run("r", view -> {
                    view.addExtendedAttributes(file, Map.of("tag", "Ymx1ZQ=="));
                    assertThat(view.extendedAttributes(file)).containsEntry("tag", "Ymx1ZQ==");
                }))
                .isEqualTo(COMMITTED);
        assertThat(Traits.readExtended(file)).containsEntry("tag", "Ymx1ZQ==");
    }
}
