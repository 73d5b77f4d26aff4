package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Chooses among three ways to a next point by what each has lately brought: expected improvement in the whole space, the same
 * in a trust region, and offspring of the best points among which the model picks.
 *
 * <p>The choice is a probability matching by credit (Fialho, "Adaptive operator selection for optimization", 2010): an arm's
 * credit is how high its latest points rank among all, the latest counting most. Where the model guesses points that it was
 * not shown in a poor order, it is not asked, and rows are drawn as the good points are ({@link DensityRatio}).
 */
@Extension
public final class AdaptiveStrategy implements OptimizerStrategy {
    @Override
    public String name() {
        return "ADAPTIVE";
    }

    @Override
    public String description() {
        return "Divides the trials among model, trust region and breeding by what each brings";
    }

    @Override
    public Search start(SearchSpace space, RandomGenerator random) {
        return new AdaptiveSearch(space, random);
    }

    private enum Arm {
        GLOBAL("expected improvement"),
        REGION("trust region"),
        OFFSPRING("screened offspring"),
        DENSITY("density of good points");

        private final String origin;

        Arm(String origin) {
            this.origin = origin;
        }
    }

    private static final class AdaptiveSearch extends RowSearch {
        private static final double KEPT_CREDIT = 0.8;
        private static final double FIRST_CREDIT = 0.5;
        /** What each arm's credit is raised by, so that none is given up. */
        private static final double LEAST_CREDIT = 0.1;
        /** How much more a high rank counts than a middling one. */
        private static final double RANK_POWER = 4;

        private static final List<Arm> CHOICES = List.of(Arm.GLOBAL, Arm.REGION, Arm.OFFSPRING);

        private final ModelArms arms;
        private final Breeding breeding;
        private final TrustRegion region = new TrustRegion();
        private final Map<Arm, Double> credit = new EnumMap<>(Arm.class);
        private final Map<Map<String, Object>, Arm> origins = new HashMap<>();

        AdaptiveSearch(SearchSpace space, RandomGenerator random) {
            super(space, random);
            arms = new ModelArms(encoding, observations, random);
            breeding = new Breeding(encoding, random);
            for (Arm arm : CHOICES) credit.put(arm, FIRST_CREDIT);
        }

        @Override
        protected Proposal propose() {
            if (arms.isDesigning()) return new Proposal(arms.design(), "first points");
            double @Nullable [] doubted = arms.doubted();
            if (doubted != null) return new Proposal(doubted, "measured again");
            // The density of good rows gives no branch up by itself; a model that is followed does.
            double @Nullable [] owed = arms.model().isPoor() ? null : arms.owed();
            if (owed != null) return new Proposal(owed, "branch hardly tried");
            Arm arm = arms.model().isPoor() ? Arm.DENSITY : choose();
            double @Nullable [] row = switch (arm) {
                case GLOBAL -> arms.global();
                case REGION -> arms.in(region);
                case OFFSPRING -> arms.offspring(breeding);
                case DENSITY -> arms.byDensity();
            };
            if (row == null) return new Proposal(drawFresh(), "random");
            origins.put(encoding.decode(row, "").values(), arm);
            return new Proposal(row, arm.origin);
        }

        private Arm choose() {
            double total = 0;
            for (double each : credit.values()) total += LEAST_CREDIT + each;
            double at = random.nextDouble() * total;
            Arm chosen = Arm.GLOBAL;
            for (Map.Entry<Arm, Double> each : credit.entrySet()) {
                chosen = each.getKey();
                at -= LEAST_CREDIT + each.getValue();
                if (at < 0) break;
            }
            return chosen;
        }

        @Override
        protected void learn(Point point) {
            arms.learn();
            List<Point> ranked = observations.ranked();
            Arm arm = origins.remove(point.candidate().values());
            if (arm == null) return;
            int rank = ranked.indexOf(point);
            double gain = rank < 0 ? 0 : Math.pow(1 - rank / (double) ranked.size(), RANK_POWER);
            if (credit.containsKey(arm))
                credit.merge(arm, gain, (before, now) -> KEPT_CREDIT * before + (1 - KEPT_CREDIT) * now);
            if (arm == Arm.REGION) region.learn(rank == 0);
            breeding.learn(point, ranked);
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
