package dev.understudy.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.LearnReport;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.plugin.PluginJar;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.sandbox.control.cells.CellOptions.Preparation;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.WorkflowExecution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with plugins that a stranger might have written. */
class UnderstudyTest {
    private static final Instant MONDAY = Instant.parse("2026-11-16T09:00:00Z");

    @TempDir
    Path folder;

    @Nested
    class InAJavaProgram {
        private final Task task =
                new Task("1", "cp", "", Map.of("arguments", "a.txt"), MONDAY, Duration.ofSeconds(1), true);
        private final PerformanceMetric metric =
                new PerformanceMetric("1", "backup", MONDAY, Duration.ofSeconds(3), 10, 5, true);
        private final WorkflowExecution execution = new WorkflowExecution(
                "1", "deploy", MONDAY, MONDAY.plusSeconds(6), ExecutionState.SUCCEEDED, List.of());

        @Test
        void takesFiveLines() {
            try (var understudy =
                    Understudy.open(installation(), DataHome.open(folder.resolve("home")), Config.DEFAULT)) {
                understudy.recordTask(task);
                understudy.recordMetric(metric);
                understudy.recordExecution(execution);
                assertThat(understudy.report().tasks()).isEqualTo(1);
            }
        }

        @Test
        void recordsWhatIsNewAndSaysWhetherItWas() {
            try (var understudy = open()) {
                assertThat(understudy.recordTask(task)).isTrue();
                assertThat(understudy.recordTask(task)).isFalse();
                assertThat(understudy.recordMetric(metric)).isTrue();
                assertThat(understudy.recordMetric(metric)).isFalse();
                assertThat(understudy.recordExecution(execution)).isTrue();
                assertThat(understudy.recordExecution(execution)).isFalse();
            }
        }

        @Test
        void findsWhatItRecordedTheNextTime() {
            try (var understudy = open()) {
                understudy.recordMetric(metric);
                understudy.recordExecution(execution);
            }
            try (var understudy = open()) {
                Instant end = MONDAY.plusSeconds(3600);
                assertThat(understudy.performance().metrics("backup", MONDAY, end))
                        .containsExactly(metric);
                assertThat(understudy.performance().slowProcesses(MONDAY, end))
                        .extracting(PerformanceHistory.ProcessStatistics::process)
                        .containsExactly("backup");
                assertThat(understudy.performanceService().analyseAll(MONDAY, end))
                        .singleElement()
                        .satisfies(analysis -> {
                            assertThat(analysis.workflow()).isEqualTo("deploy");
                            // Six seconds where five are allowed: a sixth of the time, and nothing else, is to gain.
                            assertThat(analysis.potential().performance()).isCloseTo(1 / 6.0, within(1e-9));
                            assertThat(analysis.potential().total()).isCloseTo(1 / 6.0, within(1e-9));
                            assertThat(analysis.potential().optimizationScore()).isCloseTo(500 / 6.0, within(1e-9));
                        });
            }
        }
    }

    @Nested
    class Learning {
        @Test
        void goesFromAFileToAutomationsAndReasons() throws Exception {
            install();
            Path file = Files.writeString(folder.resolve("week.lines"), "cp\ncp\nls\nls\nls\nls\n");
            try (var understudy = open()) {
                var report = understudy.learn(List.of(file), _ -> {});
                assertThat(report.imported()).isEqualTo(6);
                assertThat(report.patterns())
                        .extracting(pattern -> pattern.taskType() + " " + pattern.occurrences())
                        .containsExactly("ls 4", "cp 2");
                assertThat(report.rejected())
                        .extracting(each -> each.pattern().id(), LearnReport.Rejected::reason)
                        .containsExactly(tuple("ls", "ls only looks"));
                assertThat(report.automations()).singleElement().satisfies(learnt -> {
                    assertThat(learnt.automation().id()).isEqualTo("do-cp");
                    // Nothing here runs Python, so its rehearsal was refused and nobody may approve it.
                    assertThat(learnt.automation().state()).isEqualTo(AutomationState.DRAFT);
                    assertThat(learnt.rehearsal()).hasValueSatisfying(rehearsal -> {
                        assertThat(rehearsal.passed()).isZero();
                        assertThat(rehearsal.total()).isEqualTo(1);
                    });
                });
                assertThat(report.problems()).isEmpty();
                assertThat(understudy.report()).isEqualTo(new Report(6, 2, 2, 1, 0));
            }
        }

