package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Sequence;
import dev.understudy.spi.TaskPattern.Step;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import dev.understudy.spi.testkit.AutomationTemplateContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowSequenceTemplateTest extends AutomationTemplateContract {
    private static final Instant LATEST = Instant.parse("2026-11-16T09:00:00Z");
    private static final List<String> NAMES = List.of("north", "south", "east");

    private final WorkflowSequenceTemplate template = new WorkflowSequenceTemplate(GeneratedScriptsTest.CONTEXT);

    @Override
    protected AutomationTemplate template() {
        return template;
    }

    @Override
    protected List<TaskPattern> patternsThatItAutomates() {
        return List.of(sequence(
                "cp /srv/in/{name}.csv /srv/work/{name}.csv",
                "ls -l",
                "csvjson -I /srv/work/{name}.csv > /srv/work/{name}.json",
                "tar czf /srv/out/{name}.tgz /srv/work/{name}.json"));
    }

    /** A sequence of commands, seen with three names in the place of {@code {name}}. */
    private static TaskPattern sequence(String... commands) {
        List<Step> steps = new ArrayList<>();
        List<Observation> observations = new ArrayList<>();
        for (String command : commands) steps.add(new Step(words(command).getFirst(), parameters(command)));
        for (int i = 0; i < NAMES.size(); i++) {
            List<Task> tasks = new ArrayList<>();
            for (String command : commands) {
                String typed = command.replace("{name}", NAMES.get(i));
                Instant time = LATEST.minus(Duration.ofDays(i)).plusSeconds(tasks.size());
                tasks.add(new Task(
                        "t" + i + "-" + tasks.size(),
                        words(typed).getFirst(),
                        typed,
                        parameters(typed),
                        time,
                        Duration.ofSeconds(9),
                        true));
            }
            observations.add(new Observation(tasks.getFirst(), Map.of("name", NAMES.get(i)), tasks));
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Step step : steps) parameters.put("step_" + (parameters.size() + 1), step.parameters());
        return new TaskPattern(
                "sequence-1",
                "by hand",
                steps.stream().map(Step::taskType).collect(Collectors.joining(TaskPattern.THEN)),
                3,
                LATEST.minus(Duration.ofDays(2)),
                LATEST,
                Duration.ofSeconds(30),
                1.0,
                parameters,
                List.of(new Variable("name", VariableKind.IDENTIFIER, 3, NAMES)),
                AutomationPotential.of(3, Duration.ofSeconds(30), Duration.ZERO),
                observations,
                Optional.of(new Sequence(steps, List.of(), 0.01, 1e-9)));
    }

    private static List<String> words(String command) {
        return List.of(command.split(" "));
    }

    private static Map<String, Object> parameters(String command) {
        return Map.of(
                Task.COMMAND,
                command,
                Task.ARGUMENTS,
                words(command).subList(1, words(command).size()));
    }

    private Answer propose(ScriptLanguage language, String... commands) {
        return template.propose(sequence(commands), new Request(language));
    }

    private String written(String... commands) {
        return ((Answer.Draft) propose(ScriptLanguage.PYTHON, commands)).fileText();
    }

    @Nested
    class AnAutomation {
        @Test
        void hasAStepForEachTaskThatChangesSomething() {
            String file = written(
                    "cp /srv/in/{name}.csv /srv/work/{name}.csv",
                    "ls -l",
                    "mv /srv/work/{name}.csv /srv/out/{name}.csv");
            assertThat(file)
                    .contains("# [[steps]]\n# name = \"copy_files\"")
                    .contains("# [[steps]]\n# name = \"move_files\"")
                    .contains("def copy_files(params):")
                    .contains("def move_files(params):")
                    .doesNotContain("after =");
        }

        @Test
        void takesWhatOneStepMakesAndTheNextOneTakesAsOneParameter() {
            String file = written(
                    "cp /srv/in/{name}.csv /srv/work/{name}.csv", "mv /srv/work/{name}.csv /srv/out/{name}.csv");
            assertThat(file.split("default = \"/srv/work/\\{name}.csv\"", -1)).hasSize(2);
            assertThat(file.split("parameters.name = ", -1)).hasSize(2);
        }

        @Test
        void doesSideBySideWhatDoesNotDependOnEachOther() {
            String file = written("cp /srv/a/{name}.txt /srv/b/{name}.txt", "cp /srv/c/{name}.txt /srv/d/{name}.txt");
            assertThat(file).contains("# name = \"copy_files_2\"\n# after = []");
        }

        @Test
        void isInTheLanguageThatAllItsStepsHave() {
            String[] filesOnly = {"mkdir -p /srv/{name}", "cp /srv/form.txt /srv/{name}/form.txt"};
            String[] archive = {"mkdir -p /srv/{name}", "tar czf /srv/{name}.tgz /srv/{name}"};
            assertThat(propose(ScriptLanguage.JAVASCRIPT, filesOnly))
                    .extracting("language")
                    .isEqualTo(ScriptLanguage.JAVASCRIPT);
            assertThat(propose(ScriptLanguage.JAVASCRIPT, archive))
                    .extracting("language")
                    .isEqualTo(ScriptLanguage.PYTHON);
        }

        @Test
        void startsAProgramThatNoTemplateKnows() {
            String file = written(
                    "cp /srv/in/{name}.md /srv/work/{name}.md", "pandoc /srv/work/{name}.md -o /srv/work/{name}.pdf");
            assertThat(file)
                    .contains("# isolation = \"partial\"")
                    .contains("programs = [\"pandoc\"]")
                    .contains("is not undone")
                    .contains("understudy.run(");
        }

        @Test
        void worksInTheFolderToWhichACdHasLed() {
            String file = written("cd /srv/{name}", "cp a.txt b.txt", "mv b.txt c.txt");
            assertThat(file).contains("/srv/{name}/b.txt");
        }
    }

    @Nested
    class NoAutomation {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "tar czf /srv/{name}.tgz /srv/a | scp /srv/{name}.tgz web: | step 2: scp needs the network",
                    "vi /srv/{name}.c | cp /srv/{name}.c /srv/b | step 1: vi is worked with by hand",
                    "cp /srv/{name}.c /srv/b | ls /srv | only cp changes anything",
                    "cp /srv/{name} /srv/b | make | step 2, make: the history does not say in which folder",
                    // What belongs to another shell's language is called so by the sources of tasks.
                    "cp /srv/{name} /srv/b | powershell:Copy-Item /srv/{name} /srv/c | is no program",
                })
        void isWrittenForWhatAMachineCannotDo(String first, String second, String reason) {
            assertThat(propose(ScriptLanguage.PYTHON, first.strip(), second.strip()))
                    .isInstanceOfSatisfying(
                            Answer.NotMine.class, no -> assertThat(no.reason()).contains(reason.strip()));
        }
    }
}
