package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets a real monitor look at the real machine, as {@code up} does. */
final class SecondBySecond {
    private SecondBySecond() {}

    /** The mean over the next seconds, of which each was sampled. */
    static SystemSnapshot seen(SystemMonitor monitor, int seconds) throws IOException {
        monitor.sample();
        long next = System.nanoTime();
        for (int i = 0; i < seconds; i++) {
            next += TimeUnit.SECONDS.toNanos(1);
            while (System.nanoTime() < next) LockSupport.parkNanos(next - System.nanoTime());
            monitor.sample();
        }
        return monitor.average(Duration.ofSeconds(seconds)).orElseThrow();
    }
}
