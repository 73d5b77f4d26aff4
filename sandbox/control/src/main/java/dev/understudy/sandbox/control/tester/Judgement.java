package dev.understudy.sandbox.control.tester;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.tester.Expectation.Changes;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ExpectedChange;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compares one run's report with what was expected of it. */
final class Judgement {
    private final ScriptRunner runner;
    private final TestCase test;
    private final RunReport report;

    Judgement(ScriptRunner runner, TestCase test, RunReport report) {
        this.runner = runner;
        this.test = test;
        this.report = report;
    }

    /** All that did not hold, one line each; of a result or a text that differs, where it does first. */
    List<String> problems() throws InterruptedException {
        var ending = endingFault();
        if (ending.isPresent()) return List.of(ending.get());
        // A run that did not succeed has no result, and has changed nothing.
        if (!(report.outcome() instanceof RunOutcome.Succeeded succeeded)) return List.of();
        var problems = new ArrayList<String>();
        report.output().stream()
                .filter(line -> line.channel().equals(RunReport.OutputLine.UNNOTICED))
                .map(line -> "a command failed and the script went on (set -e would stop it): " + line.text())
                .forEach(problems::add);
        for (ResultCheck check : test.expectation().result())
            resultFault(check, succeeded.resultJson()).ifPresent(problems::add);
        test.expectation().changes().ifPresent(changes -> addChangesFaults(changes, problems));
        return List.copyOf(problems);
    }

    private Optional<String> endingFault() {
        RunOutcome outcome = report.outcome();
        return switch (test.expectation().ending()) {
            case Ending.Success _ -> outcome instanceof RunOutcome.Succeeded ? Optional.empty() : instead("success");
            case Ending.Failure(var text) ->
                outcome instanceof RunOutcome.Failed failed
                        ? contains("error", text, failed.error())
                        : instead("a failure");
            case Ending.Refusal(var text) ->
                outcome instanceof RunOutcome.Refused refused
                        ? contains("reason", text, refused.reason())
                        : instead("a refusal");
            case Ending.LimitExceeded(var limit) ->
                outcome instanceof RunOutcome.LimitExceeded exceeded
                                && limit.map(LimitName.of(exceeded)::equals).orElse(true)
                        ? Optional.empty()
                        : instead(limit.map(name -> "limit " + name.id() + " exceeded")
                                .orElse("a limit exceeded"));
        };
    }

    private Optional<String> instead(String expected) {
        return Optional.of("expected " + expected + ", was " + described(report.outcome()));
    }

    private static Optional<String> contains(String what, Optional<String> expected, String actual) {
        return expected.filter(text -> !actual.contains(text))
                .map(text -> "expected the " + what + " to contain \"" + text + "\", was \"" + actual + "\"");
    }

    static String described(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "success";
            case RunOutcome.Failed failed -> "a failure: " + failed.error();
            case RunOutcome.Refused refused -> "a refusal: " + refused.reason() + " (" + refused.mend() + ")";
            case RunOutcome.Cancelled _ -> "cancelled";
            case RunOutcome.LimitExceeded exceeded ->
                "limit " + LimitName.of(exceeded).id() + " exceeded";
        };
    }

    private Optional<String> resultFault(ResultCheck check, String resultJson) throws InterruptedException {
        JsonNode result;
        try {
            result = JsonComparison.parse(resultJson);
        } catch (JsonProcessingException broken) {
            return Optional.of("the result is no JSON: " + broken.getOriginalMessage());
        }
        try {
            return switch (check) {
                case ResultCheck.EqualTo(String json) -> JsonComparison.equal(JsonComparison.parse(json), result);
                case ResultCheck.Includes(String json) -> JsonComparison.includes(JsonComparison.parse(json), result);
                case ResultCheck.MatchesSchema(String schema) ->
                    JsonSchema.violation(JsonComparison.parse(schema), result);
                case ResultCheck.Satisfies script -> scriptFault(script, result);
            };
        } catch (JsonProcessingException broken) {
            return Optional.of("what is expected of the result is no JSON: " + broken.getOriginalMessage());
        }
    }

    private Optional<String> scriptFault(ResultCheck.Satisfies script, JsonNode result)
            throws JsonProcessingException, InterruptedException {
        RunRequest tested = test.request();
        var request = new RunRequest(
                tested.name() + ", assertion of " + test.name(),
                tested.trustDomain(),
                script.language(),
                script.source(),
                assertionParameters(result).toString(),
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null);
        RunOutcome outcome = AutomationTester.await(runner.start(request, RunListener.SILENT))
                .outcome();
        if (!(outcome instanceof RunOutcome.Succeeded succeeded))
            return Optional.of("the assertion script ended with " + described(outcome));
        return succeeded.resultJson().strip().equals("false")
                ? Optional.of("the assertion script returned false")
                : Optional.empty();
    }

    private ObjectNode assertionParameters(JsonNode result) throws JsonProcessingException {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.set("params", JsonComparison.parse(test.request().parametersJson()));
        parameters.set("result", result);
        var changes = parameters.putArray("changes");
        for (FileChange change : report.changes()) {
            var entry =
                    changes.addObject().put("path", change.path().toString()).put("kind", id(change.kind()));
            change.text().ifPresent(text -> entry.put("text", text));
        }
        var output = parameters.putArray("output");
        report.output()
                .forEach(line ->
                        output.addObject().put("channel", line.channel()).put("text", line.text()));
        return parameters;
    }

    private void addChangesFaults(Changes changes, List<String> problems) {
        for (ExpectedChange expected : changes.expected()) changeFault(expected).ifPresent(problems::add);
        if (changes.others() == Changes.Others.ALLOWED) return;
        List<ExpectedChange> listed = changes.expected();
        report.changes().stream()
                // A folder that had to be made for a file is no surprise; one that vanishes is.
                .filter(change -> !change.directory() || change.kind() == FileChange.Kind.DELETED)
                .filter(change ->
                        listed.stream().noneMatch(expected -> expected.path().equals(change.path())))
                .map(change -> change.path() + ": expected no change, was " + id(change.kind()))
                .forEach(problems::add);
    }

    private Optional<String> changeFault(ExpectedChange expected) {
        var found = report.changes().stream()
                .filter(change -> change.path().equals(expected.path()))
                .findFirst();
        if (found.isEmpty())
            return Optional.of(expected.path() + ": expected " + id(expected.kind()) + ", was not changed");
        FileChange change = found.get();
        if (change.kind() != expected.kind())
            return Optional.of(expected.path() + ": expected " + id(expected.kind()) + ", was " + id(change.kind()));
        return expected.text().flatMap(text -> textFault(change, text));
    }

    private static Optional<String> textFault(FileChange change, String expected) {
        if (change.text().isEmpty())
            return Optional.of(change.path() + ": its text cannot be compared, as it is no text or too long");
        String actual = change.text().get();
        if (actual.equals(expected)) return Optional.empty();
        List<String> left = expected.lines().toList();
        List<String> right = actual.lines().toList();
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String wanted =
                    i < left.size() ? JsonComparison.shown(JsonNodeFactory.instance.textNode(left.get(i))) : "no more";
            String was = i < right.size()
                    ? JsonComparison.shown(JsonNodeFactory.instance.textNode(right.get(i)))
                    : "no more";
            if (!wanted.equals(was))
                return Optional.of(change.path() + ", line " + (i + 1) + ": expected " + wanted + ", was " + was);
        }
        return Optional.of(change.path() + ": differs in its line ends");
    }

    private static String id(FileChange.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
