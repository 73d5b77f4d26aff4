package dev.understudy.sandbox.control;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of one script.
 *
 * @param name for messages; an automation's id or a file's name
 * @param trustDomain runs with an equal domain trust each other and may share a cell; an automation's id, or a text of
 *     its own for each script of unknown origin
 * @param language of {@code source}
 * @param source the whole script text, metadata block included
 * @param parametersJson a JSON object
 * @param runtime where it runs
 * @param isolation what it may do
 * @param limits what it may use
 * @param grants what it may touch
 * @param mode what becomes of its changes
 * @param reuse whether it may run in a context that has run the same script before
 * @param stagedFiles files and links that the run sees as though they existed, by absolute path below a granted path; they are
 *     no changes of its own. Rehearsals only.
 * @param workingDirectory to which the script's relative paths belong; if null, its private workspace
 * @param stagedFolders folders that the run sees as though they existed, likewise
 * @param responses what requests over HTTP are answered, so that none is sent. Rehearsals only.
 * @param runId names the run in its report, and its before-images: unique, as {@link RunIds} makes them; if null, the
 *     runner names it
 * @param promises what its author says of it, and nobody checks
 */
public record RunRequest(
        String name,
        String trustDomain,
        Language language,
        String source,
        String parametersJson,
        ScriptRuntime runtime,
        IsolationLevel isolation,
        Limits limits,
        Grants grants,
        Mode mode,
        Reuse reuse,
        Map<Path, StagedEntry> stagedFiles,
        @Nullable Path workingDirectory,
        Set<Path> stagedFolders,
        List<Response> responses,
        @Nullable String runId,
        Set<Promise> promises) {

    public RunRequest {
        promises = Set.copyOf(promises);
        stagedFiles = Map.copyOf(stagedFiles);
        stagedFolders = Set.copyOf(stagedFolders);
        responses = List.copyOf(responses);
        if (mode == Mode.COMMIT && !(stagedFiles.isEmpty() && stagedFolders.isEmpty() && responses.isEmpty()))
            throw new IllegalArgumentException(
                    "staged files and responses are for rehearsals only (run of " + name + ")");
    }

    /**
     * What a rehearsal answers to a request.
     *
     * @param method in capitals
     * @param url exactly as it is asked for
     */
    public record Response(String method, String url, int status, Map<String, String> headers, String text) {
        public Response {
            headers = Map.copyOf(headers);
        }
    }

    /** A request without promises. */
    public RunRequest(
            String name,
            String trustDomain,
            Language language,
            String source,
            String parametersJson,
            ScriptRuntime runtime,
            IsolationLevel isolation,
            Limits limits,
            Grants grants,
            Mode mode,
            Reuse reuse,
            Map<Path, StagedEntry> stagedFiles,
            @Nullable Path workingDirectory,
            Set<Path> stagedFolders,
            List<Response> responses,
            @Nullable String runId) {
        this(
                name,
                trustDomain,
                language,
                source,
                parametersJson,
                runtime,
                isolation,
                limits,
                grants,
                mode,
                reuse,
                stagedFiles,
                workingDirectory,
                stagedFolders,
                responses,
                runId,
                Set.of());
    }

    /** A request that leaves it to the runner to name the run. */
    public RunRequest(
            String name,
            String trustDomain,
            Language language,
            String source,
            String parametersJson,
            ScriptRuntime runtime,
            IsolationLevel isolation,
            Limits limits,
            Grants grants,
            Mode mode,
            Reuse reuse,
            Map<Path, StagedEntry> stagedFiles,
            @Nullable Path workingDirectory,
            Set<Path> stagedFolders) {
        this(
                name,
                trustDomain,
                language,
                source,
                parametersJson,
                runtime,
                isolation,
                limits,
                grants,
                mode,
                reuse,
                stagedFiles,
                workingDirectory,
                stagedFolders,
                List.of(),
                null);
    }

    /** A request without staged folders. */
    public RunRequest(
            String name,
            String trustDomain,
            Language language,
            String source,
            String parametersJson,
            ScriptRuntime runtime,
            IsolationLevel isolation,
            Limits limits,
            Grants grants,
            Mode mode,
            Reuse reuse,
            Map<Path, StagedEntry> stagedFiles,
            @Nullable Path workingDirectory) {
        this(
                name,
                trustDomain,
                language,
                source,
                parametersJson,
                runtime,
                isolation,
                limits,
                grants,
                mode,
                reuse,
                stagedFiles,
                workingDirectory,
                Set.of());
    }

    /** The same request for a run of this name. */
    public RunRequest withRunId(String id) {
        return with(grants, runtime, id, promises);
    }

    /** The same request with the values of its secrets. */
    public RunRequest withSecrets(Secrets secrets) {
        return with(grants.withSecrets(secrets), runtime, runId, promises);
    }

    /** The same request for another runtime. */
    public RunRequest withRuntime(ScriptRuntime other) {
        return with(grants, other, runId, promises);
    }

    /** The same request with these promises. */
    public RunRequest withPromises(Set<Promise> others) {
        return with(grants, runtime, runId, others);
    }

    private RunRequest with(Grants granted, ScriptRuntime where, @Nullable String id, Set<Promise> promised) {
        return new RunRequest(
                name,
                trustDomain,
                language,
                source,
                parametersJson,
                where,
                isolation,
                limits,
                granted,
                mode,
                reuse,
                stagedFiles,
                workingDirectory,
                stagedFolders,
                responses,
                id,
                promised);
    }

    /** The name that the run was given, or else one for a run that starts at this instant. */
    public String runIdFrom(Instant start, RandomGenerator random) {
        return runId != null ? runId : RunIds.at(start, random);
    }

    public enum Language {
        JAVASCRIPT,
        PYTHON,
        BASH,
        APPLESCRIPT
    }

    public enum ScriptRuntime {
        /** JavaScript and Python in a cell; Bash and AppleScript in the jail. */
        POLYGLOT,
        /** CPython or Node in the jail. */
        NATIVE
    }

    /** What the author of a script says of it. */
    public enum Promise {
        /** What it returns depends on its parameters alone, and it does nothing else that counts. */
        PURE,
        /** It does the same under both runtimes. */
        EITHER_RUNTIME
    }

    public enum Mode {
        /** Changes are listed and thrown away. */
        REHEARSE,
        /** Changes are committed if the script succeeds. */
        COMMIT
    }

    public enum Reuse {
        /** A fresh context for this run. */
        FRESH,
        /** A context in which this very script ran before, with a fresh module namespace. */
        SHARED
    }
}
