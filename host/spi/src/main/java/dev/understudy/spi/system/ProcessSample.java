package dev.understudy.spi.system;

/**
 * What one process did over a while.
 *
 * @param pid its number
 * @param name of its program without a path, as the system knows it; Linux cuts it after 15 characters
 * @param cpuCores how many cores it used on average, for example 0.25
 * @param systemShare how much of that was spent in the kernel, from 0.0 to 1.0
 * @param memoryBytes resident at the end of the while, shared pages included
 * @param readBytesPerSecond from disks; 0 where the system does not tell, as of other people's processes
 * @param writtenBytesPerSecond to disks; 0 where the system does not tell
 * @param threads how many it has; 0 where the system does not tell
 */
public record ProcessSample(
        long pid,
        String name,
        double cpuCores,
        double systemShare,
        long memoryBytes,
        double readBytesPerSecond,
        double writtenBytesPerSecond,
        int threads) {
    public ProcessSample {
        SystemSnapshot.notNegative("cpuCores", cpuCores);
        if (!(systemShare >= 0 && systemShare <= 1))
            throw new IllegalArgumentException("systemShare must be from 0.0 to 1.0, was " + systemShare);
        SystemSnapshot.notNegative("memoryBytes", memoryBytes);
        SystemSnapshot.notNegative("readBytesPerSecond", readBytesPerSecond);
        SystemSnapshot.notNegative("writtenBytesPerSecond", writtenBytesPerSecond);
        SystemSnapshot.notNegative("threads", threads);
    }

    /** Read and written together. */
    public double ioBytesPerSecond() {
        return readBytesPerSecond + writtenBytesPerSecond;
    }
}
