package dev.understudy.spi.testkit;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** A detector that looks at days alone passes the contract, too. */
class CalendarDetectorContractTest extends PatternDetectorContract {
    @Override
    protected PatternDetector detector() {
        return new Daily();
    }

    @Override
    protected Counting counting() {
        return Counting.BY_CALENDAR;
    }

    private static final class Daily implements PatternDetector {
        @Override
        public String name() {
            return "daily";
        }

        @Override
        public Detection start(Settings settings) {
            return new Detection() {
                private final ArrayDeque<Task> latest = new ArrayDeque<>();

                @Override
                public void accept(Task task) {
                    latest.add(task);
                    if (latest.size() > settings.maxTasks()) latest.remove();
                }

                @Override
                public List<TaskPattern> patterns(Instant asOf) {
                    return latest.stream()
                            .collect(Collectors.groupingBy(task -> task.type() + new TreeMap<>(task.parameters())))
                            .entrySet()
                            .stream()
                            .filter(same -> repeats(same.getValue(), settings))
                            .map(same -> TaskPattern.ofSame(
                                    "daily-"
                                            + UUID.nameUUIDFromBytes(
                                                    same.getKey().getBytes(StandardCharsets.UTF_8)),
                                    name(),
                                    same.getValue(),
                                    asOf))
                            .sorted(Comparator.comparingDouble((TaskPattern found) ->
                                            -found.potential().total())
                                    .thenComparing(TaskPattern::id))
                            .toList();
                }
            };
        }

        private static boolean repeats(List<Task> tasks, PatternDetector.Settings settings) {
            return settings.calendar()
                    .filter(calendar -> tasks.stream()
                                    .map(task -> LocalDate.ofInstant(task.timestamp(), calendar.zone()))
                                    .distinct()
                                    .count()
                            >= calendar.recurringDays())
                    .isPresent();
        }
    }
}
