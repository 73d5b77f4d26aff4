package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.Follow;
import dev.understudy.sandbox.control.files.FileView.Keep;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a copy, a move and an undo keep, as cp(1) and mv(1) of coreutils 9.1 keep it. */
class CopyTest extends CommittedViews {
    private static final CommitResult COMMITTED = new CommitResult.Committed();
    private static final FileTime OLD = FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z"));

    private Path file(String name, String text, int mode) throws IOException {
        Path file = granted.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", mode);
        Files.setLastModifiedTime(file, OLD);
        return file;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static void give(Path path, int user) throws IOException {
        Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    }

    private static UserDefinedFileAttributeView attributes(Path path) {
        return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    }

    private static void mark(Path path) throws IOException {
        assumeThat(Files.getFileStore(path).supportsFileAttributeView("user"))
                .as("extended attributes on this file system")
                .isTrue();
        attributes(path).write("tag", UTF_8.encode("blue"));
    }

    private static String tag(Path path) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(attributes(path).size("tag"));
        attributes(path).read("tag", value);
        return new String(value.array(), UTF_8);
    }

    @Nested
    class OfAFile {
        /** symfony/symfony#64179 (0600 copied as 0644), jonschlinkert/copy#27 (the executable bit lost). */
        @Test
        void hasThePermissionsOfItsOriginalLessTheUmask() throws Exception {
            Path secret = file("key", "k", 0600);
            Path tool = file("tool", "t", 0775);
            Path there = file("there", "old", 0640);
            assertThat(run("r", view -> {
                        view.copy(secret, granted.resolve("key2"), Follow.NAMED, Keep.CONTENT);
                        view.copy(tool, granted.resolve("tool2"), Follow.NAMED, Keep.CONTENT);
                        view.copy(tool, there, Follow.NAMED, Keep.CONTENT);
                    }))
                    .isEqualTo(COMMITTED);
            int umask = 0777 & ~NewModes.ofThisProcess().folder();
            assertThat(mode(granted.resolve("key2"))).isEqualTo("rw-------");
            assertThat((Integer) Files.getAttribute(granted.resolve("tool2"), "unix:mode") & 0777)
                    .isEqualTo(0775 & ~umask);
            assertThat(mode(there)).as("what is there stays itself").isEqualTo("rw-r-----");
            assertThat(there).hasContent("t");
            assertThat(Files.getLastModifiedTime(granted.resolve("key2"))).isGreaterThan(OLD);
        }

        @Test
        void keepsTimeOwnerAndExtendedAttributesWhereAsked() throws Exception {
            Path original = file("a", "x", 0777);
            mark(original);
            if (isRoot()) give(original, 33);
            run("r", view -> {
                view.copy(original, granted.resolve("p"), Follow.NAMED, Keep.ATTRIBUTES);
                view.copy(original, granted.resolve("a2"), Follow.NAMED, Keep.ALL);
            });
            for (Path copy : List.of(granted.resolve("p"), granted.resolve("a2"))) {
                assertThat(Files.getLastModifiedTime(copy)).isEqualTo(OLD);
                assertThat(mode(copy)).isEqualTo("rwxrwxrwx");
                assertThat(Files.getAttribute(copy, "unix:uid")).isEqualTo(Files.getAttribute(original, "unix:uid"));
            }
            assertThat(attributes(granted.resolve("p")).list()).doesNotContain("tag");
            assertThat(tag(granted.resolve("a2"))).isEqualTo("blue");
        }

        /** QubesOS/qubes-issues#8880, recalbox/recalbox-os#1123: a default quota that nobody knew of. */
        @Test
        void takesNoRoomBeforeTheCommit() throws Exception {
            Path large = file("large", "x".repeat(300_000), 0644);
            Limits limits = Limits.DEFAULT.withDiskBytes(100_000);
            Grants grants = new Grants(List.of(), List.of(granted), List.of(), List.of());
            try (CopyOnWriteView view = transactions().view("r", grants, limits, Map.of(), Set.of())) {
                view.copy(large, granted.resolve("one"), Follow.NAMED, Keep.CONTENT);
                view.copy(granted.resolve("one"), granted.resolve("two"), Follow.NAMED, Keep.CONTENT);
                assertThat(view.attributes(granted.resolve("two"), FileView.Links.FOLLOW)
                                .size())
                        .isEqualTo(300_000);
                assertThat(view.use().diskBytes()).isLessThan(100_000);
                assertThat(transactions().commit("r", view.changes())).isEqualTo(COMMITTED);
            }
            assertThat(granted.resolve("two")).hasSameBinaryContentAs(large);
        }

