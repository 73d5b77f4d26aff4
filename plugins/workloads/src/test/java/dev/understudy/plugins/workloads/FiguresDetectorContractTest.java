package dev.understudy.plugins.workloads;

import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.testkit.WorkloadDetectorContract;

class FiguresDetectorContractTest extends WorkloadDetectorContract {
    @Override
    protected WorkloadDetector detector() {
        return new FiguresDetector();
    }
}
