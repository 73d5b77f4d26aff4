package dev.understudy.core.automation;

import dev.understudy.core.automation.RehearsalResult.CaseResult;
import dev.understudy.core.automation.RehearsalResult.Compared;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is kept of a rehearsal for the person who approves, as JSON. */
final class RehearsalEvidence {
    private static final int MAX_ERROR_LINES = 20;

    private RehearsalEvidence() {}

    static String json(RehearsalResult result) {
        var evidence = new LinkedHashMap<String, Object>();
        evidence.put(
                "cases", result.cases().stream().map(RehearsalEvidence::fields).toList());
        evidence.put("source", result.source().id());
        RehearsalResult.HeldOut heldOut = result.heldOut();
        evidence.put("heldOut", Map.of("reproduced", heldOut.reproduced(), "total", heldOut.total()));
        Compared compared = result.compared();
        evidence.put(
                "compared",
                compared.any() ? Map.of("realProgram", compared.realProgram(), "recorded", compared.recorded()) : null);
        return AutomationFile.json(evidence);
    }

    /** What the evidence of a rehearsal says of comparisons; none for what an earlier release has kept. */
    static Compared compared(String evidenceJson) {
        return AutomationFile.object(evidenceJson).get("compared") instanceof Map<?, ?> compared
                        && compared.get("realProgram") instanceof Integer realProgram
                        && compared.get("recorded") instanceof Integer recorded
                ? new Compared(realProgram, recorded)
                : new Compared(0, 0);
    }

    private static Map<String, Object> fields(CaseResult each) {
        var changes = new ArrayList<Map<String, Object>>();
        for (FileChange change : each.report().changes())
            changes.add(Map.of(
                    "path", change.path().toString(),
                    "kind", change.kind().name().toLowerCase(Locale.ROOT),
                    "diff", change.diff().orElse("")));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", each.name());
        fields.put("passed", each.passed());
        fields.put("heldOut", each.heldOut());
        fields.put("effectsKnown", each.effectsKnown());
        fields.put("outcome", Outcomes.id(each.report().outcome()));
        fields.put("problems", each.problems());
        fields.put("errors", errors(each));
        fields.put("durationMillis", each.report().duration().toMillis());
        fields.put("changes", changes);
        return fields;
    }

    /** The last lines that it printed as errors. */
    private static List<String> errors(CaseResult each) {
        List<String> lines = each.report().output().stream()
                .filter(line -> line.channel().equals("stderr"))
                .map(OutputLine::text)
                .toList();
        return lines.subList(Math.max(0, lines.size() - MAX_ERROR_LINES), lines.size());
    }
}
