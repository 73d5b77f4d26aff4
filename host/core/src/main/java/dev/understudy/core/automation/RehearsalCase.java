package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.tester.Expectation;
import dev.understudy.sandbox.control.tester.Expectation.Changes;
import dev.understudy.sandbox.control.tester.Expectation.Changes.Others;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
 * @param command what does the same by the program itself, if it is known
 * @param recorded where the observed task left its result, if it was one that leaves a file made of others
 * @param expected whether it says what must come out; a case that does not is only run beside its command
 */
public record RehearsalCase(
        String name,
        Map<String, Object> parameters,
        List<StagedFile> files,
        Ending ending,
        List<ResultCheck> checks,
        Optional<List<ExpectedChange>> changes,
        List<RunRequest.Response> responses,
        boolean heldOut,
        Optional<RealCommand> command,
        Optional<Recorded> recorded,
        boolean expected) {

    /**
     * The command line from which the script was learnt, with this case's values.
     *
     * @param line for Bash; its words are quoted
     * @param folder in which it runs, as written
     * @param programs that it starts, the one that was learnt first
     */
    public record RealCommand(String line, String folder, List<String> programs) {
        public RealCommand {
            programs = List.copyOf(programs);
        }

        /** As it is called in messages. */
        String name() {
            return programs.getFirst();
        }
    }

    /**
     * An observed task that made one file of others.
     *
     * @param started when it started
     * @param took how long; zero if that is not known
     * @param inputs files and folders that it read, as written
     * @param output the file that it wrote, as written
     */
    public record Recorded(Instant started, Duration took, List<String> inputs, String output) {
        public Recorded {
            inputs = List.copyOf(inputs);
        }
    }

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
        this(
                name,
                parameters,
                files,
                ending,
                checks,
                changes,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                true);
    }

    /** The same with values for all its parameters. */
    RehearsalCase withParameters(Map<String, Object> values) {
        return new RehearsalCase(
                name, values, files, ending, checks, changes, responses, heldOut, command, recorded, expected);
    }

    /** The same on the files as they are on the disk. */
    RehearsalCase withoutFiles(String itsName) {
        return new RehearsalCase(
                itsName,
                parameters,
                List.of(),
                ending,
                checks,
                changes,
                responses,
                heldOut,
                command,
                recorded,
                expected);
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

    /**
     * What is pretended at a path.
     *
     * @param path as written
     * @param text what a file holds; empty for a folder and a link
     * @param base64 what a file holds that is no text, in Base64; empty where {@code text} says it
     * @param directory whether it is a folder
     * @param mode of a file; empty for that of a new one
     * @param modified of a file; empty for that which all of a rehearsal's have
     * @param target of a symbolic link, which it is if this is given
     */
    public record StagedFile(
            String path,
            String text,
            String base64,
            boolean directory,
            OptionalInt mode,
            Optional<Instant> modified,
            Optional<String> target) {
        /** A plain file or folder. */
        StagedFile(String path, String text, boolean directory) {
            this(path, text, "", directory, OptionalInt.empty(), Optional.empty(), Optional.empty());
        }

        byte[] content() {
            return base64.isEmpty()
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(base64);
        }
    }

    /** A change that must be made; {@code path} as written. */
    public record ExpectedChange(String path, FileChange.Kind kind, Optional<String> text) {}
}
