package dev.understudy.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.tuning.Race.Side;
import dev.understudy.spi.optimization.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RaceBlockTest {
    private final RaceBlock block = new RaceBlock(Direction.MINIMIZE);

    private static TrialRecord trial(double value) {
        return new TrialRecord(Phase.RACE, new Candidate(Map.of(), ""), List.of(value), "", Duration.ZERO);
    }

    private static TrialRecord failed(String why) {
        return new TrialRecord(Phase.RACE, new Candidate(Map.of(), ""), List.of(), why, Duration.ZERO);
    }

    @Test
    void takesAFailureForTheWorstFigureOfTheBlock() {
        block.add(Side.DEFAULT, trial(20));
        block.add(Side.DEFAULT, failed("refused"));
        block.add(Side.CANDIDATE, failed("refused"));
        block.add(Side.CANDIDATE, trial(10));

        assertThat(block.figures(Side.DEFAULT)).containsExactly(20.0, 20.0);
        assertThat(block.figures(Side.CANDIDATE)).containsExactly(10.0, 20.0);
        assertThat(block.withoutFigure()).isEmpty();
    }

    @Test
    void namesTheSideThatHasNoFigureAtAll() {
        block.add(Side.DEFAULT, trial(20));
        block.add(Side.CANDIDATE, failed("refused"));
        block.add(Side.CANDIDATE, failed("crashed"));

        assertThat(block.withoutFigure()).hasValue(Side.CANDIDATE);
        assertThat(block.lastFailure()).isEqualTo("crashed");
    }

    @Test
    void makesACandidateThatFailsMoreOftenLose() {
        var race = new Race(new Candidate(Map.of("x", 1L), ""), Direction.MINIMIZE, 16);
        for (int i = 0; i < 4; i++) {
            block.add(Side.DEFAULT, trial(20));
            block.add(Side.CANDIDATE, i < 2 ? failed("crashed") : trial(10));
        }
        race.add(block, 0);

        assertThat(race.failsMoreOften()).isTrue();
    }
}
