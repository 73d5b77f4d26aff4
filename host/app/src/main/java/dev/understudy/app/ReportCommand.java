package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.Period;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "report",
        description = {
            "Report on workflows: executions, average time, success, savings achieved, opportunities, trends, prioritised"
                    + " recommendations and resource use.",
            "HTML is one file that needs nothing else: understudy report --format html > report.html"
        })
final class ReportCommand implements Callable<Integer> {
    enum Format {
        TEXT,
        JSON,
        HTML,
        CSV
    }

    @ParentCommand
    RootCommand root;

    @Option(names = "--workflow", paramLabel = "W", description = "Only this one.")
    @Nullable
    String workflow;

    @Option(
            names = "--period",
            defaultValue = WorkflowsCommand.PERIOD,
            description = "How far back, for example 12h or 4w (default: ${DEFAULT-VALUE}).")
    String period;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, json, html or csv (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--json", description = "The same as --format json.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        try (Understudy understudy = root.open()) {
            if (workflow != null) WorkflowsCommand.require(understudy, workflow);
            PerformanceService service = understudy.performanceService();
            Period stretch = Period.of(period, understudy.performance());
            var analyses = workflow == null
                    ? service.analyseAll(stretch.from(), stretch.to())
                    : List.of(WorkflowsCommand.analysis(understudy, workflow, stretch));
            var said = PerformanceReport.of(
                    stretch, analyses, understudy.performance(), service, understudy.acceptedAdvice());
            var report = new ReportView(period.toLowerCase(Locale.ROOT), said, understudy.report());
            WorkflowsCommand.warn(console, service);
            PatternsCommand.warn(console, understudy.patternProblems());
            switch (json ? Format.JSON : format) {
                case TEXT -> report.print(console);
                case JSON -> Json.print(console, report.json());
                case HTML -> console.out().print(ReportPage.of(report));
                case CSV -> console.out().print(report.csv());
            }
        }
        return ExitCode.DONE;
    }
}
