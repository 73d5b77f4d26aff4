package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.tester.Expectation;
import dev.understudy.sandbox.control.tester.Expectation.Changes;
import dev.understudy.sandbox.control.tester.Expectation.Changes.Others;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One case of a rehearsal: what goes in, and what must come out.
 *
 * @param name unique in its automation
 * @param parameters values as JSON; the others take their defaults
 * @param files that the run sees as though they existed
 * @param ending how the run must end
 * @param checks what must hold for its result; none where it is not to succeed
 * @param changes which files must be created, changed and deleted, and no others; empty if that is not said
 * @param responses what its requests over HTTP are answered, so that none is sent
 * @param heldOut whether it is a task that the script was not written from, so that it tests what was learnt
 */
public record RehearsalCase(
        String name,
        Map<String, Object> parameters,
        List<StagedFile> files,
        Ending ending,
        List<ResultCheck> checks,
        Optional<List<ExpectedChange>> changes,
        List<RunRequest.Response> responses,
        boolean heldOut) {

    public RehearsalCase {
        parameters = Map.copyOf(parameters);
        files = List.copyOf(files);
        responses = List.copyOf(responses);
        checks = List.copyOf(checks);
        changes = changes.map(List::copyOf);
    }

    /** A case without requests. */
    RehearsalCase(
            String name,
            Map<String, Object> parameters,
            List<StagedFile> files,
            Ending ending,
            List<ResultCheck> checks,
            Optional<List<ExpectedChange>> changes) {
        this(name, parameters, files, ending, checks, changes, List.of(), false);
    }

    /** The same with values for all its parameters. */
    RehearsalCase withParameters(Map<String, Object> values) {
        return new RehearsalCase(name, values, files, ending, checks, changes, responses, heldOut);
    }

    /** That the script succeeds, with whatever result, on the files as they are. */
    static RehearsalCase success(String name, Map<String, Object> parameters) {
        return new RehearsalCase(name, parameters, List.of(), new Ending.Success(), List.of(), Optional.empty());
    }

    /** As the tester takes it: with the paths that are meant. */
    Expectation expectation(Surroundings surroundings) {
        return new Expectation(
                ending,
                checks,
                changes.map(listed -> new Changes(
                        listed.stream()
                                .map(change -> new Expectation.ExpectedChange(
                                        surroundings.resolve(change.path()), change.kind(), change.text()))
                                .toList(),
                        Others.FORBIDDEN)));
    }

    /** A file or folder that is pretended; {@code path} as written, {@code text} empty for a folder. */
    public record StagedFile(String path, String text, boolean directory) {}

    /** A change that must be made; {@code path} as written. */
    public record ExpectedChange(String path, FileChange.Kind kind, Optional<String> text) {}
}
