package dev.understudy.core.optimization;

import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.Objective.Outcome;
import dev.understudy.spi.system.SystemSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The machine's own progress by the profile's weights, against what it did in the first measurement. */
final class MachineYardstick implements Yardstick {
    private final OptimizationProfile profile;
    private final Function<Duration, Optional<SystemSnapshot>> average;
    private final Duration window;
    private @Nullable SystemSnapshot reference;

    MachineYardstick(
            OptimizationProfile profile, Function<Duration, Optional<SystemSnapshot>> average, Duration window) {
        this.profile = profile;
        this.average = average;
        this.window = window;
    }

    @Override
    public Direction direction() {
        return Direction.MAXIMIZE;
    }

    @Override
    public String purpose() {
        return "work done and time not stalled, from 0 to 100";
    }

    @Override
    public void begin() {
        // The monitor counts all the time.
    }

    @Override
    public Outcome end(Duration passed) {
        Optional<SystemSnapshot> measured = average.apply(window);
        if (measured.isEmpty()) return new Objective.Failed("the machine was not sampled");
        if (measured.get().pressure() == null) return new Objective.Failed("the machine did not tell its pressure");
        SystemSnapshot first = reference;
        if (first == null) {
            first = measured.get();
            reference = first;
        }
        return new Objective.Measured(profile.weights().score(profile.workload(), measured.get(), first));
    }
}
