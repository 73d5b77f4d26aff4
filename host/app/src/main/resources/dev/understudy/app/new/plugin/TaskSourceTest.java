package __PACKAGE__;

import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;

class __CLASS__Test extends TaskSourceContract {
    @Override
    protected TaskSource source() {
        return new __CLASS__();
    }

    @Override
    protected Sample sample() {
        return new Sample("tasks.log", "2026-11-16T09:00:00Z backup photos\n2026-11-16T09:05:00Z tidy\n", 2);
    }
}
