package dev.understudy.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Tasks of one type that differ only in named variables.
 *
 * @param id stable: the same tasks give the same id in every run
 * @param detector name of the detector that found it
 * @param taskType the type that all its tasks share
 * @param occurrences how many of the considered tasks belong to it
 * @param first time stamp of the earliest of them
 * @param last time stamp of the latest of them
 * @param averageDuration mean duration of one task, as {@link AutomationPotential} counts it
 * @param successRate share of successful tasks, from 0.0 to 1.0
 * @param parameters the shape of {@link Task#parameters} with each varying part of a text replaced by the variable's
 *     name in braces: {@code arguments=[~/{name}.txt, /bak/{name}.txt]}. A literal brace is doubled. A list whose
 *     length varies holds one element {@code {name...}} in place of the varying run; the same within a text (a command
 *     as typed) stands for these words joined by blanks. A number, truth value or whole object that varies is the text
 *     {@code {name}}, and its value is written as JSON.
 * @param variables the varying parts, in the order in which they first appear; empty if every task was the same
 * @param potential how much there is to gain from automating it
 * @param observations up to {@value #MAX_OBSERVATIONS} of its tasks, latest first, with what each variable held
 */
public record TaskPattern(
        String id,
        String detector,
        String taskType,
        int occurrences,
        Instant first,
        Instant last,
        Duration averageDuration,
        double successRate,
        Map<String, Object> parameters,
        List<Variable> variables,
        AutomationPotential potential,
        List<Observation> observations) {

    /** How many observations a pattern keeps at most. */
    public static final int MAX_OBSERVATIONS = 20;

    public TaskPattern {
        if (id.isBlank()) throw new IllegalArgumentException("id must not be blank");
        if (taskType.isBlank()) throw new IllegalArgumentException("taskType must not be blank");
        if (occurrences < 1) throw new IllegalArgumentException("occurrences must be positive, was " + occurrences);
        if (!(successRate >= 0 && successRate <= 1))
            throw new IllegalArgumentException("successRate must be from 0 to 1, was " + successRate);
        if (observations.size() > MAX_OBSERVATIONS)
            throw new IllegalArgumentException(
                    "at most " + MAX_OBSERVATIONS + " observations, was " + observations.size());
        parameters = Json.copyOf(parameters);
        variables = List.copyOf(variables);
        observations = List.copyOf(observations);
    }

    /**
     * A part that varies from task to task. Parts that always move together are one variable.
     *
     * @param name a lower-case identifier ({@code [a-z][a-z0-9_]*}), unique in its pattern
     * @param kind what the values look like
     * @param distinctValues how many different values were seen, at least 1
     * @param values up to {@value #MAX_VALUES} of them, latest first
     */
    public record Variable(String name, VariableKind kind, int distinctValues, List<String> values) {
        /** How many values a variable keeps at most. */
        public static final int MAX_VALUES = 50;

        public Variable {
            if (!name.matches("[a-z][a-z0-9_]*"))
                throw new IllegalArgumentException("name must be a lower-case identifier, was '" + name + "'");
            if (values.size() > MAX_VALUES)
                throw new IllegalArgumentException("at most " + MAX_VALUES + " values, was " + values.size());
            values = List.copyOf(values);
        }
    }

    /** What the values of a variable look like. */
    public enum VariableKind {
        PATH,
        GLOB,
        NUMBER,
        DATE,
        URL,
        HOST,
        IDENTIFIER,
        TEXT,
        /** A list of words whose length varies; its values are written one word a line. */
        LIST
    }

    /**
     * One task of a pattern.
     *
     * @param task the task as recorded
     * @param bindings what each variable held in it, by the variable's name; a list's words are separated by line feeds
     */
    public record Observation(Task task, Map<String, String> bindings) {
        public Observation {
            bindings = Map.copyOf(bindings);
        }
    }
}
