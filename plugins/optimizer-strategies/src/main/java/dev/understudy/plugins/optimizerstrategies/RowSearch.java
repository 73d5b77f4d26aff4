package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.optimization.Trial;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What all searches share: the current setting comes first, trials are put together, and rows become candidates. */
abstract class RowSearch implements OptimizerStrategy.Search {
    private static final int FRESH_DRAWS = 100;

    protected final Encoding encoding;
    protected final Observations observations;
    protected final RandomGenerator random;
    private boolean isCurrentOut;

    RowSearch(SearchSpace space, RandomGenerator random) {
        encoding = new Encoding(space);
        observations = new Observations(encoding);
        this.random = random;
        isCurrentOut = space.current().isEmpty();
    }

    /** A row to measure and how it was found. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    protected record Proposal(double[] row, String origin) {}

    /** Returns the next row, which the constraints allow. */
    protected abstract Proposal propose();

    /** Learns from a point; its figures are in {@link #observations} already. */
    protected void learn(Point point) {}

    @Override
    public final Candidate ask() {
        if (!isCurrentOut) {
            isCurrentOut = true;
            Candidate current = encoding.space().current().orElseThrow();
            if (!observations.knows(encoding.encode(current)))
                return observations.out(new Candidate(current.values(), "current setting"));
        }
        Proposal proposal = propose();
        return observations.out(encoding.decode(proposal.row(), proposal.origin()));
    }

    @Override
    public final void tell(Trial trial) {
        learn(observations.tell(trial));
    }

    @Override
    public Optional<Candidate> recommended() {
        return observations.lowest();
    }

    /** Returns a drawn row, one that is neither told nor out if a few draws find one. */
    protected final double[] drawFresh() {
        double[] row = encoding.firstAllowed(() -> encoding.draw(random));
        for (int i = 0; i < FRESH_DRAWS && observations.knows(row); i++)
            row = encoding.firstAllowed(() -> encoding.draw(random));
        return row;
    }
}
