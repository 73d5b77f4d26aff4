package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.packages.Packages;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Automations on a real store, of which a test says only what it cares about. */
public final class TestAutomations {
    private final Database database;
    private final DataHome home;
    private Config config = Config.DEFAULT;
    private Supplier<List<Provided<AutomationTemplate>>> templates = List::of;
    private final Map<RunnerKey, ScriptRunner> runners = new HashMap<>();
    private Path userHome = Path.of("/home/me");
    private Clock clock = Clock.systemUTC();
    private SecretSource secrets = SecretSource.NONE;

    private TestAutomations(Database database, DataHome home) {
        this.database = database;
        this.home = home;
    }

    public static TestAutomations on(Database database, DataHome home) {
        return new TestAutomations(database, home);
    }

    public TestAutomations configured(String yaml) {
        return configured(Config.parse("config.yaml", yaml));
    }

    public TestAutomations configured(Config settings) {
        config = settings;
        return this;
    }

    public TestAutomations writtenBy(AutomationTemplate template) {
        return writtenBy(() -> List.of(new Provided<>("test", template.name(), template)));
    }

    public TestAutomations writtenBy(Supplier<List<Provided<AutomationTemplate>>> some) {
        templates = some;
        return this;
    }

    /** Whatever the language. */
    public TestAutomations runBy(ScriptRunner runner) {
        return runBy(runner, RunRequest.Language.values());
    }

    /** Whatever is written in these. */
    public TestAutomations runBy(ScriptRunner runner, RunRequest.Language... languages) {
        for (RunRequest.Language language : languages)
            runners.put(new RunnerKey(language, RunRequest.ScriptRuntime.POLYGLOT), runner);
        return this;
    }

    public TestAutomations ofAPersonAt(Path folder) {
        userHome = folder;
        return this;
    }

    public TestAutomations knowing(SecretSource source) {
        secrets = source;
        return this;
    }

    public TestAutomations at(Instant now) {
        return at(Clock.fixed(now, ZoneOffset.UTC));
    }

    public TestAutomations at(Clock other) {
        clock = other;
        return this;
    }

    /** One that is worth an automation. */
    public static TaskPattern pattern() {
        return new TaskPattern(
                "p1",
                "repetition",
                "cp",
                10,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ofSeconds(10),
                1,
                Map.of(),
                List.of(),
                AutomationPotential.of(10, Duration.ofSeconds(10), Duration.ZERO),
                List.of());
    }

    public AutomationService open() {
        var performance = PerformanceHistory.of(Config.DEFAULT, database);
        return new AutomationService(
                config, database, home, performance, templates, runners, secrets, packages(home), userHome, clock);
    }

    static Packages packages(DataHome home) {
        return new Packages(home.folder("packages"), Config.DEFAULT.packages(), Map.of());
    }
}