        @Test
        void isOfWhatTheOriginalWasThen() throws Exception {
            Path a = file("a", "before", 0644);
            assertThat(run("r", view -> {
                        view.copy(a, granted.resolve("b"), Follow.NAMED, Keep.CONTENT);
                        CommitScenario.write(view, a, "after");
                        view.copy(a, granted.resolve("c"), Follow.NAMED, Keep.CONTENT);
                        int handle = view.open(granted.resolve("b"), Set.of(OpenMode.READ, OpenMode.WRITE));
                        view.write(handle, 6, "!".getBytes(UTF_8));
                        view.close(handle);
                        view.move(a, granted.resolve("d"), Existing.FAIL);
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(granted.resolve("b")).hasContent("before!");
            assertThat(granted.resolve("c")).hasContent("after");
            assertThat(granted.resolve("d")).hasContent("after");
            assertThat(a).doesNotExist();
        }

        @Test
        void isAConflictWhereTheOriginalChangesMeanwhile() throws Exception {
            Path a = file("a", "before", 0644);
            assertThat(run("r", view -> {
                        view.copy(a, granted.resolve("b"), Follow.NAMED, Keep.CONTENT);
                        Files.writeString(a, "another");
                    }))
                    .isInstanceOf(CommitResult.Conflict.class);
            assertThat(granted.resolve("b")).doesNotExist();
        }

        @Test
        void ontoItselfOrThroughALinkThatLeadsNowhereIsRefused() throws Exception {
            Path a = file("a", "x", 0644);
            Path dangling = Files.createSymbolicLink(granted.resolve("l"), Path.of("nowhere"));
            run("r", view -> {
                assertThatExceptionOfType(FileViewException.class)
                        .isThrownBy(() -> view.copy(a, a, Follow.NAMED, Keep.CONTENT));
                assertThatExceptionOfType(FileViewException.class)
                        .isThrownBy(() -> view.copy(a, dangling, Follow.NAMED, Keep.CONTENT));
            });
            assertThat(granted.resolve("nowhere")).doesNotExist();
        }
    }

    /** filebrowser/filebrowser#1387, svenstaro/miniserve#1441, ranger/ranger#2635: one broken link and nothing is copied. */
    @Nested
    class OfAFolder {
        @BeforeEach
        void links() throws IOException {
            file("d/f", "x", 0600);
            Files.createSymbolicLink(granted.resolve("d/l"), Path.of("f"));
            Files.createSymbolicLink(granted.resolve("d/nowhere"), Path.of("gone"));
            Files.createSymbolicLink(granted.resolve("d/up"), Path.of("..").resolve("d"));
        }

        @Test
        void copiesLinksAsLinks() throws Exception {
            assertThat(run(
                            "r",
                            view -> view.copy(granted.resolve("d"), granted.resolve("e"), Follow.NAMED, Keep.CONTENT)))
                    .isEqualTo(COMMITTED);
            assertThat(Files.readSymbolicLink(granted.resolve("e/l"))).hasToString("f");
            assertThat(Files.readSymbolicLink(granted.resolve("e/nowhere"))).hasToString("gone");
            assertThat(Files.readSymbolicLink(granted.resolve("e/up"))).hasToString("../d");
            assertThat(mode(granted.resolve("e/f"))).isEqualTo("rw-------");
        }

        @Test
        void whereLinksAreFollowedEndsAtOneThatLeadsBack() throws Exception {
            Files.delete(granted.resolve("d/nowhere"));
            run(
                    "r",
                    view -> assertThatExceptionOfType(FileViewException.class)
                            .isThrownBy(() ->
                                    view.copy(granted.resolve("d"), granted.resolve("e"), Follow.ALL, Keep.CONTENT))
                            .withMessageContaining("leads back to its own folder"));
        }

        @Test
        void goesNotIntoItself() throws Exception {
            run(
                    "r",
                    view -> assertThatExceptionOfType(FileViewException.class)
                            .isThrownBy(() -> view.copy(
                                    granted.resolve("d"), granted.resolve("d/inside"), Follow.NONE, Keep.CONTENT)));
        }
    }

    /** andrewchambers/bupstash#263, nextcloud/server#57581, bit-team/backintime#661: times and rights lost. */
    @Nested
    class AFolderThatIsMovedOrDeletedAndUndone {
        @BeforeEach
        void folderWithAttributes() throws IOException {
            file("d/f", "x", 0640);
            Files.createSymbolicLink(granted.resolve("d/l"), Path.of("f"));
            Files.setAttribute(granted.resolve("d"), "unix:mode", 02770);
            if (isRoot()) {
                give(granted.resolve("d"), 33);
                give(granted.resolve("d/f"), 34);
                give(granted.resolve("d/l"), 35);
            }
            Files.setLastModifiedTime(granted.resolve("d"), OLD);
        }

        private String look(String name) throws IOException {
            var text = new StringBuilder();
            for (String each : List.of("", "/f", "/l")) {
                Path path = granted.resolve(name + each);
                Map<String, Object> is =
                        Files.readAttributes(path, "unix:mode,uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                text.append(each).append(' ').append(is.get("mode")).append(' ').append(is.get("uid"));
                text.append(' ').append(is.get("lastModifiedTime")).append('\n');
            }
            return text.toString();
        }

        @Test
        void keepsModeOwnerAndTime() throws Exception {
            String before = look("d");
            assertThat(run("r", view -> view.move(granted.resolve("d"), granted.resolve("e"), Existing.FAIL)))
                    .isEqualTo(COMMITTED);
            assertThat(look("e")).isEqualTo(before);
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(look("d")).isEqualTo(before);
        }

        @Test
        void isAsItWas() throws Exception {
            mark(granted.resolve("d"));
            mark(granted.resolve("d/f"));
            Files.setLastModifiedTime(granted.resolve("d"), OLD);
            String before = look("d");
            assertThat(run("r", view -> {
                        for (String name : List.of("d/f", "d/l", "d")) view.delete(granted.resolve(name));
                    }))
                    .isEqualTo(COMMITTED);
            assertThat(granted.resolve("d")).doesNotExist();
            assertThat(transactions().undo("r")).isEqualTo(COMMITTED);
            assertThat(look("d")).isEqualTo(before);
            assertThat(tag(granted.resolve("d"))).isEqualTo("blue");
            assertThat(tag(granted.resolve("d/f"))).isEqualTo("blue");
        }
    }
}
