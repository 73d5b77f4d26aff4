package dev.understudy.core.performance;

import java.nio.ByteBuffer;

/**
 * Many durations in little space, to which others can be added: count, sum, sum of squares, least and greatest exactly, and the
 * distribution by {@link DurationHistogram}. Used by one thread at a time.
 */
final class DurationSummary {
    private static final byte FORMAT = 1;
    private static final double NANOS_PER_MICRO = 1000;

    private long count;
    private long failures;
    private long bottlenecks;
    private double sumMillis;
    private double squaresMillis2;
    private double minMillis = Double.POSITIVE_INFINITY;
    private double maxMillis;

    /** In microseconds. */
    private final DurationHistogram histogram = new DurationHistogram();

    /** Takes one duration in. */
    void add(long durationNanos, boolean success, boolean bottleneck) {
        double millis = durationNanos / 1e6;
        count++;
        if (!success) failures++;
        if (bottleneck) bottlenecks++;
        sumMillis += millis;
        squaresMillis2 += millis * millis;
        minMillis = Math.min(minMillis, millis);
        maxMillis = Math.max(maxMillis, millis);
        histogram.add(Math.round(durationNanos / NANOS_PER_MICRO));
    }

    /** Takes all of another in. */
    void add(DurationSummary other) {
        add(other.toBytes());
    }

    /**
     * Takes all of another in, as it was written by {@link #toBytes}.
     *
     * @throws IllegalStateException if it was not
     */
    void add(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        byte format = bytes.get();
        if (format != FORMAT)
            throw new IllegalStateException(
                    "a stored summary of " + stored.length + " bytes has the unknown format " + format);
        count += Varint.read(bytes);
        failures += Varint.read(bytes);
        bottlenecks += Varint.read(bytes);
        sumMillis += bytes.getDouble();
        squaresMillis2 += bytes.getDouble();
        minMillis = Math.min(minMillis, bytes.getDouble());
        maxMillis = Math.max(maxMillis, bytes.getDouble());
        histogram.add(bytes);
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 3 * Varint.MAX_BYTES + 4 * Double.BYTES + histogram.maxBytes());
        bytes.put(FORMAT);
        Varint.write(bytes, count);
        Varint.write(bytes, failures);
        Varint.write(bytes, bottlenecks);
        bytes.putDouble(sumMillis)
                .putDouble(squaresMillis2)
                .putDouble(minMillis)
                .putDouble(maxMillis);
        histogram.write(bytes);
        byte[] written = new byte[bytes.position()];
        bytes.flip().get(written);
        return written;
    }

    /** What it says; percentiles to three digits. */
    DurationStatistics statistics() {
        if (count == 0) return DurationStatistics.NONE;
        double mean = sumMillis / count;
        return new DurationStatistics(
                count,
                1 - failures / (double) count,
                mean,
                percentile(50),
                percentile(95),
                percentile(99),
                minMillis,
                maxMillis,
                count == 1 ? 0 : Math.max(0, squaresMillis2 - count * mean * mean) / (count - 1) / 1e6,
                bottlenecks);
    }

    private double percentile(double percent) {
        return Math.clamp(histogram.percentile(percent) / 1e3, minMillis, maxMillis);
    }
}
