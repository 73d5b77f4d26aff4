package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.random.RandomGenerator;
import org.pf4j.Extension;

/** Fills the space evenly by a scrambled Sobol sequence; a baseline that leaves no gaps. */
@Extension
public final class QuasiRandomStrategy implements OptimizerStrategy {
    @Override
    public String name() {
        return "QUASI_RANDOM";
    }

    @Override
    public String description() {
        return "Fills the space evenly (scrambled Sobol sequence); a baseline";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new RowSearch(space, random) {
            private final Sobol sobol = new Sobol(encoding.columns(), random);

            @Override
            protected Proposal propose() {
                return new Proposal(encoding.firstAllowed(() -> encoding.fromUnitCube(sobol.next())), "quasi-random");
            }
        };
    }
}
