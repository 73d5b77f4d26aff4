package dev.understudy.app;

import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.history.SecretRedactor;
import dev.understudy.core.text.ShellWord;
import dev.understudy.sandbox.control.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The line that a person types in a shell to do a run again. */
record RepeatCommand(LoggedRun run, String commandPrefix) {
    String text() {
        var line = new StringBuilder();
        run.folder()
                .filter(folder -> !folder.equals(Invocation.current().folder().toString()))
                .ifPresent(folder ->
                        line.append("cd ").append(ShellWord.quoted(folder)).append(" && "));
        line.append(commandPrefix).append(" run ");
        line.append(ShellWord.quoted(run.automationId().or(run::file).orElse("")));
        // A workflow goes on where it was, with the parameters that it had.
        if (run.steps() > 0 && run.mode() == RunRequest.Mode.COMMIT)
            return line.append(" --resume").toString();
        new TreeMap<>(run.parameters()).forEach((name, value) -> {
            if (!isSecret(value)) line.append(" -p ").append(ShellWord.quoted(name + "=" + typed(value)));
        });
        if (run.mode() == RunRequest.Mode.REHEARSE) line.append(" --dry-run");
        return line.toString();
    }

    /** The parameters that the line leaves out, since the log does not hold their values. */
    List<String> secrets() {
        return run.parameters().entrySet().stream()
                .filter(each -> isSecret(each.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static boolean isSecret(Object value) {
        return Json.MAPPER.valueToTree(value).toString().contains(SecretRedactor.MASK);
    }

    private static String typed(Object value) {
        return value instanceof String text
                ? text
                : Json.MAPPER.valueToTree(value).toString();
    }
}
