package dev.understudy.core.optimization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.optimization.OptimizationResult.Evaluation;
import dev.understudy.core.optimization.OptimizationResult.Measurements;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Results of optimisations as JSON, a file each; the latest hundred are kept. Safe for use by several threads and processes. */
public final class ResultFolder {
    static final int MAX_RESULTS = 100;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;

    /** @param folder exists */
    public ResultFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Keeps a result.
     *
     * @return its file
     * @throws UserException if it cannot be written
     */
    public Path keep(OptimizationResult result) {
        String name =
                result.startedAt().truncatedTo(ChronoUnit.MILLIS).toString().replace(':', '-') + "-"
                        + result.workload().id() + ".json";
        Path file = folder.resolve(name);
        Path part = folder.resolve(name + ".part");
        try {
            JSON.writeValue(part.toFile(), json(result));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            List<Path> all = files();
            for (Path old : all.subList(Math.min(MAX_RESULTS, all.size()), all.size())) Files.deleteIfExists(old);
            return file;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** The results as they were written, the latest first; damaged files are passed over. */
    public List<ObjectNode> latest(int count) {
        var results = new ArrayList<ObjectNode>();
        try {
            for (Path file : files()) {
                if (results.size() == count) break;
                try {
                    if (JSON.readTree(file.toFile()) instanceof ObjectNode object) results.add(object);
                } catch (JsonProcessingException _) {
                    // Somebody has edited it; the others are still of use.
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        return results;
    }

    /** The latest first: their names begin with the time. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".json"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private UserException unusable(IOException e) {
        return UserException.failed(
                "The results in " + folder + " cannot be used",
                e.getClass().getSimpleName() + " " + e.getMessage(),
                "Make the folder readable and writable",
                e);
    }

    /** {@code {workload, started_at, duration_ms, summary, applied, advice, measured}}. */
    public static ObjectNode json(OptimizationResult result) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("workload", result.workload().id())
                .put("started_at", result.startedAt().toString())
                .put("duration_ms", result.duration().toMillis())
                .put("summary", result.summary());
        changes(object.putArray("applied"), result.applied());
        var advice = object.putArray("advice");
        result.advice().forEach(each -> advice.add(json(each)));
        Measurements measured = result.measured();
        if (measured != null) measured(object.putObject("measured"), measured);
        return object;
    }

    /** {@code {id, workload, changes, reason, evidence, apply, undo, made_at}}. */
    public static ObjectNode json(Advice advice) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("id", advice.id())
                .put("workload", advice.workload().id())
                .put("reason", advice.reason());
        changes(object.putArray("changes"), advice.changes());
        var evidence = object.putArray("evidence");
        advice.evidence().forEach(evidence::add);
        return object.put("apply", advice.apply())
                .put("undo", advice.undo())
                .put("made_at", advice.madeAt().toString());
    }

    private static void changes(ArrayNode array, List<Advice.Change> changes) {
        for (Advice.Change each : changes)
            array.addObject()
                    .put("target", each.target())
                    .put("parameter", each.parameter())
                    .put("from", each.from())
                    .put("to", each.to());
    }

    private static void measured(ObjectNode object, Measurements measured) {
        object.put("strategy", measured.strategy())
                .put("objective", measured.objective())
                .put("score_before", measured.scoreBefore())
                .put("best_score", measured.bestScore())
                .put("verdict", measured.verdict());
        changes(object.putArray("best"), measured.best());
        var evaluations = object.putArray("evaluations");
        for (Evaluation each : measured.evaluations()) {
            var evaluation = evaluations.addObject().put("phase", each.phase()).put("score", each.score());
            if (!each.failure().isEmpty()) evaluation.put("failure", each.failure());
            var values = evaluation.putObject("values");
            each.values().forEach(values::put);
        }
    }
}
