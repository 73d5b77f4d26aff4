package dev.understudy.plugins.workloads;

import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.testkit.WorkloadDetectorContract;

class ProcessDetectorContractTest extends WorkloadDetectorContract {
    @Override
    protected WorkloadDetector detector() {
        return new ProcessDetector();
    }
}
