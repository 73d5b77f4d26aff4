package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate.Entry;
import dev.understudy.spi.AutomationTemplate.Operation;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What manifests offer, with a made-up pattern for each operation by which it can be tried. */
final class Examples {
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final Instant LATEST = Instant.parse("2000-01-03T12:00:00Z");

    private Examples() {}

    static Entry entry(Manifest manifest, Path folder) {
        var operations = new ArrayList<Operation>();
        for (Manifest.Operation operation : manifest.operations())
            operations.add(new Operation(
                    operation.id(),
                    operation.summary(),
                    operation.types().stream().sorted().toList(),
                    languages(manifest, operation),
                    operation.types().stream().sorted().findFirst().map(type -> pattern(type, operation))));
        return new Entry(manifest.name(), manifest.description(), Optional.of(folder), operations, List.of());
    }

    private static List<ScriptLanguage> languages(Manifest manifest, Manifest.Operation operation) {
        var languages = new LinkedHashSet<>(operation.scripts().keySet());
        if (languages.isEmpty()) languages.addAll(manifest.library().keySet());
        return languages.stream().sorted().toList();
    }

    /** Tasks of the type that differ in one name, with a value of its kind for each parameter that has no default. */
    private static TaskPattern pattern(String type, Manifest.Operation operation) {
        var parameters = new LinkedHashMap<String, Object>();
        for (Map.Entry<String, Parameter> each : operation.parameters().entrySet()) {
            Parameter parameter = each.getValue();
            if (parameter.standard().isEmpty()) parameters.put(parameter.names().getFirst(), value(each));
        }
        var observations = new ArrayList<Observation>();
        for (int i = 0; i < NAMES.size(); i++) {
            Instant time = LATEST.minus(Duration.ofDays(i));
            var task = new Task("example-" + i, type, "", Map.of(), time, Duration.ofSeconds(10), true);
            observations.add(new Observation(task, Map.of("name", NAMES.get(i))));
        }
        return new TaskPattern(
                "example of " + operation.id(),
                "example",
                type,
                NAMES.size(),
                LATEST.minus(Duration.ofDays(NAMES.size() - 1)),
                LATEST,
                Duration.ofSeconds(10),
                1.0,
                parameters,
                List.of(new Variable("name", VariableKind.IDENTIFIER, NAMES.size(), NAMES)),
                AutomationPotential.of(NAMES.size(), Duration.ofSeconds(10), Duration.ZERO),
                observations);
    }

    private static Object value(Map.Entry<String, Parameter> parameter) {
        String path = "~/understudy-example/{name}." + parameter.getKey();
        return switch (parameter.getValue().kind()) {
            case PATH, FOLDER -> path;
            case PATHS -> List.of(path);
            case STRING -> "example";
            case STRINGS -> List.of("example");
            case INTEGER, NUMBER -> 1L;
            case BOOLEAN -> true;
        };
    }
}
