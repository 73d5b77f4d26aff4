package dev.understudy.core.system;

import dev.understudy.core.system.Machine.Stalls;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import org.jspecify.annotations.Nullable;

/**
 * Turns the kernel's counts of stalled time into shares of the time between two readings. Used by one thread.
 *
 * <p>The kernel brings its totals up to date every two seconds only ({@code PSI_FREQ} in kernel/sched/psi.c), so of readings a
 * second apart one sees nothing and the next more time than has passed. What is too much for one share is left for the next,
 * so that a mean over several loses nothing.
 */
final class StallShares {
    /** More than the kernel can be behind is no lag: the machine slept, or nobody looked. */
    private static final double MAX_LAG_SECONDS = 2;

    private static final double MICROS = 1e6;

    private final Share cpuSome = new Share();
    private final Share memorySome = new Share();
    private final Share memoryFull = new Share();
    private final Share ioSome = new Share();
    private final Share ioFull = new Share();

    /** Null where one of the readings is missing. */
    @Nullable
    Pressure since(@Nullable Stalls before, @Nullable Stalls now, double seconds) {
        if (before == null || now == null) return null;
        return new Pressure(
                cpuSome.of(now.cpuSome() - before.cpuSome(), seconds),
                memorySome.of(now.memorySome() - before.memorySome(), seconds),
                memoryFull.of(now.memoryFull() - before.memoryFull(), seconds),
                ioSome.of(now.ioSome() - before.ioSome(), seconds),
                ioFull.of(now.ioFull() - before.ioFull(), seconds));
    }

    private static final class Share {
        private double leftSeconds;

        double of(long micros, double seconds) {
            double stalled = leftSeconds + Math.max(0, micros) / MICROS;
            double counted = Math.min(stalled, seconds);
            leftSeconds = Math.min(stalled - counted, MAX_LAG_SECONDS);
            return Math.min(1, counted / seconds);
        }
    }
}
