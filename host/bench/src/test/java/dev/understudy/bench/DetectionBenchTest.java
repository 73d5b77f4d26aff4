package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionBenchTest {
    @Nested
    class GroupingAccuracy {
        @Test
        void isTheShareOfLinesWhoseGroupIsExactlyTheirTemplates() {
            // Two lines of a are together, but b's two are apart and one of them is with c.
            List<String> templates = List.of("a", "a", "b", "b", "c");
            List<List<String>> groups = List.of(List.of("0", "1"), List.of("2"), List.of("3", "4"));
            assertThat(DetectionBench.accuracy(templates, groups)).isEqualTo(0.4, within(1e-12));
        }
    }

    @Nested
    class WithoutTheData {
        @Test
        void saysSoInItsRow() throws IOException {
            assertThat(DetectionBench.logs(Optional.empty()))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.extra()).containsEntry("note", "the data set is not on this machine"));
        }
    }

    @Nested
    class WithAFolderOfLogs {
        @Test
        void printsARowForEachSystemAndTheAverage(@TempDir Path data) throws IOException {
            Path folder = Files.createDirectory(data.resolve("log-templates"));
            Files.writeString(folder.resolve("Mine.csv"), """
                    LineId,Content,EventId
                    1,"took 3 ms, ""once"" only",E1
                    2,"took 4 ms, ""twice"" only",E1
                    3,all is well,E2
                    """);
            List<Row> rows = DetectionBench.logs(Optional.of(data));
            assertThat(rows).extracting(Row::name).containsExactly("Mine", "average");
            assertThat(rows).extracting(Row::p50).containsExactly(1.0, 1.0);
        }
    }

    @Nested
    class OnTheRealLogs {
        @Test
        void meetsItsGoals() throws IOException {
            Path data = Path.of(System.getProperty(
                    "understudy.data",
                    Path.of(System.getProperty("understudy.root", "."))
                            .resolve("../shared/data")
                            .toString()));
            assumeTrue(Files.isDirectory(data.resolve("log-templates")), "the real logs are not on this machine");
            List<Row> rows = DetectionBench.logs(Optional.of(data));
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row.p50())
                            .as(row.name())
                            .isGreaterThanOrEqualTo(row.name().equals("average") ? 0.97 : 0.90));
        }
    }

    @Nested
    class Sequences {
        @Test
        void areNotFoundInAShuffledOrder() {
            assertThat(SequenceRows.shuffles().p50()).isZero();
        }

        @Test
        void areFoundWhereTheyWerePlantedAndHardlyElsewhere() {
            assertThat(SequenceRows.planted()).extracting(Row::p50).allMatch(share -> share >= 0.9);
        }
    }
}
