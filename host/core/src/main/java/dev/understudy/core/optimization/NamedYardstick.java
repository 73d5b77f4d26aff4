package dev.understudy.core.optimization;

import dev.understudy.core.profile.NamedObjective;
import dev.understudy.core.profile.NamedObjective.Aim;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.Objective.Outcome;
import dev.understudy.core.tuning.program.CommandObjective;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the objective of a profile says. */
final class NamedYardstick implements Yardstick {
    private final NamedObjective objective;
    private final Source source;

    private NamedYardstick(NamedObjective objective, Source source) {
        this.objective = objective;
        this.source = source;
    }

    private interface Source {
        void begin() throws InterruptedException;

        Outcome end(Duration passed) throws InterruptedException;
    }

    /** @param directory where commands run */
    static Yardstick of(NamedObjective objective, Path directory) {
        return new NamedYardstick(
                objective,
                switch (objective) {
                    case NamedObjective.Command command -> new OfCommand(command, directory);
                    case NamedObjective.Metrics metrics -> new OfMetrics(metrics);
                });
    }

    @Override
    public Direction direction() {
        return switch (objective.direction()) {
            case Aim.MAXIMIZE -> Direction.MAXIMIZE;
            case Aim.MINIMIZE -> Direction.MINIMIZE;
        };
    }

    @Override
    public String purpose() {
        return objective.purpose()
                + switch (objective.direction()) {
                    case Aim.MAXIMIZE -> ", more is better";
                    case Aim.MINIMIZE -> ", less is better";
                };
    }

    @Override
    public void begin() throws InterruptedException {
        source.begin();
    }

    @Override
    public Outcome end(Duration passed) throws InterruptedException {
        return source.end(passed);
    }

    private static final class OfCommand implements Source {
        private final Objective command;

        OfCommand(NamedObjective.Command command, Path directory) {
            this.command = CommandObjective.of(command.text(), command.metric(), directory, command.timeout());
        }

        @Override
        public void begin() {
            // It is asked at the end of the time: a command that looks back then sees this setting alone.
        }

        @Override
        public Outcome end(Duration passed) throws InterruptedException {
            return command.measure(Map.of(), 0);
        }
    }

    private static final class OfMetrics implements Source {
        private final NamedObjective.Metrics metrics;
        private final MetricsPage page;
        private @Nullable MetricsText before;
        private String problem = "";

        OfMetrics(NamedObjective.Metrics metrics) {
            this.metrics = metrics;
            page = new MetricsPage(metrics.url());
        }

        @Override
        public void begin() throws InterruptedException {
            before = null;
            try {
                before = page.read();
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
            }
        }

        @Override
        public Outcome end(Duration passed) throws InterruptedException {
            MetricsText earlier = before;
            if (earlier == null) return new Objective.Failed(problem);
            try {
                OptionalDouble value = page.read().figure(metrics.expression(), earlier, passed);
                return value.isPresent()
                        ? new Objective.Measured(value.getAsDouble())
                        : new Objective.Failed(metrics.expression() + " had nothing to be divided by");
            } catch (IOException e) {
                return new Objective.Failed(String.valueOf(e.getMessage()));
            }
        }
    }
}
