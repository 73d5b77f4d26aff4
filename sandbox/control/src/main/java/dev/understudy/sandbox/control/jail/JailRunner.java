package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.RunFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Runs Bash, and Python and JavaScript as native programs, each run in a jail of its own or, where it was run before, as a
 * fork in one ({@link ForkServers} says which). One object serves the whole host; closing it ends what is under way.
 */
public final class JailRunner implements ScriptRunner {
    /** The first run of an automation may be the only one; a server pays from the second on. */
    private static final int RUNS_BEFORE_SERVER = 1;

    private final JailRun.Setting setting;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Set<JailRun> running = ConcurrentHashMap.newKeySet();

    /**
     * @param jail as tried on this machine; where it does not hold, every run is refused
     * @param runFiles make the runs' views and commit them
     * @param hostOwn folders of the host itself, which no grant gives; the same that the views keep
     * @param home what {@code ~} stands for in scripts
     */
    public JailRunner(
            Jail jail, RunFiles runFiles, List<Path> hostOwn, Path home, InstantSource clock, RandomGenerator random) {
        this(jail, runFiles, hostOwn, home, clock, random, RUNS_BEFORE_SERVER);
    }

    JailRunner(
            Jail jail,
            RunFiles runFiles,
            List<Path> hostOwn,
            Path home,
            InstantSource clock,
            RandomGenerator random,
            int runsBeforeServer) {
        this.clock = clock;
        this.random = random;
        this.setting = setting(jail, runFiles, hostOwn, home, runsBeforeServer);
    }

    private static JailRun.Setting setting(
            Jail jail, RunFiles runFiles, List<Path> hostOwn, Path home, int runsBeforeServer) {
        if (jail.refusal().isPresent()) return new JailRun.Setting(jail, runFiles, hostOwn, home, Map.of(), null);
        // A server's jail is made of namespaces.
        int forks = jail.tier() == Tier.REDUCED ? Integer.MAX_VALUE : runsBeforeServer;
        try {
            return new JailRun.Setting(
                    jail, runFiles, hostOwn, home, dialects(jail.kit()), new ForkServers(jail.kit(), forks));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("looking for the runtimes of this machine", unreadable);
        }
    }

    private static Map<Language, Dialect> dialects(JailKit kit) throws IOException {
        return Map.of(
                Language.BASH,
                new BashDialect(kit),
                Language.PYTHON,
                new NativeDialect(kit, NativeDialect.Interpreter.CPYTHON),
                Language.JAVASCRIPT,
                new NativeDialect(kit, NativeDialect.Interpreter.NODE));
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        Instant started = clock.instant();
        JailRun run =
                new JailRun(setting, request, listener, request.runIdFrom(started, random), started, running::remove);
        running.add(run);
        run.begin();
        return run;
    }

    /** Ends all runs, and returns when they have cleaned up behind them. */
    @Override
    public void close() {
        List<JailRun> underWay = List.copyOf(running);
        underWay.forEach(JailRun::cancel);
        try {
            for (JailRun run : underWay) run.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (setting.servers() != null) setting.servers().close();
    }
}
