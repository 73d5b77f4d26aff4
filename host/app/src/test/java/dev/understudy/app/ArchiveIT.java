package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release's archive holds, in a folder where there is no source, with a Java that cannot compile and no Maven. */
@Tag("slow")
class ArchiveIT {
    private static final Path BUILT = Path.of(System.getProperty("understudy.dist"));

    @TempDir
    Path folder;

    private Path unpacked;
    private Launcher understudy;

    @BeforeEach
    void unpack() throws IOException {
        unpacked = folder.resolve("opt/understudy 1");
        copy(BUILT, unpacked);
        Path java = folder.resolve("java");
        Path running = Path.of(System.getProperty("java.home"));
        Files.createSymbolicLink(
                Files.createDirectories(java.resolve("bin")).resolve("java"), running.resolve("bin/java"));
        Files.copy(running.resolve("release"), java.resolve("release"));
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path maven = Files.writeString(programs.resolve("mvn"), "#!/bin/sh\n: >\"$0.called\"\nexit 9\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        understudy = new Launcher(
                        folder.resolve("home"),
                        Files.createDirectory(folder.resolve("work")),
                        Map.of(
                                "JAVA_HOME",
                                java.toString(),
                                "PATH",
                                programs + ":" + System.getenv("PATH"),
                                // As a person calls it: what the tests set would keep it from a build anyway.
                                "UNDERSTUDY_NO_BUILD",
                                "",
                                "XDG_RUNTIME_DIR",
                                ""))
                .of(unpacked.resolve("understudy"));
    }

    /** All but what this machine made of it. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each :
                    (Iterable<Path>) all.filter(file -> !file.toString().contains(".aot"))::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) Files.createDirectories(target);
                else Files.copy(each, target);
            }
        }
    }

    @Test
    void startsWhereItWasUnpackedAndBuildsNothing() {
        Launcher.Result tested = understudy.run(
                "test",
                "--no-host",
                unpacked.resolve("scripts/collect-todos.js").toString());
        assertThat(tested.exitCode()).as(tested.out() + tested.err()).isZero();
        assertThat(tested.out()).contains("1 of 1 cases passed");
        assertThat(folder.resolve("programs/mvn.called")).doesNotExist();
        assertThat(unpacked.resolve("host/app/target")).doesNotExist();
        try (Stream<Path> made = Files.list(unpacked)) {
            assertThat(made.map(file -> file.getFileName().toString()))
                    .as("it makes its next starts faster")
                    .anyMatch(name -> name.startsWith("understudy-") && name.endsWith(".aot"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void holdsWhatItsDocumentsSpeakOf() {
        assertThat(Stream.of(
                        "README.md",
                        "LICENSE",
                        "THIRD-PARTY.txt",
                        "host/app/docs/reference.md",
                        "sandbox/SECURITY.md",
                        "plugins/README.md",
                        "scripts/README.md",
                        "templates",
                        "maven"))
                .allSatisfy(name -> assertThat(unpacked.resolve(name)).exists());
        Launcher.Result bench = understudy.run("bench", "sandbox");
        assertThat(bench.exitCode()).isEqualTo(1);
        assertThat(bench.err()).contains("'bench' measures a source checkout").doesNotContain("\tat ");
    }
}
