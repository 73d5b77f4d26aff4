package dev.understudy.plugins.detectors;

import dev.understudy.spi.PatternDetector;
import org.pf4j.Extension;

/**
 * Finds tasks that follow one another time and again: A then B then C, with other tasks between them, and with what
 * carries over from one to the next.
 */
@Extension
public final class SequenceDetector implements PatternDetector {
    static final String NAME = "sequence";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SequenceDetection start(Settings settings) {
        return new SequenceDetection(settings, ChanceGuard.DEFAULT_CHANCE);
    }
}
