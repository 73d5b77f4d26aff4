package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.workflow.Outcomes;
import dev.understudy.core.workflow.StepGraph;
import dev.understudy.core.workflow.StepScript;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.Place;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Checks an automation file without running it: its metadata, what it asks to be granted, and the syntax of its script,
 * which is parsed where it would run.
 */
final class AutomationCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Config.Sandbox sandbox;
    private final ScriptRunner runners;

    AutomationCheck(Config.Sandbox sandbox, ScriptRunner runners) {
        this.sandbox = sandbox;
        this.runners = runners;
    }

    CheckResult check(String file, String text) throws InterruptedException {
        AutomationReader.Checked read = AutomationReader.check(file, text, sandbox);
        var mistakes = new ArrayList<>(read.mistakes());
        Optional<ScriptLanguage> language =
                read.automation().map(AutomationFile::language).or(() -> OwnScripts.languageOf(file));
        Optional<String> unchecked = language.isPresent()
                ? syntax(file, runText(text, read.automation(), language.get()), language.get(), mistakes)
                : Optional.of("its language is not known, so its syntax was not checked");
        mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
        return new CheckResult(file, read.automation(), mistakes, unchecked);
    }

    /** As a run gets it: the steps of a workflow are called by a function that is put at its end. */
    private static String runText(String text, Optional<AutomationFile> automation, ScriptLanguage language) {
        var spoken = RunRequest.Language.valueOf(language.name());
        return automation
                .map(AutomationFile::steps)
                .filter(steps -> !steps.isEmpty()
                        && StepScript.speaks(spoken)
                        && StepGraph.problem(steps).isEmpty())
                .map(steps -> StepScript.ofAll(spoken, text, steps))
                .orElse(text);
    }

    /** Adds what is wrong with the syntax; gives the reason if that cannot be told here. */
    private Optional<String> syntax(String file, String text, ScriptLanguage language, List<Mistake> mistakes)
            throws InterruptedException {
        if (language == ScriptLanguage.APPLESCRIPT)
            return Optional.of("the syntax of AppleScript can only be checked on macOS, where 'osacompile' is");
        if (!sandbox.enabled()) return Optional.of("its syntax was not checked, since the sandbox is switched off");
        RunOutcome outcome = runners.start(request(file, text, language), RunListener.SILENT)
                .await()
                .outcome();
        if (!(outcome instanceof RunOutcome.Succeeded(String result)))
            return Optional.of("its syntax was not checked: " + reason(outcome));
        addMistake(file, text, language, result, mistakes);
        return Optional.empty();
    }

    private static String reason(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Refused(String reason, String mend) -> reason + ". " + mend;
            case RunOutcome.Failed(String error, String _, var _) -> error;
            case RunOutcome.LimitExceeded exceeded -> "it hit the limit " + Outcomes.describe(exceeded);
            case RunOutcome.Succeeded _, RunOutcome.Cancelled _ -> "it was cancelled";
        };
    }

    private RunRequest request(String file, String text, ScriptLanguage language) {
        return new RunRequest(
                "syntax",
                "syntax check",
                RunRequest.Language.valueOf(language.name()),
                checker(language),
                AutomationFile.json(Map.of("name", file, "text", text)),
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                sandbox.limits(),
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null);
    }

    private static String checker(ScriptLanguage language) {
        try (InputStream stream = Objects.requireNonNull(
                AutomationCheck.class.getResourceAsStream("syntax." + language.fileExtension()))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addMistake(
            String file, String text, ScriptLanguage language, String result, List<Mistake> mistakes) {
        try {
            JsonNode found = JSON.readTree(result);
            if (found.path("missing").asBoolean())
                mistakes.add(new Mistake(
                        file,
                        1,
                        1,
                        "",
                        "the script has no function named execute",
                        language == ScriptLanguage.PYTHON
                                ? "add def execute(params): … that returns a dict"
                                : "add function execute(params) { … } that returns an object"));
            if (found.has("line")) {
                // What lacks at the end is told of a line after the last one.
                Place place = Place.in(
                                text,
                                found.path("line").asInt(),
                                found.path("column").asInt())
                        .orElse(new Place(1, 1, ""));
                String message = found.path("message").asText();
                mistakes.add(new Mistake(
                        file,
                        place.line(),
                        Math.max(1, place.column()),
                        "",
                        message.startsWith("syntax error") ? message : "syntax error: " + message,
                        "nothing of the script can run before it is mended"));
            }
        } catch (JsonProcessingException e) {
            throw UserException.failed(
                    "The syntax of " + file + " was not checked", "the check itself failed", "Please report it", e);
        }
    }
}
