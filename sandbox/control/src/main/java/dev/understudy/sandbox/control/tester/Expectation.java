package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run is to do. Everything in it must hold.
 *
 * @param ending how it ends
 * @param result what holds for the value that it returns; checked where it succeeds
 * @param changes what becomes of files; empty if any change will do; checked where it succeeds too
 */
public record Expectation(Ending ending, List<ResultCheck> result, Optional<Changes> changes) {

    /** That the script succeeds, with whatever result. */
    public static final Expectation SUCCESS = new Expectation(new Ending.Success(), List.of(), Optional.empty());

    public Expectation {
        result = List.copyOf(result);
        if (!result.isEmpty() && !(ending instanceof Ending.Success))
            throw new IllegalArgumentException("a run that is to end as " + ending + " has no result to check");
    }

    /** How a run is to end. */
    public sealed interface Ending {
        record Success() implements Ending {}

        /** A failure; if a text is given, the error contains it. */
        record Failure(Optional<String> errorContains) implements Ending {}

        /** Not started; if a text is given, the reason contains it. */
        record Refusal(Optional<String> reasonContains) implements Ending {}

        /** A limit ends it; if one is given, that one. */
        record LimitExceeded(Optional<LimitName> limit) implements Ending {}
    }

    /** A check of the returned value. JSON is given as text; numbers are equal by value, so 1 is 1.0. */
    public sealed interface ResultCheck {
        /** The same value, all of it. */
        record EqualTo(String json) implements ResultCheck {}

        /** At least this: objects may have more members, at any depth; lists have the same length. */
        record Includes(String json) implements ResultCheck {}

        /** Valid under a JSON schema (draft 2020-12 unless it names another). It refers to nothing outside itself. */
        record MatchesSchema(String schemaJson) implements ResultCheck {}

        /**
         * A script with the guest contract that succeeds, and does not return {@code false}. Its parameters are
         * {@code {params, result, changes: [{path, kind, text}], output: [{channel, text}]}}. It runs at isolation full
         * without grants.
         */
        record Satisfies(Language language, String source) implements ResultCheck {}
    }

    /** What becomes of files. */
    public record Changes(List<ExpectedChange> expected, Others others) {
        public Changes {
            expected = List.copyOf(expected);
        }

        public enum Others {
            /** A change of a file that is not expected fails the case; folders may be created and go unmentioned. */
            FORBIDDEN,
            ALLOWED
        }
    }

    /**
     * A file or folder that changes.
     *
     * @param path absolute
     * @param text all that the file holds afterwards, if that matters
     */
    public record ExpectedChange(Path path, FileChange.Kind kind, Optional<String> text) {}
}
