package dev.understudy.spi.performance;

/**
 * What a step used, as far as it was measured; {@link Double#NaN} stands for what was not.
 *
 * @param cpuPercent mean share of what it was allotted, in percent
 * @param memoryPercent greatest share of what it was allotted, in percent
 */
public record ResourceUse(double cpuPercent, double memoryPercent) {
    /** Nothing was measured. */
    public static final ResourceUse UNKNOWN = new ResourceUse(Double.NaN, Double.NaN);

    public ResourceUse {
        if (cpuPercent < 0 || Double.isInfinite(cpuPercent))
            throw new IllegalArgumentException("cpuPercent must be a percentage, was " + cpuPercent);
        if (memoryPercent < 0 || Double.isInfinite(memoryPercent))
            throw new IllegalArgumentException("memoryPercent must be a percentage, was " + memoryPercent);
    }

    /** Whether anything was measured. */
    public boolean isKnown() {
        return !Double.isNaN(cpuPercent) || !Double.isNaN(memoryPercent);
    }
}
