package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import org.pf4j.Extension;

/** Writes automations that copy, move, rename, delete and pack files and make folders. */
@Extension
public final class FileOperationTemplate implements AutomationTemplate {
    static final String NAME = "file_operation";

    private final Templates templates;

    /** Reads the template's data from the folders that the host names. */
    public FileOperationTemplate(PluginContext context) {
        templates = Templates.read(context.templateDirectories());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return templates.description(NAME, "Copies, moves, renames, deletes and packs files, and makes folders.");
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        try {
            Manifest manifest = templates.require(NAME);
            if (!ShellCommand.is(pattern)) {
                TaskMatcher.Match match = new TaskMatcher(manifest, pattern).match();
                FileCommands.Reading reading =
                        FileTasks.refine(match.operation().id(), match.values(), pattern);
                return write(pattern, request, manifest.operation(reading.operation()), reading.values());
            }
            if (FileCommands.PROGRAMS.contains(pattern.taskType())) {
                FileCommands.Reading reading = FileCommands.read(pattern);
                return write(pattern, request, manifest.operation(reading.operation()), reading.values());
            }
            throw Looking.notMine(pattern, "file operation");
        } catch (NotAutomatable e) {
            return e.answer();
        }
    }

    private Answer write(
            TaskPattern pattern, Request request, Manifest.Operation operation, java.util.Map<String, Value> values)
            throws NotAutomatable {
        Safety.require(operation.id(), values, pattern);
        return AutomationWriter.write(
                NAME, pattern, operation, values, FileRehearsals.of(operation.id()), request.language());
    }
}
