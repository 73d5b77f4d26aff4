package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Starts one process from a thread that has given up all but what the process may do. The thread does nothing but system
 * calls, the start and the wait: whatever else ran on it would be restricted as well, and so would every thread that it
 * made. When the process has ended, the thread ends all that the process has left behind.
 *
 * <p>That last step rests on Landlock's scope for signals: a signal to every process (-1) from inside a domain reaches
 * the domain's own processes and no other, and spares the process from which it is sent, which is the host.
 */
final class LandlockLaunch implements Launch {
    private static final long NO_NEW_PRIVILEGES = 38;
    private static final long SET_FILTER = 1;
    private static final int KILL = 9;
    private static final int INSTRUCTION_BYTES = 8;

    private final Map<Path, Landlock.Right> rights;
    private final byte[] filter;
    private final long filterCall;
    private final Map<String, String> environment;
    private final Path directory;
    private final CountDownLatch empty = new CountDownLatch(1);

    /**
     * @param rights what the process may use; nothing else
     * @param environment all of it
     * @param directory where it starts
     */
    LandlockLaunch(
            Architecture architecture,
            Map<Path, Landlock.Right> rights,
            Map<String, String> environment,
            Path directory) {
        this.rights = Map.copyOf(rights);
        this.filter = SeccompFilter.assembleWithoutMounts(architecture);
        this.filterCall = architecture.call("seccomp").orElseThrow();
        this.environment = Map.copyOf(environment);
        this.directory = directory;
    }

    @Override
    public int jailGenerations() {
        return -1;
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(directory.toFile());
        warmUp();
        try (var rules = new Landlock.Ruleset()) {
            for (Map.Entry<Path, Landlock.Right> right : rights.entrySet())
                rules.allow(right.getKey(), right.getValue());
            var program = new FilterProgram(filter);
            var started = new FutureTask<>(() -> restrictAndStart(rules, program, builder));
            Thread.ofPlatform().daemon().name("landlocked").start(() -> {
                started.run();
                outlive(started);
            });
            Process process = new LandlockedProcess(started.get());
            requireRestricted(process);
            return process;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException cause) throw cause;
            throw new IOException("a restricted thread could not start it: " + failure.getCause(), failure.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was started", interrupt);
        }
    }

    /** What the restricted thread will use is loaded before: there it could not be read from its jar. */
    private static void warmUp() {
        var _ = new LastErrorException(0);
        var _ = List.of(FilterProgram.class, KillAll.class, ExecutionException.class);
    }

    private Process restrictAndStart(Landlock.Ruleset rules, FilterProgram program, ProcessBuilder builder)
            throws IOException {
        Function prctl = NativeLibrary.getProcess().getFunction("prctl", Function.THROW_LAST_ERROR);
        prctl.invokeInt(new Object[] {(int) NO_NEW_PRIVILEGES, 1L, 0L, 0L, 0L});
        rules.restrictThisThread();
        Landlock.call().invokeLong(new Object[] {filterCall, SET_FILTER, 0L, program.header});
        return builder.start();
    }

    private void outlive(FutureTask<Process> started) {
        try {
            started.get().waitFor();
        } catch (InterruptedException | ExecutionException neverStarted) {
            // Then nothing is left behind either, or the host is ending.
            Thread.currentThread().interrupt();
        } finally {
            KillAll.inThisDomain();
            empty.countDown();
        }
    }

    /** Reads from outside what the kernel says of the process: only what is seen counts. */
    private static void requireRestricted(Process process) throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) return;
        List<String> lines;
        try {
            lines = Files.readAllLines(status);
        } catch (IOException ended) {
            // Too short-lived to be asked.
            return;
        }
        if (lines.contains("Seccomp:\t2") && lines.contains("NoNewPrivs:\t1")) return;
        process.destroyForcibly();
        throw new IOException("the process does not have the filter that its thread has");
    }

    /** Once this one has ended, its thread ends all the others. */
    @Override
    public void kill(Process outermost) {
        outermost.toHandle().destroyForcibly();
    }

    @Override
    public void awaitEmpty() throws InterruptedException {
        empty.await();
    }

    /** {@code struct sock_fprog} with the program that it points to. */
    private static final class FilterProgram {
        private final Memory instructions;
        private final Memory header = new Memory(16);

        FilterProgram(byte[] filter) {
            instructions = new Memory(filter.length);
            instructions.write(0, filter, 0, filter.length);
            header.setShort(0, (short) (filter.length / INSTRUCTION_BYTES));
            header.setPointer(8, instructions);
        }
    }

    private static final class KillAll {
        /** The kernel kills and forks under one lock, so once is enough; twice costs nothing. */
        private static final int ROUNDS = 2;

        private KillAll() {}

        /** Ends every process that is in the calling thread's domain. */
        static void inThisDomain() {
            Function kill = NativeLibrary.getProcess().getFunction("kill");
            for (int round = 0; round < ROUNDS; round++) kill.invokeInt(new Object[] {-1, KILL});
        }
    }
}
