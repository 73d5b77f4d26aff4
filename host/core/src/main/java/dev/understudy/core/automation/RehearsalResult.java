package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport;
import java.util.ArrayList;
import java.util.List;

/**
 * How a rehearsal went.
 *
 * @param cases in the order of the file
 * @param compared with what else than the template's own idea of the command the script was held
 * @param source where the cases came from: the file, or its defaults where it has none
 */
public record RehearsalResult(
        String automationId, int version, List<CaseResult> cases, Compared compared, TestRun.Source source) {
    /** What is said of a script that was rehearsed without tests of its own. */
    public static final String PROVES_LITTLE =
            "it has no tests of its own: that it succeeds once with its defaults proves little";

    public RehearsalResult {
        cases = List.copyOf(cases);
    }

    /** The cases that failed. */
    public List<CaseResult> failing() {
        return cases.stream().filter(each -> !each.passed()).toList();
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

    /**
     * In how many situations the script left the same as something that no template wrote.
     *
     * @param realProgram as the program itself, run on the same files
     * @param recorded as the files that observed tasks left
     */
    public record Compared(int realProgram, int recorded) {
        /** Whether there was anything to hold it against. */
        public boolean any() {
            return realProgram > 0 || recorded > 0;
        }

        /** For people, for example {@code same as the real program in 4 situations}. */
        public String described() {
            var parts = new ArrayList<String>();
            if (realProgram > 0) parts.add("the real program in " + counted(realProgram, "situation"));
            if (recorded > 0) parts.add(counted(recorded, "recorded result"));
            return parts.isEmpty() ? NEVER : "same as " + String.join(" and ", parts);
        }

        private static String counted(int count, String what) {
            return count + " " + what + (count == 1 ? "" : "s");
        }
    }

    /** What is said of a script that was held against nothing but its template's own idea of the command. */
    public static final String NEVER = "never compared with the real program";

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
