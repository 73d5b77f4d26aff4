package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport;
import java.util.List;

/**
 * How a rehearsal went.
 *
 * @param cases in the order of the file
 */
public record RehearsalResult(String automationId, int version, List<CaseResult> cases) {
    public RehearsalResult {
        cases = List.copyOf(cases);
    }

    public int passed() {
        return Math.toIntExact(cases.stream().filter(CaseResult::passed).count());
    }

    public int total() {
        return cases.size();
    }

    /**
     * How one case went.
     *
     * @param problems what was not as expected, one line each; empty if it passed
     */
    public record CaseResult(String name, List<String> problems, RunReport report) {
        public CaseResult {
            problems = List.copyOf(problems);
        }

        public boolean passed() {
            return problems.isEmpty();
        }
    }
}
