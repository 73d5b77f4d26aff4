package dev.understudy.app;

import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.Folded;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Recommendation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as one HTML file: no script, no other file, charts as SVG, fit for paper. All text from outside is escaped. */
final class ReportPage {
    static final String STYLE = """
            :root { color-scheme: light dark; --ink: light-dark(#1c2126, #e4e7ea); --dim: light-dark(#59636e, #9aa4ae);
                    --line: light-dark(#dde1e6, #30363d); --bar: light-dark(#7fa6d6, #4f7fb8); --paper: light-dark(#fff, #14171a); }
            * { box-sizing: border-box; }
            body { font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--paper);
                   max-width: 64rem; margin: 2rem auto 4rem; padding: 0 1rem; overflow-wrap: break-word; }
            h1 { font-size: 1.5rem; line-height: 1.2; } h3 { font-size: .95rem; margin: 1.3rem 0 .3rem; }
            h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; border-top: 1px solid var(--line); padding-top: 1rem; overflow-wrap: anywhere; }
            p { margin: .4rem 0; } ul { margin: .3rem 0; padding-left: 1.2rem; } li { margin: .1rem 0; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; font-weight: 400; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
            th:last-child, td:last-child { padding-right: 0; } thead th { color: var(--dim); font-size: .88em; }
            td.n, th.n { text-align: right; } td.what { white-space: normal; min-width: 17rem; } td.what small { color: var(--dim); overflow-wrap: anywhere; }
            tbody tr.whole > * { font-weight: 600; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 1rem 1.5rem; margin: 1.2rem 0 .5rem; }
            .tiles b { display: block; font-size: 1.5rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
            .dim, .tiles span { color: var(--dim); } .tiles span { font-size: .88em; line-height: 1.3; display: block; } .scroll { overflow-x: auto; }
            figure { margin: .8rem 0 1.2rem; } figcaption { font-size: .88em; color: var(--dim); }
            .plot { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .6rem; font-size: .8rem; color: var(--dim); }
            .plot svg { width: 100%; height: 110px; display: block; } .plot svg line { stroke: var(--line); vector-effect: non-scaling-stroke; }
            .scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; height: 110px; line-height: 1; white-space: nowrap; }
            .dates { grid-column: 2; display: flex; justify-content: space-between; padding-top: .2rem; }
            @media (max-width: 32rem) { td.what { min-width: 11rem; } }
            @media print {
              :root { color-scheme: light; } @page { margin: 14mm; }
              body { font-size: 10pt; margin: 0; padding: 0; max-width: none; } .scroll { overflow: visible; }
              th, td { white-space: normal; padding-right: .6rem; } td.n, th.n { white-space: nowrap; } td.what { min-width: 0; width: 56%; }
              h1, h2, h3 { break-after: avoid; } h3 + * , h2 + p { break-before: avoid; } tr, figure, li, .tiles { break-inside: avoid; } thead { display: table-header-group; }
            }
            """;

    private ReportPage() {}

    static String of(ReportView view) {
        PerformanceReport report = view.report();
        PerformanceReport.ExecutiveSummary summary = report.summary();
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Understudy report</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Workflows, ")
                .append(escaped(view.period()))
                .append(" until ")
                .append(report.period().to().toString(), 0, 10)
                .append("</h1>\n");
        html.append("<div class=\"tiles\">");
        tile(html, String.valueOf(summary.totalExecutions()), "executions");
        tile(html, PerformanceView.millis(summary.averageMillis()), "on average");
        tile(html, PerformanceView.percent(summary.successRate()), "successful");
        tile(
                html,
                summary.recommendationsThatImproved() + " of " + summary.recommendationsFollowed(),
                "followed recommendations improved something");
        tile(html, PerformanceView.millis(summary.savedMillis()), "saved by them");
        tile(html, String.valueOf(summary.opportunities()), "opportunities");
        html.append("</div>\n");
        list(html, "What failed meanwhile", report.problems());
        if (report.workflows().isEmpty())
            html.append(
                    "<p>No executions were recorded in this time. Bring them in with <code>understudy workflows import FILE</code>.</p>\n");
        recommendations(
                html,
                "h2",
                "Most worth changing",
                report.recommendations().stream().limit(10).toList());
        for (WorkflowAnalysis each : report.workflows()) workflow(html, report, each);
        processes(html, report);
        return html.append("</body></html>\n").toString();
    }

