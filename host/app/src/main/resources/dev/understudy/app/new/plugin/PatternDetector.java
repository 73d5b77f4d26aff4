package __PACKAGE__;

import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Finds tasks that are the same in every parameter. */
@Extension
public final class __CLASS__ implements PatternDetector {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public Detection start(Settings settings) {
        return new Same(settings);
    }

    private final class Same implements Detection {
        private final Settings settings;
        private final ArrayDeque<Task> latest = new ArrayDeque<>();

        Same(Settings settings) {
            this.settings = settings;
        }

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
                    .filter(same -> settings.isMetWithinWindow(
                            same.getValue().stream().map(Task::timestamp).toList()))
                    .map(same -> TaskPattern.ofSame(id(same.getKey()), name(), same.getValue(), asOf))
                    .sorted(Comparator.comparingDouble((TaskPattern found) -> -found.potential().total())
                            .thenComparing(TaskPattern::id))
                    .toList();
        }

        private String id(String key) {
            return name() + "-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        }
    }
}
