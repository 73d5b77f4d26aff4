package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation, in every language it has, does what its own tests say. */
class GeneratedScriptsTest {
    static final PluginContext CONTEXT =
            new PluginContext(List.of(Path.of(Objects.requireNonNull(System.getProperty("understudy.root")))
                    .resolve("templates")));

    @TempDir
    Path root;

    static final List<Patterns> FILE_OPERATIONS = List.of(
            Patterns.shell("cp", "~/{name}.txt", "ROOT/bak/{name}.txt")
                    .seen("name", "b")
                    .seen("name", "a"),
            Patterns.shell("cp", "-v", "~/{name}.txt", "ROOT/bak")
                    .seen("name", "b")
                    .seen("name", "a"),
            Patterns.shell("cp", "*.log", "ROOT/logs").in("ROOT/work"),
            Patterns.shell("cp", "{files...}", "keep")
                    .in("ROOT/work")
                    .kind("files", VariableKind.LIST)
                    .seen("files", "a.txt\nb.txt")
                    .seen("files", "c.txt"),
            Patterns.shell("cp", "-r", "~/notes.d", "ROOT/bak.d"),
            Patterns.shell("cp", "-a", "~/notes.d", "ROOT/bak.d"),
            Patterns.shell("cp", "-pL", "~/{name}.txt", "ROOT/bak/{name}.txt").seen("name", "b"),
            Patterns.shell("rm", "-r", "ROOT/tmp/{name}.tmp").seen("name", "it's (1)"),
            Patterns.shell("rm", "-f", "ROOT/**/[^k]*.tmp"),
            Patterns.shell("mv", "{file}", "ROOT/archive/")
                    .seen("file", "~/a b.pdf")
                    .seen("file", "~/it's.pdf"),
            Patterns.shell("mv", "~/a.log", "~/b.log", "ROOT/logs"),
            Patterns.shell("rm", "-f", "ROOT/tmp/*.tmp", "ROOT/tmp/x"),
            Patterns.shell("mkdir", "-p", "ROOT/{month}/in", "ROOT/{month}/out").seen("month", "2026-11"),
            Patterns.shell("tar", "czf", "ROOT/out/{day}.tar.gz", "notes.txt", "logs")
                    .in("ROOT/work")
                    .seen("day", "2026-11-14"),
            Patterns.shell("zip", "-r", "ROOT/out/{day}.zip", "logs", "*.txt")
                    .in("ROOT/work")
                    .seen("day", "14"),
            // What varies is the day, which Bash fills in as the others do.
            Patterns.shell("tar", "czf", "~/out & more/{day}.tar.gz", "notes-{day}.txt", "logs")
                    .in("ROOT/work")
                    .day("day", "{yesterday}")
                    .seen("day", "2026-11-14"),
            Patterns.shell("gzip", "-k", "ROOT/logs/*.log"),
            Patterns.shell("gunzip", "data/orders-{day}.csv.gz").in("ROOT/work").seen("day", "14"),
            Patterns.shell("gzip", "-dk", "ROOT/logs/*.tgz"),
            Patterns.shell("xz", "--decompress", "~/in/{name}.txz").seen("name", "a b"),
            Patterns.task("decompress_files").with("files", List.of("ROOT/a.xz", "ROOT/b.xz")),
            Patterns.shell("gzip", "-9", "ROOT/logs/{day}.log").seen("day", "14"),
            Patterns.task("file_copy")
                    .with("source", "inbox/{file}.pdf")
                    .with("destination", "archive/invoices")
                    .in("ROOT/week")
                    .seen("file", "invoice-1")
                    .seen("file", "invoice-2"),
            Patterns.task("move_files")
                    .with("files", List.of("{files...}"))
                    .with("destination", "pictures")
                    .in("ROOT/week")
                    .kind("files", VariableKind.LIST)
                    .seen("files", "shot 1.png\nshot 2.png"),
            Patterns.task("file_operation")
                    .with("operation", "move")
                    .with("source", "shots")
                    .with("pattern", "*.png")
                    .with("destination", "pictures")
                    .in("ROOT/week"),
            Patterns.task("rename_file")
                    .with("path", "ROOT/drafts/{name}.txt")
                    .with("new_name", "{name}-final.txt")
                    .seen("name", "plan"),
            Patterns.task("file_operation")
                    .with("action", "delete")
                    .with("path", "ROOT/cache/{name}")
                    .seen("name", "x"),
            Patterns.task("create_folder").with("path", "ROOT/months/{month}").seen("month", "2026-11"),
            Patterns.task("archive_files")
                    .with("source", "logs/*.log")
                    .with("archive", "old/logs-{day}.zip")
                    .in("ROOT/week")
                    .seen("day", "2026-11-14"));

