package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import org.pf4j.Extension;

/** Writes automations that select, filter, rename, sort, group, deduplicate and convert tables. */
@Extension
public final class DataProcessingTemplate implements AutomationTemplate {
    static final String NAME = "data_processing";

    private final Templates templates;

    /** Reads the template's data from the folders that the host names. */
    public DataProcessingTemplate(PluginContext context) {
        templates = Templates.read(context.templateDirectories());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return templates.description(NAME, "Processes CSV, JSON and JSON Lines.");
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        try {
            Manifest manifest = templates.require(NAME);
            if (!ShellCommand.is(pattern)) {
                if (!new TaskMatcher(manifest, pattern).isOfMyTypes())
                    throw Looking.notMine(pattern, "data processing");
                return write(manifest, pattern, request, TableTasks.read(manifest, pattern));
            }
            if (!TableCommands.PROGRAMS.contains(pattern.taskType())) throw Looking.notMine(pattern, "data processing");
            return switch (TableCommands.read(pattern)) {
                case TableCommands.Table(TablePlan plan) -> write(manifest, pattern, request, plan);
                case TableCommands.Lines(FileCommands.Reading reading) ->
                    AutomationWriter.write(
                            NAME,
                            pattern,
                            manifest.operation(reading.operation()),
                            reading.values(),
                            LineRehearsals.of(reading.operation()),
                            request.language());
            };
        } catch (NotAutomatable e) {
            return e.answer();
        }
    }

    private static Answer write(Manifest manifest, TaskPattern pattern, Request request, TablePlan plan)
            throws NotAutomatable {
        TablePlan.Written written = plan.write(manifest);
        return AutomationWriter.write(
                NAME,
                pattern,
                written.operation(),
                written.values(),
                new TableRehearsal(plan, written.steps()),
                request.language());
    }
}
