package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.RunFiles;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs Bash, and Python and JavaScript as native programs, each run in a jail of its own. One object serves the whole
 * host; closing it ends what is under way.
 */
public final class JailRunner implements ScriptRunner {
    private static final JsonMapper JSON = new JsonMapper();

    private final Jail jail;
    private final RunFiles runFiles;
    private final List<Path> hostOwn;
    private final Path home;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Language, Dialect> dialects;
    private final Set<JailRun> running = ConcurrentHashMap.newKeySet();

    /**
     * @param jail as tried on this machine; where it does not hold, every run is refused
     * @param runFiles make the runs' views and commit them
     * @param hostOwn folders of the host itself, which no grant gives; the same that the views keep
     * @param home what {@code ~} stands for in scripts
     */
    public JailRunner(
            Jail jail, RunFiles runFiles, List<Path> hostOwn, Path home, InstantSource clock, RandomGenerator random) {
        this.jail = jail;
        this.runFiles = runFiles;
        this.hostOwn = List.copyOf(hostOwn);
        this.clock = clock;
        this.random = random;
        this.home = home;
        this.dialects = jail.refusal().isPresent() ? Map.of() : dialects(jail.kit());
    }

    private static Map<Language, Dialect> dialects(JailKit kit) {
        try {
            return Map.of(
                    Language.BASH,
                    new BashDialect(kit),
                    Language.PYTHON,
                    new NativeDialect(kit, NativeDialect.Interpreter.CPYTHON),
                    Language.JAVASCRIPT,
                    new NativeDialect(kit, NativeDialect.Interpreter.NODE));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("looking for the runtimes of this machine", unreadable);
        }
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        JailRun run = new JailRun(request, listener);
        running.add(run);
        Thread.ofPlatform().daemon().name("jail-run " + request.name()).start(run.task);
        return run;
    }

    @Override
    public void close() {
        for (JailRun run : running) run.cancel();
    }

    /** Why a request is not even tried; empty if it is. */
    private Optional<RunOutcome.Refused> refusal(RunRequest request) {
        if (request.language() == Language.APPLESCRIPT) return Optional.of(AppleScriptCommand.REFUSED);
        boolean jailed = request.runtime() == ScriptRuntime.NATIVE || request.language() == Language.BASH;
        if (!jailed)
            return Optional.of(new RunOutcome.Refused(
                    "the jail runs Bash and native programs, not " + request.language() + " in a cell",
                    "set runtime to native, or give the request to the cells"));
        if (jail.refusal().isPresent()) return jail.refusal();
        Optional<RunOutcome.Refused> beyondTier = ReducedViews.refusal(jail, request, hostOwn);
        if (beyondTier.isPresent()) return beyondTier;
        if (!request.grants().hosts().isEmpty())
            return Optional.of(
                    new RunOutcome.Refused(
                            Denials.noNetwork(request.isolation()),
                            "grant no hosts (granted are "
                                    + String.join(", ", request.grants().hosts())
                                    + "), or write the script in JavaScript or Python for a cell, where the host's http reaches granted hosts"));
        return GrantedPrograms.refusal(request)
                .or(() -> dialect(request.language()).refusal());
    }

    private Dialect dialect(Language language) {
        Dialect dialect = dialects.get(language);
        if (dialect == null) throw new IllegalStateException("no dialect for " + language);
        return dialect;
    }

    private final class JailRun implements Run {
        private final RunRequest request;
        private final RunListener listener;
        private final Instant started = clock.instant();
        private final long startNanos = System.nanoTime();
        private final String runId = RunIds.at(started, random);
        private final FutureTask<RunReport> task = new FutureTask<>(this::run);
        private final Object lock = new Object();
        private @Nullable JailedProcess process;
        private boolean cancelled;

