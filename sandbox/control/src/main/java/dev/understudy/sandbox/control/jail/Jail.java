package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Exhausted;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This machine's jail, decided once by a canary: either it holds, or everything that needs it is refused with the reason.
 * Nothing steps down at run time. Safe for use by several threads.
 */
public final class Jail {
    private final @Nullable JailKit kit;
    private final boolean overlays;
    private final String reason;
    private final String mend;
    private final Mechanisms mechanisms;

    private Jail(@Nullable JailKit kit, boolean overlays, String reason, String mend, Mechanisms mechanisms) {
        this.kit = kit;
        this.overlays = overlays;
        this.reason = reason;
        this.mend = mend;
        this.mechanisms = mechanisms;
    }

    /** What may stand in for the jail where it cannot be had. */
    public enum Fallback {
        /** Nothing: what needs the jail is refused. */
        NONE,
        /** Landlock and the system call filter, where the operator has said so ({@code sandbox.allow_reduced}). */
        REDUCED
    }

    /**
     * Tries the jail; takes some tens of milliseconds.
     *
     * @param folder for the jails' own files, made if absent; a host that runs as root uses one below {@code /var/lib}
     *     instead where other uids cannot get there
     * @param starter starts all jails; stays the caller's
     */
    public static Jail open(Path folder, ProcessStarter starter) throws InterruptedException {
        return open(folder, starter, Fallback.NONE);
    }

    /** As {@link #open(Path, ProcessStarter)}, with what to try if it does not hold. Decided here, once. */
    public static Jail open(Path folder, ProcessStarter starter, Fallback fallback) throws InterruptedException {
        Jail full = open(folder, starter, JailKit.Wall.NAMESPACES);
        if (full.kit != null || Landlock.abi() < Landlock.NEEDED_ABI) return full;
        return switch (fallback) {
            case REDUCED -> {
                Jail reduced = open(folder, starter, JailKit.Wall.LANDLOCK);
                yield reduced.kit == null
                        ? reduced
                        : new Jail(
                                reduced.kit,
                                false,
                                "",
                                "",
                                full.mechanisms.andReduced(reduced.mechanisms, full.reason));
            }
            case NONE ->
                new Jail(
                        null,
                        false,
                        full.reason,
                        full.mend
                                + "; or, for the weaker wall of Landlock and seccomp, set sandbox.allow_reduced: true",
                        full.mechanisms);
        };
    }

    /** One wall alone, without a fallback. */
    static Jail open(Path folder, ProcessStarter starter, JailKit.Wall wall) throws InterruptedException {
        JailKit kit;
        try {
            kit = JailKit.prepare(folder, starter, wall);
        } catch (JailKit.Unavailable unavailable) {
            String reason = String.valueOf(unavailable.getMessage());
            return new Jail(
                    null,
                    false,
                    reason,
                    unavailable.mend(),
                    MechanismProbe.withoutJail(starter, reason, unavailable.mend()));
        }
        try {
            return switch (wall) {
                case NAMESPACES -> tried(kit);
                case LANDLOCK -> triedReduced(kit);
            };
        } catch (IOException failure) {
            Optional<Exhausted> exhausted = Exhausted.behind(failure);
            String reason = "the jail could not be tried: "
                    + exhausted.map(Exhausted::why).orElse(failure.toString());
            String mend = exhausted.map(Exhausted::mend).orElse("make " + folder + " writable");
            return new Jail(null, false, reason, mend, MechanismProbe.withoutJail(starter, reason, mend));
        }
    }

    private static Jail tried(JailKit kit) throws IOException, InterruptedException {
        Canary canary = new Canary(kit);
        Canary.Answers answers = canary.ask();
        Optional<String> deviation = answers.deviation();
        Optional<String> overlayRefusal =
                deviation.isPresent() ? Optional.of("there is no jail to mount it for") : canary.overlayRefusal();
        Mechanisms mechanisms = MechanismProbe.withJail(kit, answers, overlayRefusal);
        return of(kit, deviation, overlayRefusal.isEmpty(), mechanisms);
    }

    private static Jail triedReduced(JailKit kit) throws IOException, InterruptedException {
        Optional<String> deviation = new ReducedCanary(kit).deviation();
        return of(kit, deviation, false, MechanismProbe.withReducedJail(kit, deviation));
    }

    private static Jail of(JailKit kit, Optional<String> deviation, boolean overlays, Mechanisms mechanisms) {
        return deviation
                .map(text -> new Jail(
                        null,
                        false,
                        "the jail does not hold on this machine (" + text + ")",
                        MechanismProbe.mend(text),
                        mechanisms))
                .orElseGet(() -> new Jail(kit, overlays, "", "", mechanisms));
    }

    /** What was tried, and what this machine can isolate with. */
    public Mechanisms mechanisms() {
        return mechanisms;
    }

    /** {@code ISOLATED} or {@code REDUCED} if a jail holds, else {@code NONE}: what needs it is refused. */
    public Tier tier() {
        if (kit == null) return Tier.NONE;
        return switch (kit.wall()) {
            case NAMESPACES -> Tier.ISOLATED;
            case LANDLOCK -> Tier.REDUCED;
        };
    }

    /** Why what needs the jail is refused, and what would change that; empty if it holds. */
    public Optional<RunOutcome.Refused> refusal() {
        return kit == null ? Optional.of(new RunOutcome.Refused(reason, mend)) : Optional.empty();
    }

    JailKit kit() {
        if (kit == null) throw new IllegalStateException("no jail: " + reason);
        return kit;
    }

    /** Whether copy-on-write views can be mounted; else they are copied. */
    boolean overlays() {
        return overlays;
    }
}
