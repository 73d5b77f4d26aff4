package dev.understudy.core.workflow;

import dev.understudy.sandbox.control.RunRequest.Language;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A workflow's script as the sandbox runs it: with a function {@code execute} at its end, which calls one step or, in a
 * rehearsal, all of them on one view of the files. Lines keep their numbers.
 */
public final class StepScript {
    /** In a script and in a module alike, whatever else they call so: what is set here goes before. */
    private static final String EXECUTE_IN_JAVASCRIPT = "\n\nglobalThis.execute = ";

    private StepScript() {}

    /** Whether workflows can be written in a language. */
    public static boolean speaks(Language language) {
        return language == Language.PYTHON || language == Language.JAVASCRIPT;
    }

    /** The script whose run is one step. */
    static String of(Language language, String script, Step step) {
        return switch (language) {
            case PYTHON -> script + "\n\n\ndef execute(params):\n    return " + step.name() + "(params)\n";
            case JAVASCRIPT ->
                script + EXECUTE_IN_JAVASCRIPT + "function (params) {\n  return " + step.name() + "(params);\n};\n";
            case BASH, APPLESCRIPT -> throw new IllegalArgumentException("no workflows in " + language);
        };
    }

    /** The script whose run is all steps one after the other; what one has done the next one sees. */
    public static String ofAll(Language language, String script, List<Step> steps) {
        StepGraph graph = StepGraph.of(steps);
        String list = graph.inOrder().stream()
                .map(step -> entry(language, step, graph.before(step)))
                .collect(Collectors.joining());
        return switch (language) {
            case PYTHON -> script + ALL_IN_PYTHON.replace("STEPS", list);
            case JAVASCRIPT -> script + EXECUTE_IN_JAVASCRIPT + ALL_IN_JAVASCRIPT.replace("STEPS", list);
            case BASH, APPLESCRIPT -> throw new IllegalArgumentException("no workflows in " + language);
        };
    }

    private static String entry(Language language, Step step, Set<String> before) {
        boolean python = language == Language.PYTHON;
        boolean tolerated = step.onError() == Step.OnError.CONTINUE;
        String names = before.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        String truth = python ? (tolerated ? "True" : "False") : String.valueOf(tolerated);
        return (python ? "        (\"%s\", %s, [%s], %s),\n" : "    [\"%s\", %s, [%s], %s],\n")
                .formatted(step.name(), step.name(), names, truth);
    }

    private static final String ALL_IN_PYTHON = """



            def execute(params):
                results, failed = {}, []
                for name, step, before, tolerated in [
            STEPS    ]:
                    try:
                        result = step(dict(params, steps={each: results[each] for each in before if each in results}))
                    except Exception as error:
                        if not tolerated:
                            understudy.log.error("The step '%s' failed." % name)
                            raise
                        result = {"success": False, "error": str(error)}
                    if isinstance(result, dict) and result.get("success") is False:
                        if not tolerated:
                            return {"success": False, "error": "the step '%s' failed: %s" % (name, result.get("error"))}
                        understudy.log.warn("The step '%s' failed: %s" % (name, result.get("error")))
                        failed.append(name)
                    else:
                        results[name] = result
                return {"success": True, "steps": results, "failed": failed}
            """;

    private static final String ALL_IN_JAVASCRIPT = """
            async function (params) {
              const results = {};
              const failed = [];
              for (const [name, step, before, tolerated] of [
            STEPS  ]) {
                const steps = Object.fromEntries(before.filter((each) => each in results).map((each) => [each, results[each]]));
                let result;
                try {
                  result = await step({ ...params, steps });
                } catch (error) {
                  if (!tolerated) {
                    understudy.log.error(`The step '${name}' failed.`);
                    throw error;
                  }
                  result = { success: false, error: String(error) };
                }
                if (result?.success === false) {
                  if (!tolerated) return { success: false, error: `the step '${name}' failed: ${result.error}` };
                  understudy.log.warn(`The step '${name}' failed: ${result.error}`);
                  failed.push(name);
                } else {
                  results[name] = result;
                }
              }
              return { success: true, steps: results, failed };
            };
            """;
}