    /** What only starts a program, whatever language is asked for. */
    private static final List<Patterns> IN_BASH_ONLY = List.of(
            Patterns.shell("bunzip2", "-k", "ROOT/{name}.bz2").seen("name", "it's"),
            Patterns.shell("tar", "xzf", "~/in/{name}.tar.gz").in("ROOT/work").seen("name", "a"));

    static final List<Patterns> DATA_PROCESSING = List.of(
            Patterns.task("csv_to_json")
                    .with("input", "ROOT/sales-{day}.csv")
                    .with("output", "ROOT/out/sales-{day}.json")
                    .seen("day", "2026-11-14")
                    .seen("day", "2026-11-13"),
            Patterns.task("convert_csv")
                    .with("input", "ROOT/{name}.csv")
                    .with("output", "ROOT/{name}.jsonl")
                    .with("infer_types", true)
                    .seen("name", "a"),
            Patterns.task("json_to_csv").with("input", "ROOT/a.json").with("output", "ROOT/a.csv"),
            Patterns.task("data_processing")
                    .with("operation", "convert")
                    .with("input", "ROOT/a.jsonl")
                    .with("output", "ROOT/a.tsv"),
            Patterns.task("filter_csv")
                    .with("input", "ROOT/people.csv")
                    .with("output", "ROOT/city.csv")
                    .with("where", "city = \"{city}\"")
                    .with("columns", List.of("name", "city"))
                    .seen("city", "Köln, \"Süd\"")
                    .seen("city", "Bonn"),
            Patterns.task("filter_csv")
                    .with("input", "ROOT/sales.csv")
                    .with("output", "ROOT/large.csv")
                    .with("where", List.of("amount >= {least}", "region != 'north'", "note contains x"))
                    .seen("least", "100")
                    .seen("least", "50.5"),
            Patterns.task("filter_rows")
                    .with("input", "ROOT/a.json")
                    .with("output", "ROOT/b.json")
                    .with("where", Map.of("column", "mail", "op", "matches", "value", "@example\\.org$")),
            Patterns.task("rename_columns")
                    .with("input", "ROOT/a.csv")
                    .with("output", "ROOT/b.csv")
                    .with("rename", Map.of("Kunde", "customer")),
            Patterns.task("sort_csv")
                    .with("input", "ROOT/a.csv")
                    .with("output", "ROOT/b.csv")
                    .with("by", List.of("last", "first"))
                    .with("descending", true),
            Patterns.task("aggregate_csv")
                    .with("input", "ROOT/sales-{day}.csv")
                    .with("output", "ROOT/totals-{day}.json")
                    .with("group_by", "region")
                    .with("sum", "amount")
                    .seen("day", "14"),
            Patterns.task("data_processing")
                    .with("operation", "group_by")
                    .with("input", "ROOT/a.csv")
                    .with("output", "ROOT/b.csv")
                    .with("by", "region")
                    .with("aggregate", Map.of("amount", List.of("count", "mean", "min", "max"))),
            Patterns.task("deduplicate_csv")
                    .with("input", "ROOT/addresses.csv")
                    .with("output", "ROOT/clean.csv")
                    .with("key", "email"),
            Patterns.task("dedupe_csv").with("input", "ROOT/a.csv").with("output", "ROOT/b.csv"),
            Patterns.shell("csvcut", "-c", "name,mail", "ROOT/{n}.csv", ">", "ROOT/{n}-short.csv")
                    .seen("n", "a"),
            Patterns.shell("csvgrep", "-c", "city", "-m", "{city}", "ROOT/a.csv", ">", "ROOT/b.csv")
                    .seen("city", "Ulm"),
            Patterns.shell("csvsort", "-I", "-c", "name", "ROOT/a.csv", ">", "ROOT/b.csv"),
            Patterns.shell("csvjson", "-I", "a.csv", ">", "a.json").in("ROOT"),
            Patterns.shell("in2csv", "-I", "ROOT/a.json", ">", "ROOT/a.csv"),
            Patterns.shell(
                            "mlr",
                            "--icsv",
                            "--ojson",
                            "filter",
                            "$region == \"{r}\"",
                            "then",
                            "cut",
                            "-f",
                            "region,amount",
                            "then",
                            "sort",
                            "-nr",
                            "amount",
                            "ROOT/a.csv",
                            ">",
                            "ROOT/{r}.json")
                    .seen("r", "north"),
            Patterns.shell(
                    "mlr",
                    "--csv",
                    "stats1",
                    "-a",
                    "sum,count",
                    "-f",
                    "amount",
                    "-g",
                    "region",
                    "ROOT/a.csv",
                    ">",
                    "ROOT/b.csv"),
            Patterns.shell(
                    "mlr", "--c2j", "rename", "a,b", "then", "head", "-n", "2", "ROOT/a.csv", ">", "ROOT/b.json"),
            Patterns.shell("jq", "-c", ".\\[]", "ROOT/a.json", ">", "ROOT/a.jsonl"),
            Patterns.shell("jq", "-c", ".\\[] | {{a,b}}", "ROOT/a.json", ">", "ROOT/a.jsonl"),
            Patterns.shell("jq", "map(select(.state == \"{state}\"))", "ROOT/a.json", ">", "ROOT/{state}.json")
                    .seen("state", "open"),
            Patterns.shell("jq", "-s", ".", "ROOT/a.jsonl", ">", "ROOT/a.json"),
            Patterns.shell("sort", "-u", "ROOT/{n}.csv", ">", "ROOT/{n}.sorted").seen("n", "a"),
            Patterns.shell("sort", "ROOT/a", "|", "uniq", ">", "ROOT/b"),
            Patterns.shell("uniq", "ROOT/a", "ROOT/b"),
            Patterns.shell("cut", "-d,", "-f1,3-4", "ROOT/a.csv", ">", "ROOT/b.csv"));

