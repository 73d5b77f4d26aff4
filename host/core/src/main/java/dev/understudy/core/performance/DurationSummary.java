package dev.understudy.core.performance;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Many durations in little space, to which others can be added: count, sum, sum of squares, least and greatest exactly, and
 * the distribution to three significant digits. Used by one thread at a time.
 */
final class DurationSummary {
    private static final int DIGITS = 3;
    private static final int HEADER_BYTES = 3 * Long.BYTES + 4 * Double.BYTES;
    private static final double NANOS_PER_UNIT = 1000;

    private long count;
    private long failures;
    private long bottlenecks;
    private double sumMillis;
    private double squaresMillis2;
    private double minMillis = Double.POSITIVE_INFINITY;
    private double maxMillis;

    /** In microseconds. */
    private final Histogram histogram;

    DurationSummary() {
        this(new Histogram(DIGITS));
        histogram.setAutoResize(true);
    }

    private DurationSummary(Histogram histogram) {
        this.histogram = histogram;
    }

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
        histogram.recordValue(Math.round(durationNanos / NANOS_PER_UNIT));
    }

    /** Takes all of another in. */
    void add(DurationSummary other) {
        count += other.count;
        failures += other.failures;
        bottlenecks += other.bottlenecks;
        sumMillis += other.sumMillis;
        squaresMillis2 += other.squaresMillis2;
        minMillis = Math.min(minMillis, other.minMillis);
        maxMillis = Math.max(maxMillis, other.maxMillis);
        histogram.add(other.histogram);
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
                Math.max(0, squaresMillis2 / count - mean * mean),
                bottlenecks);
    }

    private double percentile(double percent) {
        double millis = histogram.getValueAtPercentile(percent) / 1e3;
        return Math.clamp(millis, minMillis, maxMillis);
    }

    byte[] toBytes() {
        ByteBuffer compressed = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(compressed);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + length);
        bytes.putLong(count).putLong(failures).putLong(bottlenecks);
        bytes.putDouble(sumMillis)
                .putDouble(squaresMillis2)
                .putDouble(minMillis)
                .putDouble(maxMillis);
        return bytes.put(compressed.array(), 0, length).array();
    }

    static DurationSummary of(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        long count = bytes.getLong();
        long failures = bytes.getLong();
        long bottlenecks = bytes.getLong();
        double sum = bytes.getDouble();
        double squares = bytes.getDouble();
        double min = bytes.getDouble();
        double max = bytes.getDouble();
        try {
            // The library reads the array behind the buffer from its start, so it gets one of its own.
            byte[] compressed = new byte[bytes.remaining()];
            bytes.get(compressed);
            Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(compressed), 0);
            histogram.setAutoResize(true);
            var summary = new DurationSummary(histogram);
            summary.count = count;
            summary.failures = failures;
            summary.bottlenecks = bottlenecks;
            summary.sumMillis = sum;
            summary.squaresMillis2 = squares;
            summary.minMillis = min;
            summary.maxMillis = max;
            return summary;
        } catch (DataFormatException e) {
            throw new IllegalStateException("a stored summary of " + stored.length + " bytes is no histogram", e);
        }
    }
}
