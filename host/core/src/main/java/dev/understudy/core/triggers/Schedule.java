package dev.understudy.core.triggers;

import dev.understudy.core.triggers.Trigger.Missed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * When one cron trigger is due. Not safe for use by several threads.
 *
 * <p>It knows until when it has been handled and is asked again and again what is due since. What is due for longer than
 * {@link #ON_TIME} was missed: the host was down, the machine slept, or its clock was put forward.
 */
public final class Schedule {
    /** How many missed times are made up for at most; of more, the latest. */
    static final int MAX_MISSED = 1000;

    /** A host that runs looks far more often than this. */
    static final Duration ON_TIME = Duration.ofMinutes(1);

    private final Trigger.Cron trigger;
    private final ZoneId zone;
    private Instant handledUntil;
    /** Kept, since hosts ask many times a minute and most expressions are due once a day. */
    private Optional<Instant> next;

    /**
     * @param machineZone where the trigger names no zone
     * @param handledUntil all up to here has been handled
     */
    public Schedule(Trigger.Cron trigger, ZoneId machineZone, Instant handledUntil) {
        this.trigger = trigger;
        this.zone = trigger.zone().orElse(machineZone);
        this.handledUntil = handledUntil;
        next = trigger.expression().next(handledUntil, this.zone);
    }

    /**
     * What is due.
     *
     * @param fire times to fire for, in order
     * @param leftOut whether times were missed that are not made up for
     */
    public record Due(List<Instant> fire, boolean leftOut) {
        public Due {
            fire = List.copyOf(fire);
        }
    }

    /** What is due up to now and was not before; it counts as handled from then on. */
    public Due due(Instant now) {
        // A clock that was put back makes nothing due again.
        if (next.filter(time -> !time.isAfter(now)).isEmpty()) return new Due(List.of(), false);
        Instant since = handledUntil;
        handledUntil = now;
        next = trigger.expression().next(now, zone);
        Optional<Instant> latest = before(now, since);
        if (latest.isEmpty()) return new Due(List.of(), false);
        Instant late = now.minus(ON_TIME);
        var fire = new ArrayList<Instant>();
        boolean leftOut = false;
        for (Optional<Instant> time = latest;
                time.isPresent();
                time = before(time.get().minusMillis(1), since)) {
            boolean missed = time.get().isBefore(late);
            boolean wanted = !missed
                    || switch (trigger.missed()) {
                        case SKIP -> false;
                        case RUN_ONCE -> fire.isEmpty();
                        case RUN_ALL -> fire.size() < MAX_MISSED;
                    };
            if (!wanted) {
                leftOut = trigger.missed() != Missed.RUN_ONCE;
                break;
            }
            fire.add(time.get());
        }
        Collections.reverse(fire);
        return new Due(fire, leftOut);
    }

    private Optional<Instant> before(Instant upTo, Instant since) {
        return trigger.expression().previous(upTo, zone).filter(time -> time.isAfter(since));
    }

    /** The next time after what has been handled. */
    public Optional<Instant> next() {
        return next;
    }
}
