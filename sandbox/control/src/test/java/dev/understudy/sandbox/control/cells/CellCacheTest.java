package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.ProcessIdentity;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.cells.CellOptions.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What kills and upgrades leave in the folder of what makes cells start fast, and a preparation that its host does not wait
 * for. A script stands in for Java: it notes that it was started, waits for a word, and writes its cache.
 */
class CellCacheTest {
    private static final ProcessIdentity GONE = new ProcessIdentity(1, "never", "another boot");

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
    private Path caches;
    private Path go;
    private Path starts;
    private CellInstallation installation;
    private ProcessStarter starter;

    @BeforeEach
    void layOut() throws IOException {
        starter = new ProcessStarter();
        caches = folder.resolve("cells");
        go = folder.resolve("go");
        starts = Files.createFile(folder.resolve("starts"));
        new ProcessBuilder("mkfifo", go.toString()).start().onExit().join();
        Path java = Files.writeString(folder.resolve("java"), """
                #!/bin/sh
                echo started >>%s
                for word in "$@"; do case $word in -XX:AOTCacheOutput=*) output=${word#*=} ;; esac; done
                read -r word <%s
                [ "$word" = fail ] && { echo "no memory"; exit 1; }
                echo cache >"$output"
                """.formatted(starts, go));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        installation = new CellInstallation(java, List.of(Files.createFile(folder.resolve("cell.jar"))), caches);
    }

    @AfterEach
    void close() {
        starter.close();
    }

    private CellCache open(Preparation preparation) throws IOException {
        return new CellCache(
                installation, starter, new CellOptions(1, Duration.ofMinutes(1), folder, preparation, notices::add));
    }

    /** The folder of this JDK and these jars. */
    private Path own() throws Exception {
        CellCache cache = open(Preparation.ENDS_WITH_HOST);
        cache.close();
        Path own = Workshop.entries(caches).getFirst();
        Files.createDirectories(own.resolve("resources"));
        return own;
    }

    private static Path workshop(Path parent, String name, ProcessIdentity owner) throws IOException {
        Path made = Files.createDirectories(parent.resolve(name));
        Files.writeString(made.resolve("python.aot"), "half of it");
        Files.writeString(made.resolve("owner"), owner.text());
        return made;
    }

    private void say(String word) throws IOException {
        Files.writeString(go, word + "\n");
    }

    @Nested
    class AfterAKill {
        @Test
        void whatWasHalfMadeIsRemoved() throws Exception {
            Path own = own();
            workshop(own, "making-python", GONE);
            workshop(own, "new-1-4711", GONE);
            Files.createDirectories(own.resolve("aot-123/of-an-earlier-version"));
            Files.writeString(own.resolve("user-1-4711"), GONE.text());
            Path living = workshop(own, "making-js", ProcessIdentity.thisProcess());
            Path whole = Files.writeString(own.resolve("js.aot"), "whole");
            try (CellCache _ = open(Preparation.ENDS_WITH_HOST)) {
                assertThat(Workshop.entries(own))
                        .filteredOn(entry -> !entry.getFileName().toString().startsWith("user-"))
                        .containsExactlyInAnyOrder(living, whole, own.resolve("resources"));
            }
        }
    }

    @Nested
    class AfterAnUpgrade {
        @Test
        void whatNobodyUsesAnyMoreIsRemoved() throws Exception {
            Path own = own();
            Path unused = caches.resolve("0123456789abcdef");
            Files.createDirectories(unused.resolve("resources/python"));
            Files.writeString(unused.resolve("python.aot"), "x");
            Path inUse = Files.createDirectories(caches.resolve("fedcba9876543210"));
            Files.writeString(
                    inUse.resolve("user-2-x"), ProcessIdentity.thisProcess().text());
            Path notOurs = Files.createDirectories(caches.resolve("notes"));
            try (CellCache _ = open(Preparation.ENDS_WITH_HOST)) {
                assertThat(Workshop.entries(caches)).containsExactlyInAnyOrder(own, inUse, notOurs);
            }
        }
    }

    @Nested
    class APreparation {
        @Test
        void goesOnBehindAHostThatDoesNotWaitForIt() throws Exception {
            Path own = own();
            CellCache cache = open(Preparation.OUTLIVES_HOST);
            cache.train("js");
            ProcessHandle maker = maker(own);
            cache.close();
            assertThat(maker.isAlive()).isTrue();
            say("go");
            maker.onExit().get(60, TimeUnit.SECONDS);
            assertThat(own.resolve("js.aot")).hasContent("cache");
            assertThat(own.resolve("making-js")).doesNotExist();
            assertThat(notices).isEmpty();
        }

        @Test
        void endsWithAHostThatWantsItsFoldersLeftAlone() throws Exception {
            Path own = own();
            CellCache cache = open(Preparation.ENDS_WITH_HOST);
            cache.train("js");
            ProcessHandle maker = maker(own);
            cache.close();
            assertThat(maker.isAlive()).isFalse();
            assertThat(Workshop.entries(own)).containsExactly(own.resolve("resources"));
        }

        @Test
        void isNotBegunByASecondHostMeanwhile() throws Exception {
            Path own = own();
            try (CellCache first = open(Preparation.ENDS_WITH_HOST);
                    CellCache second = open(Preparation.ENDS_WITH_HOST)) {
                first.train("js");
                second.train("js");
                second.awaitTraining();
                say("go");
                first.awaitTraining();
                assertThat(own.resolve("js.aot")).hasContent("cache");
                assertThat(starts).hasContent("started");
            }
        }

        @Test
        void thatFailsSaysWhyAndLeavesNothing() throws Exception {
            Path own = own();
            try (CellCache cache = open(Preparation.OUTLIVES_HOST)) {
                cache.train("js");
                say("fail");
                cache.awaitTraining();
            }
            assertThat(notices).containsExactly("No faster start for js: exit status 1, after:\nno memory\n");
            assertThat(Workshop.entries(own)).containsExactly(own.resolve("resources"));
        }

        private static ProcessHandle maker(Path own) throws IOException {
            String owner = Files.readString(own.resolve("making-js/owner"));
            return ProcessHandle.of(ProcessIdentity.parse(owner).orElseThrow().pid())
                    .orElseThrow();
        }
    }
}
