package __PACKAGE__;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.testkit.PatternDetectorContract;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class __CLASS__Test extends PatternDetectorContract {
    @Override
    protected PatternDetector detector() {
        return new __CLASS__();
    }

    @Test
    void findsWhatHappensThreeTimesInAMinute() {
        Instant noon = Instant.parse("2026-11-16T12:00:00Z");
        var detection = detector().start(new PatternDetector.Settings(3, java.time.Duration.ofMinutes(1), 100));
        for (int i = 0; i < 3; i++) occurrence(i, noon.plusSeconds(i)).forEach(detection::accept);

        assertThat(detection.patterns(noon)).singleElement().satisfies(found -> assertThat(found.taskType())
                .isEqualTo("backup"));
    }
}
