package dev.understudy.core.executor;

import dev.understudy.core.executor.ControlLaw.Change;
import dev.understudy.core.executor.ControlLaw.Seen;
import dev.understudy.spi.system.SystemSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the number of runs at once and of cells that wait for one follow the load, as {@link ControlLaw} says; reads nothing
 * itself but what the host's look at the machine and the gate have counted already. It moves within what the person has
 * configured, and nothing else. Started once; closed by whoever made it.
 */
public final class AdaptiveResourceManager implements AutoCloseable {
    private final Parts parts;
    private final ControlLaw law;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * What it works with.
     *
     * @param gate whose limit it moves
     * @param most that the limit may be
     * @param idleCells takes how many cells may wait for a run
     * @param machine what the machine did in the last second; empty where that is not known
     * @param interval between two looks
     * @param listener hears what it did and why
     */
    public record Parts(
            Gate gate,
            int most,
            IntConsumer idleCells,
            Supplier<Optional<SystemSnapshot>> machine,
            Duration interval,
            Listener listener) {}

    /** Hears of each change; called by its thread. */
    public interface Listener {
        /** @param text one line for people */
        void changed(String text, Map<String, String> details);
    }

    /** @param start how many runs at once there are before the first look */
    public AdaptiveResourceManager(Parts parts, int start) {
        this.parts = parts;
        law = new ControlLaw(start, parts.most());
        thread = Thread.ofPlatform().daemon().name("resource manager").unstarted(this::run);
    }

    /** Begins; to be called once. */
    public void start() {
        parts.gate().limit(law.limit());
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                Thread.sleep(parts.interval());
                step();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** Looks once, and does what follows. */
    void step() {
        Optional<SystemSnapshot> machine = parts.machine().get();
        // Of a machine that tells nothing of itself nothing more is asked.
        if (machine.isEmpty()) return;
        law.look(seen(parts.gate().look().most(), machine.get()), parts.interval())
                .ifPresent(this::apply);
    }

    private static Seen seen(int wanted, SystemSnapshot machine) {
        SystemSnapshot.@Nullable Pressure pressure = machine.pressure();
        // Where stalls are not counted, full processors stand for them.
        double cpu = pressure == null ? Math.max(0, machine.processor().busy() - 0.3) : pressure.cpuSome();
        return new Seen(
                wanted,
                cpu,
                pressure == null ? 0 : pressure.memorySome(),
                1 - machine.memory().used());
    }

    private void apply(Change change) {
        parts.gate().limit(change.to());
        parts.idleCells().accept(change.to() + 1);
        parts.listener()
                .changed(
                        "Runs at once: " + change.from() + " → " + change.to() + ", since " + change.reason(),
                        Map.of("from", "" + change.from(), "to", "" + change.to(), "reason", change.reason()));
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }
}
