package __PACKAGE__;

import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.testkit.OptimizerStrategyContract;

class __CLASS__Test extends OptimizerStrategyContract {
    @Override
    protected OptimizerStrategy strategy() {
        return new __CLASS__();
    }
}
