package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BashRunTest extends JailedTest {
    @Nested
    class TheContract {
        @Test
        void givesParametersAsVariablesAndAsJsonAndTakesTheResultFromItsFile() throws Exception {
            var request = withParameters(
                    request(
                            Language.BASH,
                            "read -r json; echo \"$PARAM_NAME|$PARAM_COUNT|$json\"; echo oops >&2\n"
                                    + "echo '{\"made\": 3}' >\"$RESULT\""),
                    "{\"name\":\"a 'b' $c\",\"count\":2}");

            var report = run(request);

            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{\"made\":3}"));
            assertThat(report.tier()).isEqualTo(Tier.ISOLATED);
            assertThat(report.output())
                    .containsExactlyInAnyOrder(
                            new OutputLine("stdout", "a 'b' $c|2|{\"name\":\"a 'b' $c\",\"count\":2}"),
                            new OutputLine("stderr", "oops"));
        }

        /** Two thousand million bytes through a pipe: long enough to be looked at more than once in a jail of its own, too. */
        @Test
        void saysWhatItReadAndWrote() throws Exception {
            var report = bashWith(List.of("head", "wc"), "head -c 2000000000 /dev/zero | wc -c");

            assertThat(report.outcome()).isInstanceOf(RunOutcome.Succeeded.class);
            // head reads and writes it, wc reads it.
            assertThat(report.usage().ioBytes().orElse(0)).isBetween(100_000_000L, 6_010_000_000L);
        }

        /** By the rules of set -e: a condition may fail, and what is looked at may, too. */
        @Test
        void tellsOfCommandsThatFailedWhileTheScriptWentOn() throws Exception {
            assertThat(bash("if false; then :; fi\nfalse || true\n[[ a == b ]]\n(exit 3)\ntrue")
                            .output())
                    .extracting(RunReport.OutputLine::text)
                    .contains("line 3: [[ a == b ]] ended with status 1", "line 4: ( exit 3 ) ended with status 3")
                    .noneMatch(line -> line.startsWith("line 1") || line.startsWith("line 2"));
        }

        @Test
        void failsWithTheStatusAndTheLastWords() throws Exception {
            assertThat(bash("echo first >&2; echo 'no such thing' >&2; exit 3").outcome())
                    .isEqualTo(new RunOutcome.Failed("it ended with status 3: no such thing", "first\nno such thing"));
        }
    }

    @Nested
    class Programs {
        @Test
        void areRefusedAtFullBeforeTheStartWhereGranted() throws Exception {
            var request =
                    with(request(Language.BASH, "ls"), new Grants(List.of(), List.of(), List.of(), List.of("ls")));
            assertThat(run(request).outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo(
                                            "not allowed at isolation full: starting programs (isolation partial would allow it)"));
        }

        @Test
        void failAtFullInTheLevelsWordsWhereTried() throws Exception {
            assertThat(bash("set -e; ls").outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error())
                                    .isEqualTo(
                                            "not allowed at isolation full: starting programs (isolation partial would allow it)"));
        }

        @Test
        void areTheGrantedOnesAtPartial() throws Exception {
            assertThat(bashWith(List.of("ls"), "ls / >/dev/null && ! cat /dev/null")
                            .outcome())
                    .isInstanceOf(RunOutcome.Succeeded.class);
            assertThat(bashWith(List.of("ls"), "set -e; cat x").outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error())
                                    .isEqualTo(
                                            "not allowed: program 'cat' is not granted; grants.programs = [\"cat\"] would allow it"));
        }

        /** As all do that are written in Go: a limit of address space ended them before they began. */
        @Test
        void mayReserveMuchMoreAddressSpaceThanTheyUse() throws Exception {
            assertThat(bashWith(
                                    List.of("python3"),
                                    "set -e; python3 -c 'import mmap; mmap.mmap(-1, 8 << 30,"
                                            + " flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0)'")
                            .outcome())
                    .isInstanceOf(RunOutcome.Succeeded.class);
        }

        @Test
        void thatTheMachineLacksAreRefused() throws Exception {
            assertThat(bashWith(List.of("no-such-program"), ":").outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo("the granted program no-such-program is not on this machine"));
        }
    }

    @Nested
    class Changes {
        private final List<String> programs = List.of("rm", "mkdir", "mv", "ln", "sed", "chmod");

        private RunRequest changing(String source, Path... writable) {
            return with(
                    partial(request(Language.BASH, source), programs),
                    new Grants(List.of(), List.of(writable), List.of(), programs));
        }

        private String told(RunReport report) {
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            return report.changes().stream()
                    .map(change -> change.kind() + " " + folder.relativize(change.path()))
                    .collect(Collectors.joining(", "));
        }

        @Test
        void areListedInARehearsalAndLeaveTheFilesAsTheyWere() throws Exception {
            Files.writeString(folder.resolve("gone.txt"), "gone\n");
            Files.writeString(folder.resolve("old.txt"), "one\n");

            RunReport report = run(changing(
                    "cd %s; rm gone.txt; echo two >>old.txt; mkdir new; echo x >new/file".formatted(folder), folder));

            assertThat(told(report)).isEqualTo("DELETED gone.txt, CREATED new, CREATED new/file, CHANGED old.txt");
            assertThat(folder.resolve("old.txt")).hasContent("one");
            assertThat(folder.resolve("gone.txt")).exists();
            assertThat(folder.resolve("new")).doesNotExist();
        }

        @Test
        void ofAGrantedFolderItselfAreToldAsWhatTheJailCannot() throws Exception {
            Path granted = Files.createDirectory(folder.resolve("granted"));
            RunReport report = run(changing("set -e; rm -rf " + granted, granted));
            assertThat(report.outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed)
                                    .returns(
                                            "not granted: removing " + granted + " itself, which is granted for what is"
                                                    + " in it (grant it with writes = [\"" + folder + "\"])",
                                            RunOutcome.Failed::error)
                                    .returns(RunOutcome.Failed.Cause.NOT_GRANTED, RunOutcome.Failed::cause));
        }

        @Test
        void areCommittedOnceTheScriptHasSucceeded() throws Exception {
            Files.writeString(folder.resolve("gone.txt"), "gone\n");
            Files.createDirectory(folder.resolve("tree"));
            Files.writeString(folder.resolve("tree/leaf"), "leaf\n");

            RunReport report = run(committing(changing(
                    "cd %s; rm gone.txt; mv tree moved; ln -s moved/leaf link; chmod 700 moved/leaf".formatted(folder),
                    folder)));

            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            assertThat(folder.resolve("gone.txt")).doesNotExist();
            assertThat(folder.resolve("tree")).doesNotExist();
            assertThat(folder.resolve("moved/leaf")).hasContent("leaf").isExecutable();
            assertThat(Files.readSymbolicLink(folder.resolve("link"))).isEqualTo(Path.of("moved/leaf"));
        }

        @Test
        void areNotMadeByAScriptThatFails() throws Exception {
            Path file = Files.writeString(folder.resolve("a.txt"), "one\n");
            RunReport report = run(committing(changing("cd %s; echo two >a.txt; exit 1".formatted(folder), folder)));
            assertThat(report.outcome()).isInstanceOf(RunOutcome.Failed.class);
            assertThat(report.changes()).isEmpty();
            assertThat(file).hasContent("one");
        }

        @Test
        void replaceADeletedFolderByAnotherOfTheSameName() throws Exception {
            Files.createDirectory(folder.resolve("tree"));
            Files.writeString(folder.resolve("tree/old"), "old\n");
            RunReport report =
                    run(changing("cd %s; rm -r tree; mkdir tree; echo new >tree/new".formatted(folder), folder));
            assertThat(told(report)).isEqualTo("CREATED tree/new, DELETED tree/old");
        }

        @Test
        void reachAGrantedFileThroughARenameAndNothingBesideIt() throws Exception {
            Path file = Files.writeString(folder.resolve("a.txt"), "one\n");
            Files.writeString(folder.resolve("beside.txt"), "beside\n");
            RunReport report =
                    run(changing("cd %s; [[ ! -e beside.txt ]] && sed -i s/one/two/ a.txt".formatted(folder), file));
            assertThat(told(report)).isEqualTo("CHANGED a.txt");

            assertThat(run(changing("echo x >%s/beside.txt".formatted(folder), file))
                            .outcome())
                    .isEqualTo(new RunOutcome.Failed(
                            "it changed %s, which is not granted; a grant in 'writes' would allow it"
                                    .formatted(folder.resolve("beside.txt")),
                            ""));
        }

        @Test
        void makeWhatIsGrantedButNotThereYet() throws Exception {
            Path file = folder.resolve("deep/new.txt");
            RunReport report =
                    run(committing(changing("mkdir -p %s && echo new >%s".formatted(file.getParent(), file), file)));
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            assertThat(file).hasContent("new");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/understudy-is-not-here", "/tmp/understudy-is-not-here"})
        void makeAGrantedNameInTheRootAndInTheTemporaryFolder(Path file) throws Exception {
            RunReport report = run(changing("echo scratch >/tmp/scratch; echo new >%s".formatted(file), file));
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            assertThat(report.changes()).extracting(RunReport.FileChange::path).containsExactly(file);
            assertThat(file).doesNotExist();
        }

        @Test
        void happenBelowAFolderThatMayOnlyBeRead() throws Exception {
            Files.writeString(folder.resolve("read.txt"), "read\n");
            Path file = Files.writeString(folder.resolve("written.txt"), "one\n");
            Grants grants = new Grants(List.of(folder), List.of(file), List.of(), List.of());
            String source = "cd %s; echo \"$(<read.txt)\" >>written.txt".formatted(folder);
            assertThat(told(run(with(request(Language.BASH, source), grants)))).isEqualTo("CHANGED written.txt");
            RunReport beside = run(with(request(Language.BASH, "echo x >>%s/read.txt; :".formatted(folder)), grants));
            assertThat(beside.outcome())
                    .isEqualTo(new RunOutcome.Failed(
                            "it changed %s, which is not granted; a grant in 'writes' would allow it"
                                    .formatted(folder.resolve("read.txt")),
                            ""));
        }
    }

    @Nested
    class WhatAJailedProcessIsRefused {
        @Test
        void isTheNetworkAtEveryLevel() throws Exception {
            var request = with(
                    request(Language.BASH, ":"), new Grants(List.of(), List.of(), List.of("example.org"), List.of()));
            assertThat(run(request).outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo(
                                            "not allowed at isolation full: network (a native script has none at any level)"));
        }

        @Test
        void isAppleScriptOnOtherSystems() throws Exception {
            RunReport report = run(request(Language.APPLESCRIPT, "return 1"));
            assertThat(report.outcome())
                    .isEqualTo(new RunOutcome.Refused(
                            "AppleScript runs on macOS only", "write the automation in JavaScript, Python or Bash"));
            assertThat(report.tier()).isEqualTo(Tier.NONE);
        }
    }
}
