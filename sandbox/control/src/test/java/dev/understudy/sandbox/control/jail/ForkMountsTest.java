package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.jail.ForkMounts.ByFork;
import dev.understudy.sandbox.control.jail.JailCommand.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server's jail shows from the start, and what each of its forks mounts over that. */
class ForkMountsTest {
    @TempDir
    Path runs;

    private Path run;
    private Mount tmp;

    @BeforeEach
    void makeRunFolder() throws IOException {
        run = Files.createDirectory(runs.resolve("run-1"));
        tmp = new Mount.Writable(Files.createDirectory(run.resolve("tmp")), Path.of("/tmp"));
    }

    private ForkMounts divided(Mount... more) throws IOException {
        return ForkMounts.of(List.of(tmp), List.of(more), run);
    }

    @Test
    void leavesAPlaceForWhatIsTheRunsOwn() throws IOException {
        Path copy = Files.writeString(run.resolve("read-0"), "x");
        assertThat(divided(new Mount.ReadOnly(copy, Path.of("/home/a/x.txt"))))
                .isEqualTo(new ForkMounts(
                        List.of(
                                new Mount.Folder(Path.of("/tmp")),
                                new Mount.ReadOnly(Path.of("/dev/null"), Path.of("/home/a/x.txt"))),
                        List.of(
                                new ByFork("write", "/server/runs/run-1/tmp", Path.of("/tmp")),
                                new ByFork("read", "/server/runs/run-1/read-0", Path.of("/home/a/x.txt")))));
    }

    @Test
    void showsTheHostsFilesFromTheStart() throws IOException {
        Mount data = new Mount.ReadOnly(Path.of("/data"), Path.of("/data"));
        assertThat(divided(data).atStart()).containsExactly(new Mount.Folder(Path.of("/tmp")), data);
        assertThat(divided(data).byFork()).hasSize(1);
    }

    @Test
    void keepsElsewhereWhatAForkIsToShowBelowSomethingOfItsOwn() throws IOException {
        ForkMounts mounts = divided(
                new Mount.ReadOnly(Path.of("/tmp/data"), Path.of("/tmp/data")), new Mount.Folder(Path.of("/tmp/work")));
        assertThat(mounts.atStart())
                .containsExactly(
                        new Mount.Folder(Path.of("/tmp")),
                        new Mount.ReadOnly(Path.of("/tmp/data"), Path.of("/server/shown/1")));
        assertThat(mounts.byFork())
                .endsWith(
                        new ByFork("write", "/server/shown/1", Path.of("/tmp/data")),
                        new ByFork("folder", "", Path.of("/tmp/work")));
    }

    @Test
    void mountsOverlaysOverWhatTheServersJailShows() throws IOException {
        Path granted = Files.createDirectory(runs.resolve("granted, with a comma"));
        Path lower = Files.createSymbolicLink(run.resolve("area-0-lower"), granted);
        Path upper = Files.createDirectory(run.resolve("area-0"));
        ForkMounts mounts = divided(new Mount.Overlay(
                List.of(lower), upper, run.resolve("area-0-work"), run.resolve("area-0-merged"), Path.of("/data")));
        assertThat(mounts.atStart())
                .contains(
                        new Mount.Folder(Path.of("/data")),
                        new Mount.ReadOnly(granted.toRealPath(), Path.of("/server/shown/2")));
        assertThat(mounts.byFork())
                .endsWith(new ByFork(
                        "overlay",
                        "lowerdir=/server/shown/2,upperdir=/server/runs/run-1/area-0,"
                                + "workdir=/server/runs/run-1/area-0-work,userxattr,volatile",
                        Path.of("/data")));
    }
}
