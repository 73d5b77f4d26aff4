package dev.understudy.core.fleet;

import dev.understudy.core.automation.AutomationRuns;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.engine.LoggedFates;
import dev.understudy.core.fleet.Publication.Approved;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Fate;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Does the fleet's runs in this host's sandbox, under its own audit log. Safe for use by several threads. */
public final class AutomationWorker implements FleetWorker {
    private final AutomationRuns runs;
    private final Path userHome;

    /** @param userHome to which relative paths belong */
    public AutomationWorker(AutomationRuns runs, Path userHome) {
        this.runs = runs;
        this.userHome = userHome;
    }

    @Override
    public Ended run(Approved approved, Map<String, String> parameters, String runId, String by)
            throws InterruptedException {
        RunOrder order = RunOrder.of(parameters, RunRequest.Mode.COMMIT, userHome)
                .on(new Occasion("fleet, for " + by, Optional.of(runId), Optional.empty()));
        ScriptRunner.Run run;
        try {
            run = runs.startApprovedElsewhere(approved.file(), order);
        } catch (UserException e) {
            return new Ended("refused", false, "", String.valueOf(e.getMessage()));
        }
        RunReport report;
        try {
            report = run.await();
        } catch (InterruptedException e) {
            run.cancel();
            throw e;
        }
        return ended(runId, approved, report);
    }

    private Ended ended(String runId, Approved approved, RunReport report) {
        String outcome = Outcomes.id(report.outcome());
        return switch (report.outcome()) {
            case RunOutcome.Succeeded succeeded -> new Ended(outcome, true, succeeded.resultJson(), "");
            // As the log has it, which knows what is secret.
            case RunOutcome.Failed _, RunOutcome.LimitExceeded _, RunOutcome.Refused _, RunOutcome.Cancelled _ ->
                new Ended(
                        outcome,
                        false,
                        "",
                        runs.log()
                                .find(approved.file().id(), runId)
                                .map(LoggedRun::error)
                                .orElse(""));
        };
    }

    @Override
    public Fate fate(String automationId, String runId) {
        return LoggedFates.of(runs.log(), automationId, runId);
    }
}
