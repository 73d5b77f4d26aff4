package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.testkit.OptimizerStrategyContract;

class AdaptiveStrategyContractTest extends OptimizerStrategyContract {
    @Override
    protected OptimizerStrategy strategy() {
        return new AdaptiveStrategy();
    }
}
