package dev.understudy.core.tuning.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class ProcessPrioritiesTest {
    @TempDir
    Path folder;

    private final ProcessPriorities priorities = new ProcessPriorities();

    @Nested
    class OfARealProcess {
        private Process child;

        @BeforeEach
        void start() throws IOException {
            child = new ProcessBuilder("sleep", "600").start();
        }

        @AfterEach
        void end() throws InterruptedException {
            child.destroyForcibly().waitFor();
        }

        private String name(ProcessSetting setting) {
            return priorities.parameterName(child.pid(), setting).orElseThrow();
        }

        /** As another program of the system sees it. */
        private String seenBy(String... command) throws Exception {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var out = process.inputReader()) {
                return String.join("\n", out.readAllLines()).strip();
            } finally {
                process.waitFor();
            }
        }

        @Test
        void itsTurnAtTheProcessorIsSetAndPutBack() throws Exception {
            String nice = name(ProcessSetting.NICE);
            assumeThat(priorities.parameter(nice).orElseThrow().refusal()).isEmpty();
            String before = priorities.read(nice);
            String pid = Long.toString(child.pid());

            priorities.write(nice, "7");
            assertThat(seenBy("ps", "-o", "ni=", "-p", pid)).isEqualTo("7");
            assertThat(priorities.read(nice)).isEqualTo("7");

            priorities.write(nice, before);
            assertThat(seenBy("ps", "-o", "ni=", "-p", pid)).isEqualTo(before);
        }

        @Test
        void itsTurnAtTheDisksIsSetAndPutBack() throws Exception {
            String ioClass = name(ProcessSetting.IO_CLASS);
            String before = priorities.read(ioClass);
            String pid = Long.toString(child.pid());

            priorities.write(ioClass, "best-effort:6");
            assertThat(seenBy("ionice", "-p", pid)).isEqualTo("best-effort: prio 6");
            priorities.write(ioClass, "idle");
            assertThat(seenBy("ionice", "-p", pid)).isEqualTo("idle");

            priorities.write(ioClass, before);
            assertThat(priorities.read(ioClass)).isEqualTo(before);
        }

        @Test
        void itsCoresAreSetAndPutBack() throws Exception {
            String cpus = name(ProcessSetting.CPUS);
            String before = priorities.read(cpus);
            String first = CpuList.text(CpuList.parse(before)).split("[-,]")[0];

            priorities.write(cpus, first);
            assertThat(seenBy("taskset", "-cp", Long.toString(child.pid()))).endsWith(": " + first);

            priorities.write(cpus, before);
            assertThat(priorities.read(cpus)).isEqualTo(before);
        }

        @ParameterizedTest
        @CsvSource({
            "NICE,20",
            "NICE,-21",
            "NICE,high",
            "IO_CLASS,best-effort:8",
            "IO_CLASS,fast",
            "CPUS,99999999",
            "CPUS,3-1",
            "CPUS,"
        })
        void aValueThatMakesNoSenseIsRefusedAndNothingChanges(ProcessSetting setting, String value) throws Exception {
            String before = priorities.read(name(setting));
            assertThatThrownBy(() -> priorities.write(name(setting), value == null ? "" : value))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(name(setting));
            assertThat(priorities.read(name(setting))).isEqualTo(before);
        }

        @Test
        void theJournalPutsAllBack() throws Exception {
            String nice = name(ProcessSetting.NICE);
            String ioClass = name(ProcessSetting.IO_CLASS);
            String niceBefore = priorities.read(nice);
            String ioBefore = priorities.read(ioClass);
            assumeThat(priorities.parameter(nice).orElseThrow().refusal()).isEmpty();
            try (Session session = journal().begin("a test")) {
                session.set(priorities, Map.of(nice, "5", ioClass, "idle"));
                assertThat(priorities.read(nice)).isEqualTo("5");
                assertThat(priorities.read(ioClass)).isEqualTo("idle");
            }
            assertThat(priorities.read(nice)).isEqualTo(niceBefore);
            assertThat(priorities.read(ioClass)).isEqualTo(ioBefore);
        }

        @Test
        void whatHasEndedIsGoneAndNoLaterProcessIsTouched() throws Exception {
            String ioClass = name(ProcessSetting.IO_CLASS);
            Session session = journal().begin("a test");
            session.set(priorities, Map.of(ioClass, "best-effort:7"));
            end();
            session.close();
            assertThat(session.restorations())
                    .extracting(Restoration::outcome)
                    .containsExactly(Restoration.Outcome.GONE);

            String other = "process." + ProcessHandle.current().pid() + ".1.nice";
            assertThatIllegalArgumentException().isThrownBy(() -> priorities.write(other, "19"));
        }

        @Test
        void saysWhatAPersonWouldType() {
            long pid = child.pid();
            assertThat(priorities.command(name(ProcessSetting.NICE), "5")).isEqualTo("sudo renice -n 5 -p " + pid);
            assertThat(priorities.command(name(ProcessSetting.IO_CLASS), "best-effort:6"))
                    .isEqualTo("sudo ionice -c 2 -n 6 -p " + pid);
            assertThat(priorities.command(name(ProcessSetting.CPUS), "0")).isEqualTo("sudo taskset -acp 0 " + pid);
        }

        @Test
        void isAmongAllThatCanBeSet() {
            assertThat(priorities.parameters())
                    .extracting(TunableParameter::name)
                    .contains(name(ProcessSetting.NICE), name(ProcessSetting.IO_CLASS));
        }

        private ParameterJournal journal() {
            return ParameterJournal.in(
                    DataHome.open(folder.resolve("home")), (_, _) -> Optional.of(priorities), Clock.systemUTC());
        }
    }

    @Nested
    class OfAProcessOfManyThreads {
        @Test
        void allThreadsAreSetButThoseThatTheProgramHasSetApart() throws Exception {
            Process child = OtherProcess.of(Idle.class, folder).start();
            try (var out = child.inputReader()) {
                assertThat(out.readLine()).isEqualTo("ready");
                Path tasks = Path.of("/proc/" + child.pid() + "/task");
                List<Long> threads;
                try (Stream<Path> entries = Files.list(tasks)) {
                    threads = entries.map(
                                    entry -> Long.valueOf(entry.getFileName().toString()))
                            .filter(thread -> thread != child.pid())
                            .toList();
                }
                assertThat(threads).hasSizeGreaterThan(3);
                LinuxCalls calls = LinuxCalls.ofThisMachine();
                calls.setIoClass(threads.getFirst(), "best-effort:1");

                String ioClass = priorities
                        .parameterName(child.pid(), ProcessSetting.IO_CLASS)
                        .orElseThrow();
                priorities.write(ioClass, "best-effort:6");

                assertThat(calls.ioClass(threads.getFirst())).isEqualTo("best-effort:1");
                var others = new TreeSet<String>();
                for (long thread : threads.subList(1, threads.size()))
                    if (Files.exists(tasks.resolve(Long.toString(thread)))) others.add(calls.ioClass(thread));
                assertThat(others).containsExactly("best-effort:6");
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
    }

    /** With a process table and control groups made by hand. */
    @Nested
    class OfAControlGroup {
        private ProcessPriorities fake;

        @BeforeEach
        void aProcess() throws IOException {
            fake = new ProcessPriorities(folder);
            put("proc/4711/stat", "4711 (a (b) c) S" + " 0".repeat(15) + " 0 1 0 8123456 0 0");
        }

        private void put(String file, String text) throws IOException {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text + "\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "sys/fs/cgroup/system.slice/db.service/cpu.weight",
                    "sys/fs/cgroup/cpu/system.slice/db.service/cpu.shares"
                })
        void theShareIsSetInEitherVersion(String file) throws IOException {
            put(
                    "proc/4711/cgroup",
                    "5:memory:/other\n4:cpu,cpuacct:/system.slice/db.service\n0::/system.slice/db.service");
            put(file, "100");
            String weight = fake.parameterName(4711, ProcessSetting.CPU_WEIGHT).orElseThrow();
            assertThat(weight).isEqualTo("process.4711.8123456.cpu-weight");
            assertThat(fake.read(weight)).isEqualTo("100");
            fake.write(weight, "400");
            assertThat(Files.readString(folder.resolve(file)).strip()).isEqualTo("400");
            assertThat(fake.command(weight, "400")).isEqualTo("echo 400 | sudo tee " + folder.resolve(file));
        }

        @Test
        void thereIsNoShareInTheRootGroup() throws IOException {
            put("proc/4711/cgroup", "0::/");
            String weight = fake.parameterName(4711, ProcessSetting.CPU_WEIGHT).orElseThrow();
            assertThat(fake.parameter(weight)).isEmpty();
            assertThatThrownBy(() -> fake.read(weight)).hasMessageContaining("no control group with a share");
        }
    }

    @Nested
    class AListOfCores {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {"0;0", "0-3;0-3", "0,1,2,8;0-2,8", "5,0-1;0-1,5"})
        void isWrittenAsTheKernelWritesIt(String given, String written) throws IOException {
            assertThat(CpuList.text(CpuList.parse(given))).isEqualTo(written);
        }
    }

    /** Does nothing until it is killed. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }
}
