package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.AutomationVersion;
import dev.understudy.core.automation.AutomationVersion.Figures;
import dev.understudy.core.automation.Experiment;
import dev.understudy.core.automation.RehearsalResult.Compared;
import dev.understudy.core.automation.RunRecord;
import dev.understudy.core.automation.ScriptParameter;
import dev.understudy.core.executor.BreakerStatus;
import dev.understudy.core.executor.Executor;
import dev.understudy.sandbox.control.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Automations, their versions and their figures as JSON. */
public final class AutomationShape {
    private static final int LATEST_RUNS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private AutomationShape() {}

    /**
     * An automation and how its runs went.
     *
     * @param versions all, oldest first
     * @param latest the latest runs, oldest first
     * @param experiment that is under way
     * @param breaker its circuit breaker, if there are any and it has ever failed
     */
    public record Listed(
            Automation automation,
            List<AutomationVersion> versions,
            List<RunRecord> latest,
            Optional<Experiment> experiment,
            Optional<BreakerStatus> breaker) {
        public Listed {
            versions = List.copyOf(versions);
            latest = List.copyOf(latest);
        }

        /** Asks for all that a list shows of one. */
        public static Listed of(AutomationService service, Executor executor, Automation automation) {
            return new Listed(
                    automation,
                    service.versions(automation.id()),
                    service.runs().latest(automation.id(), LATEST_RUNS),
                    service.experiments()
                            .latest(automation.id())
                            .filter(experiment -> experiment.end().isEmpty()),
                    executor.breaker(automation.id()));
        }

        /** Over all versions. */
        public Optional<Duration> timeSaved() {
            return versions.stream()
                    .flatMap(version -> version.figures().timeSaved().stream())
                    .reduce(Duration::plus);
        }

        /** Of the latest runs that succeeded. */
        public Optional<Duration> averageDuration() {
            var durations = latest.stream()
                    .filter(RunRecord::succeeded)
                    .map(RunRecord::duration)
                    .toList();
            return durations.stream().reduce(Duration::plus).map(sum -> sum.dividedBy(durations.size()));
        }
    }

