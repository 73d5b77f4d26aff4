package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// jimhester/per-directory-history#28, fish-shell/fish-shell#3373: a command is run again in another folder than its
// own.
class FolderTrailTest {

    private static final Instant NINE = Instant.parse("2026-11-16T09:00:00Z");

    private static FolderTrail after(Shell shell, String... commands) {
        var trail = new FolderTrail(shell);
        for (String command : commands) {
            try {
                trail.follow(shell.parse(command).tokens());
            } catch (UnreadableEntryException unreadable) {
                throw new AssertionError(command, unreadable);
            }
        }
        return trail;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            nullValues = "?",
            value = {
                "ls § ?",
                "cd § ~",
                "cd ~/proj § ~/proj",
                "cd /srv/www/ § /srv/www",
                "cd proj § ?",
                "cd ~/proj; cd src § ~/proj/src",
                "cd ~/proj; cd ./src/../doc § ~/proj/doc",
                "cd ~/proj/src; cd .. § ~/proj",
                "cd /; cd .. § /",
                "cd ~; cd .. § ?",
                "cd ~/a; cd ~/b; cd - § ~/a",
                "cd ~/a; cd - § ?",
                "cd -P ~/a § ~/a",
                "cd -- ~/a § ~/a",
                "cd $HOME/a § ~/a",
                "cd \"${HOME}/My Files\" § ~/My Files",
                "cd $WORK § ?",
                "cd ~/$x § ?",
                "cd ~/proj* § ?",
                "cd $(git rev-parse --show-toplevel) § ?",
                "cd ~bob § ?",
                "cd /a && ls § /a",
                "mkdir /a && cd /a § /a",
                "ls || cd /a § ?",
                "cd /a || exit 1 § /a",
                "(cd /a; ls) § ?",
                "cd /a; (cd b && ls) § /a",
                "cd /a; { cd b; ls; } § /a/b",
                "cd /a; cd b & § /a",
                "cd /a; ls | cd b § ?",
                "cd /a; sudo cd /b § /a",
                "cd /a; builtin cd b § /a/b",
                "cd /a; for d in x y; do cd $d; ls; done § ?",
                "cd /a; for d in x y; do ls $d; done § /a",
                "cd /a; if cd b; then ls; fi § ?",
                "cd /a; up() { cd ..; } § ?",
                "cd /a; echo cd /b § /a",
                "cd /a; pushd b § /a/b",
                "cd /a; pushd b; popd § /a",
                "cd /a; pushd /b; pushd § /a",
                "cd /a; pushd /b; pushd; pushd § /b",
                "popd § ?",
                "cd /a; pushd +1 § ?",
                "cd /a; z proj § ?",
                "cd /a; take new § ?",
                "cd /a; .. § /",
                "cd /a; ./run.sh § /a",
                "cd /a; exit § ?",
            })
    void followsTheChangesOfFolder(String line, String folder) {
        assertThat(after(Shell.BASH, line).folder().orElse(null)).isEqualTo(folder);
        assertThat(after(Shell.BASH, line.replace("; ", " ;\n")).folder().orElse(null))
                .isEqualTo(folder);
    }

    @Nested
    class InZsh {
        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                nullValues = "?",
                value = {
                    "cd /a/b; .. § /a",
                    "/srv/www/ § /srv/www",
                    "cd /a; ~ § ~",
                    "cd /a; ~/proj § ?",
                    "cd /a; ... § ?",
                    "cd /a; cd one two § ?",
                    // With AUTO_PUSHD popd leads to /b, without to the folder before.
                    "cd /a; pushd /b; cd /c; popd § ?",
                })
        void followsAChangeWithoutCd(String line, String folder) {
            assertThat(after(Shell.ZSH, line).folder().orElse(null)).isEqualTo(folder);
        }
    }

    @Test
    void neverFollowsFishWhichKeepsEachCommandOnce() {
        assertThat(after(Shell.FISH, "cd /a", "ls").folder()).isEmpty();
    }

    @Nested
    class WithAnotherSession {
        private static FolderTrail in(Duration later) {
            var trail = new FolderTrail(Shell.BASH);
            trail.at(NINE);
            try {
                trail.follow(ShellCommand.parse("cd /a", ShellSyntax.POSIX).tokens());
            } catch (UnreadableEntryException unreadable) {
                throw new AssertionError(unreadable);
            }
            trail.at(NINE.plus(later));
            return trail;
        }

        @Test
        void isNowhereKnown() {
            assertThat(in(Duration.ofHours(1)).folder()).contains("/a");
            assertThat(in(Duration.ofSeconds(-1)).folder()).isEmpty();
            assertThat(in(Duration.ofHours(9)).folder()).isEmpty();
        }
    }
}
