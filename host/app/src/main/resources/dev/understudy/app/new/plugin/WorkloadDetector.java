package __PACKAGE__;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.util.List;
import org.pf4j.Extension;

/** Takes a machine that computes most of the time for one that computes. */
@Extension
public final class __CLASS__ implements WorkloadDetector {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public WorkloadEstimate estimate(SystemSnapshot snapshot) {
        double busy = snapshot.processor().user();
        var why = List.of("programs use %.0f %% of the processors".formatted(100 * busy));
        return busy > 0.8
                ? new WorkloadEstimate(Workload.HPC_COMPUTE, busy, why)
                : new WorkloadEstimate(Workload.GENERAL, 0.1, why);
    }
}
