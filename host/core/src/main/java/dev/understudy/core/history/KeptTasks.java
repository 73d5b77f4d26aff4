package dev.understudy.core.history;

import dev.understudy.spi.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The latest tasks by their time stamps, oldest first, and their ids. Used by one thread at a time. */
final class KeptTasks {

    private static final Comparator<Task> BY_START = Comparator.comparing(Task::timestamp);

    private final int maxTasks;
    private final ArrayList<Task> ordered;
    private final Set<String> ids;

    /** Takes tasks in the order of their time stamps; the latest {@code maxTasks} of them are kept. */
    KeptTasks(List<Task> tasks, int maxTasks) {
        this.maxTasks = maxTasks;
        ordered = new ArrayList<>(tasks.subList(Math.max(0, tasks.size() - maxTasks), tasks.size()));
        ids = HashSet.newHashSet(ordered.size());
        for (Task task : ordered) ids.add(task.id());
    }

    List<Task> list() {
        return List.copyOf(ordered);
    }

    int size() {
        return ordered.size();
    }

    /** Starts to collect tasks that may be kept. */
    Incoming incoming() {
        return new Incoming();
    }

    /** Keeps what was collected. */
    void keep(Incoming incoming) {
        List<Task> survivors = incoming.survivors();
        ids.addAll(incoming.survivorIds());
        boolean late = !ordered.isEmpty()
                && !survivors.isEmpty()
                && survivors.getFirst().timestamp().isBefore(ordered.getLast().timestamp());
        ordered.addAll(survivors);
        if (late) ordered.sort(BY_START);
        int surplus = ordered.size() - maxTasks;
        if (surplus <= 0) return;
        List<Task> oldest = ordered.subList(0, surplus);
        for (Task task : oldest) ids.remove(task.id());
        oldest.clear();
    }

    enum Redaction {
        NO_SECRETS,
        REPLACED_SECRETS
    }

    /**
     * Tasks on their way in, of which never more than twice as many are held as are kept.
     *
     * <p>Once the history is full, a task that is no later than the oldest one kept is too old, even if it was never seen:
     * it would be the next to go, and importing a long file twice must add nothing.
     */
    final class Incoming {
        private final ArrayList<Task> tasks = new ArrayList<>();
        private final Set<String> newIds = new HashSet<>();
        /** Those of them in which a secret was replaced. */
        private final Set<String> redactedIds = new HashSet<>();

        private @Nullable Instant horizon =
                ordered.size() < maxTasks ? null : ordered.getFirst().timestamp();
        private long tooOld;
        private long alreadyKnown;

        void offer(Task task, Redaction redaction) {
            if (ids.contains(task.id()) || newIds.contains(task.id())) {
                alreadyKnown++;
                return;
            }
            if (horizon != null && !task.timestamp().isAfter(horizon)) {
                tooOld++;
                return;
            }
            tasks.add(task);
            newIds.add(task.id());
            if (redaction == Redaction.REPLACED_SECRETS) redactedIds.add(task.id());
            if (tasks.size() > 2L * maxTasks) dropOldest(tasks.size() - maxTasks);
        }

        private void dropOldest(int count) {
            tasks.sort(BY_START);
            List<Task> oldest = tasks.subList(0, count);
            for (Task task : oldest) {
                newIds.remove(task.id());
                redactedIds.remove(task.id());
            }
            Instant latestDropped = oldest.getLast().timestamp();
            if (horizon == null || latestDropped.isAfter(horizon)) horizon = latestDropped;
            oldest.clear();
            tooOld += count;
        }

        /** Leaves only what will be kept beside the tasks that were there before; to be called once, at the end. */
        void settle() {
            tasks.sort(BY_START);
            int surplus = ordered.size() + tasks.size() - maxTasks;
            int fromOrdered = 0;
            int fromIncoming = 0;
            for (int i = 0; i < surplus; i++) {
                boolean olderIsKept = fromOrdered < ordered.size()
                        && (fromIncoming >= tasks.size()
                                || BY_START.compare(ordered.get(fromOrdered), tasks.get(fromIncoming)) <= 0);
                if (olderIsKept) fromOrdered++;
                else fromIncoming++;
            }
            if (fromIncoming > 0) dropOldest(fromIncoming);
        }

        List<Task> survivors() {
            return tasks;
        }

        private Set<String> survivorIds() {
            return newIds;
        }

        int redacted() {
            return redactedIds.size();
        }

        long tooOld() {
            return tooOld;
        }

        long alreadyKnown() {
            return alreadyKnown;
        }
    }
}
