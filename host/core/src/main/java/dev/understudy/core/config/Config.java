package dev.understudy.core.config;

import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The whole configuration. An absent file, section or key gives the default. */
public record Config(
        RepetitiveTaskDetection repetitiveTaskDetection,
        PerformanceAnalysis performanceAnalysis,
        WorkflowOptimization workflowOptimization,
        AutomationCreation automationCreation,
        Automations automations,
        Sandbox sandbox,
        History history,
        Triggers triggers,
        List<SinkSection> notifications,
        DashboardSection dashboard,
        ContinuousOptimization continuousOptimization,
        Host host,
        ExecutorSettings executor,
        Packages packages,
        FleetSection fleet) {

    /** As the OpenTelemetry protocol has them. */
    private static final int OTLP_PORT = 4318;

    private static final int OTLP_GRPC_PORT = 4317;

    /** Thirty days: what takes longer is no workflow of which anybody waits for the end. */
    private static final double MAX_OWN_MILLIS = 30 * 86_400_000.0;

    /** What holds where nothing is configured. */
    public static final Config DEFAULT = parse("defaults", "");

    /**
     * What counts as repetition.
     *
     * @param minOccurrences at least 2
     * @param timeWindow in which they must fall at least once; zero for no window
     * @param recurringDays on how many days (or weeks, on the same day of the week) a task counts without that, at least 2
     * @param automationThreshold the potential from which a pattern is worth an automation, from 0.0 to 1.0
     */
    public record RepetitiveTaskDetection(
            int minOccurrences, Duration timeWindow, int recurringDays, double automationThreshold) {}

    /** When a command leaves a host behind that serves the next ones. */
    public enum Resident {
        /** Where a person types at a terminal. */
        AUTO,
        ON,
        OFF
    }

    /**
     * The host that commands leave behind.
     *
     * @param idle without a command, after which it ends; at least a minute
     */
    public record Host(Resident resident, Duration idle) {}

    /**
     * When a process counts as slow.
     *
     * @param cpuThreshold in percent
     * @param memoryThreshold in percent
     * @param maxMetrics how many metrics are kept as they came; older ones only as distributions
     * @param maxExecutions how many executions of workflows are kept as they came; older ones only as distributions
     * @param otlpPort on which {@code up} takes traces over HTTP; 0 for none, by gRPC neither
     * @param otlpGrpcPort on which it takes them by gRPC; 0 for none, as it is by default where {@code otlpPort} is not the usual one
     * @param sampleProcesses names of processes whose use of processor and memory {@code up} records
     * @param workflows what is set for single workflows and processes, by their names
     */
    public record PerformanceAnalysis(
            Duration bottleneckThreshold,
            Duration slowProcessThreshold,
            double cpuThreshold,
            double memoryThreshold,
            int maxMetrics,
            int maxExecutions,
            int otlpPort,
            int otlpGrpcPort,
            List<String> sampleProcesses,
            Map<String, OwnLimits> workflows) {
        public PerformanceAnalysis {
            sampleProcesses = List.copyOf(sampleProcesses);
            workflows = Map.copyOf(workflows);
        }
    }

    /** What is set for one workflow or process; the rest is as for all, or learnt from what it has done. */
    public record OwnLimits(
            Optional<Duration> bottleneckThreshold,
            Optional<Duration> slowProcessThreshold,
            Optional<Duration> maxDuration,
            Optional<Double> minSuccessRate) {}

    /** What a workflow should reach, and how often the background cycle looks. */
    public record WorkflowOptimization(double minSuccessRate, Duration maxDuration, Duration optimizationCycle) {}

    /**
     * How automations come into being.
     *
     * @param testBeforeDeploy whether one must pass its rehearsal before it can be approved
     * @param autoDeploy whether one that reaches {@code autoDeployThreshold} is deployed without a person
     * @param autoDeployThreshold the success rate in rehearsal that it takes, from 0.0 to 1.0
     * @param maxAutomations how many are kept, retired ones not counted
     * @param language in which templates write if they can
     * @param autoRollback whether a version that fails is replaced by its last good one without a person
     * @param maxFailuresInARow from which it counts as failing; 0 leaves that to the success rate alone
     */
    public record AutomationCreation(
            boolean testBeforeDeploy,
            boolean autoDeploy,
            double autoDeployThreshold,
            int maxAutomations,
            ScriptLanguage language,
            boolean autoRollback,
            int maxFailuresInARow) {}

    /**
     * Where automations come from beside templates.
     *
     * @param watch folders from which {@code up} adopts scripts; each absolute, or below {@code ~}
     */
    public record Automations(List<String> watch) {
        public Automations {
            watch = List.copyOf(watch);
        }
    }

    /**
     * What a run may do where its automation says nothing.
     *
     * @param enabled if false, nothing generated runs at all
     * @param limits of one run; their wall time is {@code timeout_seconds}
     * @param maxConcurrentTests how many runs at once
     * @param isolationLevel of an automation that names none
     * @param allowReduced whether a weaker wall may stand in for the jail where the jail cannot be had
     * @param undoBytes that what runs replaced and deleted may take on disk; a run that alone needs more is refused, else
     *     the oldest goes first
     */
    public record Sandbox(
            boolean enabled,
            Limits limits,
            int maxConcurrentTests,
            IsolationLevel isolationLevel,
            boolean allowReduced,
            long undoBytes) {
        /** @throws UserException if nothing may run */
        public void requireEnabled() {
            if (!enabled)
                throw UserException.notAllowed(
                        "Nothing runs",
                        "the sandbox is switched off (sandbox.enabled: false)",
                        "Switch it on to run scripts");
        }
    }

    /**
     * How triggered runs start and end.
     *
     * @param webhookPort on the loopback interface; 0 for any that is free
     * @param grace how long runs under way may go on when the host goes down
     */
    public record Triggers(int webhookPort, Duration grace) {}

    /**
     * How settings for what the machine does are looked for.
     *
     * @param enabled if false, the machine is only watched
     * @param adaptationDelay for how long a workload must last
     * @param stabilityPeriod between the end of one look and the begin of the next
     * @param settle how long a setting is left to take effect
     * @param measure how long it is measured
     * @param profiles of every workload
     */
    public record ContinuousOptimization(
            boolean enabled,
            Duration adaptationDelay,
            Duration stabilityPeriod,
            Duration settle,
            Duration measure,
            Map<Workload, OptimizationProfile> profiles) {}

    /**
     * How much is remembered.
     *
     * @param maxTasks at least 1
     * @param maxTests results of test cases, at least 1
     */
    public record History(int maxTasks, int maxTests) {}

    /**
     * From where packages of scripts are fetched.
     *
     * @param npmRegistry without a slash at its end
     * @param pythonIndex that answers in the JSON of PEP 691, likewise
     */
    public record Packages(String npmRegistry, String pythonIndex) {}

    /** The same with another executor. */
    public Config withExecutor(ExecutorSettings other) {
        return new Config(
                repetitiveTaskDetection,
                performanceAnalysis,
                workflowOptimization,
                automationCreation,
                automations,
                sandbox,
                history,
                triggers,
                notifications,
                dashboard,
                continuousOptimization,
                host,
                other,
                packages,
                fleet);
    }

    /** From where on something counts as slow, as plugins see it. */
    public Thresholds thresholds() {
        return new Thresholds(
                performanceAnalysis.bottleneckThreshold(),
                performanceAnalysis.slowProcessThreshold(),
                performanceAnalysis.cpuThreshold(),
                performanceAnalysis.memoryThreshold(),
                workflowOptimization.minSuccessRate(),
                workflowOptimization.maxDuration());
    }

    /** Where the file is looked for: {@code $XDG_CONFIG_HOME/understudy/config.yaml}, or below {@code ~/.config}. */
    public static Path defaultFile(Map<String, String> environment, Path userHome) {
        return DataHome.baseDirectory(environment.get("XDG_CONFIG_HOME"), userHome.resolve(".config"))
                .resolve("understudy")
                .resolve("config.yaml");
    }

    /**
     * Reads the file; one that does not exist gives the defaults.
     *
     * @throws UserException with every mistake of the file
     */
    public static Config loadIfPresent(Path file) {
        return Files.notExists(file) ? DEFAULT : load(file);
    }

    /**
     * Reads a file that the person named.
     *
     * @throws UserException if it cannot be read, or with every mistake of the file
     */
    public static Config load(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw UserException.badInput(
                    "The configuration " + file + " cannot be read", "there is no such file", "Check --config");
        } catch (CharacterCodingException e) {
            throw UserException.badInput(
                    "The configuration " + file + " cannot be read", "it is not UTF-8 text", "Save it as UTF-8");
        } catch (IOException e) {
            throw UserException.badInput(
                    "The configuration " + file + " cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Check that it is a file and may be read");
        }
    }

    /**
     * Reads YAML text.
     *
     * @param name of the file, for messages
     * @throws UserException with every mistake of the text
     */
    public static Config parse(String name, String yaml) {
        var mistakes = new ArrayList<Mistake>();
        var config =
                YamlDocument.read(name, yaml, mistakes).map(root -> read(name, SectionReader.of(name, root, mistakes)));
        if (!mistakes.isEmpty()) throw UserException.badInput(inOrder(mistakes));
        return config.orElseThrow();
    }

    private static List<Mistake> inOrder(List<Mistake> mistakes) {
        return mistakes.stream()
                .sorted(java.util.Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column))
                .toList();
    }

    private static Config read(String name, SectionReader root) {
        var config = new Config(
                readDetection(root.section("repetitive_task_detection")),
                readPerformance(root.section("performance_analysis")),
                readWorkflow(root.section("workflow_optimization")),
                readCreation(root.section("automation_creation")),
                readAutomations(root.section("automations")),
                readSandbox(root.section("sandbox")),
                readHistory(root.section("history")),
                readTriggers(root.section("triggers")),
                readNotifications(name, root),
                DashboardSection.read(root.section("dashboard")),
                OptimizationSection.read(root.section("continuous_optimization")),
                readHost(root.section("host")),
                ExecutorSettings.read(root.section("executor")),
                readPackages(root.section("packages")),
                FleetSection.read(root.section("fleet")));
        root.finish();
        return config;
    }

    private static Packages readPackages(SectionReader section) {
        String form = "an https address, or an http address of this machine";
        Predicate<String> address = text -> text.matches(
                "https://[^/\\s?#]+(/[^\\s?#]*)?|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?(/[^\\s?#]*)?");
        var read = new Packages(
                withoutSlash(section.text("npm_registry", "https://registry.npmjs.org", form, address)),
                withoutSlash(section.text("python_index", "https://pypi.org/simple", form, address)));
        section.finish();
        return read;
    }

    private static String withoutSlash(String address) {
        return address.replaceFirst("/+$", "");
    }

    private static Host readHost(SectionReader section) {
        var resident = new LinkedHashMap<String, Resident>();
        for (Resident each : Resident.values()) resident.put(each.name().toLowerCase(Locale.ROOT), each);
        var read = new Host(
                section.choice("resident", Resident.AUTO, resident),
                Duration.ofMinutes(section.integer("idle_minutes", 10, 1, 10_080)));
        section.finish();
        return read;
    }

    private static RepetitiveTaskDetection readDetection(SectionReader section) {
        var read = new RepetitiveTaskDetection(
                section.integer("min_occurrences", 3, 2, 1_000_000),
                Duration.ofSeconds(Math.round(section.number("time_window_hours", 24, 0, 100_000) * 3600)),
                section.integer("recurring_days", 3, 2, 365),
                section.number("automation_threshold", 0.7, 0, 1));
        section.finish();
        return read;
    }

    private static PerformanceAnalysis readPerformance(SectionReader section) {
        int otlpPort = section.integer("otlp_port", OTLP_PORT, 0, 65_535);
        // Who has moved the one, for a second host perhaps, does not expect the other in its usual place.
        int usualGrpcPort = otlpPort == OTLP_PORT ? OTLP_GRPC_PORT : 0;
        var read = new PerformanceAnalysis(
                millis(section.number("bottleneck_threshold_ms", 1000, 0, 86_400_000)),
                millis(section.number("slow_process_threshold_ms", 2000, 0, 86_400_000)),
                section.number("cpu_threshold", 80, 0, 100),
                section.number("memory_threshold", 80, 0, 100),
                section.integer("max_metrics", 5000, 1, 10_000_000),
                section.integer("max_executions", 20_000, 1, 10_000_000),
                otlpPort,
                section.integer("otlp_grpc_port", usualGrpcPort, 0, 65_535),
                section.texts("sample_processes", "a list of names of programs", name -> !name.isBlank()),
                readWorkflows(section));
        section.finish();
        return read;
    }

    private static Map<String, OwnLimits> readWorkflows(SectionReader parent) {
        var read = new LinkedHashMap<String, OwnLimits>();
        parent.namedSections("workflows").forEach((name, section) -> {
            read.put(
                    name,
                    new OwnLimits(
                            ownMillis(section, "bottleneck_threshold_ms", 0),
                            ownMillis(section, "slow_process_threshold_ms", 0),
                            ownMillis(section, "max_duration_ms", 1),
                            own(section, "min_success_rate", 0, 1)));
            section.finish();
        });
        return read;
    }

    private static Optional<Duration> ownMillis(SectionReader section, String key, double min) {
        return own(section, key, min, MAX_OWN_MILLIS).map(Config::millis);
    }

    /** Asked for in any case, so that the section knows it. */
    private static Optional<Double> own(SectionReader section, String key, double min, double max) {
        double read = section.number(key, min, min, max);
        return section.has(key) ? Optional.of(read) : Optional.empty();
    }

    private static WorkflowOptimization readWorkflow(SectionReader section) {
        var read = new WorkflowOptimization(
                section.number("min_success_rate", 0.95, 0, 1),
                millis(section.number("max_duration_ms", 5000, 1, 86_400_000)),
                Duration.ofMinutes(section.integer("optimization_cycle_minutes", 5, 1, 10_080)));
        section.finish();
        return read;
    }

    private static AutomationCreation readCreation(SectionReader section) {
        var languages = new LinkedHashMap<String, ScriptLanguage>();
        languages.put(ScriptLanguage.PYTHON.id(), ScriptLanguage.PYTHON);
        languages.put(ScriptLanguage.JAVASCRIPT.id(), ScriptLanguage.JAVASCRIPT);
        languages.put(ScriptLanguage.BASH.id(), ScriptLanguage.BASH);
        var read = new AutomationCreation(
                section.flag("test_before_deploy", true),
                section.flag("auto_deploy", false),
                section.number("auto_deploy_threshold", 0.9, 0, 1),
                section.integer("max_automations", 100, 0, 100_000),
                section.choice("language", ScriptLanguage.PYTHON, languages),
                section.flag("auto_rollback", true),
                section.integer("max_failures_in_a_row", 5, 0, 1000));
        section.finish();
        return read;
    }

    private static Automations readAutomations(SectionReader section) {
        var read = new Automations(section.texts(
                "watch",
                "a list of folders, each absolute or below ~",
                folder -> folder.startsWith("/") || folder.equals("~") || folder.startsWith("~/")));
        section.finish();
        return read;
    }

    private static Sandbox readSandbox(SectionReader section) {
        boolean enabled = section.flag("enabled", true);
        Duration wallTime = millis(section.number("timeout_seconds", 30, 0.001, 86_400) * 1000);
        var levels = new LinkedHashMap<String, IsolationLevel>();
        for (IsolationLevel level : IsolationLevel.values()) levels.put(level.id(), level);
        var read = new Sandbox(
                enabled,
                LimitsSection.read(section.section("limits"), Limits.DEFAULT.withWallTime(wallTime)),
                section.integer("max_concurrent_tests", 3, 1, 1000),
                section.choice("isolation_level", IsolationLevel.FULL, levels),
                section.flag("allow_reduced", false),
                section.bytes("undo_space", 1L << 30, 1L << 20, "at least 1MiB"));
        section.finish();
        return read;
    }

    private static Triggers readTriggers(SectionReader section) {
        var read = new Triggers(
                section.integer("webhook_port", 47_611, 0, 65_535),
                Duration.ofSeconds(section.integer("grace_seconds", 10, 0, 3600)));
        section.finish();
        return read;
    }

    private static List<SinkSection> readNotifications(String name, SectionReader root) {
        SectionReader parent = root.section("notifications");
        return root.namedSections("notifications").entrySet().stream()
                .map(entry -> SinkSection.read(name, entry.getKey(), parent, entry.getValue()))
                .toList();
    }

    private static History readHistory(SectionReader section) {
        var read = new History(
                section.integer("max_tasks", 10_000, 1, 100_000_000),
                section.integer("max_tests", TestHistory.DEFAULT_CAPACITY, 1, 1_000_000));
        section.finish();
        return read;
    }

    private static Duration millis(double value) {
        return Duration.ofMillis(Math.round(value));
    }
}
