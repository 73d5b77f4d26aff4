package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run in the jail, from the request to its report; works on a thread of its own. */
final class JailRun implements ScriptRunner.Run {
    private static final JsonMapper JSON = new JsonMapper();

    private final Setting setting;
    private final RunRequest request;
    private final RunListener listener;
    private final String runId;
    private final Instant started;
    private final long startNanos = System.nanoTime();
    private final FutureTask<RunReport> task = new FutureTask<>(this::run);
    private final Consumer<JailRun> atEnd;
    private final Object lock = new Object();
    private @Nullable RunWatch watch;
    private boolean cancelled;
    private Optional<RunReport.Place> place = Optional.empty();

    /**
     * What all runs have in common.
     *
     * @param hostOwn folders of the host itself, which no grant gives
     * @param home what {@code ~} stands for in scripts
     * @param dialects empty without a jail
     * @param servers null without a jail
     */
    record Setting(
            Jail jail,
            RunFiles runFiles,
            List<Path> hostOwn,
            Path home,
            Map<Language, Dialect> dialects,
            @Nullable ForkServers servers) {
        Setting {
            hostOwn = List.copyOf(hostOwn);
            dialects = Map.copyOf(dialects);
        }
    }

    JailRun(
            Setting setting,
            RunRequest request,
            RunListener listener,
            String runId,
            Instant started,
            Consumer<JailRun> atEnd) {
        this.setting = setting;
        this.request = request;
        this.listener = listener;
        this.runId = runId;
        this.started = started;
        this.atEnd = atEnd;
    }

