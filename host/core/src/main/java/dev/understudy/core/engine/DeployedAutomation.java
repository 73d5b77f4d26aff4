package dev.understudy.core.engine;

import dev.understudy.core.UserException;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.triggers.TriggerHost;
import dev.understudy.core.triggers.Triggers;
import java.util.Map;
import java.util.Optional;

/** The version of an automation that runs. */
record DeployedAutomation(int version, AutomationFile file) implements TriggerHost.Deployed {
    @Override
    public Triggers triggers() {
        return file.triggers();
    }

    @Override
    public Optional<String> misfit(Map<String, String> parameters) {
        try {
            file.valuesOf(parameters);
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
