package dev.understudy.sandbox.control.tester;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import java.time.Duration;
import java.util.List;

/**
 * How a suite went.
 *
 * @param suite its name
 * @param cases in the suite's order
 */
public record SuiteResult(String suite, List<CaseResult> cases) {
    public SuiteResult {
        cases = List.copyOf(cases);
    }

    public int passed() {
        return (int) cases.stream()
                .filter(result -> result.verdict() == Verdict.PASSED)
                .count();
    }

    public int failed() {
        return cases.size() - passed();
    }

    /** From 0 to 1; 0 for a suite without cases, which shows nothing. */
    public double successRate() {
        return cases.isEmpty() ? 0 : (double) passed() / cases.size();
    }

    /** Of all runs together, as though one had followed the other. */
    public Duration duration() {
        return cases.stream().map(CaseResult::duration).reduce(Duration.ZERO, Duration::plus);
    }

    /** As a JSON object: {@code {passed, failed, cases: [{name, outcome, durationMillis, problems}]}}. */
    public String toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("passed", passed()).put("failed", failed());
        var list = json.putArray("cases");
        for (CaseResult result : cases) {
            var entry = list.addObject()
                    .put("name", result.name())
                    .put("outcome", result.verdict().id())
                    .put("durationMillis", result.duration().toMillis());
            var problems = entry.putArray("problems");
            result.problems().forEach(problems::add);
        }
        return json.toString();
    }
}