    /** As every list has it. */
    public static ObjectNode json(Automation automation) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", automation.id());
        json.put("template", automation.template());
        json.put("language", automation.language());
        json.put("state", automation.state().id());
        json.put("file", automation.file().toString());
        var rehearsal = json.putObject("rehearsal");
        rehearsal.put(
                "passed",
                automation.rehearsal().map(Automation.RehearsalScore::passed).orElse(0));
        rehearsal.put(
                "total",
                automation.rehearsal().map(Automation.RehearsalScore::total).orElse(0));
        putDeployable(rehearsal, automation);
        putCompared(
                rehearsal,
                automation.rehearsal().map(Automation.RehearsalScore::compared).orElse(new Compared(0, 0)));
        json.put("version", automation.version());
        json.put("deployedVersion", automation.deployedVersion().orElse(null));
        json.put("patternId", automation.patternId());
        json.putObject("runs")
                .put("succeeded", automation.runs().succeeded())
                .put("total", automation.runs().total());
        json.put("successRate", automation.runs().successRate().orElse(null));
        return json;
    }

    /** Whether enough cases of its rehearsal passed for it to be deployed, and how many are enough. */
    public static void putDeployable(ObjectNode json, Automation automation) {
        json.put(
                "deployable",
                automation
                        .rehearsal()
                        .map(Automation.RehearsalScore::deployable)
                        .orElse(false));
        automation.rehearsal().ifPresent(score -> json.put("minSuccessRate", score.minSuccessRate()));
    }

    /** What a rehearsal was held against as {@code compared}: null if it never was. */
    public static void putCompared(ObjectNode json, Compared compared) {
        if (!compared.any()) json.putNull("compared");
        else
            json.putObject("compared")
                    .put("realProgram", compared.realProgram())
                    .put("recorded", compared.recorded());
    }

    /** One of a list. */
    public static ObjectNode json(Listed listed) {
        ObjectNode json = json(listed.automation());
        json.put(
                "averageDurationMillis",
                listed.averageDuration().map(Duration::toMillis).orElse(null));
        json.put("timeSavedMillis", listed.timeSaved().map(Duration::toMillis).orElse(null));
        json.put("experimentUnderWay", listed.experiment().isPresent());
        listed.breaker()
                .ifPresentOrElse(
                        status -> json.putObject("circuitBreaker")
                                .put("state", status.state().id())
                                .put("failures", status.failures())
                                .put(
                                        "openUntil",
                                        status.openUntil()
                                                .map(Instant::toString)
                                                .orElse(null)),
                        () -> json.putNull("circuitBreaker"));
        var recent = json.putArray("recentRuns");
        for (RunRecord run : listed.latest())
            recent.addObject()
                    .put("runId", run.runId())
                    .put("version", run.version())
                    .put("started", run.started().toString())
                    .put("outcome", run.outcome())
                    .put("durationMillis", run.duration().toMillis())
                    .put("undone", run.undone().isPresent());
        return json;
    }

    /** What can be passed to it; without a default it must be. */
    public static ArrayNode parameters(AutomationFile file) {
        var parameters = JsonNodeFactory.instance.arrayNode();
        for (ScriptParameter parameter : file.parameters().values())
            parameters
                    .addObject()
                    .put("name", parameter.name())
                    .put("type", parameter.type().id())
                    .put("description", parameter.description())
                    .put("required", parameter.fallback() == null)
                    .set("default", JSON.valueToTree(parameter.fallback()));
        return parameters;
    }

    /** All that a person looks at before they approve it. */
    public static ObjectNode detail(Automation automation, AutomationFile file, JsonNode rehearsed) {
        ObjectNode json = json(automation);
        json.put("description", file.description());
        json.put("isolation", file.isolation().id());
        json.set("grants", JSON.valueToTree(file.grants()));
        json.set("parameters", parameters(file));
        var triggers = json.putArray("triggers");
        file.triggers().all().forEach(trigger -> triggers.add(trigger.key()));
        putLimits(json.putObject("limits"), file.limits());
        json.set("evidence", rehearsed);
        json.put("script", file.text());
        return json;
    }

    private static void putLimits(ObjectNode json, Limits limits) {
        json.put("wallMillis", limits.wallTime().toMillis())
                .put("cpuMillis", limits.cpuTime().toMillis())
                .put("memoryBytes", limits.memoryBytes())
                .put("processes", limits.processes())
                .put("outputBytes", limits.outputBytes())
                .put("diskBytes", limits.diskBytes())
                .put("openFiles", limits.openFiles());
    }

    /** All versions. */
    public static ArrayNode versions(Automation automation, List<AutomationVersion> versions) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (AutomationVersion version : versions) {
            ObjectNode json = array.addObject();
            json.put("version", version.version());
            json.put("deployed", isDeployed(automation, version));
            json.put("author", version.author().id());
            json.put("created", version.created().toString());
            json.put("sha256", version.sha256());
            json.put("file", version.file().toString());
            version.rehearsal()
                    .ifPresentOrElse(
                            score -> json.putObject("rehearsal")
                                    .put("passed", score.passed())
                                    .put("total", score.total()),
                            () -> json.putNull("rehearsal"));
            json.put("approved", version.approved().map(Instant::toString).orElse(null));
            json.put("rolledBack", version.rolledBack().map(Instant::toString).orElse(null));
            putFigures(json, version.figures());
        }
        return array;
    }

    /** How the runs of a version went. */
    public static void putFigures(ObjectNode json, Figures figures) {
        json.put("runs", figures.runs());
        json.put("failures", figures.failures());
        json.put("successRate", figures.successRate().orElse(null));
        json.put(
                "averageDurationMillis",
                figures.averageDuration().map(Duration::toMillis).orElse(null));
        json.put("timeSavedMillis", figures.timeSaved().map(Duration::toMillis).orElse(null));
    }

    /** Whether this is the version that runs. */
    public static boolean isDeployed(Automation automation, AutomationVersion version) {
        return automation.state().runs() && automation.deployedVersion().equals(Optional.of(version.version()));
    }
}
