package dev.understudy.spi.performance;

/**
 * What a step used, as far as it was measured; {@link Double#NaN} stands for what was not.
 *
 * @param cpuPercent mean share of what it was allotted, in percent
 * @param memoryPercent greatest share of what it was allotted, in percent
 * @param ioBytes read from and written to disks
 */
public record ResourceUse(double cpuPercent, double memoryPercent, double ioBytes) {
    /** Nothing was measured. */
    public static final ResourceUse UNKNOWN = new ResourceUse(Double.NaN, Double.NaN);

    /** Use of which I/O was not measured. */
    public ResourceUse(double cpuPercent, double memoryPercent) {
        this(cpuPercent, memoryPercent, Double.NaN);
    }

    public ResourceUse {
        if (cpuPercent < 0 || Double.isInfinite(cpuPercent))
            throw new IllegalArgumentException("cpuPercent must be a percentage, was " + cpuPercent);
        if (memoryPercent < 0 || Double.isInfinite(memoryPercent))
            throw new IllegalArgumentException("memoryPercent must be a percentage, was " + memoryPercent);
        if (ioBytes < 0 || Double.isInfinite(ioBytes))
            throw new IllegalArgumentException("ioBytes must not be negative, was " + ioBytes);
    }

    /** Whether anything was measured. */
    public boolean isKnown() {
        return !Double.isNaN(cpuPercent) || !Double.isNaN(memoryPercent) || !Double.isNaN(ioBytes);
    }
}
