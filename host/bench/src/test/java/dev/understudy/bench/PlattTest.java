package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.bench.Platt.Example;
import dev.understudy.bench.ReliabilityTable.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlattTest {
    @Test
    void findsTheCurveThatTheExamplesWereDrawnFrom() {
        var random = new Random(3);
        var examples = new ArrayList<Example>();
        for (int i = 0; i < 20_000; i++) {
            double x = 8 + random.nextGaussian();
            examples.add(new Example(List.of(x), random.nextDouble() < 1 / (1 + Math.exp(12 - 1.5 * x))));
        }

        double[] weights = Platt.fit(examples);

        assertThat(weights[0]).isEqualTo(-12, within(0.6));
        assertThat(weights[1]).isEqualTo(1.5, within(0.08));
    }

    @Test
    void isReliableOnWhatItHasNotSeen() {
        var random = new Random(4);
        var examples = new ArrayList<Example>();
        for (int i = 0; i < 10_000; i++) {
            double x = random.nextGaussian();
            examples.add(new Example(List.of(x), random.nextDouble() < 1 / (1 + Math.exp(-x))));
        }
        double[] weights = Platt.fit(examples.subList(0, 5000));
        List<Statement> said = examples.subList(5000, 10_000).stream()
                .map(each -> new Statement(Platt.probability(weights, each.figures()), each.held()))
                .toList();

        List<Row> table = ReliabilityTable.rows("made", said);

        assertThat(table.getLast().p50()).isLessThan(0.03);
        assertThat(table).anySatisfy(row -> {
            assertThat(row.name()).isEqualTo("made, said 70 to 90 %");
            assertThat(row.p50()).isBetween(0.7, 0.85);
        });
    }
}
