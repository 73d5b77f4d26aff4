package dev.understudy.core.optimization;

import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.optimization.Parameters.Found;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Says what administrators of such machines commonly set, where this one is set otherwise. */
final class Advisor {
    private final List<KnownSetting> settings;

    Advisor(List<KnownSetting> settings) {
        this.settings = settings;
    }

    List<Advice> advise(
            Workload workload,
            Parameters.Look look,
            DetectedWorkload detected,
            SystemSnapshot statistics,
            Instant now) {
        var advice = new ArrayList<Advice>();
        for (Found found : look.usable()) {
            for (KnownSetting setting : settings) {
                if (!setting.workload().equals(workload) || !setting.parameter().equals(found.name())) continue;
                OptionalLong suggested = setting.suggestion(found.parameter().value(), statistics);
                if (suggested.isEmpty()
                        || !found.dimension().reject(suggested.getAsLong()).isEmpty()) continue;
                advice.add(advice(setting, found, suggested.getAsLong(), detected, now));
            }
        }
        return advice;
    }

    private static Advice advice(
            KnownSetting setting, Found found, Object suggested, DetectedWorkload detected, Instant now) {
        String from = found.parameter().value();
        String to = found.target().format(found.dimension(), suggested);
        var evidence = new ArrayList<String>();
        evidence.add(found.name() + " is " + from + ": " + found.parameter().meaning());
        if (detected.workload().equals(setting.workload())) evidence.addAll(detected.evidence());
        if (!found.parameter().changeable()) evidence.add(found.parameter().refusal());
        evidence.add("commonly chosen, not measured here");
        return new Advice(
                setting.workload().id() + "-" + found.name(),
                setting.workload(),
                List.of(new Change(found.target().name(), found.name(), from, to)),
                setting.reason(),
                evidence,
                found.target().command(found.name(), to),
                found.target().command(found.name(), from),
                now);
    }
}
