package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One case of a rehearsal: what goes in, and what must come out.
 *
 * @param name unique in its automation
 * @param parameters values as JSON; the others take their defaults
 * @param files that the run sees as though they existed
 * @param responses what its requests over HTTP are answered, so that none is sent
 * @param success whether the script must succeed
 * @param changes which files must be created, changed and deleted, and no others; empty if that is not said
 * @param result fields that the result must hold; others may be there
 * @param heldOut whether it is a task that the script was not written from, so that it tests what was learnt
 */
public record RehearsalCase(
        String name,
        Map<String, Object> parameters,
        List<StagedFile> files,
        List<RunRequest.Response> responses,
        boolean success,
        Optional<List<ExpectedChange>> changes,
        Map<String, Object> result,
        boolean heldOut) {

    /** An automation without cases has this one: that it succeeds with its defaults. */
    static final RehearsalCase OF_DEFAULTS = new RehearsalCase(
            "defaults", Map.of(), List.of(), List.of(), true, Optional.empty(), Map.of(), false);

    public RehearsalCase {
        parameters = Map.copyOf(parameters);
        files = List.copyOf(files);
        responses = List.copyOf(responses);
        changes = changes.map(List::copyOf);
        result = Map.copyOf(result);
    }

    /** A file or folder that is pretended; {@code path} as written, {@code text} empty for a folder. */
    public record StagedFile(String path, String text, boolean directory) {}

    /** A change that must be made; {@code path} as written. */
    public record ExpectedChange(String path, FileChange.Kind kind, Optional<String> text) {}
}
