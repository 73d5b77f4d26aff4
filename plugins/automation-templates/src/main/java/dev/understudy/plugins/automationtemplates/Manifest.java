package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An automation template as read from its folder.
 *
 * @param name as extensions and automations name it
 * @param description one line for people
 * @param types task types for which a parameter tells the operation
 * @param actionNames names of that parameter
 * @param ignored parameters of a task that change nothing about what was done
 * @param operations in order of preference
 * @param library by language, the functions of which scripts are put together from steps; empty if they are not
 * @param steps by id
 * @param without by language, why an operation may have no script in it, as a part of a sentence
 */
record Manifest(
        String name,
        String description,
        Set<String> types,
        List<String> actionNames,
        Set<String> ignored,
        List<Operation> operations,
        Map<ScriptLanguage, ScriptComposer> library,
        Map<String, Step> steps,
        Map<ScriptLanguage, String> without) {

    Manifest {
        types = Set.copyOf(types);
        actionNames = List.copyOf(actionNames);
        ignored = Set.copyOf(ignored);
        operations = List.copyOf(operations);
        library = Map.copyOf(library);
        steps = Map.copyOf(steps);
        without = Map.copyOf(without);
    }

    Step step(String id) {
        Step step = steps.get(id);
        if (step == null) throw new IllegalArgumentException("template " + name + " has no step '" + id + "'");
        return step;
    }

    Operation operation(String id) {
        for (Operation operation : operations) if (operation.id().equals(id)) return operation;
        throw new IllegalArgumentException("template " + name + " has no operation '" + id + "'");
    }

    /**
     * One thing that the template can write an automation for.
     *
     * @param summary a sentence for people in which {@code {parameter}} stands for what the parameter holds
     * @param title words for the automation's id, likewise
     * @param scripts text by language
     * @param programs that its Bash script starts
     * @param reads parameters whose paths the script reads
     * @param writes parameters whose paths the script reads and writes
     * @param writesBeside parameters beside whose paths the script writes, so that their folders are granted
     * @param types task types that are this operation by themselves
     * @param actions what the action parameter says for this operation
     * @param parameters by name, in the order in which the automation lists them
     * @param command what the words of a shell command are for it; empty if it is for tasks with named parameters only
     */
    record Operation(
            String id,
            String summary,
            String title,
            Map<ScriptLanguage, String> scripts,
            List<String> programs,
            List<String> reads,
            List<String> writes,
            List<String> writesBeside,
            Set<String> types,
            Set<String> actions,
            Map<String, Parameter> parameters,
            Optional<Command> command) {

        /** One that is for tasks with named parameters only. */
        Operation(
                String id,
                String summary,
                String title,
                Map<ScriptLanguage, String> scripts,
                List<String> programs,
                List<String> reads,
                List<String> writes,
                List<String> writesBeside,
                Set<String> types,
                Set<String> actions,
                Map<String, Parameter> parameters) {
            this(
                    id,
                    summary,
                    title,
                    scripts,
                    programs,
                    reads,
                    writes,
                    writesBeside,
                    types,
                    actions,
                    parameters,
                    Optional.empty());
        }

        Operation {
            scripts = Map.copyOf(scripts);
            programs = List.copyOf(programs);
            reads = List.copyOf(reads);
            writes = List.copyOf(writes);
            writesBeside = List.copyOf(writesBeside);
            types = Set.copyOf(types);
            actions = Set.copyOf(actions);
            parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * What the words of a shell command are.
     *
     * @param operands parameters for the words that are no options, in their order; one of a list takes several
     * @param flags options that the script heeds by itself
     * @param options of each parameter that has some: one of type boolean is true where they stand, another takes the next
     *     word, or what follows {@code =}
     */
    record Command(List<String> operands, Set<String> flags, Map<String, Set<String>> options) {
        Command {
            operands = List.copyOf(operands);
            flags = Set.copyOf(flags);
            options = Map.copyOf(options);
        }

        /** The parameter that an option is for. */
        Optional<String> parameterOf(String option) {
            return options.entrySet().stream()
                    .filter(each -> each.getValue().contains(option))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    /**
     * A statement of a script that is put together from steps.
     *
     * @param title the word for it in an automation's id; may be empty
     * @param summary what it does, for people, with parameters in braces; may be empty
     * @param statements one line by language
     */
    record Step(
            String id,
            String title,
            String summary,
            Map<ScriptLanguage, String> statements,
            Map<String, Parameter> parameters) {
        Step {
            statements = Map.copyOf(statements);
            parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * A parameter of an operation's script.
     *
     * @param names how tasks call it, the likeliest first
     * @param patternNames how tasks call a pattern of file names within it
     * @param siblingNames how tasks call a bare name in the folder of the operation's first parameter
     * @param standard what the script gets if a task says nothing; if absent, a task must say it
     */
    record Parameter(
            Kind kind,
            List<String> names,
            List<String> patternNames,
            List<String> siblingNames,
            String description,
            Optional<Object> standard) {

        Parameter {
            names = List.copyOf(names);
            patternNames = List.copyOf(patternNames);
            siblingNames = List.copyOf(siblingNames);
        }
    }

    /** What a parameter holds. */
    enum Kind {
        /** One path, without wildcards. */
        PATH("path"),
        /** One path of a folder. */
        FOLDER("path"),
        /** Paths and patterns of paths. */
        PATHS("list"),
        STRING("string"),
        STRINGS("list"),
        INTEGER("integer"),
        NUMBER("number"),
        BOOLEAN("boolean");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The type in an automation's metadata. */
        String type() {
            return type;
        }

        boolean isList() {
            return this == PATHS || this == STRINGS;
        }

        boolean isPath() {
            return this == PATH || this == FOLDER || this == PATHS;
        }
    }
}
