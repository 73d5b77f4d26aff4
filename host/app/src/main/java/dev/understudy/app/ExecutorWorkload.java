package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.config.Config;
import dev.understudy.core.executor.tuning.Mix;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the work that the executor is to be tuned for: a person's own, one that they wrote down, or a built-in one. */
final class ExecutorWorkload {
    static final String RECORDED = "recorded";

    private static final int LATEST_RUNS = 500;
    private static final int MOST_JOBS = 8;
    private static final int MOST_CALLS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExecutorWorkload() {}

    static String builtIn() {
        return Mix.builtIn().stream().map(Mix::name).collect(Collectors.joining(", "));
    }

    /** @throws UserException if there is no such work */
    static Mix named(String name, Understudy understudy) {
        if (name.equals(RECORDED)) return recorded(understudy);
        Optional<Mix> known = Mix.builtIn(name);
        if (known.isPresent()) return known.get();
        Path file = Invocation.current().path(Path.of(name));
        if (Files.exists(file)) return read(file, understudy.config());
        throw UserException.badInput(
                "There is no workload '" + name + "'",
                "it is neither a file nor '" + RECORDED + "' nor one of " + builtIn(),
                "Name one of these, or a file with a line {\"script\": …, \"parameters\": {…}} for each call");
    }

    /** Calls of one script. */
    private record Calls(String file, String text, AutomationFile script, List<Map<String, String>> parameters) {
        Mix.Job job() {
            boolean cannotHaveEffects = script.promises().contains(RunRequest.Promise.PURE)
                    && script.grants().reads().isEmpty()
                    && script.grants().writes().isEmpty()
                    && script.grants().hosts().isEmpty()
                    && script.grants().programs().isEmpty()
                    && !script.cases().isEmpty();
            return new Mix.Job(
                    file, text, parameters, cannotHaveEffects ? RunRequest.Mode.COMMIT : RunRequest.Mode.REHEARSE);
        }
    }

    /** What the person's automations were run with, the latest runs first. */
    private static Mix recorded(Understudy understudy) {
        AutomationService service = understudy.automations();
        var calls = new LinkedHashMap<String, Calls>();
        for (LoggedRun run : service.runs().log().latest(LATEST_RUNS, ExecutorWorkload::isReal)) {
            String id = run.automationId().orElseThrow();
            int version = run.version().orElseThrow();
            if (!calls.containsKey(id) && calls.size() == MOST_JOBS) continue;
            Calls known = calls.computeIfAbsent(id, _ -> {
                String text = service.script(id, version);
                AutomationFile script =
                        AutomationFile.parse(id, text, understudy.config().sandbox());
                return new Calls(id + "." + script.language().fileExtension(), text, script, new ArrayList<>());
            });
            var texts = new LinkedHashMap<String, String>();
            run.parameters().forEach((name, value) -> texts.put(name, text(JSON.valueToTree(value))));
            if (fits(known.script(), texts)) known.parameters().add(texts);
        }
        List<Mix.Job> jobs = calls.values().stream()
                .filter(each -> !each.parameters().isEmpty())
                .map(Calls::job)
                .toList();
        if (jobs.isEmpty())
            throw UserException.badInput(
                    "There is no recorded workload",
                    "no automation was run whose parameters are in the log",
                    "Name a built-in one: --workload " + builtIn());
        return mix(RECORDED, jobs);
    }

    private static boolean isReal(LoggedRun run) {
        return run.mode() == RunRequest.Mode.COMMIT
                && run.automationId().isPresent()
                && run.version().isPresent();
    }

    /** What stands in the log in the place of a secret is no value. */
    private static boolean fits(AutomationFile script, Map<String, String> texts) {
        try {
            script.valuesOf(texts, LocalDate.now(ZoneId.systemDefault()));
            return true;
        } catch (UserException _) {
            return false;
        }
    }

    private static Mix read(Path file, Config config) {
        var calls = new LinkedHashMap<Path, Calls>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank()) continue;
                JsonNode call = JSON.readTree(line);
                if (!call.path("script").isTextual()
                        || !(call.path("parameters").isMissingNode()
                                || call.path("parameters").isObject())) throw wrong(file, number, "it names no script");
                Path script =
                        file.toAbsolutePath().resolveSibling(call.path("script").asText());
                Calls known = calls.get(script);
                if (known == null) {
                    AutomationFile read = AutomationFile.load(script, config.sandbox());
                    known = new Calls(script.getFileName().toString(), read.text(), read, new ArrayList<>());
                    calls.put(script, known);
                }
                var texts = new LinkedHashMap<String, String>();
                call.path("parameters").properties().forEach(each -> texts.put(each.getKey(), text(each.getValue())));
                known.script().valuesOf(texts, LocalDate.now(ZoneId.systemDefault()));
                known.parameters().add(texts);
            }
        } catch (JsonProcessingException e) {
            throw wrong(file, number, "it is no JSON");
        } catch (IOException e) {
            throw UserException.badInput(
                    "The workload " + file + " cannot be read", String.valueOf(e.getMessage()), "Name a text file");
        }
        if (calls.isEmpty()) throw wrong(file, Math.max(1, number), "it holds no calls");
        return mix(
                file.getFileName().toString(),
                calls.values().stream().map(Calls::job).toList());
    }

    /** A measurement makes each call once, up to a number. */
    private static Mix mix(String name, List<Mix.Job> jobs) {
        int calls = jobs.stream().mapToInt(job -> job.parameters().size()).sum();
        return new Mix(name, jobs, Math.min(calls, MOST_CALLS));
    }

    private static UserException wrong(Path file, int line, String why) {
        return UserException.badInput(
                "The workload " + file + " cannot be used",
                "line " + line + ": " + why,
                "Write a line {\"script\": \"FILE\", \"parameters\": {…}} for each call");
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }
}