        @Test
        void addsNothingTheSecondTime() throws Exception {
            install();
            Path file = Files.writeString(folder.resolve("week.lines"), "cp\ncp\n");
            try (var understudy = open()) {
                understudy.learn(List.of(file), _ -> {});
            }
            try (var understudy = open()) {
                var report = understudy.learn(List.of(file), _ -> {});
                assertThat(report.imported()).isZero();
                assertThat(report.automations())
                        .singleElement()
                        .returns(true, learnt -> learnt.rehearsal().isEmpty());
                assertThat(understudy.automations().list()).hasSize(1);
            }
        }

        @Test
        void saysThatThereIsNothing() throws Exception {
            try (var understudy = open()) {
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> understudy.discoverHistories(Map.of()))
                        .withMessage(
                                "There is nothing to learn from: no file was named, and no shell history was found in "
                                        + folder + ". Name a file: learn FILE");
            }
        }
    }

    @Nested
    class WithPluginsThatFail {
        @Test
        void namesThemWhereTheirPatternsAreMissing() throws Exception {
            install();
            Path jar = new PluginJar("broken")
                    .source("Broken", """
                            @Extension public class Broken implements PatternDetector {
                                public String name() { return "broken"; }
                                public Detection start(Settings settings) { throw new IllegalStateException("no\\nway"); }
                            }
                            """)
                    .source("Fails", """
                            @Extension public class Fails implements AutomationTemplate {
                                public String name() { return "fails"; }
                                public String description() { return ""; }
                                public boolean looksOnly(TaskPattern pattern) { throw new IllegalStateException("cannot look"); }
                                public Answer propose(TaskPattern pattern, Request request) { return new Answer.NotMine("no", 0); }
                            }
                            """)
                    .write(folder.resolve("broken.jar"));
            try (var host = PluginHost.open(
                    installation().plugins(), DataHome.open(folder.resolve("home")), new PluginContext(List.of()))) {
                assertThat(host.install(jar).reason()).isEmpty();
            }
            Path file = Files.writeString(folder.resolve("week.lines"), "cp\ncp\n");
            try (var understudy = open()) {
                var report = understudy.learn(List.of(file), _ -> {});
                assertThat(report.automations()).hasSize(1);
                assertThat(report.problems())
                        .containsExactlyInAnyOrder(
                                "the detector broken of the plugin broken failed: IllegalStateException: no way",
                                "the template fails of the plugin broken failed: IllegalStateException: cannot look");
                assertThat(understudy.patternProblems()).isEqualTo(report.problems());
            }
        }
    }

    @Nested
    class WithAPluginThatIsReplacedWhileItRuns {
        /** A source whose tasks tell which build of it read them, and a detector, so that all of the engine has held the plugin. */
        private Path jar(String version) throws Exception {
            return new PluginJar("mine")
                    .manifest("Plugin-Version", version)
                    .source("Notes", """
                            @Extension public class Notes implements TaskSource {
                                public String name() { return "notes"; }
                                public String description() { return ""; }
                                public double confidence(Probe probe) { return probe.fileName().endsWith(".notes") ? 1 : 0; }
                                public void read(Input input, TaskSink sink) {
                                    for (int i = 0; i < 2; i++)
                                        sink.accept(new Task("%1$s-" + i, "read by %1$s", "", Map.of(), Instant.parse("2026-11-16T09:00:00Z").plusSeconds(i), Duration.ofSeconds(10), true));
                                }
                            }
                            """.formatted(version))
                    .source("Counter", """
                            @Extension public class Counter implements PatternDetector {
                                public String name() { return "mine"; }
                                public Detection start(Settings settings) {
                                    return new Detection() {
                                        public void accept(Task task) { }
                                        public List<TaskPattern> patterns(Instant asOf) { return List.of(); }
                                    };
                                }
                            }
                            """)
                    .write(folder.resolve("mine-" + version + ".jar"));
        }

        @Test
        void asksTheNewBuildAndFreesTheOldOne() throws Exception {
            install();
            Path first = jar("1.0.0");
            Path second = jar("1.0.1");
            Path notes = Files.writeString(folder.resolve("day.notes"), "notes");
            var changed = new LinkedBlockingQueue<String>();
            try (var understudy = open()) {
                understudy.plugins().install(first);
                try (var _ = understudy.startEngine(event -> changed.add(event.text()))) {
                    understudy.learn(List.of(notes), _ -> {});
                    assertThat(understudy.patterns())
                            .extracting(TaskPattern::taskType)
                            .contains("read by 1.0.0");

                    // As another process installs it: the running one sees its folder change.
                    try (var other = PluginHost.open(
                            installation().plugins(),
                            DataHome.open(folder.resolve("home")),
                            new PluginContext(List.of()))) {
                        other.install(second);
                    }
                    await(changed, "The plugin mine is started");

                    understudy.learn(List.of(notes), _ -> {});
                    assertThat(understudy.patterns())
                            .extracting(TaskPattern::taskType)
                            .contains("read by 1.0.0", "read by 1.0.1");
                    assertThat(understudy.patternProblems()).isEmpty();
                    assertThat(understudy.plugins().remains()).isEmpty();
                }
            }
        }

        private static void await(LinkedBlockingQueue<String> texts, String wanted) throws InterruptedException {
            for (String text = ""; !text.startsWith(wanted); ) {
                text = texts.poll(30, TimeUnit.SECONDS);
                assertThat(text).as("waiting for " + wanted).isNotNull();
            }
        }
    }

    @Nested
    class Recording {
        @Test
        void findsWhatRepeatsWhileItGoes() throws Exception {
            install();
            try (var understudy = open()) {
                understudy.recordTask(task(1));
                assertThat(understudy.patterns()).isEmpty();
                understudy.recordTask(task(2));
                assertThat(understudy.patterns()).singleElement().returns(2, pattern -> pattern.occurrences());
                assertThat(understudy.recordTask(task(2))).isFalse();
            }
        }

        private static Task task(int number) {
            return new Task("t" + number, "cp", "", Map.of(), MONDAY.plusSeconds(number), Duration.ofSeconds(10), true);
        }
    }

    private Understudy open() {
        return Understudy.open(
                installation(),
                DataHome.open(folder.resolve("home")),
                Config.parse("config.yaml", "repetitive_task_detection: { automation_threshold: 0.5 }"),
                folder,
                Map.of());
    }

    private Installation installation() {
        return new Installation(
                folder.resolve("plugins"),
                folder.resolve("templates"),
                List.of(),
                Path.of("/usr/bin/java"),
                Optional.empty(),
                Preparation.ENDS_WITH_HOST);
    }

    /** A source of one task type a line, a detector that counts types, and a template for cp. */
    private void install() throws Exception {
        Path jar = new PluginJar("simple")
                .source("Lines", """
                        @Extension public class Lines implements TaskSource {
                            public String name() { return "lines"; }
                            public String description() { return ""; }
                            public double confidence(Probe probe) { return probe.fileName().endsWith(".lines") ? 1 : 0; }
                            public void read(Input input, TaskSink sink) throws java.io.IOException {
                                int i = 0;
                                for (String line : new String(input.stream().readAllBytes()).lines().toList())
                                    sink.accept(new Task("line" + i, line, "", Map.of(), Instant.parse("2026-11-16T09:00:00Z").plusSeconds(i++), Duration.ofSeconds(10), true));
                            }
                        }
                        """)
                .source("Counter", """
                        @Extension public class Counter implements PatternDetector {
                            public String name() { return "counter"; }
                            public Detection start(Settings settings) {
                                var counts = new TreeMap<String, Integer>();
                                return new Detection() {
                                    public void accept(Task task) { counts.merge(task.type(), 1, Integer::sum); }
                                    public List<TaskPattern> patterns(Instant asOf) {
                                        var found = new ArrayList<TaskPattern>();
                                        counts.forEach((type, n) -> { if (n > 1) found.add(new TaskPattern(type, "counter", type, n, asOf, asOf,
                                            Duration.ofSeconds(10), 1, Map.of(), List.of(), AutomationPotential.of(n, Duration.ofSeconds(10), Duration.ZERO), List.of())); });
                                        return found;
                                    }
                                };
                            }
                        }
                        """)
                .source("CopyOnly", """
                        @Extension public class CopyOnly implements AutomationTemplate {
                            public String name() { return "copy"; }
                            public String description() { return ""; }
                            public Answer propose(TaskPattern pattern, Request request) {
                                if (!pattern.taskType().equals("cp")) return new Answer.NotMine(pattern.taskType() + " only looks", 1);
                                return new Answer.Draft("do-cp", ScriptLanguage.PYTHON,
                                    "# /// automation\\n# id = 'do-cp'\\n# description = 'x'\\n# language = 'python'\\n# ///\\ndef execute(params): ...\\n");
                            }
                        }
                        """)
                .write(folder.resolve("simple.jar"));
        try (var host = PluginHost.open(
                installation().plugins(), DataHome.open(folder.resolve("home")), new PluginContext(List.of()))) {
            assertThat(host.install(jar).reason()).isEmpty();
        }
    }
}
