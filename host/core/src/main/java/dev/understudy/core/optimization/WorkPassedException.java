package dev.understudy.core.optimization;

import dev.understudy.spi.system.Workload;

/** The machine does other work by now, so what is measured can no longer be compared. Everything is as it was before. */
final class WorkPassedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WorkPassedException(Workload now) {
        super("the machine does " + now.id() + " by now");
    }
}
