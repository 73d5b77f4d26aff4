package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import org.pf4j.Extension;

/** Writes automations that send a request over HTTP: from lines of curl and wget, and from recorded calls of an API. */
@Extension
public final class ApiCallTemplate extends ManifestTemplate {
    static final String NAME = "api_call";

    /** Reads the template's data from the folders that the host names. */
    public ApiCallTemplate(PluginContext context) {
        super(context, NAME, "Sends a request over HTTP and keeps what it answers.");
    }

    @Override
    Answer answer(Manifest manifest, TaskPattern pattern, Request request) throws NotAutomatable {
        ApiRequest.Written written = read(manifest, pattern).write(manifest);
        return AutomationWriter.write(
                manifest,
                pattern,
                written.operation(),
                written.values(),
                written.reach(),
                written.rehearsal(),
                request.language());
    }

    private static ApiRequest read(Manifest manifest, TaskPattern pattern) throws NotAutomatable {
        if (!ShellCommand.is(pattern)) {
            if (!new TaskMatcher(manifest, pattern).isOfMyTypes()) throw Looking.notMine(pattern);
            return ApiTasks.read(manifest, pattern);
        }
        return switch (pattern.taskType()) {
            case "curl" -> CurlCommand.read(pattern);
            case "wget" -> WgetCommand.read(pattern);
            default -> throw Looking.notMine(pattern);
        };
    }
}
