package dev.understudy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.Bounds;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.MetricExpression;
import dev.understudy.core.profile.NamedObjective;
import dev.understudy.core.profile.NamedObjective.Aim;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    /** The defaults as the reference writes them. */
    private static final String REFERENCE = """
            repetitive_task_detection: { min_occurrences: 3, time_window_hours: 24, automation_threshold: 0.7 }
            performance_analysis: { bottleneck_threshold_ms: 1000, slow_process_threshold_ms: 2000, cpu_threshold: 80.0, memory_threshold: 80.0 }
            workflow_optimization: { min_success_rate: 0.95, max_duration_ms: 5000, optimization_cycle_minutes: 5 }
            automation_creation: { test_before_deploy: true, auto_deploy_threshold: 0.9, max_automations: 100 }
            sandbox: { enabled: true, timeout_seconds: 30, max_concurrent_tests: 3, isolation_level: full }
            """;

    @Nested
    class WithoutAFile {
        @Test
        void holdsTheDefaultsOfTheReference(@TempDir Path folder) {
            assertThat(Config.loadIfPresent(folder.resolve("absent.yaml")))
                    .isEqualTo(new Config(
                            new Config.RepetitiveTaskDetection(3, Duration.ofHours(24), 3, 0.7),
                            new Config.PerformanceAnalysis(
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(2),
                                    80,
                                    80,
                                    5000,
                                    20_000,
                                    4318,
                                    4317,
                                    List.of(),
                                    Map.of()),
                            new Config.WorkflowOptimization(0.95, Duration.ofSeconds(5), Duration.ofMinutes(5)),
                            new Config.AutomationCreation(true, false, 0.9, 100, ScriptLanguage.PYTHON, true, 5),
                            new Config.Automations(List.of()),
                            new Config.Sandbox(true, Limits.DEFAULT, 3, IsolationLevel.FULL, false, 1L << 30),
                            new Config.History(10_000, 1000),
                            new Config.Triggers(47_611, Duration.ofSeconds(10)),
                            List.of(),
                            new DashboardSection(true, 47_600, "127.0.0.1", List.of(), Optional.empty()),
                            new Config.ContinuousOptimization(
                                    false,
                                    Duration.ofSeconds(30),
                                    Duration.ofMinutes(5),
                                    Duration.ofSeconds(2),
                                    Duration.ofSeconds(10),
                                    OptimizationProfile.DEFAULTS),
                            new Config.Host(Config.Resident.AUTO, Duration.ofMinutes(10)),
                            ExecutorSettings.PLAIN,
                            new Config.Packages("https://registry.npmjs.org", "https://pypi.org/simple"),
                            new FleetSection(
                                    Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), 0)));
        }

        @Test
        void refusesOneThatThePersonNamed(@TempDir Path folder) {
            Path absent = folder.resolve("absent.yaml");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Config.load(absent))
                    .withMessage(
                            "The configuration " + absent + " cannot be read: there is no such file. Check --config");
        }
    }

    @Nested
    class WithAFile {
        @Test
        void acceptsEverySettingOfTheReference() {
            assertThat(Config.parse("config.yaml", REFERENCE)).isEqualTo(Config.DEFAULT);
        }

        @Test
        void readsTheFleetAndRefusesWhatWouldCrossTheNetworkUnencrypted() {
            String key = "ed25519:" + "A".repeat(43);
            String tls = "tls: { truststore: t.p12, password_file: p }";
            FleetSection read = Config.parse(
                            "c",
                            "fleet: { url: 'tls://hub:4222', credentials: me.creds, labels: [gpu], trusted_keys: ['"
                                    + key + "'], slots: 4, " + tls + " }")
                    .fleet();
            assertThat(read)
                    .isEqualTo(new FleetSection(
                            Optional.of("tls://hub:4222"),
                            Optional.of(Path.of("me.creds")),
                            Optional.of(new FleetSection.Tls(Path.of("t.p12"), Optional.empty(), Path.of("p"))),
                            List.of("gpu"),
                            List.of(key),
                            4));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Config.parse("c", "fleet: { url: 'nats://hub', " + tls + " }"))
                    .withMessage("c:1:10: 'fleet.url' is 'nats://hub', which is not encrypted, but with fleet.tls must"
                            + " begin with tls://.");
            // What a subject of the server would take for a wildcard.
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() ->
                            Config.parse("c", "fleet: { labels: ['a.>'], trusted_keys: [AAAA], url: 'http://x' }"))
                    .satisfies(e -> assertThat(e.mistakes()).hasSize(3));
        }

        @Test
        void readsWhatDiffersAndKeepsTheOtherDefaults(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("config.yaml"), """
                    repetitive_task_detection:
                      min_occurrences: 5
                      time_window_hours: 0   # no window
                      recurring_days: 4
                    automation_creation: { language: js, auto_deploy: true }
                    sandbox:
                      timeout_seconds: 1.5
                      isolation_level: minimal
                      allow_reduced: true
                      undo_space: 2GiB
                      limits: { memory: 512MiB, cpu: 250ms, files: 16 }
                    history: { max_tasks: 50, max_tests: 70 }
                    executor:
                    continuous_optimization: {}
                    """);
            var config = Config.load(file);
            assertThat(config.repetitiveTaskDetection())
                    .isEqualTo(new Config.RepetitiveTaskDetection(5, Duration.ZERO, 4, 0.7));
            assertThat(config.automationCreation())
                    .isEqualTo(new Config.AutomationCreation(true, true, 0.9, 100, ScriptLanguage.JAVASCRIPT, true, 5));
            assertThat(config.sandbox())
                    .isEqualTo(new Config.Sandbox(
                            true,
                            new Limits(
                                    Duration.ofMillis(1500),
                                    Duration.ofMillis(250),
                                    512L << 20,
                                    32,
                                    1L << 20,
                                    64L << 20,
                                    16),
                            3,
                            IsolationLevel.MINIMAL,
                            true,
                            2L << 30));
            assertThat(config.history()).isEqualTo(new Config.History(50, 70));
            assertThat(config.performanceAnalysis()).isEqualTo(Config.DEFAULT.performanceAnalysis());
        }

        @Test
        void readsTheSwitchesOfTheExecutorAndWhatTheyGoBy() {
            ExecutorSettings read = Config.parse("config.yaml", """
                    executor: { enable_object_pool: true, object_pool_size: 100, enable_cache_optimization: false }
                    """).executor();
            assertThat(read.on()).containsExactly(ExecutorSettings.Switch.OBJECT_POOL);
            assertThat(read.objectPool()).isEqualTo(new ExecutorSettings.ObjectPool(100, 0.75));
            assertThat(read.cache()).isEqualTo(ExecutorSettings.PLAIN.cache());
        }

        @Test
        void readsTheExecutorAsItIsWritten() {
            ExecutorSettings all =
                    ExecutorSettings.PLAIN.withOnly(java.util.EnumSet.allOf(ExecutorSettings.Switch.class));
            var text = new StringBuilder("executor:\n");
            all.written().forEach((key, value) -> text.append("  " + key + ": " + value + "\n"));
            assertThat(Config.parse("config.yaml", text.toString()).executor()).isEqualTo(all);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "# nothing\n", "---\n", "sandbox:\n"})
        void takesAnEmptyOneForTheDefaults(String yaml) {
            assertThat(Config.parse("config.yaml", yaml)).isEqualTo(Config.DEFAULT);
        }
    }

    @Nested
    class WithAMistake {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            sandbox: { enabled: maybe }                        | config.yaml:1:21: 'sandbox.enabled' is 'maybe', but must be true or false.
            sandbox: { enabled: "true" }                       | config.yaml:1:21: 'sandbox.enabled' is 'true', but must be true or false.
            sandbox: { timeout_seconds: 0 }                    | config.yaml:1:29: 'sandbox.timeout_seconds' is 0, but must be a number from 0.001 to 86400.
            sandbox: { max_concurrent_tests: 2.5 }             | config.yaml:1:34: 'sandbox.max_concurrent_tests' is 2.5, but must be an integer from 1 to 1000.
            sandbox: { max_concurrent_tests: [3] }             | config.yaml:1:34: 'sandbox.max_concurrent_tests' is a list, but must be an integer from 1 to 1000.
            sandbox: { isolation_level: ful }                  | config.yaml:1:29: 'sandbox.isolation_level' is 'ful', but must be one of full, partial, minimal; did you mean 'full'?
            sandbox: { limits: { memory: 1MiB } }              | config.yaml:1:30: 'sandbox.limits.memory' is '1MiB', but must be a number with a unit (B, KiB, MiB, GiB, kB, MB or GB), like '256MiB', at least 16MiB.
            sandbox: { limits: { wall: 2 days } }              | config.yaml:1:28: 'sandbox.limits.wall' is '2 days', but must be a number with a unit (ms, s, m, h or d), like '30s', from 1ms to 24h.
            sandbox: { time_out_seconds: 3 }                   | config.yaml:1:12: 'sandbox.time_out_seconds' is unknown, known here are enabled, timeout_seconds, limits, max_concurrent_tests, isolation_level, allow_reduced, undo_space; did you mean 'timeout_seconds'?
            sandbox: full                                      | config.yaml:1:10: 'sandbox' is 'full', but must be a section with keys of its own.
            executor: { enabel_object_pool: true } | config.yaml:1:13: 'executor.enabel_object_pool' is unknown, did you mean 'enable_object_pool'? configuration.md lists all 30 settings of this section.
            executor: { object_pool_size: 49 } | config.yaml:1:31: 'executor.object_pool_size' is 49, but must be an integer from 50 to 500.
            executor: { telemetry_batch_size: 401 } | config.yaml:1:35: 'executor.telemetry_batch_size' is 401, but must be an integer from 10 to 400.
            executor: { telemetry_sampling: 1.5 } | config.yaml:1:33: 'executor.telemetry_sampling' is 1.5, but must be a number from 0 to 1.
            executor: { enable_object_pool: maybe } | config.yaml:1:33: 'executor.enable_object_pool' is 'maybe', but must be true or false.
            executor: { concurrency_mode: elastic } | config.yaml:1:31: 'executor.concurrency_mode' is 'elastic', but must be one of fixed, adaptive.
            executor: { result_cache_size: 1KiB } | config.yaml:1:32: 'executor.result_cache_size' is '1KiB', but must be a number with a unit (B, KiB, MiB, GiB, kB, MB or GB), like '256MiB', at least 1MiB.
            performance_analysis: { cpu_threshold: 101 }       | config.yaml:1:40: 'performance_analysis.cpu_threshold' is 101, but must be a number from 0 to 100.
            triggers: { webhook_port: 65536 }                   | config.yaml:1:27: 'triggers.webhook_port' is 65536, but must be an integer from 0 to 65535.
            triggers: { grace_seconds: -1 }                     | config.yaml:1:28: 'triggers.grace_seconds' is -1, but must be an integer from 0 to 3600.
            history: { max_tasks: 99999999999999999999 }       | config.yaml:1:23: 'history.max_tasks' is '99999999999999999999', but must be an integer from 1 to 100000000.
            automation_creation: { auto_deploy_threshold: .nan } | config.yaml:1:47: 'automation_creation.auto_deploy_threshold' is '.nan', but must be a number from 0 to 1.
            """)
        void saysWhereAndWhatIsAllowed(String yaml, String message) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Config.parse("config.yaml", yaml))
                    .withMessage(message)
                    .returns(UserException.Category.BAD_INPUT, UserException::category);
        }

        @Test
        void reportsAllOfThemInTheOrderOfTheFile() {
            mistakesOf("""
                            sandboxx: { enabled: true }
                            repetitive_task_detection:
                              automation_threshold: 1.7
                              min_occurences: 3
                            history: { max_tasks: many }
                            """)
                    .extracting(Mistake::line, Mistake::key)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(1, "sandboxx"),
                            org.assertj.core.groups.Tuple.tuple(3, "repetitive_task_detection.automation_threshold"),
                            org.assertj.core.groups.Tuple.tuple(4, "repetitive_task_detection.min_occurences"),
                            org.assertj.core.groups.Tuple.tuple(5, "history.max_tasks"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "366", "0", "2.5", "often"})
        void reportsRecurringDaysOutOfRange(String days) {
            mistakesOf("repetitive_task_detection: { recurring_days: " + days + " }\n")
                    .singleElement()
                    .extracting(Mistake::key)
                    .isEqualTo("repetitive_task_detection.recurring_days");
        }

        @Test
        void reportsAKeyThatIsThereTwice() {
            mistakesOf("history:\n  max_tasks: 1\n  max_tasks: 2\n")
                    .singleElement()
                    .extracting(Mistake::line)
                    .isEqualTo(3);
        }

        @ParameterizedTest
        @ValueSource(strings = {"sandbox: [", "\tsandbox: 1", "sandbox: 'x", "- a\n- b", "just text", "a: &x [*x]"})
        void reportsWhatIsNoConfigurationAtAll(String yaml) {
            mistakesOf(yaml).isNotEmpty();
        }

        private static ListAssert<Mistake> mistakesOf(String yaml) {
            return assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Config.parse("config.yaml", yaml))
                    .extracting(UserException::mistakes)
                    .asInstanceOf(InstanceOfAssertFactories.list(Mistake.class));
        }
    }

    @Nested
    class ItsPlace {
        @Test
        void isTheConfigHome() {
            assertThat(Config.defaultFile(Map.of("XDG_CONFIG_HOME", "/etc/me"), Path.of("/home/me")))
                    .isEqualTo(Path.of("/etc/me/understudy/config.yaml"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "relative/path"})
        void isBelowTheHomeFolderIfTheVariableSaysNothing(String variable) {
            assertThat(Config.defaultFile(Map.of("XDG_CONFIG_HOME", variable), Path.of("/home/me")))
                    .isEqualTo(Path.of("/home/me/.config/understudy/config.yaml"));
        }
    }

    @Nested
    class OfProfiles {
        private static Map<Workload, OptimizationProfile> read(String profiles) {
            return Config.parse("config.yaml", "continuous_optimization: { profiles: { " + profiles + " } }\n")
                    .continuousOptimization()
                    .profiles();
        }

        // Workloads were an enum: a plugin could name no other, and nobody could write a profile for one (issue 14).
        @Test
        void mayBeForWorkThatAPluginNames() {
            assertThat(read("game_server: { try: true, parameters: [net.core.busy_poll], strategy: GENETIC_ONLY }"))
                    .hasSize(Workload.KNOWN.size() + 1)
                    .hasEntrySatisfying(new Workload("game_server"), profile -> {
                        assertThat(profile.workload().id()).isEqualTo("game_server");
                        assertThat(profile.leave()).isEqualTo(Leave.TRY);
                        assertThat(profile.strategy()).isEqualTo("GENETIC_ONLY");
                        assertThat(profile.parameters())
                                .extracting(Bounds::parameter)
                                .containsExactly("net.core.busy_poll");
                    });
        }

        @Test
        void areNotForAMisspeltKnownOneNorForWhatIsNoName() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("web_servr: { try: true }, 'Game Server': { try: true }"))
                    .withMessageContaining("profiles.web_servr' is unknown")
                    .withMessageContaining("did you mean 'web_server'?")
                    .withMessageContaining("profiles.Game Server' is unknown");
        }
    }

    @Nested
    class OfAnObjectiveOfAProfile {
        private static Optional<NamedObjective> read(String settings) {
            OptimizationProfile profile = Config.parse(
                            "config.yaml",
                            "continuous_optimization: { profiles: { web_server: { objective: { " + settings
                                    + " } } } }\n")
                    .continuousOptimization()
                    .profiles()
                    .get(Workload.WEB_SERVER);
            assertThat(profile).isNotNull();
            if (profile == null) throw new AssertionError();
            return profile.objective();
        }

        @Test
        void isACommandReadAsTuneReadsIt() {
            assertThat(read("command: ./bench, metric: '([0-9.]+) tps', direction: maximize, timeout_seconds: 5"))
                    .contains(new NamedObjective.Command(
                            "./bench", "([0-9.]+) tps", Aim.MAXIMIZE, Duration.ofSeconds(5)));
            assertThat(read("command: ./bench, direction: minimize"))
                    .contains(new NamedObjective.Command("./bench", "", Aim.MINIMIZE, Duration.ofSeconds(60)));
        }

        @Test
        void isAPageOfMetrics() {
            assertThat(read("url: 'http://localhost:9100/metrics', metric: 'up{a=\"b\"} / c', direction: maximize"))
                    .contains(new NamedObjective.Metrics(
                            URI.create("http://localhost:9100/metrics"),
                            MetricExpression.parse("up{a=\"b\"} / c").orElseThrow(),
                            Aim.MAXIMIZE));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        direction: maximize                            | objective' has neither a command nor a url
                        command: a, url: 'http://b', direction: maximize | objective' has both a command and a url
                        command: a                                     | objective.direction' is missing
                        command: a, direction: up                      | objective.direction' is 'up'
                        command: ' ', direction: maximize              | objective.command' is
                        command: a, metric: '(', direction: maximize   | objective.metric' is
                        url: 'ftp://b', metric: c, direction: maximize | objective.url' is
                        url: 'http://b', direction: maximize           | objective.metric' is missing
                        url: 'http://b', metric: 'rate(c)', direction: maximize | objective.metric' is
                        url: 'http://b', metric: c, direction: maximize, better: 1 | objective.better' is unknown
                        """)
        void namesWhatIsWrong(String settings, String mistake) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read(settings))
                    .withMessageContaining("'continuous_optimization.profiles.web_server." + mistake);
        }
    }

    @Nested
    class OfTheDashboard {
        private static DashboardSection read(String settings) {
            return Config.parse("config.yaml", "dashboard: { " + settings + " }\n")
                    .dashboard();
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "'::1'", "localhost"})
        void listensOnLoopbackAsItIs(String address) {
            assertThat(read("address: " + address).tls()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0", "192.168.1.5", "'::'", "'fe80::1'"})
        void refusesToListenElsewhereWithoutACertificate(String address) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("address: " + address))
                    .withMessageContaining("config.yaml:1:")
                    .withMessageContaining("'dashboard.address' is '" + address.replace("'", "") + "'")
                    .withMessageContaining("dashboard.tls");
        }

        @ParameterizedTest
        @ValueSource(strings = {"box.example", "127.0.0.1/8", "'*'", "''"})
        void refusesWhatIsNoAddress(String address) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("address: " + address))
                    .withMessageContaining("must be an IP address or 'localhost'");
        }

        @Test
        void listensElsewhereWithOne() {
            assertThat(read("port: 443, address: 0.0.0.0, hosts: [box.example],"
                            + " tls: { keystore: /k.p12, password_file: /k.txt }"))
                    .isEqualTo(new DashboardSection(
                            true,
                            443,
                            "0.0.0.0",
                            List.of("box.example"),
                            Optional.of(new DashboardSection.Tls(Path.of("/k.p12"), Path.of("/k.txt")))));
        }

        @Test
        void namesWhatACertificateLacks() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> read("tls: { keystore: /k.p12 }"))
                    .withMessageContaining("'dashboard.tls.password_file' is missing");
        }
    }
}
