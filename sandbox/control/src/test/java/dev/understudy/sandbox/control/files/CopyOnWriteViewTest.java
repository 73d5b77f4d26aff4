package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.Kind;
import dev.understudy.sandbox.control.files.FileView.LimitHit;
import dev.understudy.sandbox.control.files.FileView.Links;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import dev.understudy.sandbox.control.files.FileViewException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyOnWriteViewTest {
    private static final Set<OpenMode> CREATE = Set.of(OpenMode.WRITE, OpenMode.CREATE, OpenMode.TRUNCATE);

    @TempDir
    Path folder;

    private Path granted;
    private Path readable;
    private Path secret;
    private FileTransactions transactions;
    private CopyOnWriteView view;

    @BeforeEach
    void openView() throws Exception {
        folder = folder.toRealPath();
        granted = Files.createDirectories(folder.resolve("user/granted"));
        readable = Files.createDirectories(folder.resolve("user/readable"));
        secret = Files.writeString(folder.resolve("user/secret.txt"), "secret");
        Files.writeString(granted.resolve("a.txt"), "before\n");
        Files.writeString(readable.resolve("r.txt"), "read me");
        transactions = new FileTransactions(folder.resolve("home"), List.of(), 1 << 20, InstantSource.system());
        view = open(Limits.DEFAULT, Map.of(), Set.of());
    }

    @AfterEach
    void closeView() throws IOException {
        view.close();
    }

    private CopyOnWriteView open(Limits limits, Map<Path, StagedEntry> staged, Set<Path> folders) throws Exception {
        Grants grants = new Grants(List.of(readable), List.of(granted), List.of(), List.of());
        return transactions.view("run", grants, limits, staged, folders);
    }

    private void write(Path path, String text) throws FileViewException {
        CommitScenario.write(view, path, text);
    }

    private String read(Path path) throws FileViewException {
        int handle = view.open(path, Set.of(OpenMode.READ));
        try {
            return new String(view.read(handle, 0, 1 << 20), UTF_8);
        } finally {
            view.close(handle);
        }
    }

    private static void assertRefused(Code code, ThrowingCallable attempt) {
        assertThatExceptionOfType(FileViewException.class)
                .isThrownBy(attempt)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Nested
    class AnEmptyRun {
        @Test
        void makesNothingOnDiskAndChangesNothing() throws Exception {
            assertThat(view.changes().isEmpty()).isTrue();
            assertThat(folder.resolve("home")).doesNotExist();
        }
    }

    @Nested
    class OutsideTheGrants {
        @Test
        void saysWhichGrantWouldDo() {
            assertThatExceptionOfType(FileViewException.class)
                    .isThrownBy(() -> read(Path.of("/etc/passwd")))
                    .withMessage("not granted: reading /etc/passwd (grant it with reads = [\"/etc/passwd\"])");
            assertThatExceptionOfType(FileViewException.class)
                    .isThrownBy(() -> write(readable.resolve("r.txt"), "x"))
                    .withMessage("not granted: writing " + readable.resolve("r.txt") + " (grant it with writes = [\""
                            + readable.resolve("r.txt") + "\"])");
        }

        @Escape(Group.DOT_DOT)
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "%s/../secret.txt",
                    "%s/./../secret.txt",
                    "%s//..//secret.txt",
                    "%s/nothing/../../secret.txt",
                    "%s/../../user/secret.txt",
                    "%s/../granted2",
                    "%s/.../secret.txt",
                    "/proc/self/root%s/../secret.txt",
                    "/proc/self/cwd",
                    "/proc/1/environ",
                    "/dev/fd/0",
                    "%s/\uFF0E\uFF0E/secret.txt",
                    "%s./../secret.txt",
                    "%s /../secret.txt"
                })
        void noSpellingLeadsThere(String spelling) {
            Path path = Path.of(spelling.formatted(granted));
            assertThatExceptionOfType(FileViewException.class).isThrownBy(() -> read(path));
            assertThatExceptionOfType(FileViewException.class).isThrownBy(() -> write(path, "x"));
            assertThatExceptionOfType(FileViewException.class).isThrownBy(() -> view.list(path));
            assertThat(secret).hasContent("secret");
        }

        @Test
        void namesThatLookLikeAWayOutAreJustNames() throws Exception {
            write(granted.resolve("..\u2215secret.txt"), "mine");
            assertThat(view.list(granted)).containsExactly("..\u2215secret.txt", "a.txt");
            assertThat(secret).hasContent("secret");
        }

        @Escape(Group.SYMBOLIC_LINKS)
        @ParameterizedTest
        @ValueSource(strings = {"/etc/passwd", "../secret.txt", "../../user/secret.txt", "/proc/self/root/etc/passwd"})
        void aLinkIsTextAndNotAWayOut(String target) throws Exception {
            Files.createSymbolicLink(granted.resolve("theirs"), Path.of(target));
            view.createSymbolicLink(granted.resolve("own"), Path.of(target));
            for (String name : List.of("theirs", "own")) {
                Path link = granted.resolve(name);
                assertThat(view.readSymbolicLink(link)).isEqualTo(Path.of(target));
                assertRefused(Code.NOT_GRANTED, () -> read(link));
                assertRefused(Code.NOT_GRANTED, () -> write(link, "x"));
                assertRefused(Code.NOT_GRANTED, () -> view.attributes(link, Links.FOLLOW));
                assertRefused(Code.NOT_GRANTED, () -> view.realPath(link));
                assertRefused(Code.NOT_GRANTED, () -> view.setAttributes(link, Instant.EPOCH, 0777));
            }
            assertThat(secret).hasContent("secret");
        }

        @Test
        void aLinkedFolderIsNoWayOutEither() throws Exception {
            Files.createSymbolicLink(granted.resolve("up"), Path.of(".."));
            assertRefused(Code.NOT_GRANTED, () -> read(granted.resolve("up/secret.txt")));
            assertRefused(Code.NOT_GRANTED, () -> write(granted.resolve("up/new.txt"), "x"));
            assertRefused(
                    Code.NOT_GRANTED,
                    () -> view.move(granted.resolve("a.txt"), granted.resolve("up/a.txt"), Existing.FAIL));
            assertThat(read(granted.resolve("up/granted/a.txt"))).isEqualTo("before\n");
        }

        @Test
        void foldersAboveAGrantShowOnlyTheWayThere() throws Exception {
            assertThat(view.attributes(folder, Links.FOLLOW).kind()).isEqualTo(Kind.DIRECTORY);
            assertThat(view.list(folder.resolve("user"))).containsExactly("granted", "readable");
            assertThat(view.realPath(granted.resolve("a.txt"))).isEqualTo(granted.resolve("a.txt"));
            assertRefused(Code.NOT_GRANTED, () -> view.createDirectory(folder.resolve("user/new")));
            assertRefused(Code.NOT_GRANTED, () -> view.delete(folder.resolve("user")));
            assertRefused(
                    Code.NOT_GRANTED, () -> view.move(folder.resolve("user"), granted.resolve("user"), Existing.FAIL));
        }

        @Test
        void linksThatLeadInCirclesEnd() throws Exception {
            view.createSymbolicLink(granted.resolve("x"), Path.of("y"));
            view.createSymbolicLink(granted.resolve("y"), Path.of("x"));
            assertRefused(Code.TOO_MANY_LINKS, () -> read(granted.resolve("x")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"n", "é", "😀", "\uf7ff"})
        void aNameIsNoLongerThanFilesCanHaveIt(String character) throws Exception {
            int bytes = FileNames.bytes(character).length;
            Path made = granted.resolve("made");
            view.createDirectory(made);
            write(made.resolve(character.repeat(255 / bytes)), "x");
            Path tooLong = made.resolve(character.repeat(255 / bytes + 1));
            assertRefused(Code.NAME_TOO_LONG, () -> write(tooLong, "x"));
            assertRefused(Code.NAME_TOO_LONG, () -> view.createDirectory(tooLong));
            assertRefused(Code.NAME_TOO_LONG, () -> view.move(granted.resolve("a.txt"), tooLong, Existing.FAIL));
            assertThat(transactions.commit("run", view.changes())).isEqualTo(new CommitResult.Committed());
        }

        @Test
        void theHostsOwnDataIsNeverGranted() throws Exception {
            Path own = Files.createDirectories(granted.resolve(".local/understudy"));
            Files.writeString(own.resolve("approvals"), "mine");
            Files.createDirectories(granted.resolve(".LOCAL/Understudy"));
            var careful = new FileTransactions(own, List.of(), 1 << 20, InstantSource.system());
            Grants all = new Grants(List.of(Path.of("/")), List.of(granted), List.of(), List.of());
            try (CopyOnWriteView wide = careful.view("run", all, Limits.DEFAULT, Map.of(), Set.of())) {
                Path approvals = own.resolve("approvals");
                assertRefused(Code.NOT_GRANTED, () -> wide.open(approvals, Set.of(OpenMode.READ)));
                assertRefused(Code.NOT_GRANTED, () -> wide.open(approvals, CREATE));
                assertRefused(
                        Code.NOT_GRANTED, () -> wide.open(granted.resolve(".LOCAL/Understudy/approvals"), CREATE));
                assertRefused(
                        Code.NOT_GRANTED,
                        () -> wide.move(granted.resolve(".local"), granted.resolve("taken"), Existing.FAIL));
                CommitScenario.write(wide, wide.workspace().resolve("note"), "works");
                assertThat(wide.changes().isEmpty()).isTrue();
            }
        }

        @Escape(Group.TIME_OF_CHECK)
        @Test
        void aFolderSwappedForALinkWhileItIsUsedLeadsNowhere() throws Exception {
            Path swapped = Files.createDirectory(granted.resolve("swapped"));
            Path aside = granted.resolve("aside");
            Path outside = Files.createDirectory(folder.resolve("user/outside"));
            Files.writeString(swapped.resolve("f"), "inside");
            Files.writeString(outside.resolve("f"), "outside");
            AtomicBoolean end = new AtomicBoolean();
            Thread swapper = Thread.ofPlatform().start(() -> {
                try {
                    while (!end.get()) {
                        Files.move(swapped, aside);
                        Files.createSymbolicLink(swapped, outside);
                        Files.delete(swapped);
                        Files.move(aside, swapped);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try {
                int inside = 0;
                for (int i = 0; i < 3000; i++) {
                    try {
                        assertThat(read(swapped.resolve("f"))).isEqualTo("inside");
                        inside++;
                    } catch (FileViewException refused) {
                        assertThat(refused.code())
                                .isIn(Code.NOT_FOUND, Code.NOT_GRANTED, Code.NOT_A_DIRECTORY, Code.INPUT_OUTPUT);
                    }
                }
                assertThat(inside).as("the file could be read at times").isPositive();
            } finally {
                end.set(true);
                swapper.join();
            }
        }
    }

    @Nested
    class SpecialFiles {
        @Test
        void areSeenButNotOpened() throws Exception {
            Path pipe = granted.resolve("pipe");
            assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .as("mkfifo is there")
                    .isZero();
            assertThat(view.attributes(pipe, Links.FOLLOW).kind()).isEqualTo(Kind.OTHER);
            assertRefused(Code.INVALID, () -> read(pipe));
            assertRefused(Code.INVALID, () -> write(pipe, "x"));
            assertRefused(Code.INVALID, () -> view.delete(pipe));
        }
    }

    @Nested
    class Writing {
        @Test
        void changesTheViewAndNotTheHost() throws Exception {
            Path file = granted.resolve("a.txt");
            int handle = view.open(file, Set.of(OpenMode.READ, OpenMode.WRITE));
            view.write(handle, 7, "after\n".getBytes(UTF_8));
            assertThat(view.read(handle, 0, 100)).asString().isEqualTo("before\nafter\n");
            view.close(handle);
            assertThat(read(file)).isEqualTo("before\nafter\n");
            assertThat(file).hasContent("before\n");
            view.close();
            assertThat(folder.resolve("home/runs")).isEmptyDirectory();
        }

        @Test
        void isSeenThroughAHandleThatWasOpenBefore() throws Exception {
            int reader = view.open(granted.resolve("a.txt"), Set.of(OpenMode.READ));
            write(granted.resolve("a.txt"), "new");
            assertThat(view.read(reader, 0, 100)).asString().isEqualTo("new");
            view.delete(granted.resolve("a.txt"));
            assertThat(view.read(reader, 0, 100)).asString().isEqualTo("new");
        }

        @Test
        void withTheSameBytesIsNoChange() throws Exception {
            write(granted.resolve("a.txt"), "before\n");
            view.delete(granted.resolve("a.txt"));
            write(granted.resolve("a.txt"), "before\n");
            assertThat(view.changes().describe()).isEmpty();
        }

        @Test
        void keepsTheKeyOfAFileWhileItIsCopiedUp() throws Exception {
            String key = view.attributes(granted.resolve("a.txt"), Links.FOLLOW).fileKey();
            write(granted.resolve("a.txt"), "new");
            assertThat(view.attributes(granted.resolve("a.txt"), Links.FOLLOW).fileKey())
                    .isEqualTo(key);
        }

        @Test
        void givesNoSetUserIdBit() throws Exception {
            write(granted.resolve("tool"), "#!/bin/sh\n");
            view.setAttributes(granted.resolve("tool"), null, 06755);
            assertThat(view.attributes(granted.resolve("tool"), Links.FOLLOW).posixMode())
                    .isEqualTo(0755);
        }
    }

    @Nested
    class Limited {
        @ParameterizedTest
        @ValueSource(longs = {1L << 40, Long.MAX_VALUE - 10})
        void aSparseFileCountsItsLength(long position) throws Exception {
            int handle = view.open(granted.resolve("big"), CREATE);
            assertRefused(Code.LIMIT_EXCEEDED, () -> view.write(handle, position, new byte[] {1}));
            assertRefused(Code.LIMIT_EXCEEDED, () -> view.truncate(handle, position));
            assertThat(view.limitHit()).map(LimitHit::resource).contains(LimitHit.Resource.DISK);
            assertThat(view.size(handle)).isZero();
        }

        @Test
        void emptyFilesCountToo() throws Exception {
            view.close();
            view = open(Limits.DEFAULT.withDiskBytes(10 * 4096), Map.of(), Set.of());
            for (int i = 0; i < 10; i++) write(granted.resolve("f" + i), "");
            assertRefused(Code.LIMIT_EXCEEDED, () -> view.createDirectory(granted.resolve("d")));
            assertThat(view.limitHit()).contains(new LimitHit(LimitHit.Resource.DISK, 40960, 45056));
            view.delete(granted.resolve("f0"));
            view.createDirectory(granted.resolve("d"));
            assertThat(view.use()).isEqualTo(new FileView.Use(40960, 1, 0));
        }

        @Test
        void whatIsReadWrittenAndCopiedIsCounted() throws Exception {
            read(granted.resolve("a.txt"));
            assertThat(view.use().ioBytes()).as("'before' and a line feed").isEqualTo(7);
            write(granted.resolve("new.txt"), "12345");
            assertThat(view.use().ioBytes()).isEqualTo(7 + 5);
            view.copy(readable.resolve("r.txt"), granted.resolve("copy"), FileView.Follow.NONE, FileView.Keep.CONTENT);
            assertThat(view.use().ioBytes()).as("'read me', read and written").isEqualTo(7 + 5 + 2 * 7);
        }

        @Test
        void openFilesAreCounted() throws Exception {
            view.close();
            view = open(Limits.DEFAULT.withOpenFiles(4), Map.of(), Set.of());
            for (int i = 0; i < 4; i++) view.open(granted.resolve("a.txt"), Set.of(OpenMode.READ));
            assertRefused(Code.LIMIT_EXCEEDED, () -> view.open(granted.resolve("a.txt"), Set.of(OpenMode.READ)));
            assertThat(view.limitHit()).contains(new LimitHit(LimitHit.Resource.OPEN_FILES, 4, 5));
        }
    }

    @Nested
    class Staged {
        @Test
        void filesAreThereAndAreWhatChangesAreComparedWith() throws Exception {
            view.close();
            Path file = granted.resolve("in/x.txt");
            view = open(
                    Limits.DEFAULT,
                    Map.of(file, StagedEntry.of("one\n".getBytes(UTF_8))),
                    Set.of(granted.resolve("out")));
            assertThat(view.list(granted)).containsExactly("a.txt", "in", "out");
            assertThat(view.changes().isEmpty()).isTrue();
            view.move(file, granted.resolve("out/x.txt"), Existing.FAIL);
            assertThat(view.changes().describe())
                    .extracting(FileChange::path, FileChange::kind)
                    .containsExactly(
                            tuple(file, FileChange.Kind.DELETED),
                            tuple(granted.resolve("out/x.txt"), FileChange.Kind.CREATED));
            assertThat(transactions.commit("run", view.changes())).isInstanceOf(CommitResult.Refused.class);
            assertThat(granted.resolve("in")).doesNotExist();
        }

        @Test
        void filesBringAllTheFoldersAboveThemInWhateverOrder() throws Exception {
            view.close();
            Path pretended = folder.resolve("user/new");
            Path file = pretended.resolve("a/b/c/x.txt");
            Grants grants = new Grants(List.of(pretended), List.of(), List.of(), List.of());
            view = transactions.view(
                    "run", grants, Limits.DEFAULT, Map.of(file, StagedEntry.of(new byte[] {1})), Set.of());
            assertThat(view.list(pretended.resolve("a/b"))).containsExactly("c");
            assertThat(read(file)).hasSize(1);
            assertThat(view.changes().isEmpty()).isTrue();
        }

        @Test
        void filesThatAreGrantedByThemselvesAndTakenAwayAreDeleted() throws Exception {
            view.close();
            Path real = granted.resolve("gone.txt");
            Path pretended = folder.resolve("user/new/gone.txt");
            Grants grants = new Grants(List.of(), List.of(real, pretended), List.of(), List.of());
            StagedEntry any = StagedEntry.of(new byte[] {1});
            Map<Path, StagedEntry> staged = Map.of(real, any, pretended, any);
            view = transactions.view("run", grants, Limits.DEFAULT, staged, Set.of());
            view.delete(real);
            view.delete(pretended);
            assertThat(view.changes().describe())
                    .extracting(FileChange::path, FileChange::kind)
                    .containsExactlyInAnyOrder(
                            tuple(real, FileChange.Kind.DELETED), tuple(pretended, FileChange.Kind.DELETED));
        }

        @Test
        void nothingIsStagedOutsideTheGrants() {
            assertRefused(
                    Code.NOT_GRANTED,
                    () -> open(Limits.DEFAULT, Map.of(secret, StagedEntry.of(new byte[0])), Set.of()));
        }
    }

    @Nested
    class GrantedPathsOfAPerson {
        @Test
        void thatDoNotExistYetCanBeMadeWithTheFoldersAbove() throws Exception {
            view.close();
            Path parent = folder.resolve("user/new");
            Path deep = parent.resolve("deep");
            Grants grants = new Grants(List.of(), List.of(deep), List.of(), List.of());
            view = transactions.view("run", grants, Limits.DEFAULT, Map.of(), Set.of());
            assertThat(view.attributes(parent, Links.FOLLOW).kind()).isEqualTo(Kind.DIRECTORY);
            view.createDirectory(deep);
            write(deep.resolve("f"), "x");
            assertThat(view.changes().describe())
                    .extracting(FileChange::path)
                    .containsExactly(parent, deep, deep.resolve("f"));
            assertThat(transactions.commit("run", view.changes())).isEqualTo(new CommitResult.Committed());
            assertThat(deep.resolve("f")).hasContent("x");
        }

        @Test
        void throughALinkOfTheHostGiveWhatItLedToWhenTheRunStarted() throws Exception {
            view.close();
            Path link = Files.createSymbolicLink(folder.resolve("shortcut"), granted);
            Grants grants = new Grants(List.of(), List.of(link), List.of(), List.of());
            view = transactions.view("run", grants, Limits.DEFAULT, Map.of(), Set.of());
            assertThat(read(link.resolve("a.txt"))).isEqualTo("before\n");
            Files.delete(link);
            Files.createSymbolicLink(link, folder.resolve("user"));
            assertRefused(Code.NOT_FOUND, () -> read(link.resolve("secret.txt")));
        }
    }

    @Nested
    class Differences {
        @Test
        void areShownAsPatchUnderstandsThem() throws Exception {
            Files.writeString(granted.resolve("list"), "1\n2\n3\n4\n5\n6\n7\n8\n9\n10");
            write(granted.resolve("list"), "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n");
            FileChange change = view.changes().describe().getFirst();
            String path = granted.resolve("list").toString();
            // Written by GNU diff 3.8 -u for the same two files, but for the times in the first two lines.
            assertThat(change.diff()).contains("""
                    --- %s
                    +++ %s
                    @@ -2,9 +2,9 @@
                     2
                     3
                     4
                    -5
                    +five
                     6
                     7
                     8
                     9
                    -10
                    \\ No newline at end of file
                    +10
                    """.formatted(path, path));
            assertThat(change.text()).contains("1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n");
        }

        @Test
        void areLeftOutForDataThatIsNoText() throws Exception {
            write(granted.resolve("data"), "\0\1\2");
            FileChange change = view.changes().describe().getFirst();
            assertThat(change.diff()).isEmpty();
            assertThat(change.sizeAfter()).isEqualTo(3);
        }
    }
}
