package __PACKAGE__;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pf4j.Extension;

/** Begins with the setting in use and then draws evenly. */
@Extension
public final class __CLASS__ implements OptimizerStrategy {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public String description() {
        return "Draws evenly";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new Search() {
            private Optional<Candidate> first = space.current();

            @Override
            public Candidate ask() {
                Optional<Candidate> now = first;
                first = Optional.empty();
                return now.orElseGet(() -> draw(space, random));
            }

            @Override
            public void tell(Trial trial) {
                space.check(trial.candidate());
            }
        };
    }

    private static Candidate draw(SearchSpace space, RandomGenerator random) {
        for (int tries = 0; tries < 10_000; tries++) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Dimension each : space.dimensions())
                if (space.isActive(each, values)) values.put(each.name(), value(each, random));
            if (space.allows(values)) return space.candidate(values, "drawn");
        }
        throw new IllegalStateException("nothing is allowed by " + space.constraints());
    }

    private static Object value(Dimension dimension, RandomGenerator random) {
        return switch (dimension) {
            case Dimension.RealRange range -> random.nextDouble(range.low(), range.high());
            case Dimension.IntegerRange range -> random.nextLong(range.low(), range.high() + 1);
            case Dimension.Ordinal of -> of.levels().get(random.nextInt(of.levels().size()));
            case Dimension.Categorical of -> of.choices().get(random.nextInt(of.choices().size()));
            case Dimension.Flag _ -> random.nextBoolean();
        };
    }
}
