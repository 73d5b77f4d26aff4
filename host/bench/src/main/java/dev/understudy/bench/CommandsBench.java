package dev.understudy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.automation.RehearsalResult.CaseResult;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.LearnReport;
import dev.understudy.core.engine.LearnReport.Learnt;
import dev.understudy.core.engine.LearnReport.Rejected;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * For each command and option that the templates know, in how many situations the script that is written for it leaves
 * the same as the program itself: {@code n} situations were compared, {@code p50} of them were the same. The goal is the
 * same in all, or no automation. A program that is not installed compares nothing.
 */
public final class CommandsBench implements Benchmark {
    private static final int TIMES = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Words apart by blanks; {@code %} is what varies. */
    private static final List<String> COMMANDS = List.of(
            "cp %.txt bak/",
            "cp %.txt %.bak",
            "cp -r % %-copy",
            "cp *-%.txt bak/",
            "mv %.log old/",
            "mv *-%.log old/",
            "rm %.tmp",
            "rm -f tmp/*-%.tmp",
            "rm -rf build/%",
            "mkdir made-%",
            "mkdir -p made/below/%",
            "tar cf %.tar %",
            "tar czf %.tgz %",
            "zip -r %.zip %",
            "zip %.zip %.txt",
            "gzip %.dat",
            "gzip -k %.dat",
            "sort %.txt > %.sorted",
            "sort -r %.txt > %.reversed",
            "sort -u %.txt > %.unique",
            "uniq %.txt > %.uniq",
            "cut -d, -f2 %.csv > %.cut",
            "csvcut -c a,b %.csv > cut-%.csv",
            "csvcut -C a %.csv > without-%.csv",
            "csvgrep -c a -m x %.csv > grep-%.csv",
            "csvgrep -c a -r ^x %.csv > match-%.csv",
            "csvsort -I -c a %.csv > sort-%.csv",
            "csvsort -I -r -c a %.csv > sortr-%.csv",
            "csvjson -I %.csv > %.json",
            "in2csv -I %.json > of-%.csv",
            "mlr --icsv --ojson cat %.csv > of-%.json",
            "mlr --csv sort -f a %.csv > mlr-%.csv",
            "mlr --csv sort -nr a %.csv > mlrn-%.csv",
            "mlr --csv cut -f a,b %.csv > mlrc-%.csv",
            "mlr --csv head -n 2 %.csv > mlrh-%.csv",
            "jq .[0:2] %.json > first-%.json",
            "jq -c .[] %.json > %.jsonl");

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public String description() {
        return "in how many situations scripts leave the same as the programs from which they were learnt";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path folder = place.folder();
        Path tasks = Files.write(folder.resolve("tasks.jsonl"), tasks(folder.resolve("work")));
        Path distribution = Path.of(System.getProperty("understudy.dist"));
        var installation = Installation.at(distribution, Path.of(System.getProperty("understudy.root"), "templates"))
                .withCellCache(place.cells());
        try (var understudy = Understudy.open(installation, DataHome.open(folder.resolve("home")), Config.DEFAULT)) {
            rows(understudy.learn(List.of(tasks), _ -> {})).forEach(found);
        }
    }

    private static List<String> tasks(Path folder) throws IOException {
        Files.createDirectories(folder);
        var lines = new ArrayList<String>();
        Instant time = Instant.now().minus(Duration.ofHours(12));
        for (String command : COMMANDS) {
            for (int i = 1; i <= TIMES; i++) {
                List<String> words = Arrays.asList(command.replace("%", "n" + i).split(" "));
                time = time.plusSeconds(60);
                var task = new LinkedHashMap<String, Object>();
                task.put("task_type", words.getFirst());
                task.put(
                        "parameters",
                        Map.of(
                                Task.COMMAND, String.join(" ", words),
                                Task.ARGUMENTS, words.subList(1, words.size()),
                                Task.WORKING_DIRECTORY, folder.toString()));
                task.put("timestamp", time.toString());
                task.put("duration_ms", 30_000);
                task.put("success", true);
                lines.add(JSON.writeValueAsString(task));
            }
        }
        return lines;
    }

    private static List<Row> rows(LearnReport report) {
        var rows = new ArrayList<Row>();
        for (Learnt learnt : report.automations())
            learnt.rehearsal().ifPresent(rehearsal -> rows.add(row(learnt.pattern(), rehearsal)));
        for (Rejected rejected : report.rejected())
            rows.add(new Row(
                    shape(rejected.pattern()),
                    "same",
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "no automation: " + rejected.reason())));
        rows.sort(Comparator.comparing(Row::name));
        return rows;
    }

    private static Row row(TaskPattern pattern, RehearsalResult rehearsal) {
        int same = rehearsal.compared().realProgram();
        List<CaseResult> failed =
                rehearsal.cases().stream().filter(each -> !each.passed()).toList();
        int compared = same + failed.size();
        String note = failed.isEmpty()
                ? compared == 0 ? RehearsalResult.NEVER : ""
                : "no automation: " + failed.getFirst().problems().getFirst();
        return new Row(shape(pattern), "same", same, same, compared, Map.of("note", note));
    }

    private static String shape(TaskPattern pattern) {
        return pattern.parameters().get(Task.COMMAND) instanceof String command ? command : pattern.taskType();
    }
}
