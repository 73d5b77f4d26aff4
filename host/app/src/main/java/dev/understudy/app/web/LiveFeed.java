package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The clockwork behind live pages: samples the machine, follows the log, and sends what has gathered. */
final class LiveFeed implements AutoCloseable {
    private static final long TURN_MILLIS = 200;
    private static final int TURNS_A_SAMPLE = 5;

    /** Executions that ended longer ago were imported; they are no live points. */
    private static final Duration LIVE = Duration.ofMinutes(1);

    private final Understudy understudy;
    private final EventStream stream;
    private final LivePoints points;
    private final Runs runs;
    private final AnalyticsCache analytics;
    private final Consumer<String> problems;
    private final HostLoad.Source source;
    private final Thread clockwork = Thread.ofPlatform().daemon().name("live").unstarted(this::run);
    private volatile HostLoad load = HostLoad.UNKNOWN;
    private String problem = "";

    LiveFeed(
            Understudy understudy,
            EventStream stream,
            LivePoints points,
            Runs runs,
            AnalyticsCache analytics,
            Consumer<String> problems) {
        this.understudy = understudy;
        this.stream = stream;
        this.points = points;
        this.runs = runs;
        this.analytics = analytics;
        this.problems = problems;
        source = new HostLoad.Source(understudy);
    }

    /** Begins; to be called once. */
    void start() {
        understudy.performance().feed(this::executed);
        understudy.automations().runs().watch(runs);
        clockwork.start();
    }

    private void run() {
        try {
            for (int turn = 0; ; turn++) {
                if (turn % TURNS_A_SAMPLE == 0) guarded(this::sample);
                guarded(this::flush);
                Thread.sleep(TURN_MILLIS);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** What cannot be read now is read the next time. */
    private void guarded(Runnable task) {
        try {
            task.run();
            problem = "";
        } catch (UserException | IllegalStateException e) {
            String said = String.valueOf(e.getMessage());
            // Said once, not five times a second.
            if (!said.equals(problem) && !clockwork.isInterrupted())
                problems.accept("the dashboard is not up to date: " + said);
            problem = said;
        }
    }

    private void flush() {
        if (runs.look()) stream.publishUnkept("changed", JsonNodeFactory.instance.objectNode());
        points.flush(stream);
    }

    private void sample() {
        HostLoad now = source.read();
        load = now;
        long at = Instant.now().toEpochMilli();
        points.sample("cpuPercent", at, now.cpuPercent());
        points.sample("memoryPercent", at, now.memoryPercent());
        points.sample("ioBytesPerSecond", at, now.ioBytesPerSecond());
        points.sample("networkBytesPerSecond", at, now.networkBytesPerSecond());
        points.sample("hostCpuPercent", at, now.hostCpuPercent());
        points.sample("heapBytes", at, now.heapBytes());
        points.sample("runsPerMinute", at, runs.endedInTheLastMinute(at));
        if (stream.hasReaders()) analytics.refresh();
    }

    private void executed(List<WorkflowExecution> executions) {
        if (!stream.hasReaders()) return;
        Instant since = Instant.now().minus(LIVE);
        for (WorkflowExecution each : executions) {
            if (each.end().isBefore(since)) continue;
            points.add("execution/" + each.workflow(), each.end().toEpochMilli(), each.durationMillis());
            for (StepExecution step : each.steps())
                points.add(
                        "step/" + each.workflow() + "/" + step.name(),
                        step.end().toEpochMilli(),
                        step.durationMillis());
        }
    }

    /** Of the machine, as last measured. */
    HostLoad load() {
        return load;
    }

    @Override
    public void close() {
        clockwork.interrupt();
        try {
            // It reads the store, which is closed next.
            clockwork.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
