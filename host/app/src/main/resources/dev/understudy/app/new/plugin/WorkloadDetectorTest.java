package __PACKAGE__;

import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.testkit.WorkloadDetectorContract;

class __CLASS__Test extends WorkloadDetectorContract {
    @Override
    protected WorkloadDetector detector() {
        return new __CLASS__();
    }
}
