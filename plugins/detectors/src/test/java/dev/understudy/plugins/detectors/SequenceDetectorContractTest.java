package dev.understudy.plugins.detectors;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.testkit.PatternDetectorContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SequenceDetectorContractTest extends PatternDetectorContract {
    @Override
    protected PatternDetector detector() {
        return new SequenceDetector();
    }

    @Override
    protected List<Task> occurrence(int number, Instant time) {
        List<Task> steps = new ArrayList<>();
        for (String type : List.of("fetch", "unpack", "check", "merge", "publish"))
            steps.add(new Task(
                    type + "-" + number,
                    type,
                    "",
                    Map.of("file", "in/part-" + number + ".zip"),
                    time.plusMillis(steps.size()),
                    Duration.ofMillis(700),
                    true));
        return steps;
    }

    @Override
    protected List<Task> background(Instant before) {
        List<Task> once = new ArrayList<>();
        for (int i = 0; i < 3000; i++)
            once.add(new Task(
                    "once-" + i,
                    "done once " + i,
                    "",
                    Map.of(),
                    before.minusSeconds(60L * (3000 - i)),
                    Duration.ZERO,
                    true));
        return once;
    }
}
