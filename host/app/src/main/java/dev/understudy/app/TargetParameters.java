package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.config.NearestWord;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.util.ArrayList;
import java.util.List;

/** What the parameter targets of all plugins offer on this machine now. */
record TargetParameters(List<Offer> offers, List<String> problems) {

    /** A target and its parameters. */
    record Offer(ParameterTarget target, List<TunableParameter> parameters) {}

    /** A parameter and whose it is. */
    record Found(ParameterTarget target, TunableParameter parameter) {}

    static TargetParameters of(Understudy understudy) {
        var offers = new ArrayList<Offer>();
        var problems = new ArrayList<String>();
        for (Provided<ParameterTarget> provided : understudy.plugins().extensions(ParameterTarget.class)) {
            try {
                offers.add(new Offer(
                        provided.extension(), List.copyOf(provided.extension().parameters())));
            } catch (Exception | LinkageError e) {
                problems.add("the parameter target " + provided.name() + " of plugin " + provided.pluginId()
                        + " failed: " + e.getMessage());
            }
        }
        return new TargetParameters(offers, problems);
    }

    /**
     * Finds a parameter by its name.
     *
     * @throws UserException if no target has it
     */
    Found get(String name) {
        var names = new ArrayList<String>();
        for (Offer offer : offers)
            for (TunableParameter parameter : offer.parameters()) {
                if (parameter.name().equals(name)) return new Found(offer.target(), parameter);
                names.add(parameter.name());
            }
        throw UserException.badInput(
                "There is no parameter '" + name + "'",
                names.isEmpty() ? "no target has parameters on this machine" : "no target knows it on this machine",
                NearestWord.to(name, names)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("'tune parameters' lists what there is"));
    }
}
