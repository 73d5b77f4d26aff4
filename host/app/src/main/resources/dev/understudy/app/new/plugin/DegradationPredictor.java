package __PACKAGE__;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pf4j.Extension;

/** Compares the second half of a series with the first: worse is all of it above all of what was. */
@Extension
public final class __CLASS__ implements DegradationPredictor {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public List<Degradation> predict(MetricSeries series) {
        double[] values = series.values();
        int half = values.length / 2;
        if (half < 5) return List.of();
        double before = Arrays.stream(values, 0, half).max().orElseThrow();
        double now = Arrays.stream(values, half, values.length).min().orElseThrow();
        if (now <= before) return List.of();
        return List.of(new Degradation(
                name(),
                series.name(),
                "higher",
                "no value of the later half is below %.1f; before, none was above %.1f".formatted(now, before),
                0.9,
                series.points().get(half).time(),
                Optional.empty(),
                Map.of("lowest_now", now, "highest_before", before)));
    }
}
