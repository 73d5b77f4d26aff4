package dev.understudy.app;

import dev.understudy.core.tuning.Phase;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.core.tuning.program.Tuning;
import dev.understudy.spi.optimization.Candidate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A session as one HTML file in the manner of {@link ReportPage}: no script, no other file, charts as SVG. */
final class TunePage {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 60;
    private static final int BOTTOM = 24;
    private static final int BAR_HEIGHT = 22;
    private static final int NAME_WIDTH = 200;

    private final Tuning tuning;
    private final TuningResult result;
    private final TuneView view;
    private final StringBuilder html = new StringBuilder();

    private TunePage(Tuning tuning, TuningResult result) {
        this.tuning = tuning;
        this.result = result;
        view = new TuneView(tuning, result);
    }

    static String of(Tuning tuning, TuningResult result) {
        return new TunePage(tuning, result).html();
    }

    private String html() {
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Understudy: tuning session ")
                .append(tuning.id())
                .append("</title><style>")
                .append(ReportPage.STYLE)
                .append("</style></head><body>\n<h1>")
                .append(ReportPage.escaped(tuning.profile().purpose()))
                .append("</h1>\n<p><b>")
                .append(ReportPage.escaped(view.verdict()))
                .append("</b></p>\n");
        if (result.verdict() instanceof Verdict.Improved improved) settings(improved.candidate());
        html.append("<ul>\n");
        for (String line : view.race()) item(line);
        item(view.drift());
        for (String line : result.warnings()) item(line);
        html.append("</ul>\n");
        convergence();
        importance();
        html.append("<p class=\"dim\">Session ")
                .append(tuning.id())
                .append(", ")
                .append(result.trials().size())
                .append(" trials, ")
                .append(result.failures())
                .append(" failed, ")
                .append(Quantities.duration(result.spent()))
                .append(", strategy ")
                .append(ReportPage.escaped(tuning.strategy()))
                .append(", seed ")
                .append(tuning.plan().seed())
                .append(".</p>\n");
        return html.append("</body></html>\n").toString();
    }

    private void item(String line) {
        html.append("<li>").append(ReportPage.escaped(line)).append("</li>\n");
    }

    private void settings(Candidate best) {
        html.append(
                "<div class=\"scroll\"><table><tr><th>parameter</th><th class=\"n\">default</th><th class=\"n\">best</th></tr>\n");
        Map<String, Object> defaults = result.defaultSetting().values();
        best.values()
                .forEach((name, value) -> html.append("<tr><td>")
                        .append(ReportPage.escaped(name))
                        .append("</td><td class=\"n\">")
                        .append(ReportPage.escaped(shown(defaults.getOrDefault(name, "–"))))
                        .append("</td><td class=\"n\">")
                        .append(ReportPage.escaped(shown(value)))
                        .append("</td></tr>\n"));
        html.append("</table></div>\n");
        List<String> commands = view.commands(best);
        if (commands.isEmpty()) return;
        html.append("<p>")
                .append(tuning.canKeep() ? "To apply it:" : "To run with it:")
                .append("</p><pre>");
        for (String command : commands) html.append(ReportPage.escaped(command)).append('\n');
        html.append("</pre>\n");
    }

    private static String shown(Object value) {
        return value instanceof Double number ? TuneView.figure(number) : value.toString();
    }

    /** What was measured as points, the best so far as a line. */
    private void convergence() {
        List<TuneChart.Point> points =
                TuneChart.points(result.trials(), tuning.plan().direction());
        if (points.size() < 2) return;
        double low = points.stream().mapToDouble(TuneChart.Point::value).min().orElse(0);
        double high = points.stream().mapToDouble(TuneChart.Point::value).max().orElse(0);
        double range = high > low ? high - low : 1;
        html.append("<h2>Convergence</h2>\n<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT + BOTTOM)
                .append("\" role=\"img\" aria-label=\"figure of each trial and the best so far, from ")
                .append(TuneView.figure(low))
                .append(" to ")
                .append(TuneView.figure(high))
                .append("\">\n");
        var line = new StringBuilder();
        for (TuneChart.Point point : points) {
            double x = LEFT
                    + (WIDTH - LEFT - 8.0)
                            * (point.number() - 1)
                            / Math.max(1, result.trials().size() - 1);
            double y = 8 + (HEIGHT - 16) * (high - point.value()) / range;
            double best = 8 + (HEIGHT - 16) * (high - point.best()) / range;
            if (line.isEmpty()) line.append('M').append(number(x)).append(' ').append(number(best));
            else line.append('H').append(number(x)).append('V').append(number(best));
            html.append("<circle cx=\"")
                    .append(number(x))
                    .append("\" cy=\"")
                    .append(number(y))
                    .append("\" r=\"3\" fill=\"")
                    .append(point.phase() == Phase.RACE ? "none\" stroke=\"var(--ink)" : "var(--dim)")
                    .append("\"><title>trial ")
                    .append(point.number())
                    .append(", ")
                    .append(point.phase().id())
                    .append(": ")
                    .append(TuneView.figure(point.value()))
                    .append("</title></circle>\n");
        }
        html.append("<path d=\"").append(line).append("\" fill=\"none\" stroke=\"var(--bar)\" stroke-width=\"2\"/>\n");
        text(LEFT - 6, 14, "end", TuneView.figure(high));
        text(LEFT - 6, HEIGHT - 4, "end", TuneView.figure(low));
        text(LEFT, HEIGHT + 16, "start", "trial 1");
        text(WIDTH - 4, HEIGHT + 16, "end", "trial " + result.trials().size());
        html.append(
                "</svg>\n<p class=\"dim\">Points are trials, rings those of the race; the line is the best so far.</p>\n");
    }

    private void importance() {
        if (result.importance().isEmpty()) return;
        html.append("<h2>Importance of each parameter by itself</h2>\n<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(result.importance().size() * BAR_HEIGHT)
                .append("\" role=\"img\" aria-label=\"importance of parameters\">\n");
        List<Map.Entry<String, Double>> bars = result.importance().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        for (int i = 0; i < bars.size(); i++) {
            int y = i * BAR_HEIGHT;
            double width = (WIDTH - NAME_WIDTH - 60) * Math.clamp(bars.get(i).getValue(), 0.0, 1.0);
            text(NAME_WIDTH - 8, y + 15, "end", bars.get(i).getKey());
            html.append("<rect x=\"")
                    .append(NAME_WIDTH)
                    .append("\" y=\"")
                    .append(y + 3)
                    .append("\" width=\"")
                    .append(number(Math.max(1, width)))
                    .append("\" height=\"")
                    .append(BAR_HEIGHT - 6)
                    .append("\" fill=\"var(--bar)\"/>\n");
            text(
                    NAME_WIDTH + (int) width + 8,
                    y + 15,
                    "start",
                    PerformanceView.percent(bars.get(i).getValue()));
        }
        html.append("</svg>\n");
    }

    private void text(int x, int y, String anchor, String text) {
        html.append("<text x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\" font-size=\"12\" text-anchor=\"")
                .append(anchor)
                .append("\" fill=\"var(--dim)\">")
                .append(ReportPage.escaped(text))
                .append("</text>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
