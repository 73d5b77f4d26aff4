package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A step that starts the program that the person started, because no template knows what it does. */
final class ProgramStep {
    /** What belongs to the shell in which it is typed, or to a person's session in it. */
    private static final Set<String> OF_THE_SHELL = Set.of(
            "sudo", "fg", "bg", "exit", "logout", "source", "exec", "export", "setenv", "alias", "history", "sleep",
            "kill", "at", "batch", "crontab");

    private final int number;
    private final TaskPattern step;
    private final ScriptLanguage language;
    private final Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
    private final Map<String, Object> observed = new LinkedHashMap<>();

    ProgramStep(int number, TaskPattern step, ScriptLanguage language) {
        this.number = number;
        this.step = step;
        this.language = language;
    }

    /** Why tasks of a pattern cannot be a step that a machine does; empty if they can. */
    static String whyByHand(TaskPattern step) {
        String type = step.taskType().strip();
        String program = type.split(" ", 2)[0];
        if (ByHand.is(step) || OF_THE_SHELL.contains(program))
            return program + " is worked with by hand, or belongs to the shell itself";
        return Reaching.why(step);
    }

    StepDraft draft() throws NotAutomatable {
        ShellCommand command = ShellCommand.read(step);
        String program = step.taskType().split(" ", 2)[0];
        if (!program.matches("[A-Za-z][A-Za-z0-9._+-]*"))
            throw NotAutomatable.mine("'" + step.taskType() + "' is no program that can be granted by its name");
        if (command.output().isPresent() || command.input().isPresent())
            throw NotAutomatable.mine("it redirects the input or output of " + program);
        if (step.observations().isEmpty()) throw NotAutomatable.mine("none of its tasks was kept");
        Map<String, String> latest = step.observations().getFirst().bindings();
        var words = new ArrayList<Word>();
        String[] types = step.taskType().strip().split(" +");
        for (String subcommand : List.of(types).subList(1, types.length))
            words.add(new Word.One(Shape.literal(subcommand)));
        words.addAll(command.words());
        var writes = new LinkedHashSet<String>();
        declareArguments(command, words, latest, writes);
        Shape folder = command.folder();
        if (!folder.isEmpty()) {
            if (!folder.isConstant() || !Paths.isAbsolute(folder.literalStart()))
                throw NotAutomatable.mine("the folder in which " + program + " ran varies or is not known in full");
            writes.clear();
            writes.add(grantable(folder));
            declare("folder", "path", folder.fill(Map.of()), "Where it is started.");
        }
        if (writes.isEmpty())
            throw NotAutomatable.mine("the history does not say in which folder " + program + " worked");
        var grants = new LinkedHashMap<String, List<String>>();
        grants.put("writes", List.copyOf(writes));
        var programs = new LinkedHashSet<String>(List.of(program));
        programs.addAll(Helpers.of(
                program, words.stream().map(command.observed()::texts).toList()));
        grants.put("programs", List.copyOf(programs));
        declare("program", "string", program, "The program to start.");
        var test = new LinkedHashMap<String, Object>();
        test.put("params", observed);
        test.put("expect", Map.of("success", true));
        return new StepDraft(
                number,
                step.taskType(),
                Slugs.id("run " + step.taskType()),
                "Starts " + program + "; what it does beside files in its grants is not undone.",
                language,
                parameters,
                grants,
                List.of(test),
                true,
                code(!folder.isEmpty()));
    }

    private void declareArguments(
            ShellCommand command, List<Word> words, Map<String, String> latest, Set<String> writes)
            throws NotAutomatable {
        var variables = new LinkedHashSet<String>();
        var templates = new ArrayList<String>();
        for (Word word : words) {
            if (!(word instanceof Word.One(Shape shape)))
                throw NotAutomatable.mine("how many words " + step.taskType() + " is given varies");
            for (String text : command.observed().texts(word)) {
                if (!Toml.canHold(text) || text.indexOf('\0') >= 0)
                    throw NotAutomatable.mine("one of its values is no valid text");
                if (Globs.hasWildcard(text)) throw NotAutomatable.mine("it is given a pattern of file names");
            }
            Shape given = ShellCommand.asGiven(shape);
            variables.addAll(given.variables());
            templates.add(given.template());
            boolean path = !given.literalStart().startsWith("-") && looksLikePath(command, word);
            if (path) writes.add(grantable(given));
        }
        for (String variable : variables) {
            String value = latest.get(variable);
            if (value == null) throw NotAutomatable.mine("it varies in {" + variable + "}, of which nothing is known");
            declare(variable, "string", value, "What varied from task to task.");
            observed.put(variable, value);
        }
        declare(
                "arguments",
                "list",
                templates,
                "What the program is given; a name in braces stands for that parameter.");
    }

    private static boolean looksLikePath(ShellCommand command, Word word) {
        List<String> texts = command.observed().texts(word);
        return !texts.isEmpty()
                && texts.stream()
                        .allMatch(text ->
                                text.contains("/") || !Paths.extension(text).isEmpty());
    }

    private String grantable(Shape path) throws NotAutomatable {
        for (String variable : path.variables()) {
            boolean whole = path.wholeVariable().isPresent();
            for (TaskPattern.Variable each : step.variables())
                if (!whole
                        && each.name().equals(variable)
                        && each.values().stream().anyMatch(value -> value.contains("/") || value.isEmpty()))
                    throw NotAutomatable.mine("the folder of its files varies, so no folder can be granted");
        }
        String grant = Paths.trimSlashes(path.template());
        if (grant.equals("/") || grant.equals("~") || grant.equals(".") || grant.equals(".."))
            throw NotAutomatable.mine("it would have to be granted all of a folder that is too much to grant");
        if (path.anyLiteral(text -> text.contains("{") || text.contains("}")))
            throw NotAutomatable.mine("a path in it holds braces, which a grant cannot");
        return grant;
    }

    private void declare(String name, String type, Object standard, String description) {
        var parameter = new LinkedHashMap<String, Object>();
        parameter.put("type", type);
        parameter.put("default", standard);
        parameter.put("description", description);
        parameters.put(name, Routine.parameter(step, name, parameter));
    }

    private String code(boolean inFolder) {
        boolean python = language == ScriptLanguage.PYTHON;
        String folder = inFolder ? (python ? ", cwd=params[\"folder\"]" : ", { cwd: params.folder }") : "";
        String code = python ? IN_PYTHON : IN_JAVASCRIPT;
        return String.format(Locale.ROOT, code, folder);
    }

    private static final String IN_PYTHON = """
            # Starts a program; its failure is the step's failure.
            def execute(params):
                arguments = [text.format(**params) for text in params["arguments"]]
                ended = understudy.run(params["program"], arguments%s)
                if ended["code"] != 0:
                    return {"success": False, "error": "it ended with code %%d: %%s" %% (ended["code"], ended["stderr"].strip())}
                return {"success": True, "output": ended["stdout"]}
            """;

    private static final String IN_JAVASCRIPT = """
            // Starts a program; its failure is the step's failure.
            function execute(params) {
              const words = params.arguments.map((text) => fill(text, params));
              const ended = understudy.run(params.program, words%s);
              if (ended.code !== 0) return { success: false, error: `it ended with code ${ended.code}: ${ended.stderr.trim()}` };
              return { success: true, output: ended.stdout };
            }

            /** Puts the parameters in place of their names in braces; a doubled brace stands for itself. */
            function fill(text, params) {
              return text.replace(/\\{\\{|\\}\\}|\\{(\\w+)\\}/g, (mark, name) => (name ? String(params[name]) : mark[0]));
            }
            """;
}
