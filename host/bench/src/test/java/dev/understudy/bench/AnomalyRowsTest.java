package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.bench.AnomalyRows.Series;
import dev.understudy.bench.NumentaScore.Window;
import dev.understudy.plugins.recommendations.AlarmRule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnomalyRowsTest {
    /** Noise in which something far from all that was comes up once. */
    private static Series disturbed(String folder, int seed) {
        var random = new Random(seed);
        double[] values = new double[2000];
        for (int i = 0; i < values.length; i++)
            values[i] = 100 + 5 * random.nextGaussian() + (i >= 1500 && i < 1530 ? 80 : 0);
        return new Series(
                folder + "/" + seed, folder, Arrays.stream(values).boxed().toList(), List.of(new Window(1490, 1600)));
    }

    @Test
    void findWhatIsPlainInFoldersForWhichTheRuleWasNotChosen() {
        var rows = new HashMap<String, Row>();
        new AnomalyRows(List.of(disturbed("a", 1), disturbed("a", 2), disturbed("b", 3), disturbed("c", 4)))
                .rows(row -> rows.put(row.name(), row));

        assertThat(row(rows, "numenta standard, leave one folder out").p50()).isGreaterThan(85);
        assertThat(row(rows, "numenta standard, chosen without b").extra()).containsKeys("surprise", "pause");
        assertThat(row(rows, "anomaly, false alarms on quiet made series").p50())
                .isLessThanOrEqualTo(1);
        // By lot it would be 0.06.
        assertThat(row(rows, "anomaly, VUS-PR").p50()).isGreaterThan(0.3);
    }

    private static Row row(Map<String, Row> rows, String name) {
        return Objects.requireNonNull(rows.get(name), name);
    }

    @Test
    void raiseNoAlarmInThePauseAfterOneButForWhatIsFarStranger() {
        double[] surprises = {0, 5, 6, 1, 5, 0};

        assertThat(AnomalyRows.alarms(surprises, new AlarmRule(5, 0))).containsExactly(1, 2, 4);
        assertThat(AnomalyRows.alarms(surprises, new AlarmRule(5, 2))).containsExactly(1, 4);
        assertThat(AnomalyRows.alarms(surprises, new AlarmRule(6, 2))).containsExactly(2);
        // A hundred times less likely than the one before.
        assertThat(AnomalyRows.alarms(new double[] {0, 5, 7, 8, 0}, new AlarmRule(5, 2)))
                .containsExactly(1, 2);
    }
}
