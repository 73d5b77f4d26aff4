package dev.understudy.core.executor;

import dev.understudy.sandbox.control.RunReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures how long runs wait, are in a cell or jail, and are seen to besides. */
final class Monitoring implements Stage {
    private static final int LATEST = 1024;

    private final List<Part> parts = List.of(new Part("queue"), new Part("run"), new Part("cpu"), new Part("executor"));

    private static final class Part {
        private final String name;
        private final long[] latest = new long[LATEST];
        private long count;
        private double sum;

        Part(String name) {
            this.name = name;
        }

        void add(long nanos) {
            latest[(int) (count % LATEST)] = nanos;
            count++;
            sum += nanos;
        }

        StageTimes times() {
            long[] sorted = Arrays.copyOf(latest, (int) Math.min(count, LATEST));
            Arrays.sort(sorted);
            return new StageTimes(
                    name,
                    count,
                    sum / count / 1e3,
                    sorted[(int) Math.ceil(0.50 * sorted.length) - 1] / 1e3,
                    sorted[(int) Math.ceil(0.99 * sorted.length) - 1] / 1e3);
        }
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        long start = System.nanoTime();
        RunReport report = next.run(call);
        long all = System.nanoTime() - start;
        long waited = call.control().waitedNanos();
        long run = Math.min(report.duration().toNanos(), Math.max(0, all - waited));
        add(waited, run, report.usage().cpuTime().toNanos(), Math.max(0, all - waited - run));
        return report;
    }

    private synchronized void add(long... nanos) {
        for (int i = 0; i < nanos.length; i++) parts.get(i).add(nanos[i]);
    }

    synchronized List<StageTimes> times() {
        var times = new ArrayList<StageTimes>();
        for (Part part : parts) if (part.count > 0) times.add(part.times());
        return times;
    }
}
