package dev.understudy.plugins.recommendations;

import java.util.Arrays;

/** The latest so many values, in the order of their size. */
final class SortedWindow {
    private final double[] latest;
    private double[] sorted;
    private int count;
    private long seen;

    SortedWindow(int memory) {
        latest = new double[memory];
        sorted = new double[Math.min(memory, 256)];
    }

    int size() {
        return count;
    }

    /** The value that as many are not greater than, from 0. */
    double get(int index) {
        return sorted[index];
    }

    /** The middle one; 0 while there is none. */
    double median() {
        return count == 0 ? 0 : sorted[count / 2];
    }

    /** Takes one more, and forgets the oldest where there is no room. */
    void add(double value) {
        int slot = (int) (seen % latest.length);
        if (seen >= latest.length) remove(latest[slot]);
        latest[slot] = value;
        seen++;
        if (count == sorted.length) sorted = Arrays.copyOf(sorted, Math.min(latest.length, 2 * count));
        int at = Arrays.binarySearch(sorted, 0, count, value);
        if (at < 0) at = -at - 1;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = value;
        count++;
    }

    private void remove(double value) {
        int at = Arrays.binarySearch(sorted, 0, count, value);
        System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
        count--;
    }
}
