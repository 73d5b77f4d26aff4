package dev.understudy.core.performance;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Findings that say the same, of which one is shown.
 *
 * @param strongest the one to show
 * @param also the others, strongest first
 */
public record Folded<T>(T strongest, List<T> also) {
    /** What the kinds of bottlenecks come down to; any other stands for itself. */
    private static final Map<String, String> SAME = Map.of(
            "above_threshold", "slow",
            "slow_step", "slow",
            "critical_step", "slow",
            "inconsistent_step", "uneven",
            "high_variance", "uneven");

    public Folded {
        also = List.copyOf(also);
    }

    /** One for each step and what is the matter with it; the order is that of the strongest. */
    static List<Folded<Bottleneck>> bottlenecks(List<Bottleneck> strongestFirst) {
        return by(strongestFirst, each -> List.of(each.step(), SAME.getOrDefault(each.kind(), each.kind())));
    }

    /** One for each series. */
    static List<Folded<Degradation>> degradations(List<Degradation> strongestFirst) {
        return by(strongestFirst, Degradation::series);
    }

    private static <T> List<Folded<T>> by(List<T> strongestFirst, Function<T, Object> subject) {
        Map<Object, List<T>> groups = new LinkedHashMap<>();
        for (T each : strongestFirst)
            groups.computeIfAbsent(subject.apply(each), _ -> new ArrayList<>()).add(each);
        return groups.values().stream()
                .map(group -> new Folded<>(group.getFirst(), group.subList(1, group.size())))
                .toList();
    }
}
