package dev.understudy.sandbox.control.tester;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps the latest results. Safe for use by several threads. */
public interface TestHistory {
    /** How many results are kept where nothing else is configured. */
    int DEFAULT_CAPACITY = 1000;

    /** Keeps a result; the oldest one goes if there is no room. */
    void add(TestRecord result);

    /** The latest results, newest first. */
    List<TestRecord> latest(int max);

    /** A history that ends with the process. */
    static TestHistory inMemory(int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        return new TestHistory() {
            private final Deque<TestRecord> kept = new ArrayDeque<>();

            @Override
            public synchronized void add(TestRecord result) {
                if (kept.size() == capacity) kept.removeLast();
                kept.addFirst(result);
            }

            @Override
            public synchronized List<TestRecord> latest(int max) {
                return kept.stream().limit(max).toList();
            }
        };
    }
}
