package dev.understudy.core.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.config.Config;
import dev.understudy.core.packages.Packages.Script;
import dev.understudy.core.packages.Packages.Vendored;
import dev.understudy.core.packages.Packages.Versions;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackagesTest {
    @TempDir
    Path folder;

    private LoopbackRegistry registry;
    private Packages packages;
    private Path scripts;

    PackagesTest() throws IOException {
        registry = new LoopbackRegistry();
        scripts = Path.of("/");
        packages = new Packages(scripts, registry.settings(), Map.of());
    }

    @BeforeEach
    void open() throws IOException {
        scripts = Files.createDirectory(folder.resolve("scripts"));
        packages = new Packages(folder.resolve("kept"), registry.settings(), Map.of());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private Script script(String name, String... dependencies) throws IOException {
        return withText(name, "", "", dependencies);
    }

    private Script withText(String name, String text, String locked, String... dependencies) throws IOException {
        Path file = scripts.resolve(name);
        Files.writeString(file, text);
        PackageKind kind = name.endsWith(".py") ? PackageKind.PYTHON : PackageKind.JAVASCRIPT;
        return new Script(file, kind, List.of(dependencies), locked, text);
    }

    private Vendored vendor(Script script) throws InterruptedException {
        return packages.vendor(script, Versions.LOCKED, _ -> {});
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(each -> folder.relativize(each).toString())
                    .sorted()
                    .toList();
        }
    }

    private void refused(Script script, String... words) throws IOException {
        List<String> before = filesIn(scripts);
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> vendor(script))
                .satisfies(e -> assertThat(e.getMessage()).contains(words).hasLineCount(1));
        assertThat(filesIn(scripts)).as("nothing is changed").isEqualTo(before);
    }

    @Nested
    class FromNpm {
        @BeforeEach
        void publish() throws IOException {
            registry.npm("pad", "1.0.0", "{}", Map.of("index.js", "one"))
                    .npm("pad", "1.2.0", "{\"dependencies\": {\"@some/fill\": \"^2.1\"}}", Map.of("index.js", "two"))
                    .npm("pad", "2.0.0", "{}", Map.of("index.js", "three"))
                    .npm("@some/fill", "2.1.5", "{}", Map.of("lib/fill.js", "fill"))
                    .npm("@some/fill", "2.9.0", "{}", Map.of("lib/fill.js", "later"))
                    .npm("old", "1.0.0", "{\"dependencies\": {\"@some/fill\": \"<2.9\"}}", Map.of("index.js", "old"))
                    .npm("older", "1.0.0", "{\"dependencies\": {\"@some/fill\": \"1.x\"}}", Map.of());
        }

        @Test
        void aPackageIsFetchedWithAllThatItNeedsAndLocked() throws Exception {
            Vendored done = vendor(script("a.js", "npm:pad@^1.0"));
            assertThat(done.packages()).containsExactly("@some/fill 2.9.0", "pad 1.2.0");
            assertThat(filesIn(scripts))
                    .containsExactly(
                            "a.js",
                            "a.js.packages.lock",
                            "node_modules/@some/fill/lib/fill.js",
                            "node_modules/@some/fill/package.json",
                            "node_modules/pad/index.js",
                            "node_modules/pad/package.json");
            assertThat(done.lock()).content().contains("\"version\" : \"1.2.0\"", "pad-1.2.0.tgz", "sha512-");
        }

        @Test
        void theNewestIsTakenThatServesAllWhoNeedIt() throws Exception {
            assertThat(vendor(script("a.js", "pad@1", "old")).packages())
                    .containsExactly("@some/fill 2.1.5", "old 1.0.0", "pad 1.2.0");
        }

        @Test
        void whatNoVersionServesIsRefusedByName() throws Exception {
            refused(script("a.js", "pad@1", "older"), "@some/fill", "^2.1 (pad 1.2.0)", "1.x (older 1.0.0)");
        }

        @Test
        void theSecondTimeNothingIsFetchedAndLaterVersionsAreLeft() throws Exception {
            Script script = script("a.js", "pad@^1.0");
            Vendored first = vendor(script);
            registry.npm("pad", "1.9.0", "{}", Map.of("index.js", "newer"));
            registry.asked.clear();
            assertThat(vendor(script))
                    .isEqualTo(new Vendored(first.packages(), 0, first.folder(), first.lock(), first.sha256()));
            assertThat(registry.asked).isEmpty();
            assertThat(packages.vendor(script, Versions.NEWEST, _ -> {}).packages())
                    .containsExactly("pad 1.9.0");
            assertThat(filesIn(scripts)).doesNotContain("node_modules/@some/fill/package.json");
        }

        @Test
        void whatIsGoneIsFetchedAsItWasLocked() throws Exception {
            Script script = script("a.js", "pad@^1.0");
            vendor(script);
            Path file = scripts.resolve("node_modules/pad/index.js");
            Files.delete(file);
            assertThat(vendor(script).fetched()).isEqualTo(1);
            assertThat(file).content().isEqualTo("two");
        }

        @Test
        void otherBytesUnderALockedVersionAreRefused() throws Exception {
            Script script = script("a.js", "pad@^1.0");
            vendor(script);
            Files.delete(scripts.resolve("node_modules/pad/index.js"));
            registry.replace(
                    "pad-1.2.0.tgz",
                    PackageFiles.tar()
                            .file("package/package.json", "{}")
                            .file("package/index.js", "evil")
                            .packed());
            refused(script, "pad 1.2.0 from", "is not what was locked: its hash differs");
        }

        @Test
        void bytesThatAreNotWhatTheRegistrySaysAreRefused() throws Exception {
            registry.replace("pad-1.2.0.tgz", LoopbackRegistry.bytes("other"));
            refused(script("a.js", "pad@^1.0"), "is not what the registry says of it: its hash differs");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"scripts\": {\"install\": \"make\"}}     | index.js   | it runs a script when it is installed",
                    "{\"scripts\": {\"postinstall\": \"make\"}} | index.js   | it runs a script when it is installed",
                    "{}                                         | x.node     | it holds x.node",
                    "{}                                         | binding.gyp| it holds binding.gyp",
                })
        void whatIsNotPureIsRefused(String about, String file, String why) throws Exception {
            registry.npm("impure", "1.0.0", about, Map.of(file, ""));
            refused(script("a.js", "impure"), "impure 1.0.0 is not pure: " + why);
        }

        @Test
        void whatIsNoVersionOfTheRegistryIsRefused() throws Exception {
            registry.npm("git", "1.0.0", "{\"dependencies\": {\"x\": \"git+https://h/x\"}}", Map.of());
            refused(script("a.js", "git"), "'x@git+https://h/x' is asked for by git 1.0.0");
            refused(script("b.js", "absent"), "/npm/absent is not there");
            assertThat(PackageKind.JAVASCRIPT.problem("x@file:../y")).isPresent();
            assertThat(PackageKind.JAVASCRIPT.problem("../y")).isPresent();
            assertThat(PackageKind.JAVASCRIPT.problem("npm:@some/fill@~1.2")).isEmpty();
        }

        @Test
        void twoScriptsShareAFolderWhereTheyAgree() throws Exception {
            vendor(script("a.js", "pad@1.2.0"));
            assertThat(vendor(script("b.js", "pad@^1")).packages()).contains("pad 1.2.0");
            refused(script("c.js", "pad@2"), "pad/", "is locked in another version by a.js.packages.lock");
        }

        @Test
        void whatIsThePersonsOwnIsNotOverwritten() throws Exception {
            Path own =
                    Files.createDirectories(scripts.resolve("node_modules/pad")).resolve("index.js");
            Files.writeString(own, "mine");
            refused(script("a.js", "pad@1.0.0"), "node_modules/pad/index.js is there");
            Files.delete(own);
            Files.delete(Objects.requireNonNull(own.getParent()));
            Files.createSymbolicLink(
                    scripts.resolve("node_modules/pad"), Files.createDirectory(folder.resolve("away")));
            refused(script("a.js", "pad@1.0.0"), "node_modules/pad/", "is there");
            assertThat(folder.resolve("away")).isEmptyDirectory();
        }
    }

    @Nested
    class FromAPythonIndex {
        @BeforeEach
        void publish() throws IOException {
            registry.wheel(
                            "Humane",
                            "4.1",
                            "py3-none-any",
                            List.of("needed[colour]>=1 ; python_version >= '3.8'", "absent ; sys_platform == 'win32'"),
                            Map.of("humane/__init__.py", "four"))
                    .wheel(
                            "humane",
                            "4.1",
                            "py3-none-any",
                            List.of("needed[colour]>=1; python_version >= '3.8'", "absent; sys_platform == 'win32'"),
                            Map.of("humane/__init__.py", "four"))
                    .wheel("humane", "5.0", "cp312-cp312-linux_x86_64", List.of(), Map.of("humane/a.so", ""))
                    .wheel("humane", "5.1a1", "py3-none-any", List.of(), Map.of())
                    .wheel(
                            "needed",
                            "1.2",
                            "py2.py3-none-any",
                            List.of("paint==3.*; extra == 'colour'"),
                            Map.of("needed.py", "needed", "needed-1.2.data/scripts/needed", "#!python"))
                    .wheel("paint", "3.7", "py3-none-any", List.of(), Map.of("paint.py", "paint"))
                    .wheel("binary", "1.0", "py3-none-any", List.of(), Map.of("binary/_c.so", "ELF"));
        }

        @Test
        void aPackageIsFetchedWithAllThatItNeedsHereAndLocked() throws Exception {
            Vendored done = vendor(script("a.py", "Humane>=4"));
            assertThat(done.packages()).containsExactly("humane 4.1", "needed 1.2", "paint 3.7");
            assertThat(filesIn(scripts.resolve("vendor")))
                    .contains("humane/__init__.py", "needed.py", "paint.py", "humane-4.1.dist-info/METADATA")
                    .noneMatch(each -> each.contains(".data"));
            assertThat(done.lock()).content().contains("humane-4.1-py3-none-any.whl", "sha256-");
        }

        @Test
        void whatIsNotPureIsRefused() throws Exception {
            refused(script("a.py", "binary"), "binary 1.0 is not pure: it holds binary/_c.so");
            refused(script("a.py", "humane==5.0"), "no version of humane that is pure Python");
        }

        @Test
        void otherBytesUnderALockedVersionAreRefused() throws Exception {
            Script script = script("a.py", "paint");
            vendor(script);
            Files.delete(scripts.resolve("vendor/paint.py"));
            registry.replace("paint-3.7-py3-none-any.whl", PackageFiles.zip(Map.of("paint.py", "evil")));
            refused(script, "paint 3.7 from", "its hash differs");
        }
    }

    @Nested
    class ARun {
        private Script script = new Script(Path.of("/"), PackageKind.PYTHON, List.of(), "", "");

        @BeforeEach
        void fetch() throws Exception {
            registry.wheel("paint", "3.7", "py3-none-any", List.of(), Map.of("paint.py", "paint"));
            script = script("a.py", "paint");
            vendor(script);
        }

        @Test
        void findsACopyOfWhatWasLockedAndNothingElse() throws Exception {
            Files.writeString(scripts.resolve("vendor/other.py"), "other");
            Path shown = packages.folderFor(script).orElseThrow();
            assertThat(filesIn(shown)).contains("paint.py").doesNotContain("other.py");
            assertThat(shown).isDirectory().startsWith(folder.toRealPath().resolve("kept"));
        }

        @Test
        void isRefusedWhereWhatLiesThereWasChanged() throws Exception {
            Path file = scripts.resolve("vendor/paint.py");
            Files.writeString(file, "evil");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining(file + " is not what was locked: its hash differs");
            Files.delete(file);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining(file + " is missing");
            Files.createSymbolicLink(file, Files.writeString(folder.resolve("away"), "paint"));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining(file + " is a link");
            Files.delete(file);
            vendor(script);
            assertThat(packages.folderFor(script)).isPresent();
        }

        @Test
        void isRefusedWhereTheKeptCopyWasChanged() throws Exception {
            Path shown = packages.folderFor(script).orElseThrow();
            Files.writeString(shown.resolve("more.py"), "more");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining("more.py was added");
            Files.delete(shown.resolve("more.py"));
            assertThat(shown.resolve("paint.py").toFile().setWritable(true)).isTrue();
            Files.writeString(shown.resolve("paint.py"), "evil");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining("paint.py is not what was locked");
        }

        @Test
        void isRefusedWhereItsDependenciesAreOthersThanWereLocked() throws Exception {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script("a.py", "paint", "more")))
                    .withMessageContaining("its dependencies were changed");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script("b.py", "paint")))
                    .withMessageContaining("b.py.packages.lock is not there");
        }

        @Test
        void ofAKeptScriptFindsItsPackagesByTheirHashWhateverLiesBesideTheFileByNow() throws Exception {
            String lock = packages.lockFor(script).orElseThrow();
            Files.writeString(scripts.resolve("vendor/paint.py"), "changed");
            Script kept = new Script(folder.resolve("v1.py"), PackageKind.PYTHON, script.dependencies(), lock, "");
            assertThat(packages.folderFor(kept).orElseThrow().resolve("paint.py"))
                    .content()
                    .isEqualTo("paint");
            var elsewhere = new Packages(folder.resolve("other"), registry.settings(), Map.of());
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> elsewhere.folderFor(kept))
                    .withMessageContaining("are neither kept here nor locked beside it");
        }

        @Test
        void ofAnExportedScriptFindsThemBesideIt() throws Exception {
            String lock = packages.lockFor(script).orElseThrow();
            Path out = Files.createDirectory(folder.resolve("out")).resolve("a.py");
            Files.writeString(out, "");
            var exported = new Script(out, PackageKind.PYTHON, script.dependencies(), lock, "");
            packages.export(exported);
            var elsewhere = new Packages(folder.resolve("other"), registry.settings(), Map.of());
            assertThat(elsewhere.folderFor(exported).orElseThrow().resolve("paint.py"))
                    .content()
                    .isEqualTo("paint");
        }
    }

    @Nested
    class WhatLiesBesideAScript {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "a.py | import own                | true",
                    "a.py | from own.part import x    | true",
                    "a.py | import os, own as o       | true",
                    "a.py | import os                 | false",
                    "a.js | const x = require('own')  | true",
                    "a.js | import x from \"own/part\"| true",
                    "a.js | import '@my/own'          | true",
                    "a.js | require('./own')          | false",
                    "a.js | // no import of own       | false",
                })
        void isShownToItWhereItImportsFromIt(String name, String text, boolean shown) throws Exception {
            String where = name.endsWith("py") ? "vendor" : "node_modules";
            for (String each : List.of("own/__init__.py", "own/index.js", "@my/own/index.js", ".bin/x")) {
                Path file = scripts.resolve(where).resolve(each);
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.writeString(file, each);
            }
            var found = packages.folderFor(withText(name, text, ""));
            assertThat(found.isPresent()).isEqualTo(shown);
            if (found.isPresent())
                assertThat(filesIn(found.get())).containsExactly("@my/own/index.js", "own/__init__.py", "own/index.js");
        }

        @Test
        void isLockedByVendor() throws Exception {
            Files.writeString(Files.createDirectory(scripts.resolve("vendor")).resolve("own.py"), "own");
            Script script = withText("a.py", "import own", "");
            assertThat(vendor(script).fetched()).isZero();
            assertThat(packages.folderFor(script)).isPresent();
            Files.writeString(scripts.resolve("vendor/own.py"), "changed");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> packages.folderFor(script))
                    .withMessageContaining("its hash differs");
        }

        @Test
        void isNothingToFetchWhereThereIsNothing() throws Exception {
            refused(script("a.py"), "its head names no dependencies", "vendor");
        }
    }

    /** The registries themselves; skipped where they cannot be reached. */
    @Nested
    @Tag("registry")
    class TheRealRegistries {
        private final Packages real =
                new Packages(Path.of("target", "unused").toAbsolutePath(), Config.DEFAULT.packages(), System.getenv());

        private Vendored fetch(Script script) throws InterruptedException {
            try {
                return real.vendor(script, Versions.LOCKED, _ -> {});
            } catch (UserException e) {
                String why = String.valueOf(e.getMessage());
                assumeTrue(
                        !why.contains("cannot be reached") && !why.contains(" answered "),
                        "the registry cannot be reached from here: " + why);
                throw e;
            }
        }

        @Test
        void npmGivesAPackageWithItsOwn() throws Exception {
            assertThat(fetch(script("a.js", "npm:left-pad@1.3.0")).packages()).containsExactly("left-pad 1.3.0");
            assertThat(scripts.resolve("node_modules/left-pad/index.js"))
                    .content()
                    .contains("leftPad");
        }

        @Test
        void pypiGivesAPackage() throws Exception {
            assertThat(fetch(script("a.py", "humanize==4.9.0")).packages()).containsExactly("humanize 4.9.0");
            assertThat(scripts.resolve("vendor/humanize/__init__.py")).exists();
        }
    }
}
