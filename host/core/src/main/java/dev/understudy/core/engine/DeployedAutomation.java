package dev.understudy.core.engine;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.TriggerHost;
import dev.understudy.core.triggers.Triggers;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/** The version of an automation that runs. */
record DeployedAutomation(int version, AutomationFile file) implements TriggerHost.Deployed {
    /** Whether parameters fit depends on no day. */
    private static final LocalDate ANY_DAY = LocalDate.EPOCH;

    @Override
    public Triggers triggers() {
        return file.triggers();
    }

    @Override
    public Optional<String> misfit(Map<String, String> parameters) {
        try {
            file.valuesOf(parameters, ANY_DAY);
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
