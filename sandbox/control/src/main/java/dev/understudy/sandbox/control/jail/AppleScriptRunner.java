package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.ParameterVariable;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs AppleScript on macOS: {@code osascript} under {@code sandbox-exec}, where the operator allows the reduced tier. The script
 * gets its parameters as {@code PARAM_…} and, as JSON, as the argument of {@code on run}; what that returns is the result.
 *
 * <p>Held are wall time, output, and disk in its workspace by this process, and by the kernel ({@code ulimit}) processor time,
 * open files and the size of a file. Memory and the number of processes are not held, since macOS enforces neither for one
 * process tree. There is no view of files there, so grants to write and staged files are refused.
 *
 * <p>This was tried with stand-ins for the two programs that check what they are given, and not on macOS. Safe for use by
 * several threads.
 */
public final class AppleScriptRunner implements ScriptRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STDOUT = "stdout";

    private final Setting setting;
    private final Path folder;
    private final Path home;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Set<AppleRun> running = ConcurrentHashMap.newKeySet();

    /** Where it is to run; {@code hostOwn} are folders that no grant gives. */
    record Setting(boolean macOs, boolean reducedAllowed, AppleScriptCommand.Programs programs, List<Path> hostOwn) {
        Setting {
            hostOwn = List.copyOf(hostOwn);
        }
    }

    /**
     * @param folder for the runs' workspaces, made if absent
     * @param home what {@code HOME} is for scripts
     * @param hostOwn folders of the host itself, which no grant gives
     * @param fallback whether the reduced tier is allowed
     */
    public AppleScriptRunner(
            Path folder,
            Path home,
            List<Path> hostOwn,
            Jail.Fallback fallback,
            InstantSource clock,
            RandomGenerator random) {
        this(
                new Setting(
                        System.getProperty("os.name", "").startsWith("Mac"),
                        fallback == Jail.Fallback.REDUCED,
                        AppleScriptCommand.Programs.OF_THE_SYSTEM,
                        hostOwn),
                folder,
                home,
                clock,
                random);
    }

    AppleScriptRunner(Setting setting, Path folder, Path home, InstantSource clock, RandomGenerator random) {
        this.setting = setting;
        this.folder = folder;
        this.home = home;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        var run = new AppleRun(request, listener, clock.instant());
        running.add(run);
        Thread.ofPlatform().daemon().name("applescript-run " + request.name()).start(run.task);
        return run;
    }

    @Override
    public void close() {
        List<AppleRun> underWay = List.copyOf(running);
        underWay.forEach(AppleRun::cancel);
        try {
            for (AppleRun each : underWay) each.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<RunOutcome.Refused> refusal(RunRequest request) {
        if (!setting.macOs()) return Optional.of(AppleScriptCommand.REFUSED);
        if (!setting.reducedAllowed())
            return refused(
                    "AppleScript runs under macOS's sandbox-exec, which is a weaker wall than a jail on Linux",
                    "set sandbox.allow_reduced: true");
        for (Path program :
                List.of(setting.programs().sandboxExec(), setting.programs().osascript()))
            if (!Files.isExecutable(program)) return refused(program + " is not there", "see that macOS has it");
        if (!request.grants().writes().isEmpty())
            return refused(
                    "not at tier reduced: AppleScript has no copy-on-write view of the files that it may write",
                    "grant no writes, or write the script in JavaScript or Python");
        if (!request.stagedFiles().isEmpty() || !request.stagedFolders().isEmpty())
            return refused(
                    "not at tier reduced: files that only the rehearsal has cannot be shown to AppleScript",
                    "leave 'files' out of its tests");
        for (Path own : setting.hostOwn())
            for (Path granted : request.grants().reads())
                if (own.startsWith(granted))
                    return refused(
                            "not at tier reduced: the host's own " + own + " cannot be hidden in " + granted,
                            "grant a narrower folder");
        if (!request.grants().hosts().isEmpty() || !request.grants().programs().isEmpty())
            return refused(
                    "AppleScript reaches no host and starts no program",
                    "grant neither, or write the script in JavaScript or Python");
        return Optional.empty();
    }

    private static Optional<RunOutcome.Refused> refused(String reason, String mend) {
        return Optional.of(new RunOutcome.Refused(reason, mend));
    }

    /** Started directly; its processes are ended one by one, since macOS has no namespace that would end them together. */
    private record DirectLaunch(Path workspace, Map<String, String> environment) implements Launch {
        @Override
        public Process start(ProcessBuilder builder) throws IOException {
            builder.environment().putAll(environment);
            return builder.directory(workspace.toFile()).start();
        }

        @Override
        public int jailGenerations() {
            return -1;
        }

        @Override
        public void kill(Process outermost) {
            List<ProcessHandle> below = outermost.descendants().toList();
            outermost.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        }

        @Override
        public void awaitEmpty() {}
    }

    private final class AppleRun implements Run {
        private final RunRequest request;
        private final RunListener listener;
        private final Instant started;
        private final long startNanos = System.nanoTime();
        private final String runId;
        private final FutureTask<RunReport> task = new FutureTask<>(this::run);
        private @Nullable RunWatch watch;
        private boolean cancelled;

        AppleRun(RunRequest request, RunListener listener, Instant started) {
            this.request = request;
            this.listener = listener;
            this.started = started;
            runId = request.runIdFrom(started, random);
        }

        @Override
        public RunReport await() throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException bug) {
                throw new IllegalStateException("run " + runId + " of " + request.name(), bug.getCause());
            }
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            if (watch != null) watch.stop(new RunOutcome.Cancelled());
        }

        private synchronized void watching(RunWatch begun) {
            watch = begun;
            if (cancelled) begun.stop(new RunOutcome.Cancelled());
        }

        private RunReport run() throws InterruptedException {
            try {
                Optional<RunOutcome.Refused> refusal = refusal(request);
                if (refusal.isPresent()) return report(refusal.get(), Tier.NONE, List.of(), RunReport.Usage.NONE);
                return inWorkspace();
            } catch (IOException e) {
                return report(
                        new RunOutcome.Failed("the script could not be started: " + e, ""),
                        Tier.NONE,
                        List.of(),
                        RunReport.Usage.NONE);
            } finally {
                running.remove(this);
            }
        }

        private RunReport inWorkspace() throws IOException, InterruptedException {
            Files.createDirectories(folder);
            Path workspace = Files.createTempDirectory(
                            folder,
                            "run-",
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .toRealPath();
            try {
                Path script = Files.writeString(workspace.resolve("script.applescript"), request.source());
                JsonNode parameters = JSON.readTree(request.parametersJson());
                if (!(parameters instanceof ObjectNode object))
                    return report(
                            new RunOutcome.Refused("the parameters are no JSON object", "pass an object"),
                            Tier.NONE,
                            List.of(),
                            RunReport.Usage.NONE);
                return jailed(workspace, script, object);
            } catch (JsonProcessingException broken) {
                return report(
                        new RunOutcome.Refused(
                                "the parameters are no JSON: " + broken.getOriginalMessage(), "pass a JSON object"),
                        Tier.NONE,
                        List.of(),
                        RunReport.Usage.NONE);
            } finally {
                delete(workspace);
            }
        }

        private RunReport jailed(Path workspace, Path script, ObjectNode parameters)
                throws IOException, InterruptedException {
            var command = new AppleScriptCommand(
                    setting.programs(),
                    script,
                    workspace,
                    request.grants().reads(),
                    List.of(),
                    List.of(parameters.toString()));
            JailedProcess process = JailedProcess.start(
                    new DirectLaunch(workspace, environment(parameters)),
                    limited(command.command()),
                    new byte[0],
                    request.limits(),
                    // What the runtime itself needs is not known there, and neither is held.
                    new RunWatch.Allowance(
                            Integer.MAX_VALUE / 2,
                            Long.MAX_VALUE / 2,
                            List.of(workspace),
                            request.source().getBytes(StandardCharsets.UTF_8).length),
                    listener);
            watching(process.watch());
            RunWatch.Ending ending = process.await();
            List<OutputLine> output = new ArrayList<>(ending.output());
            takeResult(workspace, output, ending);
            RunOutcome outcome = new RunResult(workspace, request.limits(), request.language()).outcome(ending);
            return report(outcome, Tier.REDUCED, output, ending.usage());
        }

        /** {@code osascript} prints last what {@code on run} returns. */
        private static void takeResult(Path workspace, List<OutputLine> output, RunWatch.Ending ending)
                throws IOException {
            if (ending.exitCode() != 0) return;
            for (int i = output.size() - 1; i >= 0; i--) {
                OutputLine line = output.get(i);
                if (!line.channel().equals(STDOUT)) continue;
                if (!line.text().isBlank()) {
                    Path result =
                            workspace.resolve(RunResult.INSIDE.getFileName().toString());
                    // The script may have put a link there, to a file that it could not write itself.
                    Files.deleteIfExists(result);
                    Files.writeString(result, line.text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                }
                output.remove(i);
                return;
            }
        }

        private Map<String, String> environment(ObjectNode parameters) {
            var environment = new java.util.LinkedHashMap<String, String>();
            parameters
                    .properties()
                    .forEach(each -> environment.put(
                            ParameterVariable.of(each.getKey()),
                            each.getValue().isTextual()
                                    ? each.getValue().asText()
                                    : each.getValue().toString()));
            environment.putAll(request.grants().secrets().variables());
            environment.put("HOME", home.toString());
            if (request.mode() == RunRequest.Mode.REHEARSE) environment.put("UNDERSTUDY_REHEARSAL", "yes");
            return environment;
        }

        /** The kernel's limits are set outside of the sandbox, whose programs inherit them. */
        private List<String> limited(List<String> command) {
            long seconds = request.limits().cpuTime().toSeconds() + 1;
            long blocks = Math.max(1, request.limits().diskBytes() / 512);
            var limited = new ArrayList<>(List.of(
                    "/bin/sh",
                    "-c",
                    "ulimit -t \"$1\" && ulimit -n \"$2\" && ulimit -f \"$3\" && shift 3 && exec \"$@\"",
                    "sh",
                    String.valueOf(seconds),
                    String.valueOf(request.limits().openFiles()),
                    String.valueOf(blocks)));
            limited.addAll(command);
            return limited;
        }

        private RunReport report(RunOutcome outcome, Tier tier, List<OutputLine> output, RunReport.Usage usage) {
            return new RunReport(
                    runId,
                    outcome,
                    request.isolation(),
                    tier,
                    started,
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    List.of(),
                    output,
                    usage);
        }
    }

    private static void delete(Path workspace) throws IOException {
        try (Stream<Path> all = Files.walk(workspace)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }
}
