package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import org.pf4j.Extension;

/** Writes automations that copy, move, rename, delete and pack files and make folders. */
@Extension
public final class FileOperationTemplate extends ManifestTemplate {
    static final String NAME = "file_operation";

    /** Reads the template's data from the folders that the host names. */
    public FileOperationTemplate(PluginContext context) {
        super(context, NAME, "Copies, moves, renames, deletes and packs files, and makes folders.");
    }

    @Override
    Answer answer(Manifest manifest, TaskPattern pattern, Request request) throws NotAutomatable {
        FileCommands.Reading reading = reading(manifest, pattern);
        Safety.require(reading.operation(), reading.values(), pattern);
        return AutomationWriter.write(
                manifest,
                pattern,
                manifest.operation(reading.operation()),
                reading.values(),
                FileRehearsals.of(reading.operation()),
                request.language());
    }

    private static FileCommands.Reading reading(Manifest manifest, TaskPattern pattern) throws NotAutomatable {
        if (ShellCommand.is(pattern)) {
            if (!FileCommands.PROGRAMS.contains(pattern.taskType())) throw Looking.notMine(pattern);
            return FileCommands.read(pattern);
        }
        TaskMatcher.Match match = new TaskMatcher(manifest, pattern).match();
        return FileTasks.refine(match.operation().id(), match.values(), pattern);
    }
}
