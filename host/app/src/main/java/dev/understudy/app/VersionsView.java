package dev.understudy.app;

import dev.understudy.app.shape.AutomationShape;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationVersion;
import dev.understudy.core.automation.AutomationVersion.Figures;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How the versions of an automation, and the figures of their runs, are shown. */
final class VersionsView {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private VersionsView() {}

    static void print(Console console, Automation automation, List<AutomationVersion> versions) {
        var table = new Table(
                Table.Column.right("version"),
                Table.Column.left("written"),
                Table.Column.left("by"),
                Table.Column.left("rehearsal"),
                Table.Column.left("approved"),
                Table.Column.right("runs"),
                Table.Column.right("succeeded"),
                Table.Column.right("took"),
                Table.Column.right("saved"),
                Table.Column.left(""));
        for (AutomationVersion version : versions) {
            Figures figures = version.figures();
            table.row(
                    new Table.Cell("" + version.version(), Style.BOLD),
                    time(version.created()),
                    version.author().id(),
                    version.rehearsal()
                            .map(score -> score.passed() + " of " + score.total())
                            .orElse("not yet"),
                    version.approved().map(VersionsView::time).orElse("no"),
                    figures.runs() == 0 ? "" : figures.runs(),
                    figures.successRate().map(VersionsView::percent).orElse(""),
                    figures.averageDuration().map(Quantities::duration).orElse(""),
                    figures.timeSaved().map(VersionsView::saved).orElse(""),
                    AutomationShape.isDeployed(automation, version)
                            ? new Table.Cell("runs", Style.GREEN)
                            : version.rolledBack()
                                    .map(_ -> new Table.Cell("rolled back", Style.YELLOW))
                                    .orElse(new Table.Cell("")));
        }
        table.print(console, "");
    }

    static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    /** Time saved; what took longer than it did by hand has a minus. */
    static String saved(Duration saved) {
        return saved.isNegative() ? "-" + Quantities.duration(saved.negated()) : Quantities.duration(saved);
    }
}
