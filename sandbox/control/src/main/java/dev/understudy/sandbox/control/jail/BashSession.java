package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.cells.ReplSession;
import dev.understudy.sandbox.control.cells.SessionFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A session in Bash: each input is a run in the jail, on the files of the session, that begins with what the runs before
 * have set: variables, functions, options, aliases and the folder. What they started has ended with them.
 */
public final class BashSession implements ReplSession {
    private static final JsonMapper JSON = new JsonMapper();

    /** The kernel takes at most 128 KiB for one variable. */
    private static final int MOST_STATE_BYTES = 120 << 10;

    /** As Bash begins what it says of an input: the script that evaluates it, and a line of that. */
    private static final Pattern OWN_PLACE = Pattern.compile("^(?:bash|[^ :]*script\\.sh): (?:eval: )?line \\d+: ");

    private static final Pattern NAME =
            Pattern.compile("(?m)^declare -\\S+ ([A-Za-z_]\\w*)|^([A-Za-z_][\\w-]*) \\(\\)");

    private final JailRunner runner;
    private final String script;
    private RunRequest request;
    private String state = "";
    private int code;
    private volatile ScriptRunner.@Nullable Run current;

    /** @param runner runs scripts on the session's own files ({@link SessionFiles#shared}); closed with the session */
    public BashSession(JailRunner runner, RunRequest request) throws IOException {
        this.runner = runner;
        this.request = request;
        script = new String(Resources.bytes("session.sh"), StandardCharsets.UTF_8);
    }

    @Override
    public Reply evaluate(String input, RunListener listener) throws InterruptedException {
        RunReport report = run("entry", input, new Plainly(listener));
        return switch (report.outcome()) {
            case RunOutcome.Succeeded(String result) -> reply(result);
            case RunOutcome.Failed(String error, String detail, var _) -> new Reply.Failed(error, detail);
            case RunOutcome.Refused(String reason, String mend) -> new Reply.Failed(reason + "; " + mend, "");
            case RunOutcome.Cancelled _ -> new Reply.Failed("interrupted", "");
            case RunOutcome.LimitExceeded exceeded -> new Reply.Lost(exceeded);
        };
    }

    private Reply reply(String result) {
        JsonNode told = read(result);
        if (told.path("unfinished").asBoolean()) return new Reply.Incomplete();
        String newState = told.path("state").asText();
        code = told.path("code").asInt();
        if (newState.getBytes(StandardCharsets.UTF_8).length > MOST_STATE_BYTES)
            return new Reply.Failed(
                    "what is set now takes more than " + (MOST_STATE_BYTES >> 10)
                            + " KiB, and is not kept; what was set before stands",
                    "");
        state = newState;
        return code == 0 ? new Reply.Value("") : new Reply.Failed("it ended with status " + code, "");
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException _) {
            return JSON.missingNode();
        }
    }

    @Override
    public boolean isUnfinished(String input) throws InterruptedException {
        return run("wholeness", input, RunListener.SILENT).outcome() instanceof RunOutcome.Succeeded(String result)
                && read(result).path("unfinished").asBoolean();
    }

    /** Names of variables and functions that inputs have set; a path leads nowhere in Bash. */
    @Override
    public List<String> members(String path) {
        return path.isEmpty() ? names().toList() : List.of();
    }

    private Stream<String> names() {
        return NAME.matcher(state).results().map(found -> found.group(1) == null ? found.group(2) : found.group(1));
    }

    @Override
    public Optional<String> explain(String path) {
        Matcher variable = Pattern.compile("(?m)^declare -(\\S+) " + Pattern.quote(path) + "(?:=(.*))?$")
                .matcher(state);
        if (variable.find())
            return Optional.of(path + ": " + (variable.group(1).contains("a") ? "array" : "variable") + "\n"
                    + (variable.group(2) == null ? "" : variable.group(2)));
        Matcher function = Pattern.compile("(?ms)^" + Pattern.quote(path) + " \\(\\)\\s*\\n\\{.*?^\\}")
                .matcher(state);
        return function.find() ? Optional.of(path + ": function\n" + function.group()) : Optional.empty();
    }

    @Override
    public Timed time(String input, RunListener listener) {
        return new Timed.Not(new Reply.Failed(
                "an input in Bash is a run of its own, which takes longer to start than most inputs take", ""));
    }

    @Override
    public State use(RunRequest other) {
        request = other;
        return State.KEPT;
    }

    @Override
    public void interrupt() {
        ScriptRunner.Run run = current;
        if (run != null) run.cancel();
    }

    @Override
    public void close() {
        runner.close();
    }

    private RunReport run(String purpose, String input, RunListener listener) throws InterruptedException {
        ObjectNode parameters = JSON.createObjectNode()
                .put("purpose", purpose)
                .put("input", input)
                .put("state", state)
                .put("code", code);
        ScriptRunner.Run run = runner.start(
                new RunRequest(
                        "bash",
                        "bash session",
                        RunRequest.Language.BASH,
                        script,
                        parameters.toString(),
                        RunRequest.ScriptRuntime.POLYGLOT,
                        request.isolation(),
                        request.limits(),
                        request.grants(),
                        RunRequest.Mode.COMMIT,
                        RunRequest.Reuse.SHARED,
                        Map.of(),
                        request.workingDirectory(),
                        Set.of()),
                listener);
        current = run;
        try {
            return run.await();
        } finally {
            current = null;
        }
    }

    /** Passes on what is printed, without the places in the script that evaluates the input. */
    private record Plainly(RunListener listener) implements RunListener {
        @Override
        public void output(RunReport.OutputLine line) {
            boolean error = line.channel().equals("stderr");
            listener.output(
                    error
                            ? new RunReport.OutputLine(
                                    line.channel(),
                                    OWN_PLACE.matcher(line.text()).replaceFirst(""))
                            : line);
        }
    }
}
