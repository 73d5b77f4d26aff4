package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.List;
import java.util.random.RandomGenerator;
import org.pf4j.Extension;

/** Breeds new points from the best so far, after an even design; needs no model and no order among values. */
@Extension
public final class GeneticStrategy implements OptimizerStrategy {
    private static final int TRIES = 20;

    @Override
    public String name() {
        return "GENETIC_ONLY";
    }

    @Override
    public String description() {
        return "Breeds new points from the best so far";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new GeneticSearch(space, random);
    }

    private static final class GeneticSearch extends RowSearch {
        private static final int FIRST_POINTS = 10;

        private final Sobol sobol;
        private final Breeding breeding;
        private int designed;

        GeneticSearch(SearchSpace space, RandomGenerator random) {
            super(space, random);
            sobol = new Sobol(encoding.columns(), random);
            breeding = new Breeding(encoding, random);
        }

        @Override
        protected Proposal propose() {
            List<Point> ranked = observations.ranked();
            if (designed < FIRST_POINTS || ranked.isEmpty()) {
                designed++;
                return new Proposal(encoding.firstAllowed(() -> encoding.fromUnitCube(sobol.next())), "first points");
            }
            var success = new Success(encoding, observations);
            for (int i = 0; i < TRIES; i++) {
                double[] child = breeding.child(ranked);
                boolean isNew = encoding.allows(child) && !observations.knows(child);
                if (isNew && Math.log(1 - random.nextDouble()) <= success.log(child))
                    return new Proposal(child, "offspring");
            }
            return new Proposal(drawFresh(), "random");
        }

        @Override
        protected void learn(Point point) {
            if (designed >= FIRST_POINTS) breeding.learn(point, observations.ranked());
        }
    }
}
