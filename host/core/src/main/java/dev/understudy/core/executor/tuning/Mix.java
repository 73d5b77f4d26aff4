package dev.understudy.core.executor.tuning;

import dev.understudy.sandbox.control.RunRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Work of a kind for the executor.
 *
 * @param name for people
 * @param jobs at least one
 * @param calls of one measurement, at least 1
 */
public record Mix(String name, List<Job> jobs, int calls) {
    /**
     * One automation of a mix, and what it is called with.
     *
     * @param file the name of its script, with the ending of its language
     * @param script its text, metadata included
     * @param parameters of its calls, by turns; at least one
     * @param mode real runs are for scripts that are granted nothing and so can have no effect
     */
    public record Job(String file, String script, List<Map<String, String>> parameters, RunRequest.Mode mode) {
        public Job {
            parameters = List.copyOf(parameters);
            if (parameters.isEmpty()) throw new IllegalArgumentException("no parameters of " + file);
        }
    }

    public Mix {
        jobs = List.copyOf(jobs);
        if (jobs.isEmpty()) throw new IllegalArgumentException("no jobs in " + name);
        if (calls < 1) throw new IllegalArgumentException("calls must be at least 1, was " + calls);
    }

    /** Several callers' calls come in bursts of one automation. */
    private static final int BURST = 4;

    /** The job of a call. */
    public Job jobOf(int call) {
        return jobs.get(call / BURST % jobs.size());
    }

    /** The parameters of a call. */
    public Map<String, String> parametersOf(int call) {
        List<Map<String, String>> all = jobOf(call).parameters();
        return all.get(call % all.size());
    }

    /** The built-in ones. */
    public static List<Mix> builtIn() {
        return List.of(tiny(), large(), cpu(), frequent());
    }

    /** A built-in one by its name. */
    public static Optional<Mix> builtIn(String name) {
        return builtIn().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    private static final String SCRIPT = """
            // /// automation
            // id = "ID"
            // description = "A part of a workload."
            // language = "js"
            // overlap = "allow"
            MORE// [parameters]
            // PARAMETER = { type = "TYPE" }
            // [[tests]]
            // params = { PARAMETER = DEFAULT }
            // expect = { success = true }
            // ///
            function execute(params) {
              BODY
            }
            """;

    private static Job job(String id, String more, String parameter, String type, String body, List<String> values) {
        String script = SCRIPT.replace("ID", id)
                .replace("MORE", more)
                .replace("PARAMETER", parameter)
                .replace("TYPE", type)
                .replace("DEFAULT", type.equals("string") ? "\"a b\"" : "3")
                .replace("BODY", body);
        return new Job(
                id + ".js",
                script,
                values.stream().map(value -> Map.of(parameter, value)).toList(),
                RunRequest.Mode.COMMIT);
    }

    private static List<String> numbers(int from, int count) {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < count; i++) numbers.add(Integer.toString(from + i));
        return numbers;
    }

    /** Six automations, more than there are idle cells by default, that do next to nothing. */
    private static Mix tiny() {
        var jobs = new ArrayList<Job>();
        for (int i = 1; i <= 6; i++)
            jobs.add(job(
                    "tiny-" + i,
                    "",
                    "n",
                    "integer",
                    "return { success: true, twice: params.n * 2 };",
                    numbers(i * 1000, 97)));
        return new Mix("tiny", jobs, 24);
    }

    /** A text of 256 KiB each. */
    private static Mix large() {
        String[] words = new String[1 << 15];
        Arrays.setAll(words, i -> "word" + i % 997);
        String text = String.join(" ", words);
        var texts = new ArrayList<String>();
        for (int i = 0; i < 23; i++) texts.add(i + " " + text);
        Job count = job(
                "large-words",
                "",
                "text",
                "string",
                "return { success: true, words: new Set(params.text.split(' ')).size };",
                texts);
        return new Mix("large", List.of(count), 24);
    }

    /** Arithmetic that both runtimes can do. */
    private static Mix cpu() {
        Job primes = job(
                "cpu-primes",
                "// runtime = \"either\"\n",
                "n",
                "integer",
                "let primes = 0; for (let i = 2; i < 30000 + params.n; i++) { let j = 2; while (j * j <= i && i % j) j++;"
                        + " if (j * j > i) primes++; } return { success: true, primes };",
                numbers(1, 97));
        return new Mix("cpu", List.of(primes), 24);
    }

    /** The same few questions over and over, of an automation that is declared pure. */
    private static Mix frequent() {
        Job look = job(
                "frequent-look",
                "// pure = true\n",
                "n",
                "integer",
                "let sum = 0; for (let i = 0; i < 2000; i++) sum += i % params.n; return { success: true, sum };",
                numbers(2, 5));
        return new Mix("frequent", List.of(look), 24);
    }
}
