package dev.understudy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.understudy.app.Main;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code understudy bench [NAME…] [--json] [--data DIR]}: runs benchmarks and prints their rows. */
public final class BenchMain {
    private static final String USAGE = "Usage: understudy bench [--json] [--data DIR] NAME [OPTION…] …";

    private BenchMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Main.quietLibraries();
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> given = List.of(arguments);
        try {
            System.exit(run(given, out));
        } catch (IOException e) {
            // Data that cannot be read says what it lacks.
            if (given.contains("--debug")) throw e;
            System.err.println("understudy bench: " + e.getMessage());
            System.exit(1);
        }
    }

    static int run(List<String> arguments, PrintStream out) throws IOException, InterruptedException {
        Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
        for (Benchmark benchmark : benchmarks()) benchmarks.put(benchmark.name(), benchmark);
        var chosen = new ArrayList<Benchmark>();
        boolean json = false;
        Optional<Path> data = defaultData();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "bench", "--yes", "-y", "--debug" -> {}
                // They hold for the other commands; a benchmark keeps what it makes beside the build.
                case "--home", "--config" -> i++;
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
        for (Benchmark benchmark : chosen) rows.addAll(benchmark.run(data));
        if (json) printJson(rows, out);
        else printTable(rows, out);
        return 0;
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
            object.putAll(row.extra());
            objects.add(object);
        }
        out.println(new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Map.of("rows", objects)));
    }

    private static void printTable(List<Row> rows, PrintStream out) {
        var extras = new LinkedHashSet<String>();
        for (Row row : rows) extras.addAll(row.extra().keySet());
        var table = new ArrayList<List<String>>();
        var header = new ArrayList<>(List.of("name", "p50", "p99", "n", "unit"));
        header.addAll(extras);
        table.add(header);
        for (Row row : rows) {
            var line = new ArrayList<>(
                    List.of(row.name(), figure(row.p50()), figure(row.p99()), String.valueOf(row.n()), row.unit()));
            for (String extra : extras) {
                Object value = row.extra().get(extra);
                line.add(value == null ? "" : value instanceof Double number ? figure(number) : value.toString());
            }
            table.add(line);
        }
        int[] widths = new int[header.size()];
        for (List<String> line : table)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], line.get(i).length());
        for (List<String> line : table) {
            var text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean right = i >= 1 && i <= 3;
                String cell = line.get(i);
                if (right) text.repeat(' ', widths[i] - cell.length());
                text.append(cell);
                if (!right) text.repeat(' ', widths[i] - cell.length());
                text.append("  ");
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** Four significant digits, without an exponent. */
    private static String figure(double value) {
        if (Double.isNaN(value)) return "-";
        if (value == Math.rint(value) || Math.abs(value) >= 1000) return String.format(Locale.ROOT, "%.0f", value);
        int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + Math.min(digits, 6) + "f", value);
    }
}