    void begin() {
        Thread.ofPlatform().daemon().name("jail-run " + request.name()).start(task);
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
            if (watch != null) watch.stop(new RunOutcome.Cancelled());
        }
    }

    /** Hears of the run once it can be stopped, and stops one that was cancelled before. */
    private void watching(RunWatch running) {
        synchronized (lock) {
            watch = running;
            if (cancelled) running.stop(new RunOutcome.Cancelled());
        }
    }

    private boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    private RunReport run() throws InterruptedException {
        try {
            Optional<RunOutcome.Refused> refusal = refusal();
            if (refusal.isPresent()) return report(refusal.get(), Tier.NONE);
            JsonNode parameters = JSON.readTree(request.parametersJson());
            if (!(parameters instanceof ObjectNode object))
                return report(new RunOutcome.Refused("the parameters are no JSON object", "pass an object"), Tier.NONE);
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
            atEnd.accept(this);
        }
    }

    /** Why a request is not even tried; empty if it is. */
    private Optional<RunOutcome.Refused> refusal() {
        if (request.language() == Language.APPLESCRIPT) return Optional.of(AppleScriptCommand.REFUSED);
        boolean jailed = request.runtime() == ScriptRuntime.NATIVE || request.language() == Language.BASH;
        if (!jailed)
            return Optional.of(new RunOutcome.Refused(
                    "the jail runs Bash and native programs, not " + request.language() + " in a cell",
                    "set runtime to native, or give the request to the cells"));
        if (setting.jail().refusal().isPresent()) return setting.jail().refusal();
        Optional<RunOutcome.Refused> beyondTier = ReducedViews.refusal(setting.jail(), request, setting.hostOwn());
        if (beyondTier.isPresent()) return beyondTier;
        if (!request.grants().hosts().isEmpty())
            return Optional.of(
                    new RunOutcome.Refused(
                            Denials.noNetwork(request.isolation()),
                            "grant no hosts (granted are "
                                    + String.join(", ", request.grants().hosts())
                                    + "), or write the script in JavaScript or Python for a cell, where the host's http reaches granted hosts"));
        return GrantedPrograms.refusal(request).or(() -> dialect().refusal());
    }

    private Dialect dialect() {
        Dialect dialect = setting.dialects().get(request.language());
        if (dialect == null) throw new IllegalStateException("no dialect for " + request.language());
        return dialect;
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
                usage,
                outcome instanceof RunOutcome.Succeeded ? Optional.empty() : place);
    }

    private RunReport runInView(ObjectNode parameters) throws IOException, FileViewException, InterruptedException {
        ForkServers servers = setting.servers();
        if (servers == null) throw new IllegalStateException("a jail without servers");
        try (RunFiles.Transaction transaction = setting.runFiles().open(runId, request);
                ForkServers.Seat seat = servers.seat(request)) {
            JailSpace space = seat.space();
            JailFiles files = JailFiles.prepare(
                    transaction.view(),
                    request.grants(),
                    differing(transaction),
                    setting.hostOwn(),
                    space,
                    setting.jail(),
                    request.limits().diskBytes());
            if (isCancelled())
                return report(new RunOutcome.Cancelled(), setting.jail().tier());
            RunWatch.Ending ending = jailed(seat, files, parameters);
            RunResult result = new RunResult(space.result(), request.limits(), request.language());
            RunOutcome outcome = Denials.explained(result.outcome(ending), request);
            place = RunReport.Place.in(request.source(), result.line(), 0);
            List<RunReport.OutputLine> output = new ArrayList<>(ending.output());
            output.addAll(result.unnoticed());
            return finish(outcome, output, ending.usage(), files, transaction);
        } catch (JailFiles.TooLarge large) {
            return report(
                    new RunOutcome.Refused(String.valueOf(large.getMessage()), "raise the limit 'disk', or grant less"),
                    Tier.NONE);
        }
    }

    /** Where the view differs from the host: by what is staged, and by what the inputs of a session before have changed. */
    private RunFiles.ChangedPaths differing(RunFiles.Transaction transaction) throws IOException {
        RunFiles.ChangedPaths changed = transaction.changedPaths();
        Set<Path> present = new LinkedHashSet<>(request.stagedFolders());
        present.addAll(request.stagedFiles().keySet());
        present.addAll(changed.present());
        return new RunFiles.ChangedPaths(List.copyOf(present), changed.gone());
    }

    private RunWatch.Ending jailed(ForkServers.Seat seat, JailFiles files, ObjectNode parameters)
            throws IOException, InterruptedException {
        JailSpace space = seat.space();
        Dialect.Start start = dialect().prepare(space, request, parameters);
        List<JailCommand.Mount> shown = new ArrayList<>(files.mounts());
        Path folder = request.workingDirectory();
        if (folder != null && !isShown(folder, request.grants())) shown.add(new JailCommand.Mount.Folder(folder));
        if (!isShown(setting.home(), request.grants())) shown.add(new JailCommand.Mount.Folder(setting.home()));
        Map<String, String> environment = new LinkedHashMap<>(start.environment());
        environment.put("HOME", setting.home().toString());
        List<Path> folders = new ArrayList<>(space.writableFolders());
        folders.addAll(files.watched());
        folders = folders.stream().distinct().toList();
        RunWatch.Allowance allowance = new RunWatch.Allowance(
                start.limits().tasks(),
                start.limits().memoryBytes(),
                folders,
                // The run's private folders are still empty.
                DiskUse.bytes(files.watched(), Long.MAX_VALUE / 2));
        Place place = new Place(
                start, shown, files.rootAccess(), environment, folder == null ? JailKit.WORKSPACE : folder, allowance);
        byte[] input = parameters.toString().getBytes(StandardCharsets.UTF_8);
        if (seat.mayFork() && files.rootAccess() == JailCommand.RootAccess.READ_ONLY) {
            Optional<RunWatch.Ending> ending = forked(seat, place, input);
            if (ending.isPresent()) return ending.get();
        }
        return alone(space, place, input);
    }

    /** All that a run's process needs to know of where it is. */
    private record Place(
            Dialect.Start start,
            List<JailCommand.Mount> shown,
            JailCommand.RootAccess rootAccess,
            Map<String, String> environment,
            Path workingDirectory,
            RunWatch.Allowance allowance) {}

    /** The run as a fork of a server; empty if that could not even begin. */
    private Optional<RunWatch.Ending> forked(ForkServers.Seat seat, Place place, byte[] input)
            throws IOException, InterruptedException {
        Dialect.Start start = place.start();
        ForkMounts mounts = seat.space().forkMounts(start.mounts(), place.shown());
        Optional<ForkServer> server = seat.server(start.fork(), request.source(), start.mounts(), mounts.atStart());
        if (server.isEmpty()) return Optional.empty();
        Map<String, String> environment = setting.jail().kit().environment();
        environment.putAll(place.environment());
        ForkServer.Job job = new ForkServer.Job(
                mounts,
                start,
                environment,
                place.workingDirectory(),
                kernelLimits(request.limits(), start.limits()),
                seat.space().run().file("input", input));
        try {
            return Optional.of(server.get().run(job, request.limits(), place.allowance(), listener, this::watching));
        } catch (ForkServer.Fault _) {
            seat.avoid();
            return Optional.empty();
        }
    }

    /** The run in a jail of its own. */
    private RunWatch.Ending alone(JailSpace space, Place place, byte[] input) throws IOException, InterruptedException {
        Dialect.Start start = place.start();
        List<JailCommand.Mount> mounts = new ArrayList<>(start.mounts());
        mounts.addAll(place.shown());
        List<String> arguments = space.arguments(
                mounts,
                place.rootAccess(),
                place.environment(),
                place.workingDirectory(),
                kernelLimits(request.limits(), start.limits()),
                start.command());
        JailedProcess jailed =
                JailedProcess.start(space.launch(), arguments, input, request.limits(), place.allowance(), listener);
        watching(jailed.watch());
        return jailed.await();
    }

    private RunReport finish(
            RunOutcome outcome,
            List<RunReport.OutputLine> output,
            RunReport.Usage usage,
            JailFiles files,
            RunFiles.Transaction transaction)
            throws IOException {
        boolean rehearsal = request.mode() == RunRequest.Mode.REHEARSE;
        boolean succeeded = outcome instanceof RunOutcome.Succeeded;
        if (!succeeded && !rehearsal) return report(outcome, setting.jail().tier(), List.of(), output, usage);
        Optional<RunOutcome> obstacle = takeBack(files, transaction.view());
        List<RunReport.FileChange> changes = obstacle.isEmpty() || rehearsal ? transaction.changes() : List.of();
        if (obstacle.isEmpty() && !rehearsal) obstacle = transaction.commit().map(RunOutcome.class::cast);
        RunOutcome end = succeeded ? obstacle.orElse(outcome) : outcome;
        boolean shown = rehearsal || end instanceof RunOutcome.Succeeded;
        return report(end, setting.jail().tier(), shown ? changes : List.of(), output, usage);
    }

    /** Brings what the jail did into the view; what went wrong, if something did. */
    private Optional<RunOutcome> takeBack(JailFiles files, FileView view) throws IOException {
        try {
            files.replay();
            return Optional.empty();
        } catch (FileViewException refused) {
            return Optional.of(refused(refused, view));
        } catch (TakenBack.Failure failure) {
            return Optional.of(new RunOutcome.Failed(String.valueOf(failure.getMessage()), ""));
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
