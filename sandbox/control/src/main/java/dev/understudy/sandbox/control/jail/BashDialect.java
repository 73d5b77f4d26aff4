package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.ParameterVariable;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bash: parameters as {@code PARAM_<NAME>} and as JSON on stdin, the result in the file that {@code $RESULT} names. */
final class BashDialect implements Dialect {
    /** The kernel takes at most 128 KiB for one variable; longer values are in the JSON on stdin alone. */
    private static final int MAX_VARIABLE_BYTES = 120 << 10;

    private static final Needs NEEDS = new Needs(0, 0, Needs.Reserves.LITTLE);

    private final JailKit kit;
    private final Optional<Path> bash = SystemFiles.program("bash");
    private final byte[] prelude;

    BashDialect(JailKit kit) throws IOException {
        this.kit = kit;
        this.prelude = Resources.bytes("prelude.sh");
    }

    @Override
    public Optional<RunOutcome.Refused> refusal() {
        return bash.isPresent()
                ? Optional.empty()
                : Optional.of(new RunOutcome.Refused("bash is not installed", PackageManager.hint("bash")));
    }

    @Override
    public Start prepare(JailSpace space, RunRequest request, ObjectNode parameters) throws IOException {
        Path program = bash.orElseThrow();
        Path script = space.addProgram("script.sh", request.source().getBytes(StandardCharsets.UTF_8));
        Path prelude = space.addProgram("prelude.sh", this.prelude);
        List<JailCommand.Mount> mounts = new ArrayList<>(kit.only(List.of(program)));
        mounts.addAll(GrantedPrograms.mounts(request, kit));
        Map<String, String> environment = new LinkedHashMap<>(variables(parameters));
        environment.putAll(request.grants().secrets().variables());
        environment.put("PATH", GrantedPrograms.FOLDER.toString());
        environment.put("BASH_ENV", prelude.toString());
        environment.put("RESULT", RunResult.INSIDE.toString());
        environment.put("UNDERSTUDY_ISOLATION", request.isolation().id());
        // Where the host can give files away. A rehearsal is compared with the real program in the same jail.
        if (kit.root() && request.mode() == RunRequest.Mode.COMMIT)
            environment.put(
                    "UNDERSTUDY_OWNERS",
                    JailKit.RESULT_FOLDER.resolve(OwnerNotes.FILE).toString());
        if (request.mode() == RunRequest.Mode.REHEARSE) environment.put("UNDERSTUDY_REHEARSAL", "yes");
        return new Start(
                mounts,
                environment,
                List.of(program.toString(), "--noprofile", "--norc", script.toString()),
                Fork.BY_COMMAND,
                NEEDS.forPrograms(request.grants().programs()));
    }

    static Map<String, String> variables(ObjectNode parameters) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            String name = ParameterVariable.of(parameter.getKey());
            JsonNode node = parameter.getValue();
            String value = node.isNull() ? "" : node.isValueNode() ? node.asText() : node.toString();
            if (value.indexOf('\0') < 0 && value.getBytes(StandardCharsets.UTF_8).length <= MAX_VARIABLE_BYTES)
                variables.put(name, value);
        }
        return variables;
    }
}
