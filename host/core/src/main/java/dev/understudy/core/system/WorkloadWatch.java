package dev.understudy.core.system;

import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what kind of work the machine does, and changes its mind only slowly: another workload must be the answer of
 * {@value #LOOKS_TO_CHANGE} looks in a row, and of {@value #LOOKS_TO_LET_GO} where that is the general one, since a pause of
 * a minute is no other work. {@link #look} is called by one thread, the rest by any.
 */
final class WorkloadWatch {
    static final int LOOKS_TO_CHANGE = 3;
    static final int LOOKS_TO_LET_GO = 12;

    private static final double MIN_CONFIDENCE = 0.5;

    private final Supplier<List<Provided<WorkloadDetector>>> detectors;
    private final Consumer<String> problems;
    private final Set<String> broken = new HashSet<>();
    private Workload challenger = Workload.GENERAL;
    private int looks;
    private volatile DetectedWorkload current;

    /** @param problems hears once of each detector that fails */
    WorkloadWatch(Supplier<List<Provided<WorkloadDetector>>> detectors, Consumer<String> problems, Instant now) {
        this.detectors = detectors;
        this.problems = problems;
        current = new DetectedWorkload(Workload.GENERAL, 0, List.of("nothing has been seen yet"), now, Set.of());
    }

    DetectedWorkload current() {
        return current;
    }

    /** Asks all detectors; the most confident one counts, of equals the first. Empty if there is none that answers. */
    Optional<WorkloadEstimate> estimate(SystemSnapshot average) {
        WorkloadEstimate best = null;
        for (Provided<WorkloadDetector> each : detectors.get()) {
            WorkloadEstimate estimate = ask(each, average);
            if (estimate != null && (best == null || estimate.confidence() > best.confidence())) best = estimate;
        }
        return Optional.ofNullable(best);
    }

    private @Nullable WorkloadEstimate ask(Provided<WorkloadDetector> detector, SystemSnapshot average) {
        try {
            return detector.extension().estimate(average);
        } catch (Exception | LinkageError e) {
            String name = detector.pluginId() + "/" + detector.name();
            if (broken.add(name)) problems.accept("the workload detector " + name + " failed: " + e);
            return null;
        }
    }

    /** Takes averages into account; the workload before, if it is another one now. */
    Optional<DetectedWorkload> look(SystemSnapshot average) {
        Optional<WorkloadEstimate> answer = estimate(average);
        if (answer.isEmpty()) return Optional.empty();
        WorkloadEstimate estimate = answer.get();
        DetectedWorkload before = current;
        if (estimate.workload().equals(before.workload())) {
            looks = 0;
            current = new DetectedWorkload(
                    estimate.workload(),
                    estimate.confidence(),
                    estimate.evidence(),
                    before.since(),
                    estimate.processes());
            return Optional.empty();
        }
        if (estimate.confidence() < MIN_CONFIDENCE) {
            looks = 0;
            return Optional.empty();
        }
        looks = looks > 0 && challenger.equals(estimate.workload()) ? looks + 1 : 1;
        challenger = estimate.workload();
        if (looks < (challenger.equals(Workload.GENERAL) ? LOOKS_TO_LET_GO : LOOKS_TO_CHANGE)) return Optional.empty();
        looks = 0;
        current = new DetectedWorkload(
                challenger, estimate.confidence(), estimate.evidence(), average.at(), estimate.processes());
        return Optional.of(before);
    }
}
