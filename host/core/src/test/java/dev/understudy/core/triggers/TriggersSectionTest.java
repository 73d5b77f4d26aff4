package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Trigger.Missed;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The triggers of an automation file, with two parameters: {@code file}, which must be given, and {@code days}. */
class TriggersSectionTest {
    private static Triggers read(String triggers, String parameters) {
        String text =
                """
                # /// automation
                # id = "x"
                # description = "d"
                # language = "python"
                # %s
                # triggers = [
                #   %s
                # ]
                # ///
                """.formatted(parameters, String.join("\n#   ", triggers.strip().split("\n")));
        return AutomationFile.parse("x.py", text, Config.DEFAULT.sandbox()).triggers();
    }

    private static Triggers read(String triggers) {
        return read(
                triggers, "parameters = { file = { type = \"path\" }, days = { type = \"integer\", default = 3 } }");
    }

    @Nested
    class Kinds {
        @Test
        void cronWithZoneAndWhatWasMissed() {
            assertThat(read("{ cron = \"0 9 * * MON\", tz = \"Europe/Berlin\", missed = \"run_once\" }")
                            .all())
                    .singleElement()
                    .isInstanceOfSatisfying(Trigger.Cron.class, cron -> {
                        assertThat(cron.expression()).hasToString("0 9 * * MON");
                        assertThat(cron.zone()).contains(ZoneId.of("Europe/Berlin"));
                        assertThat(cron.missed()).isEqualTo(Missed.RUN_ONCE);
                        assertThat(cron.key()).isEqualTo("cron 0 9 * * MON Europe/Berlin");
                    });
        }

        @Test
        void pathWithItsDefaults() {
            assertThat(read("{ path = \"~/Downloads\" }").all())
                    .containsExactly(new Trigger.FileChange(
                            "~/Downloads", "*", Duration.ofSeconds(2), Optional.of("file"), Missed.SKIP));
        }

        @Test
        void pathWithAllItsSettings() {
            assertThat(read("{ path = \"/in\", pattern = \"*.{csv,tsv}\", settle = \"500ms\", parameter = \"file\","
                                    + " missed = \"run_all\" }")
                            .all())
                    .containsExactly(new Trigger.FileChange(
                            "/in", "*.{csv,tsv}", Duration.ofMillis(500), Optional.of("file"), Missed.RUN_ALL));
        }

        @Test
        void taskWithPlaceholders() {
            assertThat(read("{ task = \"cp\", where = { command = \"cp {file} /bak\", copies = 2 } }")
                            .all())
                    .containsExactly(
                            new Trigger.TaskRecorded("cp", Map.of("command", "cp {file} /bak", "copies", "2")));
        }

        @Test
        void webhook() {
            assertThat(read("{ webhook = true }").all()).containsExactly(new Trigger.Webhook());
        }
    }

    @Nested
    class AParameterWithoutADefault {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                { cron = "@daily" } | cron
                { path = "/in", parameter = "target" } | path
                { task = "cp", where = { command = "cp {target} /bak" } } | task
                """)
        void mustHaveAValueFromEachTriggerBeforeApproval(String trigger, String kind) {
            Triggers triggers = read(
                    trigger,
                    "parameters = { file = { type = \"path\" }, target = { type = \"path\", default = \"/t\" } }");
            assertThat(triggers.unsourced())
                    .extracting(Mistake::toString)
                    .containsExactly("x.py:7:7: 'parameters.file' gets no value from this " + kind
                            + " trigger, but has no default: give it one, or have the trigger pass it.");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                { path = "/in" } |
                { webhook = true } |
                { task = "cp", where = { command = "cp {file} /bak" } } |
                """)
        void mayGetItFromTheTrigger(String trigger) {
            assertThat(read(trigger).unsourced()).isEmpty();
        }
    }

    @Nested
    class Mistakes {
        @Test
        void areAllReportedAtOnceWithTheirPlaces() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("""
                            { cron = "0 9 * * FUN", tz = "Mars" },
                            { path = "in", pattern = "a/*", settle = "1ms", parameter = "days" },
                            { path = "/in", parameter = "nope" },
                            { task = "cp", where = { command = "cp {what}", arguments = ["a"] } },
                            { cron = "@daily", path = "/in" },
                            { every = "day" },
                            { webhook = false },
                            { cron = "@daily", settle = "1s" },
                            """))
                    .satisfies(e -> assertThat(e.mistakes())
                            .extracting(mistake -> mistake.line() + " " + mistake.key())
                            .containsExactly(
                                    "7 triggers[0].cron",
                                    "7 triggers[0].tz",
                                    "8 triggers[1].path",
                                    "8 triggers[1].pattern",
                                    "8 triggers[1].settle",
                                    "8 triggers[1].parameter",
                                    "9 triggers[2].parameter",
                                    "10 triggers[3].where.command",
                                    "10 triggers[3].where.arguments",
                                    "11 triggers[4]",
                                    "12 triggers[5]",
                                    "13 triggers[6].webhook",
                                    "14 triggers[7].settle"));
        }

        @Test
        void aTriggerIsThereOnce() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("{ path = \"/in\", settle = \"1s\" },\n{ path = \"/in\" }"))
                    .withMessage("x.py:8:7: 'triggers[1].path' says the same as triggers[0], but must be there once.");
        }
    }

    @Test
    void withoutAnyTheDefaultIsThatRunsFollowEachOther() {
        assertThat(read("")).isEqualTo(new Triggers(List.of(), Overlap.QUEUE, List.of()));
    }
}
