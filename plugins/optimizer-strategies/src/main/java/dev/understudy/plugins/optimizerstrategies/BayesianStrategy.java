package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Measures where a Gaussian process expects the largest improvement (Jones, Schonlau and Welch, "Efficient global
 * optimization of expensive black-box functions", Journal of Global Optimization 13, 1998), in the whole space.
 */
@Extension
public final class BayesianStrategy implements OptimizerStrategy {
    @Override
    public String name() {
        return "BAYESIAN_ONLY";
    }

    @Override
    public String description() {
        return "Learns a model of the outcome and measures where it promises most";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new BayesianSearch(space, random);
    }

    private static final class BayesianSearch extends RowSearch {
        private final ModelArms arms;

        BayesianSearch(SearchSpace space, RandomGenerator random) {
            super(space, random);
            arms = new ModelArms(encoding, observations, random);
        }

        @Override
        protected Proposal propose() {
            if (arms.isDesigning()) return new Proposal(arms.design(), "first points");
            double @Nullable [] doubted = arms.doubted();
            if (doubted != null) return new Proposal(doubted, "measured again");
            double @Nullable [] owed = arms.owed();
            if (owed != null) return new Proposal(owed, "branch hardly tried");
            // A model that sees nothing but noise would measure one place again and again, so every other row is
            // spread.
            if (arms.model().isBlind() && random.nextBoolean()) return new Proposal(arms.design(), "model is blind");
            double @Nullable [] row = arms.global();
            return row == null ? new Proposal(drawFresh(), "random") : new Proposal(row, "expected improvement");
        }

        @Override
        protected void learn(Point point) {
            arms.learn();
        }

        @Override
        public Optional<Candidate> recommended() {
            return arms.recommended();
        }

        @Override
        public Map<String, Double> importance() {
            return arms.importance();
        }
    }
}
