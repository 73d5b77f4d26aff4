package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.DayExpression;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Recurrence.Rhythm;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A task of each day becomes an automation that runs each day, without being told which day it is (issue 12). */
class RoutineTest {
    private static final Recurrence WEEKDAYS = new Recurrence(
            Rhythm.WEEKDAYS,
            3,
            3,
            EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
            Optional.of(LocalTime.of(11, 33)),
            Duration.ofMinutes(4));

    private final AutomationTemplate template = new FileOperationTemplate(new PluginContext(
            List.of(Path.of(System.getProperty("understudy.root", "../..")).resolve("templates"))));

    private static TaskPattern copying(Optional<DayExpression> day) {
        TaskPattern found = Patterns.shell("cp", "/data/summary-{today}.csv", "/share/")
                .seen("today", "2026-11-15")
                .seen("today", "2026-11-14")
                .seen("today", "2026-11-13")
                .build();
        Variable variable = found.variables().getFirst();
        return new TaskPattern(
                found.id(),
                found.detector(),
                found.taskType(),
                found.occurrences(),
                found.first(),
                found.last(),
                found.averageDuration(),
                found.successRate(),
                found.parameters(),
                List.of(new Variable("today", VariableKind.DATE, 3, variable.values(), day)),
                found.potential(),
                found.observations(),
                Optional.empty(),
                Optional.of(WEEKDAYS));
    }

    private String written(TaskPattern pattern) {
        var answer = template.propose(pattern, new AutomationTemplate.Request(ScriptLanguage.PYTHON));
        assertThat(answer).isInstanceOf(Draft.class);
        return ((Draft) answer).fileText();
    }

    @Test
    void hasTheDayAsItsDefaultAndProposesItsUsualTime() {
        String text = written(copying(DayExpression.parse("{today}")));
        assertThat(text)
                .contains("# triggers = [{ cron = \"35 11 * * MON-FRI\" }]")
                .contains("# parameters.today = { type = \"date\", default = \"{today}\"")
                .contains("params = { today = \"2026-11-15\" }");
    }

    @Test
    void proposesNoTimeWhereNobodyWouldBeThereToGiveAValue() {
        assertThat(written(copying(Optional.empty())))
                .doesNotContain("triggers")
                .contains("type = \"string\"");
    }

    @Test
    void isNoneForWhatOnlyLooks() {
        assertThat(template.looksOnly(Patterns.shell("git status").build())).isTrue();
        assertThat(template.looksOnly(Patterns.shell("cd", "/data").build())).isTrue();
        assertThat(template.looksOnly(Patterns.shell("psql", "-c", "vacuum").build()))
                .isFalse();
        assertThat(template.looksOnly(
                        Patterns.task("report").with(Task.COMMAND, "x").build()))
                .isFalse();
    }
}
