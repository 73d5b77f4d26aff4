package dev.understudy.core.advice;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters of targets that advice names, set by way of the journal, so that {@code tune restore} knows them. */
final class AdvisedParameters {
    static final String ACTION = "set_parameter";

    private AdvisedParameters() {}

    /** A parameter and what it shall hold, as its target reads it. */
    record Wanted(ParameterTarget target, TunableParameter parameter, String value) {
        String name() {
            return parameter.name();
        }
    }

    /** Whether it names parameters, and nothing else. */
    static boolean isMeant(List<Change> changes) {
        return !changes.isEmpty()
                && changes.stream().allMatch(each -> each.action().equals(ACTION));
    }

    /** @throws UserException if there is no such parameter here, its value is not allowed, or it cannot be changed */
    static List<Wanted> of(List<Change> changes, List<ParameterTarget> targets) {
        return changes.stream().map(each -> wanted(each, targets)).toList();
    }

    private static Wanted wanted(Change change, List<ParameterTarget> targets) {
        String name = String.valueOf(change.arguments().get("name"));
        Object given = change.arguments().getOrDefault("value", "");
        for (ParameterTarget target : targets) {
            Optional<TunableParameter> found = target.parameter(name);
            if (found.isEmpty()) continue;
            Object value = given instanceof Integer number ? Long.valueOf(number) : given;
            String allowed = found.get().dimension().reject(value);
            if (!allowed.isEmpty())
                throw UserException.badInput(
                        name + " cannot be '" + given + "'", "it must be " + allowed, "Nothing was changed");
            if (!found.get().changeable())
                throw UserException.notAllowed(
                        name + " cannot be changed here", found.get().refusal(), "Nothing was changed");
            if (!found.get().administrator().isEmpty())
                throw UserException.notAllowed(
                        name + " is left alone",
                        "an administrator has set it in " + found.get().administrator(),
                        "'tune set " + name + "=" + given + " --write' sets it all the same");
            return new Wanted(target, found.get(), target.format(found.get().dimension(), value));
        }
        throw UserException.badInput(
                "There is no parameter '" + name + "'",
                "no target knows it on this machine",
                "'tune parameters' lists what there is");
    }

    /**
     * Sets and keeps them.
     *
     * @return what each holds now and held before, one line each; those that held their value already are passed over
     */
    static List<String> set(ParameterJournal journal, String purpose, List<Wanted> wanted) throws InterruptedException {
        var byTarget = new LinkedHashMap<ParameterTarget, Map<String, String>>();
        for (Wanted each : wanted)
            byTarget.computeIfAbsent(each.target(), _ -> new LinkedHashMap<>()).put(each.name(), each.value());
        var held = new LinkedHashMap<String, String>();
        try (Session session = journal.begin(purpose)) {
            for (var each : byTarget.entrySet()) held.putAll(session.set(each.getKey(), each.getValue()));
            for (var each : byTarget.entrySet())
                session.keep(each.getKey(), each.getValue().keySet());
        } catch (IOException e) {
            throw UserException.failed(
                    "The parameters could not be set",
                    String.valueOf(e.getMessage()),
                    "All hold what they held before",
                    e);
        }
        var lines = new ArrayList<String>();
        for (Wanted each : wanted) {
            String now = held.getOrDefault(each.name(), each.value());
            if (!now.equals(each.parameter().value()))
                lines.add(each.name() + ": " + now + " (was " + each.parameter().value() + ")");
        }
        return lines;
    }
}
