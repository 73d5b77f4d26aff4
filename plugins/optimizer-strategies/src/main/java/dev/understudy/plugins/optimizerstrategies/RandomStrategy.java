package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.random.RandomGenerator;
import org.pf4j.Extension;

/**
 * Draws evenly: the baseline that any other strategy must beat (Bergstra and Bengio, "Random search for hyper-parameter
 * optimization", JMLR 13, 2012).
 */
@Extension
public final class RandomStrategy implements OptimizerStrategy {
    @Override
    public String name() {
        return "RANDOM";
    }

    @Override
    public String description() {
        return "Draws evenly; a baseline";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new RowSearch(space, random) {
            @Override
            protected Proposal propose() {
                return new Proposal(drawFresh(), "random");
            }
        };
    }
}