        JailRun(RunRequest request, RunListener listener) {
            this.request = request;
            this.listener = listener;
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
        public void cancel() {
            synchronized (lock) {
                cancelled = true;
                if (process != null) process.stop(new RunOutcome.Cancelled());
            }
        }

        private RunReport run() throws InterruptedException {
            try {
                Optional<RunOutcome.Refused> refusal = refusal(request);
                if (refusal.isPresent()) return report(refusal.get(), Tier.NONE);
                JsonNode parameters = JSON.readTree(request.parametersJson());
                if (!(parameters instanceof ObjectNode object))
                    return report(
                            new RunOutcome.Refused("the parameters are no JSON object", "pass an object"), Tier.NONE);
                return runInView(object);
            } catch (JsonProcessingException broken) {
                return report(
                        new RunOutcome.Refused(
                                "the parameters are no JSON: " + broken.getOriginalMessage(), "pass a JSON object"),
                        Tier.NONE);
            } catch (FileViewException refused) {
                return report(new RunOutcome.Failed(String.valueOf(refused.getMessage()), ""), Tier.NONE);
            } catch (IOException failure) {
                return report(new RunOutcome.Failed("the jail could not be set up: " + failure, ""), Tier.NONE);
            } finally {
                running.remove(this);
            }
        }

        private RunReport report(RunOutcome outcome, Tier tier) {
            return report(outcome, tier, List.of(), List.of(), RunReport.Usage.NONE);
        }

        private RunReport report(
                RunOutcome outcome,
                Tier tier,
                List<RunReport.FileChange> changes,
                List<RunReport.OutputLine> output,
                RunReport.Usage usage) {
            return new RunReport(
                    runId,
                    outcome,
                    request.isolation(),
                    tier,
                    started,
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    changes,
                    output,
                    usage);
        }

        private RunReport runInView(ObjectNode parameters) throws IOException, FileViewException, InterruptedException {
            try (RunFiles.Transaction transaction = runFiles.open(runId, request);
                    JailKit.Space space = jail.kit().open()) {
                JailFiles files = JailFiles.prepare(
                        transaction.view(),
                        request.grants(),
                        request.stagedFiles().keySet(),
                        hostOwn,
                        space,
                        jail,
                        request.limits().diskBytes());
                JailedProcess.Ending ending = jailed(files, space, parameters);
                RunOutcome outcome =
                        Denials.explained(new RunResult(space.result(), request.limits()).outcome(ending), request);
                return finish(outcome, ending, files, transaction);
            } catch (JailFiles.TooLarge large) {
                return report(
                        new RunOutcome.Refused(
                                String.valueOf(large.getMessage()), "raise the limit 'disk', or grant less"),
                        Tier.NONE);
            }
        }

        private JailedProcess.Ending jailed(JailFiles files, JailKit.Space space, ObjectNode parameters)
                throws IOException, InterruptedException {
            Limits limits = request.limits();
            Dialect.Start start = dialect(request.language()).prepare(space, request, parameters);
            List<JailCommand.Mount> mounts = new ArrayList<>(start.mounts());
            mounts.addAll(files.mounts());
            Path folder = request.workingDirectory();
            if (folder != null && !isShown(folder, request.grants())) mounts.add(new JailCommand.Mount.Folder(folder));
            if (!isShown(home, request.grants())) mounts.add(new JailCommand.Mount.Folder(home));
            Map<String, String> environment = new LinkedHashMap<>(start.environment());
            environment.put("HOME", home.toString());
            List<String> arguments = space.arguments(
                    mounts,
                    files.rootAccess(),
                    environment,
                    folder == null ? JailKit.WORKSPACE : folder,
                    kernelLimits(limits, start.limits()),
                    start.command());
            List<Path> folders = new ArrayList<>(space.writableFolders());
            folders.addAll(files.watched());
            folders = folders.stream().distinct().toList();
            JailedProcess.Allowance allowance = new JailedProcess.Allowance(
                    start.limits().tasks(),
                    start.limits().memoryBytes(),
                    folders,
                    DiskUse.bytes(folders, Long.MAX_VALUE / 2));
            JailedProcess jailed;
            synchronized (lock) {
                jailed = JailedProcess.start(
                        space.launch(),
                        arguments,
                        parameters.toString().getBytes(StandardCharsets.UTF_8),
                        limits,
                        allowance,
                        listener);
                process = jailed;
                if (cancelled) jailed.stop(new RunOutcome.Cancelled());
            }
            return jailed.await();
        }

        private RunReport finish(
                RunOutcome outcome, JailedProcess.Ending ending, JailFiles files, RunFiles.Transaction transaction)
                throws IOException {
            boolean rehearsal = request.mode() == RunRequest.Mode.REHEARSE;
            boolean succeeded = outcome instanceof RunOutcome.Succeeded;
            if (!succeeded && !rehearsal)
                return report(outcome, jail.tier(), List.of(), ending.output(), ending.usage());
            Optional<RunOutcome> obstacle = takeBack(files, transaction.view());
            List<RunReport.FileChange> changes = obstacle.isEmpty() || rehearsal ? transaction.changes() : List.of();
            if (obstacle.isEmpty() && !rehearsal)
                obstacle = transaction.commit().map(reason -> new RunOutcome.Failed(reason, "Nothing was changed."));
            RunOutcome end = succeeded ? obstacle.orElse(outcome) : outcome;
            boolean shown = rehearsal || end instanceof RunOutcome.Succeeded;
            return report(end, jail.tier(), shown ? changes : List.of(), ending.output(), ending.usage());
        }

        /** Brings what the jail did into the view; what went wrong, if something did. */
        private Optional<RunOutcome> takeBack(JailFiles files, FileView view) throws IOException {
            try {
                files.replay();
                return Optional.empty();
            } catch (FileViewException refused) {
                return Optional.of(refused(refused, view));
            } catch (JailFiles.Failure failure) {
                return Optional.of(new RunOutcome.Failed(String.valueOf(failure.getMessage()), ""));
            }
        }
    }

    static RunOutcome refused(FileViewException refused, FileView view) {
        return view.limitHit()
                .<RunOutcome>map(hit -> switch (hit.resource()) {
                    case DISK -> new LimitExceeded.Disk(hit.limit(), hit.used());
                    case OPEN_FILES ->
                        new LimitExceeded.OpenFiles(Math.toIntExact(hit.limit()), Math.toIntExact(hit.used()));
                })
                .orElseGet(() -> new RunOutcome.Failed(String.valueOf(refused.getMessage()), ""));
    }

    static boolean isShown(Path folder, Grants grants) {
        return grants.reads().stream().anyMatch(folder::startsWith)
                || grants.writes().stream().anyMatch(folder::startsWith);
    }

    static JailLimits kernelLimits(Limits limits, Dialect.Needs needs) {
        // Twice the memory limit of address space, so that the watcher, which counts what is used, comes first.
        OptionalLong memory = OptionalLong.of(limits.memoryBytes() * 2 + needs.memoryBytes() + (64L << 20));
        boolean reserves = needs.reserves() == Dialect.Needs.Reserves.MUCH;
        return new JailLimits(
                limits.processes() + needs.tasks(),
                reserves ? OptionalLong.empty() : memory,
                reserves ? memory : OptionalLong.empty(),
                OptionalLong.of(limits.cpuTime().toSeconds() + 2),
                OptionalLong.of(Math.max(limits.diskBytes(), limits.outputBytes())),
                limits.openFiles() + 1);
    }
}
