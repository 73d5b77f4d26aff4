package dev.understudy.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.SearchSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MainEffectsTest {
    private static final SearchSpace SPACE = SearchSpace.builder()
            .real("matters", 0, 1)
            .integer("does_not", 0, 9)
            .categorical("counts", "a", "b")
            .build();

    @Test
    void tellsWhatMattersFromWhatDoesNot() {
        var random = new Random(11);
        var trials = new ArrayList<TrialRecord>();
        for (int i = 0; i < 60; i++) {
            double x = random.nextDouble();
            String letter = random.nextBoolean() ? "a" : "b";
            Map<String, Object> values = Map.of("matters", x, "does_not", (long) random.nextInt(10), "counts", letter);
            double figure = 10 * x + (letter.equals("a") ? 2 : 0) + 0.1 * random.nextGaussian();
            trials.add(new TrialRecord(Phase.SEARCH, Candidate.of(values), List.of(figure), "", Duration.ZERO));
        }
        Map<String, Double> effects = MainEffects.of(SPACE, trials);
        // The variance of 10 x is 8.3, that of the letter's 2 is 1.
        assertThat(effects.get("matters")).isBetween(0.7, 0.95);
        assertThat(effects.get("counts")).isBetween(0.02, 0.3);
        assertThat(effects.get("does_not")).isLessThan(0.1);
    }

    @Test
    void saysNothingOfAFewTrials() {
        assertThat(MainEffects.of(SPACE, List.of())).isEmpty();
    }
}
