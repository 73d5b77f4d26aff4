package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.protocol.GuestLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Python under CPython and JavaScript under Node: a driver gives the script the same {@code execute(params)} and the same
 * {@code understudy} object that it has in a cell.
 */
final class NativeDialect implements Dialect {
    private final JailKit kit;
    private final Interpreter interpreter;
    private final Optional<Path> program;
    private final List<JailCommand.Mount> mounts;
    private final byte[] driver;

    /** One of the two runtimes: what it is called, how its driver is started and what it needs for itself. */
    enum Interpreter {
        CPYTHON("python3", "driver.py", "script.py"),
        NODE("node", "driver.js", "script.js");

        private final String program;
        private final String driver;
        private final String script;

        Interpreter(String program, String driver, String script) {
            this.program = program;
            this.driver = driver;
            this.script = script;
        }

        /** The driver's text, with what it shares with cells before it. */
        byte[] driverText() throws IOException {
            String own = new String(Resources.bytes(driver), StandardCharsets.UTF_8);
            String text = switch (this) {
                case CPYTHON -> GuestLibrary.PYTHON.text() + "\n\n" + own;
                case NODE -> "'use strict';\nconst shared = " + GuestLibrary.JAVASCRIPT.text() + ";\n" + own;
            };
            return text.getBytes(StandardCharsets.UTF_8);
        }

        Needs needs() {
            return switch (this) {
                case CPYTHON -> new Needs(0, 8 << 20, Needs.Reserves.LITTLE);
                // V8 reserves gigabytes of addresses, and starts four threads for itself and four for the file system.
                case NODE -> new Needs(16, 48 << 20, Needs.Reserves.MUCH);
            };
        }
    }

    NativeDialect(JailKit kit, Interpreter interpreter) throws IOException {
        this.kit = kit;
        this.interpreter = interpreter;
        this.program = SystemFiles.realProgram(interpreter.program);
        this.driver = interpreter.driverText();
        this.mounts = program.isEmpty()
                ? List.of()
                : switch (interpreter) {
                    case CPYTHON ->
                        Cpython.at(program.get(), kit.architecture()).mounts();
                    case NODE -> kit.only(List.of(program.get()));
                };
    }

    @Override
    public Optional<RunOutcome.Refused> refusal() {
        if (program.isPresent()) return Optional.empty();
        return Optional.of(new RunOutcome.Refused(
                interpreter.program + " is not installed in the system's folders",
                PackageManager.hint(interpreter == Interpreter.NODE ? "nodejs" : "python3")
                        + ", or leave out runtime = \"native\""));
    }

    @Override
    public Start prepare(JailSpace space, RunRequest request, ObjectNode parameters) throws IOException {
        Path real = program.orElseThrow();
        Path driver = space.addProgram(interpreter.driver, this.driver);
        Path script = space.addProgram(interpreter.script, request.source().getBytes(StandardCharsets.UTF_8));
        List<JailCommand.Mount> all = new ArrayList<>(mounts);
        all.addAll(GrantedPrograms.mounts(request, kit));
        List<String> command = switch (interpreter) {
            case CPYTHON -> Cpython.command(real, driver);
            case NODE ->
                List.of(
                        real.toString(),
                        "--max-old-space-size=" + Math.max(16, request.limits().memoryBytes() >> 20),
                        driver.toString(),
                        script.toString());
        };
        Map<String, String> environment =
                new LinkedHashMap<>(request.grants().secrets().variables());
        environment.put("PATH", GrantedPrograms.FOLDER.toString());
        environment.put("RESULT", RunResult.INSIDE.toString());
        environment.put("UNDERSTUDY_ISOLATION", request.isolation().id());
        environment.put("UNDERSTUDY_NAME", request.name());
        Path packages = request.grants().packages();
        if (packages != null) environment.put("UNDERSTUDY_PACKAGES", packages.toString());
        return new Start(
                all,
                environment,
                command,
                interpreter == Interpreter.CPYTHON ? Fork.IN_THE_SERVER : Fork.BY_COMMAND,
                interpreter.needs().forPrograms(request.grants().programs()));
    }
}
