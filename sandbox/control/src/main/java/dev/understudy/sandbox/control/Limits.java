package dev.understudy.sandbox.control;

import java.time.Duration;

/**
 * Limits of one run. Each is enforced; one that is hit ends the run with its own {@link RunOutcome.LimitExceeded}.
 *
 * @param wallTime from start to end, from 1 ms to 24 h
 * @param cpuTime used by all its threads and processes together, from 1 ms to 24 h
 * @param memoryBytes of the guest's data, at least 16 MiB, below which no runtime starts
 * @param processes at once, its own included, at least 1
 * @param outputBytes written to standard output, standard error and the log together, and the size of the result
 * @param diskBytes new and changed data in the run's view of the files
 * @param openFiles at once, at least 4
 */
public record Limits(
        Duration wallTime,
        Duration cpuTime,
        long memoryBytes,
        int processes,
        long outputBytes,
        long diskBytes,
        int openFiles) {

    private static final Duration LONGEST = Duration.ofHours(24);

    /** 30 s wall, 10 s CPU, 256 MiB, 32 processes, 1 MiB output, 64 MiB disk, 128 open files. */
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(30), Duration.ofSeconds(10), 256L << 20, 32, 1L << 20, 64L << 20, 128);

    public Limits {
        requireTime("wallTime", wallTime);
        requireTime("cpuTime", cpuTime);
        if (memoryBytes < 16L << 20)
            throw new IllegalArgumentException("memoryBytes must be at least 16777216 (16 MiB), was " + memoryBytes);
        if (processes < 1) throw new IllegalArgumentException("processes must be at least 1, was " + processes);
        if (outputBytes < 0) throw new IllegalArgumentException("outputBytes must not be negative, was " + outputBytes);
        if (diskBytes < 0) throw new IllegalArgumentException("diskBytes must not be negative, was " + diskBytes);
        if (openFiles < 4) throw new IllegalArgumentException("openFiles must be at least 4, was " + openFiles);
    }

    private static void requireTime(String name, Duration value) {
        if (!value.isPositive() || value.compareTo(LONGEST) > 0)
            throw new IllegalArgumentException(name + " must be from 1ms to 24h, was " + value);
    }

    public Limits withWallTime(Duration value) {
        return new Limits(value, cpuTime, memoryBytes, processes, outputBytes, diskBytes, openFiles);
    }

    public Limits withCpuTime(Duration value) {
        return new Limits(wallTime, value, memoryBytes, processes, outputBytes, diskBytes, openFiles);
    }

    public Limits withMemoryBytes(long value) {
        return new Limits(wallTime, cpuTime, value, processes, outputBytes, diskBytes, openFiles);
    }

    public Limits withProcesses(int value) {
        return new Limits(wallTime, cpuTime, memoryBytes, value, outputBytes, diskBytes, openFiles);
    }

    public Limits withOutputBytes(long value) {
        return new Limits(wallTime, cpuTime, memoryBytes, processes, value, diskBytes, openFiles);
    }

    public Limits withDiskBytes(long value) {
        return new Limits(wallTime, cpuTime, memoryBytes, processes, outputBytes, value, openFiles);
    }

    public Limits withOpenFiles(int value) {
        return new Limits(wallTime, cpuTime, memoryBytes, processes, outputBytes, diskBytes, value);
    }
}
