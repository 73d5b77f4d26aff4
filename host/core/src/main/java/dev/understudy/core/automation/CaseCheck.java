package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.automation.RehearsalCase.ExpectedChange;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares what a run did with what a case expects. */
final class CaseCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RehearsalCase expected;
    private final RunReport report;
    private final Surroundings surroundings;
    private final List<String> problems = new ArrayList<>();

    private CaseCheck(RehearsalCase expected, RunReport report, Surroundings surroundings) {
        this.expected = expected;
        this.report = report;
        this.surroundings = surroundings;
    }

    /** What is not as expected, one line each. */
    static List<String> problems(RehearsalCase expected, RunReport report, Surroundings surroundings) {
        var check = new CaseCheck(expected, report, surroundings);
        check.checkOutcome();
        return check.problems;
    }

    private void checkOutcome() {
        switch (report.outcome()) {
            case RunOutcome.Succeeded(String resultJson) -> {
                if (!expected.success()) problems.add("it succeeded, but should fail");
                checkResult(resultJson);
                checkChanges();
            }
            case RunOutcome.Failed(String error, String _) -> {
                if (expected.success()) problems.add("it failed: " + error);
            }
            // A case that expects a failure expects the script to refuse its input, not to run out of something.
            case RunOutcome.LimitExceeded exceeded -> problems.add("it hit a limit: " + Outcomes.describe(exceeded));
            case RunOutcome.Refused(String reason, String mend) ->
                problems.add("it was refused: " + reason + ". " + mend);
            case RunOutcome.Cancelled() -> problems.add("it was cancelled");
        }
    }

    private void checkResult(String resultJson) {
        if (expected.result().isEmpty()) return;
        try {
            contains("result", JSON.valueToTree(expected.result()), JSON.readTree(resultJson));
        } catch (JsonProcessingException _) {
            problems.add("its result is no JSON");
        }
    }

    private void contains(String path, JsonNode wanted, JsonNode found) {
        if (wanted.isObject() && found.isObject()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                JsonNode value = found.get(field.getKey());
                if (value == null) problems.add(path + " has no '" + field.getKey() + "'");
                else contains(path + "." + field.getKey(), field.getValue(), value);
            }
            return;
        }
        boolean equal = (wanted.isNumber() && found.isNumber())
                ? wanted.decimalValue().compareTo(found.decimalValue()) == 0
                : wanted.equals(found);
        if (!equal)
            problems.add(path + " is " + shorten(found.toString()) + ", but should be " + shorten(wanted.toString()));
    }

    private void checkChanges() {
        expected.changes().ifPresent(changes -> {
            var found = new LinkedHashMap<Path, FileChange>();
            for (FileChange change : report.changes()) found.put(change.path(), change);
            for (ExpectedChange change : changes) {
                Path path = surroundings.resolve(change.path());
                checkChange(change, path, found.remove(path));
            }
            for (FileChange surplus : found.values()) {
                // A folder that had to be made for a file is no surprise; one that vanishes is.
                if (surplus.directory() && surplus.kind() != FileChange.Kind.DELETED) continue;
                problems.add(surplus.path() + " was " + word(surplus.kind()) + ", which is not expected");
            }
        });
    }

    private void checkChange(ExpectedChange wanted, Path path, @org.jspecify.annotations.Nullable FileChange found) {
        if (found == null) {
            problems.add(path + " was not " + word(wanted.kind()));
        } else if (found.kind() != wanted.kind()) {
            problems.add(path + " was " + word(found.kind()) + ", but should be " + word(wanted.kind()));
        } else if (wanted.text().isPresent() && !wanted.text().equals(found.text())) {
            problems.add(path + " holds other text than expected");
        }
    }

    private static String word(FileChange.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
