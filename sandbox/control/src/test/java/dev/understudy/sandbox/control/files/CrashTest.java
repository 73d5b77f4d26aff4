package dev.understudy.sandbox.control.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that dies in the middle of a commit leaves, after its next start, all of the changes or none. */
class CrashTest {
    @TempDir
    Path folder;

    private Map<String, String> before = Map.of();
    private Map<String, String> after = Map.of();
    private int round;

    /** Ends a commit as a kill would: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class KillAt implements Consumer<String> {
        private final List<String> steps = new ArrayList<>();
        private final int number;

        KillAt(int number) {
            this.number = number;
        }

        @Override
        public void accept(String step) {
            steps.add(step);
            if (steps.size() == number) throw new Killed();
        }
    }

    @FunctionalInterface
    private interface Action {
        void run(FileTransactions transactions) throws Exception;
    }

    @BeforeEach
    void learnBothStates() throws Exception {
        Path granted = newRound();
        before = Tree.of(granted);
        assertThat(CommitScenario.commit(home(), granted, _ -> {})).isEqualTo(new CommitResult.Committed());
        after = Tree.of(granted);
        assertThat(after)
                .containsEntry("changed.txt", "file 644 one\n2\n")
                .containsEntry("new/folder/renamed.txt", "file 644 kept\n")
                .containsEntry("swap-a", "file 644 b")
                .containsEntry("swap-b", "file 644 a")
                .containsEntry("mode.sh", "file 700 #!/bin/sh\n")
                .containsEntry("turns-folder", "folder 755")
                .containsEntry("turns-file", "file 644 file now")
                .containsEntry("older/deep/leaf", "file 644 leaf")
                .containsEntry("link", "link to turns-file")
                .doesNotContainKeys("deleted.txt", "renamed.txt", "old", "turns-file/inside");
    }

    private Path newRound() throws IOException {
        round++;
        Path granted = Files.createDirectories(folder.resolve(round + "/granted"));
        CommitScenario.prepare(granted);
        return granted;
    }

    private Path home() {
        return folder.resolve(round + "/home");
    }

    /** Whether it was killed at that step; if not, it has come to its end. */
    private boolean isKilledAt(int step, Action action) throws Exception {
        KillAt kill = new KillAt(step);
        try {
            action.run(CommitScenario.transactions(home(), kill));
            return false;
        } catch (Killed _) {
            return true;
        }
    }

    private void assertNothingLeft() throws IOException {
        assertThat(Tree.of(home()).keySet()).allMatch(path -> !path.startsWith("undo/deleted-"));
        if (Files.exists(home().resolve("runs")))
            assertThat(home().resolve("runs")).isEmptyDirectory();
    }

    @Test
    void isRolledBackOrFinishedWhereverItWasKilled() throws Exception {
        int step = 1;
        for (; ; step++) {
            Path granted = newRound();
            KillAt kill = new KillAt(step);
            boolean finished = false;
            try {
                CommitScenario.commit(home(), granted, kill);
                finished = true;
            } catch (Killed _) {
                List<Recovery> recoveries =
                        CommitScenario.transactions(home(), _ -> {}).recover();
                assertThat(recoveries)
                        .as("%s", kill.steps)
                        .allMatch(each -> each.problems().isEmpty());
            }
            boolean done = kill.steps.getLast().equals("done");
            assertThat(Tree.of(granted))
                    .as("killed at %s", kill.steps.getLast())
                    .isEqualTo(done ? after : before);
            assertNothingLeft();
            if (finished) break;
        }
        assertThat(step).isGreaterThan(30);
    }

    @Test
    void isRolledBackWhereverTheRollBackItselfWasKilled() throws Exception {
        int mostApplied = killStepBefore("done");
        for (int step = 1; ; step++) {
            Path granted = newRound();
            assertThat(isKilledAt(mostApplied, _ -> CommitScenario.commit(home(), granted, new KillAt(mostApplied))))
                    .isTrue();
            boolean killed = isKilledAt(step, FileTransactions::recover);
            CommitScenario.transactions(home(), _ -> {}).recover();
            assertThat(Tree.of(granted))
                    .as("killed at %d of the roll-back", step)
                    .isEqualTo(before);
            assertNothingLeft();
            if (!killed) break;
        }
    }

    private int killStepBefore(String name) throws Exception {
        KillAt all = new KillAt(Integer.MAX_VALUE);
        Path granted = newRound();
        CommitScenario.commit(home(), granted, all);
        return all.steps.indexOf(name);
    }

    @Test
    void isUndoneOrNotWhereverItsUndoWasKilled() throws Exception {
        for (int step = 1; ; step++) {
            Path granted = newRound();
            CommitScenario.commit(home(), granted, _ -> {});
            boolean killed = isKilledAt(step, transactions -> transactions.undo("run"));
            FileTransactions next = CommitScenario.transactions(home(), _ -> {});
            next.recover();
            Map<String, String> now = Tree.of(granted);
            assertThat(now).as("killed at %d of the undo", step).isIn(before, after);
            assertThat(next.undoable().isEmpty())
                    .as("killed at %d of the undo", step)
                    .isEqualTo(now.equals(before));
            assertNothingLeft();
            if (!killed) break;
        }
    }

    @Test
    @Tag("slow")
    void survivesAProcessThatReallyHalts() throws Exception {
        for (int step = 1; ; step++) {
            Path granted = newRound();
            int exit = halted("commit", granted, step);
            CommitScenario.transactions(home(), _ -> {}).recover();
            assertThat(Tree.of(granted)).as("halted at %d", step).isIn(before, after);
            assertNothingLeft();
            if (exit == 0) break;
            assertThat(exit).isEqualTo(CommitScenario.STOPPED);
        }
    }

    private int halted(String what, Path granted, int step) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommitScenario.class.getName(),
                        what,
                        home().toString(),
                        granted.toString(),
                        Integer.toString(step))
                .inheritIO()
                .start();
        return process.waitFor();
    }
}
