package dev.understudy.app;

import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Drafter;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.packages.Packages;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.core.store.Database;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts automations into a data home as if a template had written them and a person approved. */
public final class KeptAutomations {
    private static final Config CONFIG = Config.parse("test", "automation_creation: { test_before_deploy: false }\n");

    private final Path home;

    public KeptAutomations(Path home) {
        this.home = home;
    }

    /** Keeps a Bash script with this metadata, TOML lines without their comment marks, and approves it. */
    void deploy(String id, String metadata, String script) {
        keep(id, "A test's.", metadata, script);
        withService(service -> service.life().approve(id, Actor.PERSON));
    }

    /** Keeps such a script with a description of its own; it waits for approval. */
    public void keep(String id, String description, String metadata, String script) {
        var text = new StringBuilder("# /// automation\n");
        ("id = \"" + id + "\"\ndescription = \"" + description + "\"\nlanguage = \"bash\"\n" + metadata)
                .lines()
                .forEach(line -> text.append("# ").append(line).append('\n'));
        text.append("# ///\n").append(script);
        withService(
                service -> {
                    if (!(service.drafter().create(pattern(id)) instanceof Drafter.Creation.Created))
                        throw new AssertionError(
                                "not created: " + service.drafter().create(pattern(id)));
                },
                new Writes(id, text.toString()));
    }

    private void withService(Consumer<AutomationService> use, AutomationTemplate... templates) {
        DataHome dataHome = DataHome.open(home);
        try (Database database = Database.open(dataHome.database())) {
            use.accept(new AutomationService(
                    CONFIG,
                    database,
                    dataHome,
                    PerformanceHistory.of(Config.DEFAULT, database),
                    () -> Stream.of(templates)
                            .map(each -> new Provided<>("test", "test", each))
                            .toList(),
                    Map.of(),
                    SecretSource.NONE,
                    new Packages(dataHome.folder("packages"), CONFIG.packages(), Map.of()),
                    home,
                    Clock.systemUTC()));
        }
    }

    private static TaskPattern pattern(String id) {
        return new TaskPattern(
                "pattern-" + id,
                "test",
                "backup",
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

    private record Writes(String id, String text) implements AutomationTemplate {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public String description() {
            return "Writes what a test says.";
        }

        @Override
        public Answer propose(TaskPattern pattern, Request request) {
            return new Answer.Draft(id, ScriptLanguage.BASH, text);
        }
    }
}
