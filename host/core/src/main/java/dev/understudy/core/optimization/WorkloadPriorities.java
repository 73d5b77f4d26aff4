package dev.understudy.core.optimization;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.core.tuning.process.ProcessPriorities;
import dev.understudy.core.tuning.process.ProcessSetting;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the processes that do the machine's work before others for as long as it does that work. A process that somebody has
 * given another turn than the usual one keeps it. Safe for use by several threads.
 */
final class WorkloadPriorities implements AutoCloseable {
    private static final String USUAL_NICE = "0";
    private static final String USUAL_IO_CLASS = "none";

    private final ParameterJournal journal;
    private final ProcessPriorities priorities = new ProcessPriorities();
    private @Nullable Session session;

    WorkloadPriorities(ParameterJournal journal) {
        this.journal = journal;
    }

    /** What suits the processes of a kind of work. */
    private static Map<ProcessSetting, String> suitable(Workload workload) {
        return switch (workload.id()) {
            case "database" -> Map.of(ProcessSetting.NICE, "-5", ProcessSetting.IO_CLASS, "best-effort:2");
            case "io_intensive" -> Map.of(ProcessSetting.IO_CLASS, "best-effort:2");
            case "general" -> Map.of();
            // A plugin that names processes for work of its own does so that they be put first.
            default -> Map.of(ProcessSetting.NICE, "-5");
        };
    }

    /**
     * Puts these processes before others, in place of those of before.
     *
     * @return how many have another turn now
     * @throws UserException if the journal cannot be used
     */
    synchronized int follow(Workload workload, Set<Long> processes) throws InterruptedException {
        close();
        Map<ProcessSetting, String> suitable = suitable(workload);
        if (suitable.isEmpty() || processes.isEmpty()) return 0;
        Session open = journal.begin("priorities for " + workload.id());
        session = open;
        int changed = 0;
        for (long pid : processes) {
            Map<String, String> values = values(pid, suitable);
            if (values.isEmpty()) continue;
            try {
                open.set(priorities, values);
                changed++;
            } catch (IOException | IllegalArgumentException _) {
                // It has ended meanwhile, or the system refuses: the others are put first all the same.
            }
        }
        return changed;
    }

    private Map<String, String> values(long pid, Map<ProcessSetting, String> suitable) {
        var values = new LinkedHashMap<String, String>();
        suitable.forEach((setting, value) -> {
            Optional<TunableParameter> parameter =
                    priorities.parameterName(pid, setting).flatMap(priorities::parameter);
            String usual = setting == ProcessSetting.NICE ? USUAL_NICE : USUAL_IO_CLASS;
            if (parameter.isPresent()
                    && parameter.get().changeable()
                    && parameter.get().value().equals(usual))
                values.put(parameter.get().name(), value);
        });
        return values;
    }

    /** Gives all processes back the turn that they had. */
    @Override
    public synchronized void close() {
        Session open = session;
        session = null;
        if (open != null) open.close();
    }
}
