package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.process.ProcessPriorities;
import dev.understudy.core.tuning.process.ProcessSetting;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "priorities are set on Linux only")
class WorkloadPrioritiesTest {
    private final ProcessPriorities target = new ProcessPriorities();
    private final List<Process> started = new ArrayList<>();
    private ParameterJournal journal;

    @BeforeEach
    void open(@TempDir Path folder) {
        journal = ParameterJournal.in(DataHome.open(folder), (_, _) -> Optional.of(target), Clock.systemUTC());
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    /** Sleeps, at the turn that processes usually have, though the tests themselves may run behind others. */
    private long sleeper(int nice) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        started.add(process);
        String name = target.parameterName(process.pid(), ProcessSetting.NICE).orElseThrow();
        assumeTrue(target.parameter(name).orElseThrow().changeable(), "may not put processes before others");
        target.write(name, Integer.toString(nice));
        return process.pid();
    }

    private String nice(long pid) throws IOException {
        return target.read(target.parameterName(pid, ProcessSetting.NICE).orElseThrow());
    }

    @Test
    void putsTheProcessesOfTheWorkFirstAndBackWhenItPasses() throws Exception {
        long first = sleeper(0);
        long second = sleeper(0);
        var priorities = new WorkloadPriorities(journal);
        assertThat(priorities.follow(Workload.DATABASE, Set.of(first))).isEqualTo(1);
        assertThat(nice(first)).isEqualTo("-5");
        assertThat(nice(second)).isEqualTo("0");
        assertThat(journal.standing()).isNotEmpty();
        assertThat(priorities.follow(Workload.WEB_SERVER, Set.of(second))).isEqualTo(1);
        assertThat(nice(first)).isEqualTo("0");
        assertThat(nice(second)).isEqualTo("-5");
        priorities.close();
        assertThat(nice(second)).isEqualTo("0");
        assertThat(journal.standing()).isEmpty();
    }

    @Test
    void leavesAloneAProcessThatSomebodyHasPutElsewhere() throws Exception {
        long behind = sleeper(10);
        try (var priorities = new WorkloadPriorities(journal)) {
            assertThat(priorities.follow(Workload.WEB_SERVER, Set.of(behind))).isZero();
            assertThat(nice(behind)).isEqualTo("10");
        }
    }

    @Test
    void passesOverProcessesThatHaveEnded() throws Exception {
        long alive = sleeper(0);
        long ended = sleeper(0);
        started.getLast().destroyForcibly().waitFor();
        try (var priorities = new WorkloadPriorities(journal)) {
            assertThat(priorities.follow(Workload.HPC_COMPUTE, Set.of(ended, alive)))
                    .isEqualTo(1);
            assertThat(nice(alive)).isEqualTo("-5");
        }
    }

    @Test
    void putsNobodyFirstForTheGeneralWork() throws Exception {
        long process = sleeper(0);
        try (var priorities = new WorkloadPriorities(journal)) {
            assertThat(priorities.follow(Workload.GENERAL, Set.of(process))).isZero();
            assertThat(nice(process)).isEqualTo("0");
        }
    }
}
