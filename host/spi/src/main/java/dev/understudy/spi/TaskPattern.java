package dev.understudy.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks of one type that differ only in named variables, or a {@link Sequence} of such tasks.
 *
 * <p>Each occurrence of a sequence counts as one task: its type is the types of its steps joined by {@value
 * #THEN}, its parameters hold those of its steps as {@code step_1}, {@code step_2} and so on, its time stamp is that of
 * its first step, its duration the sum of theirs, and it succeeded if all of them did.
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
 * @param sequence what is known of it as a sequence; empty for a pattern of single tasks
 * @param recurrence how it comes back by the calendar; empty if it does not, or the detector does not say
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
        List<Observation> observations,
        Optional<Sequence> sequence,
        Optional<Recurrence> recurrence) {

    /** What joins the types of a sequence's steps. */
    public static final String THEN = " → ";

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

    /** A pattern of which nothing is known by the calendar. */
    public TaskPattern(
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
            List<Observation> observations,
            Optional<Sequence> sequence) {
        this(
                id,
                detector,
                taskType,
                occurrences,
                first,
                last,
                averageDuration,
                successRate,
                parameters,
                variables,
                potential,
                observations,
                sequence,
                Optional.empty());
    }

    /** A pattern of single tasks. */
    public TaskPattern(
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
        this(
                id,
                detector,
                taskType,
                occurrences,
                first,
                last,
                averageDuration,
                successRate,
                parameters,
                variables,
                potential,
                observations,
                Optional.empty());
    }

    /** The same with another potential. */
    public TaskPattern with(AutomationPotential other) {
        return new TaskPattern(
                id,
                detector,
                taskType,
                occurrences,
                first,
                last,
                averageDuration,
                successRate,
                parameters,
                variables,
                other,
                observations,
                sequence,
                recurrence);
    }

    /**
     * A pattern of tasks of one type that all have the same parameters, so that it has no variables.
     *
     * @param id stable: the same tasks give the same id in every run
     * @param detector name of the detector that found it
     * @param tasks all that belong to it, in any order; at least one
     * @param asOf the instant from which recency is counted
     */
    public static TaskPattern ofSame(String id, String detector, List<Task> tasks, Instant asOf) {
        List<Task> latestFirst = tasks.stream()
                .sorted(Comparator.comparing(Task::timestamp).reversed())
                .toList();
        Task last = latestFirst.getFirst();
        Duration average = tasks.stream()
                .map(Task::duration)
                .reduce(Duration.ZERO, Duration::plus)
                .dividedBy(tasks.size());
        long succeeded = tasks.stream().filter(Task::success).count();
        return new TaskPattern(
                id,
                detector,
                last.type(),
                tasks.size(),
                latestFirst.getLast().timestamp(),
                last.timestamp(),
                average,
                succeeded / (double) tasks.size(),
                literal(last.parameters()),
                List.of(),
                AutomationPotential.of(tasks.size(), average, Duration.between(last.timestamp(), asOf)),
                latestFirst.stream()
                        .limit(MAX_OBSERVATIONS)
                        .map(task -> new Observation(task, Map.of()))
                        .toList());
    }

    private static Object literal(Object value) {
        return switch (value) {
            case String text -> text.replace("{", "{{").replace("}", "}}");
            case List<?> items -> items.stream().map(TaskPattern::literal).toList();
            case Map<?, ?> fields -> literal(fields);
            default -> value;
        };
    }

    private static Map<String, Object> literal(Map<?, ?> fields) {
        var literal = new LinkedHashMap<String, Object>();
        fields.forEach((key, field) -> literal.put(String.valueOf(key), literal(field)));
        return literal;
    }

    /**
     * Tasks that a person does one after the other, each time in this order.
     *
     * @param steps in their order, at least two
     * @param carriedOver what the same text stands for in several steps
     * @param expectedByChance how often these steps would follow one another at most if the tasks had been done in a random
     *     order, on average; at least 0
     * @param chance an upper bound of the probability that a random order of the same tasks shows any sequence of this
     *     length that is as remarkable as this one, from 0.0 to 1.0
     * @param routine how its executions differ, if it is a routine whose steps are the commonest way of going through it;
     *     empty if all occurrences have the very same steps
     */
    public record Sequence(
            List<Step> steps,
            List<CarriedOver> carriedOver,
            double expectedByChance,
            double chance,
            Optional<Routine> routine) {
        /** A sequence whose occurrences all have the very same steps. */
        public Sequence(List<Step> steps, List<CarriedOver> carriedOver, double expectedByChance, double chance) {
            this(steps, carriedOver, expectedByChance, chance, Optional.empty());
        }

        /** Whether some occurrences leave a step out, counted from 1, and do nothing instead. */
        public boolean isOptional(int number) {
            double share = steps.get(number - 1).share();
            for (Variation variation : routine.map(Routine::variations).orElse(List.of()))
                if (variation.place() == Variation.Place.INSTEAD_OF && variation.number() == number)
                    share += variation.step().share();
            return share < Step.ALWAYS;
        }

        public Sequence {
            if (steps.size() < 2)
                throw new IllegalArgumentException("a sequence has at least two steps, was " + steps.size());
            if (!(expectedByChance >= 0))
                throw new IllegalArgumentException("expectedByChance must be at least 0, was " + expectedByChance);
            if (!(chance >= 0 && chance <= 1))
                throw new IllegalArgumentException("chance must be from 0 to 1, was " + chance);
            steps = List.copyOf(steps);
            carriedOver = List.copyOf(carriedOver);
        }
    }

    /**
     * One step of a sequence.
     *
     * @param taskType of the tasks that were this step
     * @param parameters their shape, as {@link TaskPattern#parameters}; the variables are those of the whole sequence
     * @param share of the occurrences that have this step, from 0.0 to 1.0
     * @param turns whether some occurrences do it, with its neighbours that are repeated, several times in a row
     */
    public record Step(String taskType, Map<String, Object> parameters, double share, Turns turns) {
        /** Of how many occurrences at least a step must be part so that it is none that may be left out. */
        public static final double ALWAYS = 0.95;

        /** A step that every occurrence has once. */
        public Step(String taskType, Map<String, Object> parameters) {
            this(taskType, parameters, 1, Turns.ONE);
        }

        public Step {
            if (taskType.isBlank()) throw new IllegalArgumentException("taskType must not be blank");
            if (!(share >= 0 && share <= 1))
                throw new IllegalArgumentException("share must be from 0 to 1, was " + share);
            parameters = Json.copyOf(parameters);
        }
    }

    /** How often a step is done in one occurrence. */
    public enum Turns {
        ONE,
        SEVERAL
    }

    /**
     * How the executions of a routine differ from the steps of its {@link Sequence}.
     *
     * @param variations what some do besides, or instead
     * @param sources where what a step puts down was taken from
     * @param variants the ways of going through it, the commonest first, up to {@value #MAX_VARIANTS}; the first of them
     *     has the steps of the sequence
     */
    public record Routine(List<Variation> variations, List<ValueSource> sources, List<Variant> variants) {
        /** How many variants a routine keeps at most. */
        public static final int MAX_VARIANTS = 20;

        public Routine {
            if (variants.size() > MAX_VARIANTS)
                throw new IllegalArgumentException("at most " + MAX_VARIANTS + " variants, was " + variants.size());
            variations = List.copyOf(variations);
            sources = List.copyOf(sources);
            variants = List.copyOf(variants);
        }
    }

    /**
     * Something that some executions of a routine do, and the commonest variant does not.
     *
     * @param place where, seen from a step of the sequence
     * @param number that step's, counted from 1; 0 with {@link Place#AFTER} for what comes before the first
     * @param step what is done
     */
    public record Variation(Place place, int number, Step step) {
        /** Where a variation is done. */
        public enum Place {
            INSTEAD_OF,
            AFTER
        }

        public Variation {
            if (number < (place == Place.AFTER ? 0 : 1))
                throw new IllegalArgumentException("number must be a step's, was " + number);
        }
    }

    /**
     * Where what a step puts down comes from.
     *
     * @param number of the step that puts it down, counted from 1
     * @param from number of the earlier step that took it
     */
    public record ValueSource(int number, int from) {
        public ValueSource {
            if (from < 1 || from >= number)
                throw new IllegalArgumentException("from must be a step before " + number + ", was " + from);
        }
    }

    /**
     * A way of going through a routine.
     *
     * @param times how many executions went so, at least 1
     * @param steps in their order
     */
    public record Variant(int times, List<Step> steps) {
        public Variant {
            if (times < 1) throw new IllegalArgumentException("times must be positive, was " + times);
            steps = List.copyOf(steps);
        }
    }

    /**
     * What several steps have in common, such as the archive that one step makes and the next one copies.
     *
     * @param text as the parameters have it, with variables in braces, for example {@code out/{name}.tgz}
     * @param steps the numbers of the steps that hold it, counted from 1, in their order, at least two
     */
    public record CarriedOver(String text, List<Integer> steps) {
        public CarriedOver {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A part that varies from task to task. Parts that always move together are one variable.
     *
     * @param name a lower-case identifier ({@code [a-z][a-z0-9_]*}), unique in its pattern
     * @param kind what the values look like
     * @param distinctValues how many different values were seen, at least 1
     * @param values up to {@value #MAX_VALUES} of them, latest first
     * @param day what every value was on the day of its task; empty if it does not depend on the day
     */
    public record Variable(
            String name, VariableKind kind, int distinctValues, List<String> values, Optional<DayExpression> day) {
        /** How many values a variable keeps at most. */
        public static final int MAX_VALUES = 50;

        public Variable {
            if (!name.matches("[a-z][a-z0-9_]*"))
                throw new IllegalArgumentException("name must be a lower-case identifier, was '" + name + "'");
            if (values.size() > MAX_VALUES)
                throw new IllegalArgumentException("at most " + MAX_VALUES + " values, was " + values.size());
            values = List.copyOf(values);
        }

        /** One that does not depend on the day. */
        public Variable(String name, VariableKind kind, int distinctValues, List<String> values) {
            this(name, kind, distinctValues, values, Optional.empty());
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
     * @param bindings what each variable held in it, by the variable's name; a list's words are separated by line feeds.
     *     Empty for an execution of a routine of which a step was left out, or not recorded.
     * @param steps of a sequence, the tasks that were its steps; empty for a pattern of single tasks. They are the tasks
     *     that were recorded of it for an execution of a routine of which a step was left out, fewer than the routine's.
     */
    public record Observation(Task task, Map<String, String> bindings, List<Task> steps) {
        public Observation {
            bindings = Map.copyOf(bindings);
            steps = List.copyOf(steps);
        }

        /** An observation of a single task. */
        public Observation(Task task, Map<String, String> bindings) {
            this(task, bindings, List.of());
        }
    }
}
