package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import org.pf4j.Extension;

/** Writes automations that select, filter, rename, sort, group, deduplicate and convert tables. */
@Extension
public final class DataProcessingTemplate extends ManifestTemplate {
    static final String NAME = "data_processing";

    private final Collation collation;

    /** Reads the template's data from the folders that the host names. */
    public DataProcessingTemplate(PluginContext context) {
        super(context, NAME, "Processes CSV, JSON and JSON Lines.");
        collation = Collation.in(context.environment());
    }

    @Override
    Answer answer(Manifest manifest, TaskPattern pattern, Request request) throws NotAutomatable {
        if (!ShellCommand.is(pattern)) {
            if (!new TaskMatcher(manifest, pattern).isOfMyTypes()) throw Looking.notMine(pattern);
            return write(manifest, pattern, request, TableTasks.read(manifest, pattern));
        }
        if (!TableCommands.PROGRAMS.contains(pattern.taskType())) throw Looking.notMine(pattern);
        return switch (TableCommands.read(pattern, collation)) {
            case TableCommands.Table(TablePlan plan) -> write(manifest, pattern, request, plan);
            case TableCommands.Lines(FileCommands.Reading reading) ->
                AutomationWriter.write(
                        manifest,
                        pattern,
                        manifest.operation(reading.operation()),
                        reading.values(),
                        LineRehearsals.of(reading.operation()),
                        request.language());
        };
    }

    private static Answer write(Manifest manifest, TaskPattern pattern, Request request, TablePlan plan)
            throws NotAutomatable {
        TablePlan.Written written = plan.write(manifest);
        return AutomationWriter.write(
                manifest,
                pattern,
                written.operation(),
                written.values(),
                new TableRehearsal(plan, written.steps()),
                request.language());
    }
}
