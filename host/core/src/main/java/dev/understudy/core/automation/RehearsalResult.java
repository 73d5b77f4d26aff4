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

    /** How many cases were tasks that the script was not written from, and how many of those it reproduced. */
    public HeldOut heldOut() {
        List<CaseResult> held = cases.stream().filter(CaseResult::heldOut).toList();
        return new HeldOut(
                Math.toIntExact(held.stream().filter(CaseResult::passed).count()), held.size());
    }

    /** See {@link RehearsalResult#heldOut}. */
    public record HeldOut(int reproduced, int total) {
        public boolean allReproduced() {
            return reproduced == total;
        }
    }

    /**
     * How one case went.
     *
     * @param problems what was not as expected, one line each; empty if it passed
     * @param heldOut whether it is a task that the script was not written from
     * @param effectsKnown whether the case says which files must have changed
     */
    public record CaseResult(
            String name, List<String> problems, RunReport report, boolean heldOut, boolean effectsKnown) {
        public CaseResult {
            problems = List.copyOf(problems);
        }

        public boolean passed() {
            return problems.isEmpty();
        }
    }
}
