package dev.understudy.core.optimization;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parameters of a profile as this machine has them. Looks at the machine anew for each call. */
final class Parameters {
    private final Supplier<List<ParameterTarget>> targets;
    private final Supplier<Map<String, Path>> administrator;

    /**
     * @param targets those whose parameters may be advised on
     * @param administrator what somebody has set on purpose, and where
     */
    Parameters(Supplier<List<ParameterTarget>> targets, Supplier<Map<String, Path>> administrator) {
        this.targets = targets;
        this.administrator = administrator;
    }

    /**
     * One that exists here.
     *
     * @param dimension within the profile's bounds
     */
    record Found(ParameterTarget target, TunableParameter parameter, Dimension dimension) {
        String name() {
            return parameter.name();
        }
    }

    /**
     * What a profile's parameters are here.
     *
     * @param usable in the order of the profile
     * @param leftAlone why others are not, one line each
     */
    record Look(List<Found> usable, List<String> leftAlone) {}

    Look look(OptimizationProfile profile) {
        Map<String, Found> known = new LinkedHashMap<>();
        for (ParameterTarget target : targets.get())
            for (TunableParameter each : target.parameters())
                known.putIfAbsent(each.name(), new Found(target, each, each.dimension()));
        Map<String, Path> set = administrator.get();
        var usable = new ArrayList<Found>();
        var leftAlone = new ArrayList<String>();
        for (Bounds bounds : profile.parameters()) {
            Found found = known.get(bounds.parameter());
            // Another kernel, or no Linux at all.
            if (found == null) continue;
            Path file = set.get(found.name());
            Optional<Dimension> dimension = bounds.cut(found.dimension());
            if (file != null) leftAlone.add(found.name() + " is left alone, since " + file + " sets it");
            else if (dimension.isEmpty())
                leftAlone.add(
                        found.name() + " is left alone, since the profile's bounds leave nothing that may be tried");
            else usable.add(new Found(found.target(), found.parameter(), dimension.get()));
        }
        return new Look(usable, leftAlone);
    }
}
