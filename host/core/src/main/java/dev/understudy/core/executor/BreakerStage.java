package dev.understudy.core.executor;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.executor.BreakerStates.Kept;
import dev.understudy.core.executor.BreakerStatus.State;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Does not start an automation that has failed too often in a row, until some time has passed; then one run may try, and
 * what becomes of it decides (M. Nygard, Release It!, 2nd ed. 2018, chapter 5). Steps of a workflow are counted each for
 * itself, or those that succeed would hide the one that never does. Rehearsals and scripts that a person names are let through.
 */
final class BreakerStage implements Stage {
    private static final Pattern AUTOMATION = Pattern.compile("[a-z][a-z0-9-]*");

    private final ExecutorSettings.CircuitBreaker settings;
    private final BreakerStates states;
    private final InstantSource clock;
    /** Automations of which a run tries whether they work again. */
    private final Set<String> trying = new HashSet<>();

    BreakerStage(ExecutorSettings.CircuitBreaker settings, BreakerStates states, InstantSource clock) {
        this.settings = settings;
        this.states = states;
        this.clock = clock;
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        RunRequest request = call.request();
        String id = request.trustDomain();
        if (request.mode() != RunRequest.Mode.COMMIT || !AUTOMATION.matcher(id).matches()) return next.run(call);
        Optional<RunOutcome.Refused> refused = enter(id);
        if (refused.isPresent()) return call.report(refused.get(), List.of(), clock.instant());
        boolean told = false;
        try {
            RunReport report = next.run(call);
            leave(id, request.name(), report.outcome());
            told = true;
            return report;
        } finally {
            if (!told) giveUp(id);
        }
    }

    private synchronized Optional<RunOutcome.Refused> enter(String id) {
        BreakerStatus status = status(id).orElse(null);
        if (status == null || status.state() == State.CLOSED) return Optional.empty();
        if (status.state() == State.HALF_OPEN && trying.add(id)) return Optional.empty();
        Instant until = status.openUntil().orElseGet(clock::instant).truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(new RunOutcome.Refused(
                "the circuit breaker of " + id + " is open: it failed " + status.failures() + " times in a row",
                status.state() == State.HALF_OPEN
                        ? "a run that is under way tries whether it works again"
                        : "mend what makes it fail; from " + until + " on one run may try"));
    }

    private synchronized void leave(String id, String name, RunOutcome outcome) {
        boolean tried = trying.remove(id);
        Kept kept = states.find(id).orElse(new Kept(id, Map.of(), null));
        Map<String, Integer> failures = new HashMap<>(kept.failures());
        switch (outcome) {
            case RunOutcome.Succeeded _ -> {
                boolean news = failures.remove(name) != null;
                // Of those that began before it was opened none closes it.
                boolean closes = tried && kept.openedAt() != null;
                if (news || closes) states.put(new Kept(id, failures, closes ? null : kept.openedAt()));
            }
            case RunOutcome.Failed _, RunOutcome.LimitExceeded _ -> {
                int now = failures.merge(name, 1, Integer::sum);
                boolean opens = tried || (kept.openedAt() == null && now >= settings.failures());
                states.put(new Kept(id, failures, opens ? clock.instant() : kept.openedAt()));
            }
            // They say nothing of how well it works.
            case RunOutcome.Refused _, RunOutcome.Cancelled _ -> {}
        }
    }

    private synchronized void giveUp(String id) {
        trying.remove(id);
    }

    Optional<BreakerStatus> status(String id) {
        return states.find(id).map(this::status);
    }

    List<BreakerStatus> all() {
        return states.all().stream().map(this::status).toList();
    }

    private BreakerStatus status(Kept kept) {
        int failures =
                kept.failures().values().stream().mapToInt(each -> each).max().orElse(0);
        Instant opened = kept.openedAt();
        if (opened == null) return new BreakerStatus(kept.automationId(), State.CLOSED, failures, Optional.empty());
        Instant until = opened.plus(settings.openTime());
        State state = clock.instant().isBefore(until) ? State.OPEN : State.HALF_OPEN;
        return new BreakerStatus(kept.automationId(), state, failures, Optional.of(until));
    }
}
