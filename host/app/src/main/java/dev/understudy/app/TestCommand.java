package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.JUnitXml;
import dev.understudy.sandbox.control.tester.SuiteResult;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestRecord;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import dev.understudy.sandbox.control.tester.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "test",
        description = {
            "Run the [[tests]] of an automation or a script file, several at once, and compare what each does"
                    + " with what it expects.",
            "Nothing is changed. An automation without tests gets those of its pattern."
        })
final class TestCommand implements Callable<Integer> {
    private static final int HISTORY_LINES = 50;

    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "FILE_OR_ID",
            arity = "0..*",
            description = "Paths of scripts, or automations' ids. Not needed with --history.")
    List<String> filesOrIds = new ArrayList<>();

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "A parameter for the cases that leave it out; may be given several times.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--min-success-rate",
            paramLabel = "RATE",
            description = "Succeed if at least this share of the cases pass, from 0 to 1 (default: all must).")
    @Nullable
    Double minSuccessRate;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write JUnit XML to this file.")
    @Nullable
    Path junit;

    @Option(names = "--history", description = "Show the latest results instead (history.max_tests are kept).")
    boolean history;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (minSuccessRate != null && !(minSuccessRate >= 0 && minSuccessRate <= 1))
            throw UserException.badInput(
                    "--min-success-rate is " + minSuccessRate,
                    "a share of the cases is meant",
                    "Write a number from 0 to 1, like 0.9");
        try (Understudy understudy = root.open()) {
            if (history) return showHistory(understudy);
            if (filesOrIds.isEmpty())
                throw UserException.badInput(
                        "There is nothing to test",
                        "neither a file nor an automation was named",
                        "Name one: test FILE_OR_ID, or see the latest results with test --history");
            double threshold = minSuccessRate != null
                    ? minSuccessRate
                    : understudy.config().automationCreation().autoDeployThreshold();
            var suites = new ArrayList<Suite>();
            for (String each : filesOrIds) {
                TestRun run = test(understudy, each);
                suites.add(new Suite(each, run, new Validation(run.result(), threshold)));
            }
            if (junit != null)
                write(
                        Invocation.current().path(junit),
                        JUnitXml.of(suites.stream()
                                .map(suite -> suite.run().result())
                                .toList()));
            if (json) printJson(suites);
            else suites.forEach(suite -> print(suite, suites.size()));
            return suites.stream().allMatch(this::isGood) ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** One of a batch, by the name that the person gave it. */
    private record Suite(String named, TestRun run, Validation validation) {}

    private boolean isGood(Suite suite) {
        SuiteResult result = suite.run().result();
        return minSuccessRate != null ? suite.validation().deployable() : result.failed() == 0 && result.passed() > 0;
    }

    private TestRun test(Understudy understudy, String named) throws InterruptedException {
        AutomationService automations = understudy.automations();
        try (var progress = new Progress(root.console())) {
            progress.step("Testing " + named);
            TestListener listener = (result, done, total) -> progress.step(
                    done + " of " + total + "  " + result.verdict().id() + "  " + result.name());
            return RunCommand.isFile(named)
                    ? automations
                            .rehearsals()
                            .testFile(
                                    Invocation.current().path(named),
                                    parameters,
                                    Invocation.current().folder(),
                                    listener)
                    : automations
                            .rehearsals()
                            .test(
                                    named,
                                    parameters,
                                    id -> understudy.patterns().stream()
                                            .filter(pattern -> pattern.id().equals(id))
                                            .findFirst(),
                                    listener);
        }
    }

    private static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) Files.createDirectories(folder);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UserException.failed(
                    "The report " + Invocation.current().typed(file) + " cannot be written",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Name another file with --junit",
                    e);
        }
    }

    /** One suite as an object of its own; several as a list of such. */
    private void printJson(List<Suite> suites) {
        if (suites.size() == 1) {
            Json.print(
                    root.console(),
                    json(suites.getFirst().run(), suites.getFirst().validation()));
            return;
        }
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("suites");
        suites.forEach(suite -> array.add(json(suite.run(), suite.validation()).put("named", suite.named())));
        Json.print(root.console(), object);
    }

    private static ObjectNode json(TestRun run, Validation validation) {
        ObjectNode object = json(run.result());
        object.put("automation", run.result().suite());
        object.put("source", run.source().id());
        object.putObject("validation")
                .put("minSuccessRate", validation.minSuccessRate())
                .put("successRate", run.result().successRate())
                .put("deployable", validation.deployable())
                .put("explanation", validation.explanation());
        return object;
    }

    private static ObjectNode json(SuiteResult result) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(result.toJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the tester wrote what is no JSON", e);
        }
    }

    private void print(Suite suite, int suites) {
        Console console = root.console();
        TestRun run = suite.run();
        Validation validation = suite.validation();
        if (suites > 1) console.out().println(Style.BOLD.of(console, Console.printable(suite.named())));
        printSource(console, run.source());
        if (run.source() == TestRun.Source.NONE) return;
        for (CaseResult each : run.result().cases()) {
            console.out()
                    .println(verdict(console, each.verdict())
                            + Console.printable(each.name())
                            + Style.DIM.of(console, "  " + Quantities.duration(each.duration())));
            for (String problem : each.problems())
                console.out().println("  " + Style.RED.of(console, Console.printable(problem)));
        }
        if (minSuccessRate != null) {
            console.out().println("\n" + validation.explanation());
            return;
        }
        console.out()
                .println("\n" + run.result().passed() + " of "
                        + run.result().cases().size() + " cases passed. Your files are as they were.");
        if (run.result().failed() > 0) console.out().println(validation.explanation() + ".");
    }

    /** Where the cases came from, unless they are the file's own. */
    static void printSource(Console console, TestRun.Source source) {
        switch (source) {
            case FILE -> {}
            case PATTERN -> console.out().println("It has no [[tests]]; these are made from its pattern.");
            case DEFAULTS ->
                console.out().println("It has no [[tests]]; what is tested is that it succeeds with its defaults.");
            case NONE ->
                console.out()
                        .println("It has no [[tests]], and a parameter without a value: add tests to its metadata,"
                                + " or give the value with -p.");
        }
    }

    static String verdict(Console console, Verdict verdict) {
        return switch (verdict) {
            case PASSED -> Style.GREEN.of(console, "passed ");
            case FAILED -> Style.RED.of(console, "failed ");
        };
    }

    private int showHistory(Understudy understudy) {
        Optional<String> suite = filesOrIds.stream().findFirst();
        int max = json ? understudy.config().history().maxTests() : HISTORY_LINES;
        var tests = understudy.automations().rehearsals().tests();
        List<TestRecord> latest = suite.map(id -> tests.latest(id, max)).orElseGet(() -> tests.latest(max));
        if (json) printHistoryJson(latest);
        else printHistory(latest);
        return ExitCode.DONE;
    }

    private void printHistoryJson(List<TestRecord> latest) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("tests");
        for (TestRecord each : latest)
            array.addObject()
                    .put("automation", each.suite())
                    .put("name", each.name())
                    .put("outcome", each.verdict().id())
                    .put("message", each.message())
                    .put("runId", each.runId())
                    .put("started", each.started().toString())
                    .put("durationMillis", each.duration().toMillis());
        Json.print(root.console(), object);
    }

    private void printHistory(List<TestRecord> latest) {
        Console console = root.console();
        if (latest.isEmpty()) {
            console.out().println("Nothing has been tested yet.");
            return;
        }
        var table = new Table(
                Table.Column.left("when"),
                Table.Column.left("automation"),
                Table.Column.wrapped("case"),
                Table.Column.left(""),
                Table.Column.right("took"),
                Table.Column.wrapped("why"));
        for (TestRecord each : latest)
            table.row(
                    each.started().truncatedTo(ChronoUnit.SECONDS),
                    each.suite(),
                    each.name(),
                    new Table.Cell(each.verdict().id(), each.verdict() == Verdict.PASSED ? Style.GREEN : Style.RED),
                    Quantities.duration(each.duration()),
                    each.message());
        table.print(console, "  ");
    }
}
