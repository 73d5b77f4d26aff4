package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.Automation;

/** How automations are shown in lists. */
final class AutomationView {
    private AutomationView() {}

    static ObjectNode json(Automation automation) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", automation.id());
        json.put("template", automation.template());
        json.put("language", automation.language());
        json.put("state", automation.state().id());
        json.put("file", automation.file().toString());
        var rehearsal = json.putObject("rehearsal");
        rehearsal.put(
                "passed",
                automation.rehearsal().map(Automation.RehearsalScore::passed).orElse(0));
        rehearsal.put(
                "total",
                automation.rehearsal().map(Automation.RehearsalScore::total).orElse(0));
        json.put("version", automation.version());
        json.put("deployedVersion", automation.deployedVersion().orElse(null));
        json.put("patternId", automation.patternId());
        json.putObject("runs")
                .put("succeeded", automation.runs().succeeded())
                .put("total", automation.runs().total());
        json.put("successRate", automation.runs().successRate().orElse(null));
        return json;
    }

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
