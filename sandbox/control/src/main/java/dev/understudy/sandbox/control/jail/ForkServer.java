package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A jail that was built once and forks a process for each run, one run at a time.
 *
 * <p>The jail is the usual one, and shows what the runs of one automation with one set of grants may read. A run is a fork
 * that enters user, pid, mount and IPC namespaces of its own, in which the run's private folders, its copies and overlays
 * are mounted and the server's files are covered; it then takes on the run's limits, gives up all capabilities and loads
 * the system call filter. Only then does the script start, or the program that runs it. So two runs share nothing but what the
 * server was before either: no process, no file, no shared memory. What they do share is the layout of their memory
 * and, in Python, the seed of its hashes.
 *
 * <p>The host kills the whole server with a run that it stops. Used by one thread at a time but for the run's own
 * {@link RunWatch}.
 */
final class ForkServer implements AutoCloseable {
    /** bubblewrap's init, the server and the run's init. */
    private static final int GENERATIONS = 3;

    private static final int START_SECONDS = 20;
    private static final int MAX_FRAME_BYTES = 1 << 16;
    private static final int MAX_TAIL_BYTES = 2000;
    private static final JsonMapper JSON = new JsonMapper();

    private final Folder folder;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile @Nullable Fork current;

    /** What happened before the script had begun, so that it can still run elsewhere. */
    static final class Fault extends IOException {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message);
        }
    }

    /** A server's folder on the host, with the uid that it and all its runs have. */
    static final class Folder implements AutoCloseable {
        private final JailKit kit;
        private final OptionalInt uid;
        private final RunFolder folder;
        private final Path runs;

        Folder(JailKit kit, boolean inMemory) throws IOException {
            this.kit = kit;
            this.uid = kit.takeUid();
            this.folder = RunFolder.create(kit.runs(inMemory), "server-", uid);
            this.runs = folder.folder("runs");
            folder.folder("program");
        }

        /** Folders for one run. */
        JailSpace space() throws IOException {
            return new JailSpace(kit, RunFolder.create(runs, "run-", uid), uid, () -> {});
        }

        @Override
        public void close() throws IOException {
            try {
                folder.close();
            } finally {
                kit.release(uid);
            }
        }
    }

    private ForkServer(Folder folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts a server and waits until it can fork.
     *
     * @param folder becomes the server's, and is closed with it; on failure it stays the caller's
     * @param modules of Python's library, which runs in Python then find imported
     * @param runtime what the jail shows of the system
     * @param shown what it shows beside
     */
    static ForkServer start(
            Folder folder,
            Cpython python,
            Dialect.Fork fork,
            List<String> modules,
            List<JailCommand.Mount> runtime,
            List<JailCommand.Mount> shown)
            throws IOException, InterruptedException {
        ForkServerJail jail = new ForkServerJail(folder.kit, folder.uid, folder.folder, folder.runs);
        List<String> arguments = jail.arguments(python, fork, modules, runtime, shown);
        ForkServer server = new ForkServer(folder, folder.kit.starter().start(JailCommand.builder(arguments)));
        Thread.ofPlatform().daemon().name("fork-server").start(server::listen);
        try {
            server.ready.get(START_SECONDS, TimeUnit.SECONDS);
            return server;
        } catch (ExecutionException | TimeoutException failure) {
            server.kill();
            String said =
                    new String(server.process.getErrorStream().readNBytes(MAX_TAIL_BYTES), StandardCharsets.UTF_8);
            throw new Fault("the fork server did not start: " + said.strip());
        } catch (InterruptedException interrupt) {
            server.kill();
            throw interrupt;
        }
    }

    /** Folders for the next run. */
    JailSpace space() throws IOException {
        return folder.space();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * What one run is to be.
     *
     * @param mounts divided for this server
     * @param input on the host, the file that becomes the run's standard input; below the run's folder
     */
    record Job(
            ForkMounts mounts,
            Dialect.Start start,
            Map<String, String> environment,
            Path workingDirectory,
            JailLimits limits,
            Path input) {}

    /**
     * Forks a run and watches it until nothing of it is left.
     *
     * @param started hears of the run once it can be stopped
     * @throws Fault if the script was not begun
     */
    RunWatch.Ending run(
            Job job, Limits limits, RunWatch.Allowance allowance, RunListener listener, Consumer<RunWatch> started)
            throws IOException, InterruptedException {
        Fork fork = new Fork(limits, allowance, listener);
        current = fork;
        started.accept(fork.watch);
        try {
            send(request(job));
            fork.watch.watch(nanos -> fork.done.await(nanos, TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupt) {
            kill();
            throw interrupt;
        } finally {
            current = null;
        }
        String fault = fork.fault;
        RunWatch.Ending ending = fork.watch.ending(fork.exitCode);
        if (fault != null && ending.stopped().isEmpty()) throw new Fault("the fork server failed: " + fault);
        // A run may be stopped for what it has written when it had ended already; the kill must not meet the next one.
        if (ending.stopped().isPresent()) end();
        return ending;
    }

    private void send(byte[] request) {
        try {
            OutputStream out = process.getOutputStream();
            out.write(ByteBuffer.allocate(4).putInt(request.length).array());
            out.write(request);
            out.flush();
        } catch (IOException gone) {
            // The listener hears the same, and tells it as the run's end.
            kill();
        }
    }

    private byte[] request(Job job) throws JsonProcessingException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode mounts = request.putArray("mounts");
        for (ForkMounts.ByFork mount : job.mounts().byFork())
            mounts.addArray()
                    .add(mount.kind())
                    .add(mount.source())
                    .add(mount.target().toString());
        ArrayNode command = request.putArray("command");
        if (job.start().fork() == Dialect.Fork.BY_COMMAND) job.start().command().forEach(command::add);
        ObjectNode environment = request.putObject("environment");
        job.environment().forEach(environment::put);
        request.put("directory", job.workingDirectory().toString());
        request.put(
                "input",
                ForkMounts.RUNS.resolve(folder.runs.relativize(job.input())).toString());
        ObjectNode limits = request.putObject("limits");
        job.limits()
                .withProcesses(job.limits().processes() + JailKit.OWN_PROCESSES)
                .byName()
                .forEach(limits::put);
        return JSON.writeValueAsBytes(request);
    }

    /** Passes on what the server says, until it is gone. */
    private void listen() {
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            byte[] frame = new byte[MAX_FRAME_BYTES];
            while (true) {
                int kind = in.readUnsignedByte();
                int length = in.readInt();
                if (length < 0 || length > MAX_FRAME_BYTES) throw new IOException("a frame of " + length + " bytes");
                in.readFully(frame, 0, length);
                hear(kind, frame, length);
            }
        } catch (IOException ended) {
            kill();
        }
        awaitEnd();
    }

    private void hear(int kind, byte[] frame, int length) throws IOException {
        Fork fork = current;
        if (kind == 'r') {
            ready.complete(null);
        } else if (fork == null) {
            throw new IOException("it speaks of a run where there is none");
        } else {
            switch (kind) {
                case 'o' -> fork.output.take(frame, length);
                case 'e' -> fork.errors.take(frame, length);
                case 'x' -> {
                    ByteBuffer ended = ByteBuffer.wrap(frame, 0, length);
                    int code = ended.getInt();
                    Duration cpuTime = Duration.of(ended.getLong(), ChronoUnit.MICROS);
                    long ioBytes = ended.getLong();
                    if (ioBytes >= 0) fork.watch.settleIo(ioBytes);
                    fork.end(code, cpuTime);
                }
                case 'f' -> {
                    fork.fault = new String(frame, 0, length, StandardCharsets.UTF_8);
                    fork.end(1, Duration.ZERO);
                }
                default -> throw new IOException("a frame of kind " + kind);
            }
        }
    }

    /** Ends it, unless it has ended; the folder stays. */
    void end() {
        kill();
        awaitEnd();
    }

    /** Nothing of it is left once the outermost process is gone. */
    private void awaitEnd() {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        ready.completeExceptionally(new IOException("it ended"));
        Fork fork = current;
        if (fork != null) fork.end(process.exitValue(), Duration.ZERO);
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void kill() {
        JailEnd.kill(process.toHandle());
    }

    /** Ends it and removes its folder. */
    @Override
    public void close() throws IOException {
        end();
        process.getErrorStream().close();
        folder.close();
    }

    /** One run, as the listener knows it. */
    private final class Fork {
        private final RunWatch watch;
        private final OutputLines output;
        private final OutputLines errors;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile int exitCode;
        private volatile @Nullable String fault;

        Fork(Limits limits, RunWatch.Allowance allowance, RunListener listener) {
            watch = new RunWatch(
                    limits, allowance, listener, new ProcessTree(process.pid(), GENERATIONS), ForkServer.this::kill);
            output = new OutputLines("stdout", watch);
            errors = new OutputLines("stderr", watch);
        }

        private void end(int code, Duration cpuTime) {
            if (done.getCount() == 0) return;
            exitCode = code;
            watch.count(cpuTime);
            output.end();
            errors.end();
            done.countDown();
        }
    }
}
