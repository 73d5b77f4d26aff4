package dev.understudy.core.executor;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Promise;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has a script that allows both runtimes run by the faster one: first each in turn until both have been measured, then the one
 * whose middle duration is lower, and the other one now and then, since what is faster may change. A runtime that refuses or
 * fails is not chosen again; isolation, grants and limits are the request's under either.
 */
final class RuntimeChoice implements Stage {
    /** How often the slower one is measured again: at most this part of all runs pays for it. */
    private static final int LOOK_AGAIN = 50;

    private static final int MOST_SCRIPTS = 1000;

    private final int trials;
    private final Map<Script, Costs> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Script, Costs> eldest) {
            return size() > MOST_SCRIPTS;
        }
    };

    private record Script(String trustDomain, String source) {}

    RuntimeChoice(ExecutorSettings.Algorithm settings) {
        trials = settings.trials();
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        RunRequest request = call.request();
        boolean free = request.promises().contains(Promise.EITHER_RUNTIME) && request.mode() == RunRequest.Mode.COMMIT;
        if (!free) return next.run(call);
        var script = new Script(request.trustDomain(), request.source());
        ScriptRuntime chosen = choose(script);
        RunReport report = next.run(call.withRequest(request.withRuntime(chosen)));
        told(script, chosen, report);
        boolean elsewhere = chosen != request.runtime();
        // What its declared runtime would have done is not denied it for having been measured.
        if (elsewhere && report.outcome() instanceof RunOutcome.Refused) return next.run(call);
        return report;
    }

    private synchronized ScriptRuntime choose(Script script) {
        return known.computeIfAbsent(script, _ -> new Costs()).next(trials);
    }

    private synchronized void told(Script script, ScriptRuntime runtime, RunReport report) {
        known.computeIfAbsent(script, _ -> new Costs()).add(runtime, report, trials);
    }

    private static final class Costs {
        private final Map<ScriptRuntime, List<Long>> nanos = new EnumMap<>(ScriptRuntime.class);
        private final Map<ScriptRuntime, Boolean> unfit = new EnumMap<>(ScriptRuntime.class);
        private int runs;

        ScriptRuntime next(int trials) {
            runs++;
            if (unfit.containsKey(ScriptRuntime.NATIVE)) return ScriptRuntime.POLYGLOT;
            if (unfit.containsKey(ScriptRuntime.POLYGLOT)) return ScriptRuntime.NATIVE;
            int cells = of(ScriptRuntime.POLYGLOT).size();
            int jails = of(ScriptRuntime.NATIVE).size();
            if (cells < trials || jails < trials) return cells <= jails ? ScriptRuntime.POLYGLOT : ScriptRuntime.NATIVE;
            boolean jail = middle(ScriptRuntime.NATIVE) < middle(ScriptRuntime.POLYGLOT);
            boolean other = runs % LOOK_AGAIN == 0;
            return jail != other ? ScriptRuntime.NATIVE : ScriptRuntime.POLYGLOT;
        }

        void add(ScriptRuntime runtime, RunReport report, int trials) {
            switch (report.outcome()) {
                case RunOutcome.Succeeded _ -> {
                    List<Long> all = of(runtime);
                    all.add(report.duration().toNanos());
                    if (all.size() > trials) all.removeFirst();
                }
                case RunOutcome.Cancelled _ -> {}
                case RunOutcome.Failed _, RunOutcome.Refused _, RunOutcome.LimitExceeded _ -> {
                    // Where the other one is no better, the declared one is as good.
                    if (runtime == ScriptRuntime.NATIVE) unfit.put(runtime, true);
                }
            }
        }

        private List<Long> of(ScriptRuntime runtime) {
            return nanos.computeIfAbsent(runtime, _ -> new ArrayList<>());
        }

        private long middle(ScriptRuntime runtime) {
            var sorted = new ArrayList<>(of(runtime));
            Collections.sort(sorted);
            return sorted.get(sorted.size() / 2);
        }
    }
}
