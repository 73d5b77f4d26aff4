package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.RunRequest.Reuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CellFilesTest {
    @TempDir
    Path temporary;

    private Path folder = Path.of("/");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("granted"));
        Files.writeString(folder.resolve("a.txt"), "one\ntwo\nthree\n");
    }

    private RunRequest granted(RunRequest request) {
        return Cells.with(request, new Grants(List.of(), List.of(folder), List.of(), List.of()));
    }

    private RunReport python(String body) throws InterruptedException {
        return Cells.run(granted(Cells.python(
                ("import os, shutil, json\nF = " + quoted() + "\ndef execute(params):\n") + body.indent(4))));
    }

    private RunReport javaScript(String body) throws InterruptedException {
        return Cells.run(granted(Cells.javaScript(
                "const F = " + quoted() + ", files = understudy.files; function execute(params) {\n" + body + "\n}")));
    }

    private String quoted() {
        return "\"" + folder + "\"";
    }

    @Nested
    class ANameThatIsTooLong {
        @Test
        void isAnErrorThatPythonScriptsKnow() throws Exception {
            assertThat(python("""
                    import errno, pathlib
                    os.mkdir(F + "/new")
                    seen = []
                    for name in ("n" * 255, "n" * 256, "é" * 128):
                        try:
                            pathlib.Path(F, "new", name).write_text("x")
                        except OSError as problem:
                            seen.append([problem.errno == errno.ENAMETOOLONG, os.path.basename(problem.filename) == name])
                    return seen + [len(os.listdir(F + "/new")), os.path.exists(F + "/new/" + "n" * 300)]
                    """).outcome()).isEqualTo(new Succeeded("[[true,true],[true,true],1,false]"));
        }

        @Test
        void isAnErrorThatJavaScriptSees() throws Exception {
            assertThat(javaScript("""
                    files.mkdir(F + '/new');
                    const name = F + '/new/' + 'n'.repeat(256);
                    try {
                        files.write(name, 'x');
                    } catch (problem) {
                        return [problem.code, files.exists(name), files.glob(F + '/new/*')];
                    }""").outcome()).isEqualTo(new Succeeded("[\"NAME_TOO_LONG\",false,[]]"));
        }
    }

    @Nested
    class InPython {
        @Test
        void aScriptComesBackToTheFolderInWhichItBeganThoughItIsNotGranted() throws Exception {
            Path begun = Files.createDirectory(temporary.toRealPath().resolve("begun"));
            Files.writeString(begun.resolve("secret"), "x");
            RunRequest request = granted(Cells.python("""
                    import contextlib, os
                    F = %s
                    def execute(params):
                        begun = os.getcwd()
                        with contextlib.chdir(F):
                            seen = [os.path.exists("a.txt"), os.getcwd() == F]
                        seen += [os.getcwd() == begun, os.path.isdir(".")]
                        for refused in (lambda: os.listdir("."), lambda: open("secret"), lambda: open("new", "w")):
                            try:
                                refused()
                            except OSError:
                                seen.append("refused")
                        return seen
                    """.formatted(quoted())));
            assertThat(Cells.run(Cells.in(begun, request)).outcome())
                    .isEqualTo(new Succeeded("[true,true,true,true,\"refused\",\"refused\",\"refused\"]"));
        }

        @Test
        void theOrdinaryModulesWorkOnTheView() throws Exception {
            RunReport report = python("""
                    with open(F + "/a.txt") as f:
                        lines = [line.strip() for line in f]
                    os.makedirs(F + "/x/y")
                    shutil.copy2(F + "/a.txt", F + "/x/y")
                    shutil.move(F + "/a.txt", F + "/b.txt")
                    with open(F + "/x/n.json", "w") as f:
                        json.dump(lines, f)
                    with open(F + "/x/n.json", "a") as f:
                        f.write("\\n")
                    os.rename(F + "/x/n.json", F + "/x/m.json")
                    os.utime(F + "/b.txt", (5, 5))
                    found = sorted(os.path.relpath(os.path.join(d, n), F) for d, _, names in os.walk(F) for n in names)
                    size = os.stat(F + "/x/m.json").st_size
                    return [lines, found, size, os.path.getmtime(F + "/b.txt"), os.path.exists(F + "/a.txt")]
                    """);
            assertThat(report.outcome())
                    .isEqualTo(new Succeeded(
                            "[[\"one\",\"two\",\"three\"],[\"b.txt\",\"x/m.json\",\"x/y/a.txt\"]," + "24,5.0,false]"));
            assertThat(report.changes())
                    .extracting(change -> folder.relativize(change.path()) + " " + change.kind())
                    .containsExactly(
                            "a.txt DELETED",
                            "b.txt CREATED",
                            "x CREATED",
                            "x/m.json CREATED",
                            "x/y CREATED",
                            "x/y/a.txt CREATED");
            assertThat(folder).isDirectoryContaining("glob:**/a.txt").isDirectoryNotContaining("glob:**/b.txt");
        }

        @Test
        void whatItReadsAndWritesIsCounted() throws Exception {
            RunReport report = python("""
                    with open(F + "/a.txt") as f:
                        text = f.read()
                    with open(F + "/b.txt", "w") as f:
                        f.write(text * 1000)
                    """);
            assertThat(report.outcome()).isInstanceOf(Succeeded.class);
            // 14 bytes of the one, 14,000 of the other.
            assertThat(report.usage().ioBytes()).hasValue(14 + 14_000);
        }

        /** As CPython's os.link and os.utime. */
        @Test
        void aFileMayHaveSeveralNamesAndATimeToTheNanosecond() throws Exception {
            assertThat(python("""
                                    a, b = F + "/a.txt", F + "/b.txt"
                                    os.link(a, b)
                                    os.utime(a, ns=(1, 1500000000123456789))
                                    seen = os.stat(b).st_mtime_ns
                                    os.utime(a, (1, 2.5))
                                    return [os.stat(a).st_nlink, os.path.samefile(a, b), seen, os.stat(b).st_mtime_ns]
                                    """).outcome()).isEqualTo(new Succeeded("[2,true,1500000000123456789,2500000000]"));
        }

        /** As CPython's os.rename and os.replace on Linux; the interpreter's own ended in a fault where a folder was in the way. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "folder | empty   | done",
                    "folder | full    | 39 folder -> full",
                    "folder | a.txt   | 20 folder -> a.txt",
                    "folder | folder/x | 22 folder -> folder/x",
                    "folder | folder  | done",
                    "a.txt  | empty   | 21 a.txt -> empty",
                    "a.txt  | full/y  | done",
                    "nope   | empty   | 2 nope -> empty",
                })
        void renamesAsTheSystemDoes(String source, String target, String said) throws Exception {
            for (String how : List.of("rename", "replace"))
                assertThat(python("""
                                        for name in ("folder", "empty", "full"): os.mkdir(F + "/" + name)
                                        for name in ("folder/in", "full/y"): open(F + "/" + name, "w").close()
                                        try:
                                            os.%s(F + "/%s", F + "/%s")
                                            return "done"
                                        except OSError as e:
                                            return f"{e.errno} {e.filename[len(F) + 1:]} -> {e.filename2[len(F) + 1:]}"
                                        """.formatted(how, source, target)).outcome())
                        .as(how)
                        .isEqualTo(new Succeeded("\"" + said + "\""));
        }

        @Test
        void appendingIsAtTheEndWhereverOneHasGoneMeanwhile() throws Exception {
            assertThat(python("""
                                    with open(F + "/a.txt", "a+") as f:
                                        f.write("four")
                                        f.seek(0)
                                        first = f.readline()
                                        f.write("five")
                                        f.seek(0)
                                        f.write("six")
                                    return [first, open(F + "/a.txt").read()]
                                    """).outcome())
                    .isEqualTo(new Succeeded("[\"one\\n\",\"one\\ntwo\\nthree\\nfourfivesix\"]"));
        }

        /** As in CPython; the interpreter's own encoder begins each piece with a mark. */
        @ParameterizedTest
        @CsvSource({"utf-16, fffe610062006300", "UTF_32, fffe0000610000006200000063000000", "utf-8-sig, efbbbf616263"})
        void aTextInPiecesHasOneByteOrderMark(String encoding, String bytes) throws Exception {
            assertThat(python("""
                                    with open(F + "/t", "w", encoding="%1$s") as f:
                                        f.write("a")
                                        f.write("b")
                                    with open(F + "/t", "a", encoding="%1$s") as f:
                                        f.write("c")
                                    return [open(F + "/t", "rb").read().hex(), open(F + "/t", encoding="%1$s").read()]
                                    """.formatted(encoding)).outcome())
                    .isEqualTo(new Succeeded("[\"" + bytes + "\",\"abc\"]"));
        }

        @Test
        void foldersWithAllInThemAreRemoved() throws Exception {
            assertThat(python("""
                                    import tempfile
                                    os.makedirs(F + "/x/y")
                                    os.symlink("../a.txt", F + "/x/y/l")
                                    shutil.rmtree(F + "/x")
                                    with tempfile.TemporaryDirectory(dir=F) as made:
                                        open(made + "/z", "w").close()
                                    return [os.listdir(F), os.path.exists(made)]
                                    """).outcome()).isEqualTo(new Succeeded("[[\"a.txt\"],false]"));
        }

        @Test
        void whatIsMadeForItsOwnerIsNobodyElses() throws Exception {
            assertThat(python("""
                                    import tempfile
                                    os.close(os.open(F + "/secret", os.O_WRONLY | os.O_CREAT, 0o600))
                                    os.close(os.open(F + "/a.txt", os.O_WRONLY | os.O_CREAT, 0o600))
                                    os.mkdir(F + "/d", 0o700)
                                    with tempfile.NamedTemporaryFile(dir=F, delete=False) as t: pass
                                    before = os.umask(0o077)
                                    open(F + "/masked", "w").close()
                                    os.umask(before)
                                    open(F + "/open", "w").close()
                                    names = [F + "/secret", F + "/a.txt", F + "/d", t.name, F + "/masked", F + "/open"]
                                    return oct(before) + " " + " ".join(oct(os.stat(name).st_mode & 0o777) for name in names)
                                    """).outcome()).isEqualTo(new Succeeded("\"0o22 0o600 0o644 0o700 0o600 0o600 0o644\""));
        }

        @Test
        void whatARunHasMaskedIsNotMaskedInTheNext() throws Exception {
            RunRequest request = granted(Cells.python("""
                    import os
                    def execute(params):
                        open(%s + "/o", "w").close()
                        return [oct(os.stat(%s + "/o").st_mode), oct(os.umask(0o077))]
                    """.formatted(quoted(), quoted())));
            for (int run = 1; run <= 2; run++)
                assertThat(Cells.run(Cells.with(request, Mode.REHEARSE, Reuse.SHARED))
                                .outcome())
                        .isEqualTo(new Succeeded("[\"0o100644\",\"0o22\"]"));
        }

        @Test
        void aFolderThatIsOpenedAsAFileIsSaidToBeOne() throws Exception {
            assertThat(python("""
                                    try: open(F)
                                    except IsADirectoryError as e: return [e.errno, e.filename == F]
                                    """).outcome()).isEqualTo(new Succeeded("[21,true]"));
        }

        /** As in CPython; where the interpreter has files of its own, it only ever shortens. */
        @Test
        void truncatingFillsUpWithZeros() throws Exception {
            assertThat(python("""
                                    os.truncate(F + "/a.txt", 20)
                                    with open(F + "/b", "w+b") as f:
                                        f.write(b"xy")
                                        f.truncate(7)
                                        f.truncate(1)
                                        f.write(b"z")
                                    c = os.open(F + "/c", os.O_CREAT | os.O_RDWR)
                                    os.ftruncate(c, 6)
                                    os.close(c)
                                    return [open(F + "/a.txt").read()[13:], list(open(F + "/b", "rb").read()), os.stat(F + "/c").st_size]
                                    """).outcome())
                    .isEqualTo(new Succeeded("[\"\\n\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\",[120,0,122],6]"));
        }

        @Test
        void aReaderSeesWhatAWriterHasFlushed() throws Exception {
            assertThat(python("""
                                    w = open(F + "/w.txt", "w")
                                    r = open(F + "/w.txt")
                                    seen = []
                                    for n in range(3):
                                        w.write("line %d\\n" % n)
                                        w.flush()
                                        seen.append(r.read())
                                    return seen
                                    """).outcome()).isEqualTo(new Succeeded("[\"line 0\\n\",\"line 1\\n\",\"line 2\\n\"]"));
        }

        /** CPython closes a file as soon as nothing refers to it; here it was empty as long as the run went on, and for good. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "open(p, 'w').write('text')|open(p).read() == 'text'",
                    "import pathlib; pathlib.Path(p).open('w').write('text')|open(p).read() == 'text'",
                    "f = open(p, 'wb'); f.writelines([b'te', b'xt'])|open(p, 'rb').read() == b'text'",
                    "json.dump({'a': 1}, open(p, 'w'))|json.load(open(p)) == {'a': 1}",
                    "import csv; csv.writer(open(p, 'w')).writerow([1, 'x'])|open(p, newline='').read() == '1,x\\r\\n'",
                    "print('text', file=open(p, 'a'))|os.stat(p).st_size == 5",
                    "shutil.copyfileobj(open(F + '/a.txt'), open(p, 'w'))|open(p).read() == open(F + '/a.txt').read()",
                    "import tempfile; t = tempfile.NamedTemporaryFile('w'); t.write('x')|open(t.name).read() == 'x'",
                    "f = open(p, 'w+'); f.write('text'); f.seek(0)|f.read() == 'text'",
                })
        void whatWasWrittenIsThereThoughTheFileWasLeftOpen(String line) throws Exception {
            String[] parts = line.split("\\|");
            RunReport report = python("p = F + '/p'\n" + parts[0] + "\nreturn " + parts[1]);
            assertThat(report.outcome()).isEqualTo(new Succeeded("true"));
        }

        /** Their finalisers write it in CPython: without it nobody can unpack them. */
        @Test
        void archivesThatWereLeftOpenGetTheirEnd() throws Exception {
            RunRequest request = Cells.python("""
                    import gzip, lzma, tarfile, zipfile
                    F = %s
                    def execute(params):
                        gzip.open(F + "/a.gz", "wt").write("text")
                        lzma.open(F + "/a.xz", "wb").write(b"text")
                        tarfile.open(F + "/a.tar.gz", "w:gz").add(F + "/a.txt", "a.txt")
                        zipfile.ZipFile(F + "/a.zip", "w").writestr("a.txt", "text")
                    """.formatted(quoted()));
            Cells.run(Cells.with(granted(request), Mode.COMMIT, Reuse.SHARED));

            RunReport report = python("""
                    import gzip, lzma, tarfile, zipfile
                    return [gzip.open(F + "/a.gz", "rt").read(), lzma.open(F + "/a.xz", "rt").read(),
                            tarfile.open(F + "/a.tar.gz").getnames(), zipfile.ZipFile(F + "/a.zip").testzip(),
                            os.path.getsize(F + "/a.tar.gz") > 0]
                    """);
            assertThat(report.outcome()).isEqualTo(new Succeeded("[\"text\",\"text\",[\"a.txt\"],null,true]"));
        }

        @Test
        void randomAccessWorksAcrossChunks() throws Exception {
            assertThat(python("""
                                    with open(F + "/r.bin", "w+b") as f:
                                        f.write(bytes(range(256)) * 1024)
                                        f.seek(65530)
                                        f.write(b"0123456789")
                                        f.seek(65528)
                                        middle = f.read(14)
                                        f.truncate(100000)
                                        f.seek(0, 2)
                                        return [list(middle), f.tell()]
                                    """).outcome())
                    .isEqualTo(new Succeeded("[[248,249,48,49,50,51,52,53,54,55,56,57,4,5],100000]"));
        }

        @Test
        void relativePathsBelongToTheWorkspaceAndItIsNotCommitted() throws Exception {
            RunReport report = python("""
                    with open("scratch", "w") as f:
                        f.write("x")
                    import tempfile
                    with tempfile.NamedTemporaryFile("w") as t:
                        inside = t.name.startswith(os.getcwd())
                    return [os.listdir("."), inside]
                    """);
            assertThat(report.outcome()).isEqualTo(new Succeeded("[[\"scratch\"],true]"));
            assertThat(report.changes()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "return open('/etc/passwd').read()",
                    "return open(F + '/../../../../../../etc/passwd').read()",
                    "import pathlib; return pathlib.Path('/etc/passwd').read_text()",
                    "return understudy.files.read('/etc/passwd')",
                })
        void whatIsNotGrantedIsRefusedWithTheGrantThatWouldDo(String body) throws Exception {
            assertThat(python(body).outcome())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.error()).contains("not granted", "/etc/passwd", "reads ="));
        }

        @Test
        void errorsHaveThePythonClassesThatScriptsCatch() throws Exception {
            assertThat(python("""
                                    seen = []
                                    for act in [lambda: open(F + "/none"), lambda: os.mkdir(F), lambda: os.rmdir("/etc"),
                                                lambda: os.listdir(F + "/a.txt"), lambda: understudy.files.read("/none")]:
                                        try:
                                            act()
                                        except OSError as e:
                                            seen.append(type(e).__name__)
                                    return seen
                                    """).outcome())
                    .isEqualTo(new Succeeded("[\"FileNotFoundError\",\"FileExistsError\",\"PermissionError\","
                            + "\"NotADirectoryError\",\"PermissionError\"]"));
        }
    }

    @Nested
    class InJavaScript {
        @Test
        void theFilesObjectWorksOnTheView() throws Exception {
            RunReport report = javaScript("""
                    files.mkdir(F + '/x/y');
                    files.write(F + '/x/t.txt', 'héllo');
                    files.append(F + '/x/t.txt', '!');
                    files.write(F + '/x/b.bin', new Uint8Array([0, 127, 255]));
                    files.copy(F + '/a.txt', F + '/x/y');
                    files.move(F + '/a.txt', F + '/b.txt');
                    const seen = [files.read(F + '/x/t.txt'), Array.from(files.readBytes(F + '/x/b.bin')),
                      files.list(F + '/x'), files.glob(F + '/**/*.txt').map((path) => path.slice(F.length)),
                      files.exists(F + '/a.txt'), files.info(F + '/x').kind, files.info(F + '/x/t.txt').size];
                    files.remove(F + '/x');
                    return [...seen, files.list(F)];
                    """);
            assertThat(report.outcome())
                    .isEqualTo(new Succeeded("[\"héllo!\",[0,127,255],[\"b.bin\",\"t.txt\",\"y\"],"
                            + "[\"/b.txt\",\"/x/t.txt\",\"/x/y/a.txt\"],false,\"directory\",7,[\"b.txt\"]]"));
        }

        @Test
        void aFailureCanBeCaughtByItsCode() throws Exception {
            assertThat(javaScript("try { files.read(F + '/none') } catch (e) { return [e.name, e.code] }")
                            .outcome())
                    .isEqualTo(new Succeeded("[\"FileError\",\"NOT_FOUND\"]"));
        }
    }

    @Nested
    class ARunThatCommits {
        @Test
        void changesTheRealFilesOnceItHasSucceeded() throws Exception {
            RunRequest request = Cells.with(
                    granted(Cells.javaScript("function execute() { understudy.files.write(" + quoted()
                            + " + '/new.txt', 'x'); return { success: true } }")),
                    Mode.COMMIT,
                    Reuse.SHARED);
            RunReport report = Cells.run(request);
            assertThat(report.outcome()).isInstanceOf(Succeeded.class);
            assertThat(report.changes()).extracting(FileChange::path).containsExactly(folder.resolve("new.txt"));
            assertThat(folder.resolve("new.txt")).hasContent("x");
        }

        @Test
        void changesNothingIfItFails() throws Exception {
            RunRequest request = Cells.with(
                    granted(Cells.javaScript("function execute() { understudy.files.write(" + quoted()
                            + " + '/new.txt', 'x'); throw new Error('boom') }")),
                    Mode.COMMIT,
                    Reuse.FRESH);
            RunReport report = Cells.run(request);
            assertThat(report.outcome()).isInstanceOf(Failed.class);
            assertThat(report.changes()).isEmpty();
            assertThat(folder.resolve("new.txt")).doesNotExist();
        }
    }
}
