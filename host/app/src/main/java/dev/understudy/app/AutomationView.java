package dev.understudy.app;

import dev.understudy.core.automation.Automation;

/** How automations are shown in lists. */
final class AutomationView {
    private AutomationView() {}

    static Table.Cell state(Automation automation) {
        String text = automation.state().id().replace('_', ' ');
        return switch (automation.state()) {
            case DEPLOYED -> new Table.Cell(text, Style.GREEN);
            case REHEARSED -> new Table.Cell(text, Style.CYAN);
            case DRAFT, SUSPENDED, ROLLED_BACK -> new Table.Cell(text, Style.YELLOW);
            case RETIRED -> new Table.Cell(text, Style.DIM);
        };
    }

    /** The newest version, and the one that runs if that is another. */
    static String version(Automation automation) {
        return automation
                .deployedVersion()
                .filter(deployed -> deployed != automation.version())
                .map(deployed -> automation.version() + " (runs " + deployed + ")")
                .orElse("" + automation.version());
    }

    static Table.Cell rehearsal(Automation automation) {
        return automation
                .rehearsal()
                .map(score -> new Table.Cell(
                        score.passed() + " of " + score.total(), score.allPassed() ? Style.GREEN : Style.RED))
                .orElse(new Table.Cell("not yet", Style.DIM));
    }

    static String runs(Automation automation) {
        return automation.runs().total() == 0
                ? ""
                : automation.runs().succeeded() + " of " + automation.runs().total();
    }
}