    private static void tile(StringBuilder html, String figure, String name) {
        html.append("<div><b>")
                .append(escaped(figure))
                .append("</b><span class=\"dim\">")
                .append(name)
                .append("</span></div>");
    }

    private static void recommendations(
            StringBuilder html, String heading, String title, List<Recommendation> recommendations) {
        if (recommendations.isEmpty()) return;
        html.append("<")
                .append(heading)
                .append(">")
                .append(title)
                .append("</")
                .append(heading)
                .append(
                        "><div class=\"scroll\"><table><thead><tr><th>what</th><th class=\"n\">expected</th><th>of</th><th>effort</th>")
                .append("<th>risk</th></tr></thead><tbody>\n");
        for (Recommendation each : recommendations)
            html.append("<tr><td class=\"what\">")
                    .append(escaped(each.description()))
                    .append("<br><small>")
                    .append(escaped(each.recommendationId()))
                    .append("</small></td><td class=\"n\">")
                    .append(escaped(PerformanceView.interval(each.expectedImprovement())))
                    .append("</td><td>")
                    .append(word(each.objective()))
                    .append("</td><td>")
                    .append(word(each.effort()))
                    .append("</td><td>")
                    .append(word(each.risk()))
                    .append("</td></tr>\n");
        html.append("</tbody></table></div>\n");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void workflow(StringBuilder html, PerformanceReport report, WorkflowAnalysis analysis) {
        html.append("<h2>").append(escaped(analysis.workflow())).append("</h2>\n<p>");
        html.append("Score ")
                .append(Math.round(analysis.potential().optimizationScore()))
                .append(" of 100; to gain are ")
                .append(PerformanceView.percent(analysis.potential().performance()))
                .append(" in time, ")
                .append(PerformanceView.percent(analysis.potential().reliability()))
                .append(" in reliability, ")
                .append(PerformanceView.percent(analysis.potential().resources()))
                .append(" in resources.</p>\n");
        PerformanceView.used(analysis.use())
                .ifPresent(line -> html.append("<p>It ").append(line).append(".</p>\n"));
        chart(html, report.trends().getOrDefault(analysis.workflow(), List.of()));
        html.append(
                        "<div class=\"scroll\"><table><thead><tr><th>step</th><th class=\"n\">times</th><th class=\"n\">mean</th><th class=\"n\">median</th>")
                .append(
                        "<th class=\"n\">p95</th><th class=\"n\">p99</th><th class=\"n\">success</th></tr></thead><tbody>\n");
        row(html, "<tr class=\"whole\">", "whole", analysis.executions());
        for (Map.Entry<String, DurationStatistics> step : analysis.steps().entrySet())
            row(html, "<tr>", step.getKey(), step.getValue());
        html.append("</tbody></table></div>\n");
        list(
                html,
                "Bottlenecks",
                analysis.foldedBottlenecks().stream()
                        .map(each -> each.strongest().description())
                        .toList());
        list(
                html,
                "Getting worse",
                analysis.foldedDegradations().stream()
                        .map(Folded::strongest)
                        .map(each -> each.description() + " (probability " + PerformanceView.percent(each.probability())
                                + ")")
                        .toList());
        recommendations(html, "h3", "Worth changing", analysis.recommendations());
    }

    private static void processes(StringBuilder html, PerformanceReport report) {
        if (report.processes().isEmpty()) return;
        html.append("<h2>Processes</h2><div class=\"scroll\"><table><thead><tr><th>process</th>");
        for (String column :
                List.of("times", "mean", "p95", "success", "CPU", "CPU p95", "memory", "memory p95", "I/O"))
            html.append("<th class=\"n\">").append(column).append("</th>");
        html.append("</tr></thead><tbody>\n");
        for (WorkflowAnalysis each : report.processes()) {
            html.append("<tr><td>").append(escaped(each.workflow())).append("</td>");
            for (String figure : List.of(
                    String.valueOf(each.executions().count()),
                    PerformanceView.millis(each.executions().meanMillis()),
                    PerformanceView.millis(each.executions().p95Millis()),
                    PerformanceView.percent(each.executions().successRate()),
                    PerformanceView.percent(each.use().cpuPercent().mean() / 100),
                    PerformanceView.percent(each.use().cpuPercent().p95() / 100),
                    PerformanceView.percent(each.use().memoryPercent().mean() / 100),
                    PerformanceView.percent(each.use().memoryPercent().p95() / 100),
                    PerformanceView.bytes(each.use().ioBytes().mean())))
                html.append("<td class=\"n\">").append(figure).append("</td>");
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static void row(StringBuilder html, String start, String name, DurationStatistics found) {
        html.append(start).append("<td>").append(escaped(name)).append("</td>");
        for (String figure : List.of(
                String.valueOf(found.count()),
                PerformanceView.millis(found.meanMillis()),
                PerformanceView.millis(found.medianMillis()),
                PerformanceView.millis(found.p95Millis()),
                PerformanceView.millis(found.p99Millis()),
                PerformanceView.percent(found.successRate())))
            html.append("<td class=\"n\">").append(figure).append("</td>");
        html.append("</tr>\n");
    }

    private static void list(StringBuilder html, String title, List<String> lines) {
        if (lines.isEmpty()) return;
        html.append("<h3>").append(title).append("</h3><ul>\n");
        for (String line : lines) html.append("<li>").append(escaped(line)).append("</li>\n");
        html.append("</ul>\n");
    }

    /** Bars of mean duration over time, from zero to a round figure. The drawing stretches; its labels, which are outside, do not. */
    private static void chart(StringBuilder html, List<Trend.Part> parts) {
        if (parts.size() < 2) return;
        double top = roundedUp(parts.stream()
                .mapToDouble(each -> each.statistics().meanMillis())
                .max()
                .orElse(1));
        html.append(
                "<figure><figcaption>Mean duration</figcaption><div class=\"plot\"><div class=\"scale\" aria-hidden=\"true\">");
        for (double mark : new double[] {top, top / 2, 0})
            html.append("<span>")
                    .append(mark == 0 ? "0" : PerformanceView.millis(mark))
                    .append("</span>");
        html.append("</div><svg viewBox=\"0 0 ")
                .append(parts.size())
                .append(
                        " 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"mean duration over time, between 0 and ")
                .append(PerformanceView.millis(top))
                .append("\">\n");
        for (int y : new int[] {0, 50, 100})
            html.append("<line x1=\"0\" x2=\"")
                    .append(parts.size())
                    .append("\" y1=\"")
                    .append(y)
                    .append("\" y2=\"")
                    .append(y)
                    .append("\"/>");
        for (int i = 0; i < parts.size(); i++) {
            Trend.Part part = parts.get(i);
            double height = 100 * part.statistics().meanMillis() / top;
            html.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.2f\" y=\"%.1f\" width=\".8\" height=\"%.1f\" fill=\"var(--bar)\"><title>%s: %s, %d executions</title></rect>%n",
                    i + 0.1,
                    100 - height,
                    height,
                    part.from().toString().substring(0, 16).replace('T', ' '),
                    PerformanceView.millis(part.statistics().meanMillis()),
                    part.statistics().count()));
        }
        html.append("</svg><div class=\"dates\"><span>")
                .append(parts.getFirst().from().toString(), 0, 10)
                .append("</span><span>")
                .append(parts.getLast().from().toString(), 0, 10)
                .append("</span></div></div></figure>\n");
    }

    /** The next of 1, 2, 4, 5, 10, 20, …, so that its half reads well, too; at least one. */
    private static double roundedUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
        for (int step : new int[] {1, 2, 4, 5}) if (step * power >= value) return step * power;
        return 10 * power;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
