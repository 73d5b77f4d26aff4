package dev.understudy.plugins.optimizerstrategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogEiTest {
    /** Worked out with 60 digits from log(phi(z) + z Phi(z)). */
    @ParameterizedTest
    @CsvSource({
        "-10000, -50000019.339619307",
        "-1000, -500014.73445209116",
        "-100, -5010.1295788002498",
        "-20, -206.9178385094251",
        "-5, -16.74430116266099",
        "-1.5, -3.5299359208057099",
        "-0.5, -1.6205162643873199",
        "0, -0.91893853320467274",
        "3, 1.0987396653277078",
        "50, 3.9120230054281461"
    })
    void hasItsFiguresFarFromTheIncumbent(double z, double expected) {
        assertThat(LogEi.logH(z)).isEqualTo(expected, within(1e-9 * Math.abs(expected) + 1e-12));
    }

    @Test
    void growsWithoutAStepWhereTheFormulasMeet() {
        assertThat(LogEi.logH(-1 - 1e-12)).isEqualTo(LogEi.logH(-1 + 1e-12), within(1e-10));
        assertThat(LogEi.mills(3 - 1e-12)).isEqualTo(LogEi.mills(3 + 1e-12), within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-200, -30, -5, -1.5, -0.5, 0, 2})
    void hasTheDerivativesOfItsValue(double z) {
        double deviation = 0.7;
        double mean = -z * deviation;
        double step = 1e-6;
        double byMean = (LogEi.value(mean + step, deviation, 0) - LogEi.value(mean - step, deviation, 0)) / (2 * step);
        double byDeviation =
                (LogEi.value(mean, deviation + step, 0) - LogEi.value(mean, deviation - step, 0)) / (2 * step);
        assertThat(-LogEi.byMean(z) / deviation).isEqualTo(byMean, within(1e-5 * (1 + Math.abs(byMean))));
        assertThat(LogEi.byDeviation(z) / deviation).isEqualTo(byDeviation, within(1e-5 * (1 + Math.abs(byDeviation))));
    }
}