    static Stream<Arguments> fileOperations() {
        return inEachLanguage(FileOperationTemplate.class, FILE_OPERATIONS);
    }

    static Stream<Arguments> inBashOnly() {
        return inEachLanguage(FileOperationTemplate.class, IN_BASH_ONLY);
    }

    static Stream<Arguments> dataProcessing() {
        return inEachLanguage(DataProcessingTemplate.class, DATA_PROCESSING);
    }

    static Stream<Arguments> apiCalls() {
        return inEachLanguage(ApiCallTemplate.class, ApiCallTemplateTest.CALLS);
    }

    private static Stream<Arguments> inEachLanguage(
            Class<? extends AutomationTemplate> template, List<Patterns> patterns) {
        return Stream.of(ScriptLanguage.PYTHON, ScriptLanguage.JAVASCRIPT, ScriptLanguage.BASH)
                .flatMap(language -> patterns.stream().map(pattern -> Arguments.of(template, language, pattern)));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource({"fileOperations", "inBashOnly", "dataProcessing", "apiCalls"})
    void passTheirTests(Class<? extends AutomationTemplate> type, ScriptLanguage language, Patterns pattern)
            throws ReflectiveOperationException, IOException, InterruptedException {
        AutomationTemplate template = type.getConstructor(PluginContext.class).newInstance(CONTEXT);
        Path files = Files.createDirectories(root.resolve("files"));
        Path home = Files.createDirectories(root.resolve("home"));

        Answer answer = template.propose(pattern.below(files.toString()).build(), new Request(language));

        assertThat(answer).isInstanceOf(Draft.class);
        new DraftRun((Draft) answer, home).passesItsTests();
    }
}
