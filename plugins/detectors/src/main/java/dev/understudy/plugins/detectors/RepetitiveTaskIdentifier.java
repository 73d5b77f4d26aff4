package dev.understudy.plugins.detectors;

import dev.understudy.spi.PatternDetector;
import org.pf4j.Extension;

/** Finds tasks of one type that repeat with the same parameters, or with parameters that vary in few places. */
@Extension
public final class RepetitiveTaskIdentifier implements PatternDetector {
    static final String NAME = "repetition";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RepetitionDetection start(Settings settings) {
        return new RepetitionDetection(settings);
    }
}
