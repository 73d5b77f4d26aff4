package dev.understudy.sandbox.control.jail;

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

    /**
     * Tries the jail; takes some tens of milliseconds.
     *
     * @param folder for the jails' own files, made if absent; a host that runs as root uses one below {@code /var/lib}
     *     instead where other uids cannot get there
     * @param starter starts all jails; stays the caller's
     */
    public static Jail open(Path folder, ProcessStarter starter) throws InterruptedException {
        JailKit kit;
        try {
            kit = JailKit.prepare(folder, starter);
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
            Canary canary = new Canary(kit);
            Canary.Answers answers = canary.ask();
            Optional<String> deviation = answers.deviation();
            Optional<String> overlayRefusal =
                    deviation.isPresent() ? Optional.of("there is no jail to mount it for") : canary.overlayRefusal();
            Mechanisms mechanisms = MechanismProbe.withJail(kit, answers, overlayRefusal);
            if (deviation.isPresent())
                return new Jail(
                        null,
                        false,
                        "the jail does not hold on this machine (" + deviation.get() + ")",
                        MechanismProbe.mend(deviation.get()),
                        mechanisms);
            return new Jail(kit, overlayRefusal.isEmpty(), "", "", mechanisms);
        } catch (IOException failure) {
            String reason = "the jail could not be tried: " + failure;
            String mend = "make " + folder + " writable";
            return new Jail(null, false, reason, mend, MechanismProbe.withoutJail(starter, reason, mend));
        }
    }

    /** What was tried, and what this machine can isolate with. */
    public Mechanisms mechanisms() {
        return mechanisms;
    }

    /** {@code ISOLATED} if the jail holds, else {@code NONE}: what needs it is refused. */
    public Tier tier() {
        return kit == null ? Tier.NONE : Tier.ISOLATED;
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
