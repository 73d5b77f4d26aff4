package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.jail.Mechanisms.Mechanism;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryTest extends JailedTest {
    private static final Canary.Answers GOOD = new Canary.Answers(
            Map.ofEntries(
                    Map.entry("scratch", "ok"),
                    Map.entry("write", "ok"),
                    Map.entry("secret", "ok"),
                    Map.entry("sysctl", "ok"),
                    Map.entry("socket", "ok"),
                    Map.entry("unshare", "ok"),
                    Map.entry("pids", "ok"),
                    Map.entry("server", "ok"),
                    Map.entry("descriptors", "ok"),
                    Map.entry("host-pid", "ok"),
                    Map.entry("filter", "ok"),
                    Map.entry("privileges", "ok"),
                    Map.entry("capabilities", "ok"),
                    Map.entry("processes", "ok")),
            "");

    @Nested
    class AJailThatHolds {
        @Test
        void failedAtAllThatIsForbidden() throws Exception {
            assertThat(new Canary(jail.kit()).ask().deviation()).isEmpty();
        }

        @Test
        void failsAtItInAForkOfAServerToo() throws Exception {
            Cpython python = Cpython.at(
                    SystemFiles.realProgram("python3").orElseThrow(), jail.kit().architecture());
            assertThat(new Canary(jail.kit()).askInFork(python).deviation()).isEmpty();
        }

        @Test
        void makesEveryLevelAvailable() {
            assertThat(jail.tier()).isEqualTo(Tier.ISOLATED);
            assertThat(jail.mechanisms().levels().get(IsolationLevel.FULL))
                    .isEqualTo(new Mechanisms.Level(true, Tier.ISOLATED, List.of()));
            assertThat(jail.mechanisms().mechanisms())
                    .filteredOn(mechanism -> !mechanism.works())
                    .extracting(Mechanism::name)
                    .isSubsetOf("cgroup", "Landlock", "overlay mount");
        }
    }

    @Nested
    class ADeviation {
        @Test
        void isThereIfNothingWasAnswered() {
            assertThat(new Canary.Answers(Map.of(), "bwrap: no").deviation()).contains("bwrap: no");
        }

        @Test
        void isNotThereIfAllIsWell() {
            assertThat(GOOD.deviation()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "scratch",
                    "write",
                    "secret",
                    "sysctl",
                    "socket",
                    "unshare",
                    "pids",
                    "server",
                    "descriptors",
                    "host-pid",
                    "filter",
                    "privileges",
                    "capabilities",
                    "processes"
                })
        void isAnyAnswerThatIsMissingOrOther(String question) {
            var missing = new HashMap<>(GOOD.byQuestion());
            missing.remove(question);
            assertThat(new Canary.Answers(missing, "").deviation()).contains(question + ": no answer");
            missing.put(question, "it was possible");
            assertThat(new Canary.Answers(missing, "").deviation()).contains(question + ": it was possible");
        }
    }

    @Test
    void aRunInItNamesTheTier() throws Exception {
        var report = bash(":");
        assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{}"));
        assertThat(report.tier()).isEqualTo(Tier.ISOLATED);
    }
}
