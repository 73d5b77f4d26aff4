package dev.understudy.app;

import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Recommendation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as one HTML file: no script, no other file, charts as SVG, fit for paper. All text from outside is escaped. */
final class ReportPage {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 120;

    static final String STYLE = """
            :root { color-scheme: light dark; --ink: light-dark(#1a1a1a, #e8e8e8); --dim: light-dark(#666, #9a9a9a);
                    --line: light-dark(#ddd, #444); --bar: light-dark(#2463b0, #6aa5ea); --paper: light-dark(#fff, #161616); }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
            h3 { font-size: 1rem; }
            table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            th { color: var(--dim); font-weight: 500; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .tiles { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; } .tiles div { min-width: 7rem; } .tiles b { display: block; font-size: 1.5rem; }
            .dim { color: var(--dim); } svg { width: 100%; height: auto; } .scroll { overflow-x: auto; }
            @media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } table, svg { break-inside: avoid; } }
            """;

    private ReportPage() {}

    static String of(PerformanceReport report) {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Understudy report</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Workflows, ")
                .append(escaped(report.period()))
                .append(" until ")
                .append(report.stretch().to().toString(), 0, 10)
                .append("</h1>\n");
        html.append("<div class=\"tiles\">");
        tile(html, String.valueOf(report.executions()), "executions");
        tile(html, PerformanceView.millis(report.meanMillis()), "on average");
        tile(html, PerformanceView.percent(report.successRate()), "successful");
        tile(
                html,
                report.improvements() + " of " + report.effects().size(),
                "followed recommendations improved something");
        tile(html, String.valueOf(report.opportunities().size()), "opportunities");
        html.append("</div>\n");
        recommendations(
                html,
                "Most worth changing",
                report.opportunities().stream().limit(10).toList());
        for (WorkflowAnalysis each : report.workflows()) workflow(html, report, each);
        return html.append("</body></html>\n").toString();
    }

    private static void tile(StringBuilder html, String figure, String name) {
        html.append("<div><b>")
                .append(escaped(figure))
                .append("</b><span class=\"dim\">")
                .append(name)
                .append("</span></div>");
    }

    private static void recommendations(StringBuilder html, String title, List<Recommendation> recommendations) {
        if (recommendations.isEmpty()) return;
        html.append("<h3>")
                .append(title)
                .append(
                        "</h3><div class=\"scroll\"><table><tr><th>expected</th><th>of</th><th>effort</th><th>risk</th><th>what</th></tr>\n");
        for (Recommendation each : recommendations)
            html.append("<tr><td class=\"n\">")
                    .append(escaped(PerformanceView.interval(each.expectedImprovement())))
                    .append("</td><td>")
                    .append(word(each.objective()))
                    .append("</td><td>")
                    .append(word(each.effort()))
                    .append("</td><td>")
                    .append(word(each.risk()))
                    .append("</td><td>")
                    .append(escaped(each.description()))
                    .append("<br><span class=\"dim\">")
                    .append(escaped(each.recommendationId()))
                    .append("</span></td></tr>\n");
        html.append("</table></div>\n");
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
        chart(html, report.trend(analysis.workflow()));
        html.append(
                        "<div class=\"scroll\"><table><tr><th>step</th><th class=\"n\">times</th><th class=\"n\">mean</th><th class=\"n\">median</th>")
                .append("<th class=\"n\">p95</th><th class=\"n\">p99</th><th class=\"n\">success</th></tr>\n");
        row(html, "whole", analysis.executions());
        for (Map.Entry<String, DurationStatistics> step : analysis.steps().entrySet())
            row(html, step.getKey(), step.getValue());
        html.append("</table></div>\n");
        list(
                html,
                "Bottlenecks",
                analysis.bottlenecks().stream().map(each -> each.description()).toList());
        list(
                html,
                "Getting worse",
                analysis.degradations().stream()
                        .map(each -> each.description() + " (probability " + PerformanceView.percent(each.probability())
                                + ")")
                        .toList());
        recommendations(html, "Worth changing", analysis.recommendations());
    }

    private static void row(StringBuilder html, String name, DurationStatistics found) {
        html.append("<tr><td>").append(escaped(name)).append("</td>");
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

    /** Bars of mean duration over time, from zero. */
    private static void chart(StringBuilder html, List<Trend.Part> parts) {
        if (parts.size() < 2) return;
        double max = parts.stream()
                .mapToDouble(each -> each.statistics().meanMillis())
                .max()
                .orElse(1);
        double width = WIDTH / (double) parts.size();
        html.append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT + 20)
                .append("\" role=\"img\" aria-label=\"mean duration over time, at most ")
                .append(PerformanceView.millis(max))
                .append("\">\n");
        for (int i = 0; i < parts.size(); i++) {
            Trend.Part part = parts.get(i);
            double height = max <= 0 ? 0 : HEIGHT * part.statistics().meanMillis() / max;
            html.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"var(--bar)\"><title>%s: %s, %d executions</title></rect>%n",
                    i * width + 1,
                    HEIGHT - height,
                    Math.max(1, width - 2),
                    height,
                    part.from().toString().substring(0, 16).replace('T', ' '),
                    PerformanceView.millis(part.statistics().meanMillis()),
                    part.statistics().count()));
        }
        html.append("<text x=\"0\" y=\"")
                .append(HEIGHT + 16)
                .append("\" font-size=\"12\" fill=\"var(--dim)\">")
                .append(parts.getFirst().from().toString(), 0, 10)
                .append("</text><text x=\"")
                .append(WIDTH)
                .append("\" y=\"")
                .append(HEIGHT + 16)
                .append("\" font-size=\"12\" text-anchor=\"end\" fill=\"var(--dim)\">")
                .append(parts.getLast().from().toString(), 0, 10)
                .append("</text></svg>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
