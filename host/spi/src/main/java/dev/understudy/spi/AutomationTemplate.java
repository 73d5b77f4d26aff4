package dev.understudy.spi;

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
