package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.Proposal;
import dev.understudy.sandbox.control.files.UnifiedDiff;
import java.util.Locale;

/** Proposals as JSON. */
public final class ProposalShape {
    private ProposalShape() {}

    /** As every list has it. */
    public static ObjectNode json(Proposal proposal) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("number", proposal.number())
                .put("automationId", proposal.automationId())
                .put("proposedBy", proposal.by())
                .put("at", proposal.at().toString())
                .put("state", proposal.state().id())
                .put("version", proposal.version().orElse(null))
                .put("passed", proposal.rehearsal().passed())
                .put("total", proposal.rehearsal().cases().size());
    }

    /**
     * What its script would change.
     *
     * @param before the text that it would take the place of; empty if none
     */
    public static String diff(Proposal proposal, String before) {
        return UnifiedDiff.of(
                        before.isEmpty() ? "nothing" : proposal.automationId(),
                        before,
                        "proposal " + proposal.number(),
                        proposal.script())
                .orElse("");
    }

    /**
     * All that is to be seen of one before it is decided on.
     *
     * @param file its script, read
     * @param diff to the newest version of its automation; all of the script where there is none
     */
    public static ObjectNode detail(Proposal proposal, AutomationFile file, String diff) {
        ObjectNode json = json(proposal);
        json.put("description", file.description());
        json.put("isolation", file.isolation().id());
        var grants = json.putObject("grants");
        var reads = grants.putArray("reads");
        file.grants().reads().forEach(reads::add);
        var writes = grants.putArray("writes");
        file.grants().writes().forEach(writes::add);
        var hosts = grants.putArray("hosts");
        file.grants().hosts().forEach(hosts::add);
        var programs = grants.putArray("programs");
        file.grants().programs().forEach(programs::add);
        var secrets = grants.putArray("secrets");
        file.grants().secrets().forEach(secrets::add);
        var triggers = json.putArray("triggers");
        file.triggers().all().forEach(trigger -> triggers.add(trigger.key()));
        var cases = json.putArray("cases");
        for (Proposal.Case each : proposal.rehearsal().cases()) {
            ObjectNode tested = cases.addObject()
                    .put("name", each.name())
                    .put("outcome", each.outcome().name().toLowerCase(Locale.ROOT));
            var problems = tested.putArray("problems");
            each.problems().forEach(problems::add);
            var output = tested.putArray("output");
            each.output().forEach(output::add);
            var changes = tested.putArray("changes");
            for (Proposal.Change change : each.changes())
                changes.addObject()
                        .put("path", change.path())
                        .put("kind", change.kind())
                        .put("diff", change.diff());
        }
        json.put("diff", diff);
        return json;
    }
}
