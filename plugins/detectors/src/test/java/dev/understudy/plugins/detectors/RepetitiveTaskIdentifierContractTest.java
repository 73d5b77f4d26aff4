package dev.understudy.plugins.detectors;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.testkit.PatternDetectorContract;

class RepetitiveTaskIdentifierContractTest extends PatternDetectorContract {
    @Override
    protected PatternDetector detector() {
        return new RepetitiveTaskIdentifier();
    }
}
