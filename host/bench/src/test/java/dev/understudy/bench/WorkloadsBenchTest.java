package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.plugins.workloads.FiguresDetector;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadsBenchTest {
    private static final String HEADER =
            "CPU.STAT.usr,CPU.STAT.sys,NET.STAT.rxkBs,NET.STAT.txkBs,NET.STAT.rxpcks,NET.STAT.txpcks,workload.appname\n";

    @TempDir
    Path folder;

    @Test
    void tellsTheRightFromTheWrongAndFromNoAnswer() throws IOException {
        Path file = folder.resolve("mine.csv");
        Files.writeString(file, HEADER + """
                40,5,20000,100000,300000,300000,nginx
                0,0,0,0,0,0,nginx
                95,1,0,0,0,0,nginx
                40,5,,nonsense,,,nginx
                """);
        List<WorkloadsBench.Recording> read = WorkloadsBench.read(folder);
        assertThat(read).singleElement().satisfies(each -> {
            assertThat(each.truth()).isEqualTo(Workload.WEB_SERVER);
            assertThat(each.samples()).hasSize(4);
        });
        // Served once, idle once; a computation twice.
        assertThat(WorkloadsBench.score(new FiguresDetector(), read.getFirst()))
                .isEqualTo(new WorkloadsBench.Score(1, 1, 2));
    }

    @Test
    void saysWhichLabelNobodyKnows() throws IOException {
        Files.writeString(folder.resolve("mine.csv"), HEADER + "1,1,1,1,1,1,basket weaving\n");
        assertThatThrownBy(() -> WorkloadsBench.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobody has said what kind of work 'basket weaving' is");
    }

    @Test
    void saysSoWithoutTheData() throws Exception {
        assertThat(Measured.rows(new WorkloadsBench(), Optional.empty()))
                .singleElement()
                .satisfies(row -> assertThat(row.extra()).containsEntry("note", "the data set is not on this machine"));
    }

    @Test
    void isRightOrNotSureOnMachinesThatItsLimitsWereNotChosenOn() throws Exception {
        Path data = Path.of(System.getProperty(
                "understudy.data",
                Path.of(System.getProperty("understudy.root", "."))
                        .resolve("../shared/data")
                        .toString()));
        assumeTrue(Files.isDirectory(data.resolve("workload-traces")), "the recordings are not on this machine");
        Row all = Measured.rows(new WorkloadsBench(), Optional.of(data)).stream()
                .filter(row -> row.name().equals("all machines"))
                .findFirst()
                .orElseThrow();
        assertThat(all.p50()).isGreaterThanOrEqualTo(0.90);
        assertThat((Double) all.extra().get("answered")).isGreaterThanOrEqualTo(0.70);
    }
}
