package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

        @Test
        void failsWithTheStatusAndTheLastWords() throws Exception {
            assertThat(bash("echo first >&2; echo 'no such thing' >&2; exit 3").outcome())
                    .isEqualTo(new RunOutcome.Failed("it ended with status 3: no such thing", "first\nno such thing"));
        }
    }

    @Nested
    class Files_ {
        @Test
        void areChangedInTheViewOnly() throws Exception {
            Path kept = Files.writeString(folder.resolve("kept.txt"), "kept\n");
            Files.writeString(folder.resolve("gone.txt"), "gone\n");
            Files.writeString(folder.resolve("old.txt"), "one\n");

            var report = run(with(
                    partial(
                            request(
                                    Language.BASH,
                                    "cd %s; rm gone.txt; echo two >>old.txt; mkdir new; echo x >new/file"
                                            .formatted(folder)),
                            List.of("rm", "mkdir")),
                    new dev.understudy.sandbox.control.Grants(
                            List.of(), List.of(folder), List.of(), List.of("rm", "mkdir"))));

            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
            assertThat(report.changes())
                    .extracting(RunReport.FileChange::path, RunReport.FileChange::kind)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(folder.resolve("gone.txt"), Kind.DELETED),
                            org.assertj.core.groups.Tuple.tuple(folder.resolve("new"), Kind.CREATED),
                            org.assertj.core.groups.Tuple.tuple(folder.resolve("new/file"), Kind.CREATED),
                            org.assertj.core.groups.Tuple.tuple(folder.resolve("old.txt"), Kind.CHANGED));
            assertThat(kept).hasContent("kept");
            assertThat(folder.resolve("old.txt")).hasContent("one");
            assertThat(folder.resolve("gone.txt")).exists();
        }
    }
}
