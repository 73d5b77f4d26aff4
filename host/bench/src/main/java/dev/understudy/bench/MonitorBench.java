package dev.understudy.bench;

import com.sun.management.ThreadMXBean;
import dev.understudy.core.system.SystemMonitor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What watching this machine costs, second by second from a cold start, as {@code up} does it. */
final class MonitorBench implements Benchmark {
    private static final int DEFAULT_SECONDS = 45;
    private static final int WARM_UP = 15;

    private int seconds = DEFAULT_SECONDS;

    @Override
    public String name() {
        return "monitor";
    }

    @Override
    public String description() {
        return "What one sample of this machine a second costs: processor time and memory (--seconds N, default 45).";
    }

    @Override
    public Optional<String> option(String name, String value) {
        if (!name.equals("--seconds")) return Optional.of("there is no option '" + name + "'.");
        if (!value.matches("\\d{2,5}") || Integer.parseInt(value) <= WARM_UP)
            return Optional.of(
                    "--seconds must be an integer from " + (WARM_UP + 1) + " to 99999, was '" + value + "'.");
        seconds = Integer.parseInt(value);
        return Optional.empty();
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        SystemMonitor monitor = SystemMonitor.here(Set.of());
        long firstStart = threads.getCurrentThreadCpuTime();
        monitor.sample();
        long opening = threads.getCurrentThreadCpuTime() - firstStart;
        var costs = new ArrayList<Long>();
        long allocated = 0;
        long next = System.nanoTime();
        for (int i = 0; i < seconds; i++) {
            next += TimeUnit.SECONDS.toNanos(1);
            while (System.nanoTime() < next) LockSupport.parkNanos(next - System.nanoTime());
            long cpu = threads.getCurrentThreadCpuTime();
            long bytes = threads.getThreadAllocatedBytes(self);
            monitor.sample();
            if (i < WARM_UP) continue;
            costs.add(threads.getCurrentThreadCpuTime() - cpu);
            allocated += threads.getThreadAllocatedBytes(self) - bytes;
        }
        double mean = costs.stream().mapToLong(Long::longValue).average().orElse(Double.NaN);
        int processes = monitor.latest().map(each -> each.processes().size()).orElse(0);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("goal", 0.5);
        extra.put("note", "after " + WARM_UP + " s; " + processes + " processes did something in the last second");
        List.of(
                        new Row(
                                "one sample a second, mean",
                                "% of a core",
                                mean / 1e7,
                                mean / 1e7,
                                costs.size(),
                                extra),
                        Row.ofNanos(
                                "one sample",
                                costs.stream().mapToLong(Long::longValue).toArray(),
                                Map.of()),
                        new Row("first sample, opening", "ms", opening / 1e6, opening / 1e6, 1, Map.of()),
                        new Row(
                                "allocated by one sample",
                                "kB",
                                allocated / 1e3 / costs.size(),
                                allocated / 1e3 / costs.size(),
                                costs.size(),
                                Map.of()))
                .forEach(found);
    }
}
