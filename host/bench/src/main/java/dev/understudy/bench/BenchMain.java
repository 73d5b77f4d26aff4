package dev.understudy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.understudy.app.Main;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code understudy bench [--json] [--data DIR] [--home DIR] [--against FILE] NAME…}: runs benchmarks and prints each row
 * when it is there. An earlier run that was printed with {@code --json} is what {@code --against} compares with.
 */
public final class BenchMain {
    private static final String USAGE = """
            Usage: understudy bench [--json] [--data DIR] [--home DIR] [--against FILE] NAME [OPTION…] …
              --data DIR       Real data to measure against.
              --home DIR       Where benchmarks make what they need (default: the folder for temporary files). What makes
                               cells start fast stays there for the next run; all else is taken away.
              --against FILE   An earlier run, printed with --json: each row says how it compares.
            Benchmarks:""";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private BenchMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Main.quietLibraries();
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> given = List.of(arguments);
        try {
            System.exit(run(given, benchmarks(), out));
        } catch (IOException e) {
            // Data that cannot be read says what it lacks.
            if (given.contains("--debug")) throw e;
            System.err.println("understudy bench: " + e.getMessage());
            System.exit(1);
        }
    }

    static int run(List<String> arguments, List<Benchmark> all, PrintStream out)
            throws IOException, InterruptedException {
        Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
        for (Benchmark benchmark : all) benchmarks.put(benchmark.name(), benchmark);
        var chosen = new ArrayList<Benchmark>();
        boolean json = false;
        Optional<Path> data = defaultData();
        Optional<Path> home = Optional.empty();
        Map<String, Row> earlier = Map.of();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "bench", "--yes", "-y", "--debug" -> {}
                // It holds for the other commands.
                case "--config" -> i++;
                case "--home" -> {
                    if (++i == arguments.size()) return usage("--home wants a folder.", benchmarks);
                    home = Optional.of(Files.createDirectories(Path.of(arguments.get(i))));
                }
                case "--against" -> {
                    if (++i == arguments.size()) return usage("--against wants a file.", benchmarks);
                    try {
                        earlier = read(Path.of(arguments.get(i)));
                    } catch (IOException e) {
                        System.err.println(
                                "understudy bench: --against wants what an earlier run printed with --json, and "
                                        + arguments.get(i) + " cannot be read as that.");
                        return 2;
                    }
                }
                case "--json" -> json = true;
                case "--data" -> {
                    if (++i == arguments.size()) return usage("--data wants a folder.", benchmarks);
                    data = Optional.of(Path.of(arguments.get(i)));
                    if (!Files.isDirectory(data.get())) return usage(data.get() + " is no folder.", benchmarks);
                }
                case "--help", "-h" -> {
                    out.println(USAGE);
                    list(benchmarks, out);
                    return 0;
                }
                default -> {
                    if (argument.startsWith("--")) {
                        // An option of the benchmark that was named before it.
                        if (chosen.isEmpty() || ++i == arguments.size())
                            return usage(argument + " wants a benchmark before it and a value after it.", benchmarks);
                        Optional<String> wrong = chosen.getLast().option(argument, arguments.get(i));
                        if (wrong.isPresent()) return usage(wrong.get(), benchmarks);
                        continue;
                    }
                    Benchmark benchmark = benchmarks.get(argument);
                    if (benchmark == null) return usage("there is no benchmark '" + argument + "'.", benchmarks);
                    chosen.add(benchmark);
                }
            }
        }
        if (chosen.isEmpty()) {
            out.println(USAGE);
            list(benchmarks, out);
            return 0;
        }
        var rows = new ArrayList<Row>();
        Map<String, Row> before = earlier;
        boolean asTable = !json;
        if (asTable) out.println(line("name", "p50", "p99", "n", "unit", ""));
        for (Benchmark benchmark : chosen)
            inFolder(benchmark, data, home, row -> {
                Row told = before.isEmpty() ? row : compared(row, before);
                rows.add(told);
                if (asTable) out.println(line(told));
            });
        if (json) printJson(rows, out);
        return 0;
    }

    private static void inFolder(Benchmark benchmark, Optional<Path> data, Optional<Path> home, Consumer<Row> found)
            throws IOException, InterruptedException {
        String prefix = "understudy-bench-";
        Path folder =
                home.isPresent() ? Files.createTempDirectory(home.get(), prefix) : Files.createTempDirectory(prefix);
        try {
            String shared = System.getenv("UNDERSTUDY_CELL_CACHE");
            Path cells = shared != null
                    ? Path.of(shared)
                    : home.map(kept -> kept.resolve("cells")).orElse(folder.resolve("cells"));
            benchmark.run(new Workplace(data, Files.createDirectory(folder.resolve("work")), cells), found);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Row compared(Row row, Map<String, Row> earlier) {
        Row before = earlier.get(key(row.name(), row.unit()));
        var extra = new LinkedHashMap<>(row.extra());
        extra.put("against", before == null ? "not in it" : row.against(before));
        return new Row(row.name(), row.unit(), row.p50(), row.p99(), row.n(), row.median(), extra);
    }

    private static String key(String name, String unit) {
        return name + " in " + unit;
    }

    private static Map<String, Row> read(Path file) throws IOException {
        JsonNode rows = JSON.readTree(file.toFile()).path("rows");
        if (!rows.isArray()) throw new IOException(file + " has no rows");
        var read = new LinkedHashMap<String, Row>();
        for (JsonNode row : rows) {
            JsonNode low = row.path("p50_low");
            read.put(
                    key(row.path("name").asText(), row.path("unit").asText()),
                    new Row(
                            row.path("name").asText(),
                            row.path("unit").asText(),
                            row.path("p50").asDouble(Double.NaN),
                            row.path("p99").asDouble(Double.NaN),
                            row.path("n").asInt(),
                            low.isNumber()
                                    ? Optional.of(new Row.Interval(
                                            low.asDouble(), row.path("p50_high").asDouble()))
                                    : Optional.empty(),
                            Map.of()));
        }
        return read;
    }

    private static List<Benchmark> benchmarks() {
        return List.of(
                new CliBench(),
                new CommandsBench(),
                new DetectionBench(),
                new HistoryBench(),
                new SandboxBench(),
                new DegradationBench(),
                new IngestBench(),
                new FleetBench(),
                new OptimizersBench(),
                new RoutinesBench(),
                new PromisesBench(),
                new MonitorBench(),
                new WorkloadsBench(),
                new ExecutorBench());
    }

    /** The data sets lie beside the checkout where this project is developed; elsewhere they are named. */
    private static Optional<Path> defaultData() {
        String root = System.getProperty("understudy.root");
        if (root == null) return Optional.empty();
        return Optional.of(Path.of(root, "..", "shared", "data").normalize()).filter(Files::isDirectory);
    }

    private static int usage(String wrong, Map<String, Benchmark> benchmarks) {
        System.err.println(
                "understudy bench: " + wrong + " There are: " + String.join(", ", benchmarks.keySet()) + ".");
        return 2;
    }

    private static void list(Map<String, Benchmark> benchmarks, PrintStream out) {
        for (Benchmark benchmark : benchmarks.values())
            out.printf(Locale.ROOT, "  %-12s %s%n", benchmark.name(), benchmark.description());
    }

    private static void printJson(List<Row> rows, PrintStream out) throws IOException {
        var objects = new ArrayList<Map<String, Object>>();
        for (Row row : rows) {
            var object = new LinkedHashMap<String, Object>();
            object.put("name", row.name());
            object.put("unit", row.unit());
            object.put("p50", row.p50());
            object.put("p99", row.p99());
            object.put("n", row.n());
            row.median().ifPresent(interval -> {
                object.put("p50_low", interval.low());
                object.put("p50_high", interval.high());
            });
            object.putAll(row.extra());
            objects.add(object);
        }
        out.println(JSON.writeValueAsString(Map.of("rows", objects)));
    }

    /** Rows come one at a time, so columns have widths that most fit. */
    private static String line(String name, String p50, String p99, String n, String unit, String extra) {
        return String.format(Locale.ROOT, "%-46s %10s %10s %6s %-10s %s", name, p50, p99, n, unit, extra)
                .stripTrailing();
    }

    private static String line(Row row) {
        String extra = row.extra().entrySet().stream()
                .filter(each -> !each.getValue().toString().isEmpty())
                .map(each -> each.getKey() + " "
                        + (each.getValue() instanceof Double number
                                ? figure(number)
                                : each.getValue().toString()))
                .collect(Collectors.joining(" | "));
        return line(row.name(), figure(row.p50()), figure(row.p99()), String.valueOf(row.n()), row.unit(), extra);
    }

    /** Four significant digits, without an exponent. */
    private static String figure(double value) {
        if (Double.isNaN(value)) return "-";
        if (value == Math.rint(value) || Math.abs(value) >= 1000) return String.format(Locale.ROOT, "%.0f", value);
        int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + Math.min(digits, 6) + "f", value);
    }
}
