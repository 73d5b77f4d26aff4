package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How one case went.
 *
 * @param suite the suite's name
 * @param name the case's
 * @param problems all that was expected and did not hold, one line each; empty if it passed
 * @param report of the run that was tested
 */
public record CaseResult(String suite, String name, List<String> problems, RunReport report) {
    public CaseResult {
        problems = List.copyOf(problems);
    }

    public TestRecord.Verdict verdict() {
        return problems.isEmpty() ? TestRecord.Verdict.PASSED : TestRecord.Verdict.FAILED;
    }

    /** What did not hold first; empty if it passed. */
    public String message() {
        return problems.isEmpty() ? "" : problems.getFirst();
    }

    public Instant started() {
        return report.started();
    }

    /** Of the run that was tested. */
    public Duration duration() {
        return report.duration();
    }

    /** What a history keeps of it. */
    public TestRecord toRecord() {
        return new TestRecord(suite, name, verdict(), message(), report.runId(), started(), duration());
    }
}
