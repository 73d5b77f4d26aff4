package dev.understudy.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pf4j.ExtensionPoint;

/**
 * Writes an automation for a pattern, or says why the pattern is none of its business.
 *
 * <p>The host calls it from one thread at a time. It must not touch the files that the pattern names: they may be gone,
 * and looking at them is the rehearsal's work.
 */
public interface AutomationTemplate extends ExtensionPoint {

    /** Stable name, for example {@code file_operation}. */
    String name();

    /** One line for people. */
    String description();

    /** Answers for one pattern. */
    Answer propose(TaskPattern pattern, Request request);

    /**
     * Whether tasks of a pattern leave nothing behind that an automation could do: they only look, change nothing but the
     * shell in which they are typed, or are worked with by hand. Such a pattern is listed last. Called for every pattern;
     * returns within milliseconds.
     */
    default boolean looksOnly(TaskPattern pattern) {
        return false;
    }

    /**
     * What this extension offers, for listings and checks: itself, or each template that it reads from folders, broken
     * ones included.
     */
    default List<Entry> entries() {
        return List.of(new Entry(name(), description(), Optional.empty(), List.of(), List.of()));
    }

    /**
     * A template as it is listed.
     *
     * @param name as automations name it; of a broken one, its folder's name
     * @param folder where its data lies; empty if it has none
     * @param operations what it can write automations for; empty if it is broken or does not say
     * @param problems why it is left out; empty if it is not
     */
    record Entry(
            String name,
            String description,
            Optional<Path> folder,
            List<Operation> operations,
            List<Problem> problems) {
        public Entry {
            operations = List.copyOf(operations);
            problems = List.copyOf(problems);
        }
    }

    /**
     * One thing that a template can write an automation for.
     *
     * @param taskTypes types of tasks that are this operation by themselves
     * @param languages in which it has a script
     * @param example a pattern for which it would write one, to try it with; empty if it has none to offer
     */
    record Operation(
            String id,
            String summary,
            List<String> taskTypes,
            List<ScriptLanguage> languages,
            Optional<TaskPattern> example) {
        public Operation {
            taskTypes = List.copyOf(taskTypes);
            languages = List.copyOf(languages);
        }
    }

    /**
     * A mistake in a template's files.
     *
     * @param line counted from 1
     * @param key the dotted name of the entry; empty if the file cannot be read that far
     * @param what is wrong, and what is allowed
     */
    record Problem(Path file, int line, String key, String what) {}

    /**
     * What the host wishes for.
     *
     * @param language the preferred language; a template that has only another one may use that
     */
    record Request(ScriptLanguage language) {}

    /** A template's answer. */
    sealed interface Answer {
        /**
         * An automation.
         *
         * @param id proposed id ({@code [a-z][a-z0-9-]*}, at most 60 characters); the host makes it unique
         * @param language of the script
         * @param fileText the whole automation file: metadata block, then script. Values are parameters: no value that
         *     was observed is spliced into code.
         */
        record Draft(String id, ScriptLanguage language, String fileText) implements Answer {
            public Draft {
                if (!id.matches("[a-z][a-z0-9-]{0,59}"))
                    throw new IllegalArgumentException(
                            "id must match [a-z][a-z0-9-]* with at most 60 characters, was '" + id + "'");
            }
        }

        /**
         * Not this template's pattern.
         *
         * @param reason one line for people, for example "ls only looks: it changes nothing"
         * @param relevance how near it came, from 0.0 (another field altogether) to 1.0 (mine, but cannot be automated
         *     safely); of several reasons the person is shown the one with the highest
         */
        record NotMine(String reason, double relevance) implements Answer {}
    }
}
