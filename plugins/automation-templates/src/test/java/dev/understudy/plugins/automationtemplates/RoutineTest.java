package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Recurrence.Rhythm;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    private static Patterns copying() {
        return Patterns.shell("cp", "/data/summary-{today}.csv", "/share/")
                .kind("today", VariableKind.DATE)
                .seen("today", "2026-11-15")
                .seen("today", "2026-11-14")
                .seen("today", "2026-11-13")
                .recurring(WEEKDAYS);
    }

    private String written(Patterns pattern, ScriptLanguage language) {
        var answer = template.propose(pattern.build(), new AutomationTemplate.Request(language));
        assertThat(answer).isInstanceOf(Draft.class);
        return ((Draft) answer).fileText();
    }

    @ParameterizedTest
    @EnumSource(names = {"PYTHON", "JAVASCRIPT", "BASH"})
    void hasTheDayAsItsDefaultAndProposesItsUsualTime(ScriptLanguage language) {
        String text = written(copying().day("today", "{today}"), language);
        String mark = language.lineComment();
        assertThat(text)
                .contains(mark + " triggers = [{ cron = \"35 11 * * MON-FRI\" }]")
                .contains(mark + " parameters.today = { type = \"date\", default = \"{today}\"")
                .contains("reads = [\"/data/summary-{today}.csv\"]")
                .contains("params = { today = \"2026-11-15\" }");
    }

    @Test
    void proposesItsTimeWhereNothingVaries() {
        assertThat(written(Patterns.shell("cp", "/data/a.csv", "/share/").recurring(WEEKDAYS), ScriptLanguage.BASH))
                .contains("# triggers = [{ cron = \"35 11 * * MON-FRI\" }]");
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVASCRIPT", "BASH"})
    void proposesNoTimeWhereSomethingElseVariesBesideTheDay(ScriptLanguage language) {
        var pattern = Patterns.shell("cp", "/data/{name}-{today}.csv", "/share/")
                .day("today", "{today}")
                .seen("today", "2026-11-15", "name", "orders")
                .seen("today", "2026-11-14", "name", "returns")
                .recurring(WEEKDAYS);
        assertThat(written(pattern, language)).doesNotContain("triggers");
    }

    @Test
    void proposesNoTimeWhereNobodyWouldBeThereToGiveAValue() {
        assertThat(written(copying(), ScriptLanguage.PYTHON))
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
