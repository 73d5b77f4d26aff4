package dev.understudy.core.config;

import dev.understudy.core.profile.Bounds;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.profile.Weights;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the section {@code continuous_optimization}. */
final class OptimizationSection {
    private OptimizationSection() {}

    static Config.ContinuousOptimization read(SectionReader section) {
        var read = new Config.ContinuousOptimization(
                section.flag("enabled", false),
                seconds(section, "adaptation_delay_seconds", 30, 0, 86_400),
                seconds(section, "stability_period_seconds", 300, 0, 604_800),
                seconds(section, "settle_seconds", 2, 0, 600),
                seconds(section, "measure_seconds", 10, 1, 600),
                profiles(section.section("profiles")));
        section.finish();
        return read;
    }

    private static Duration seconds(SectionReader section, String key, double fallback, double min, double max) {
        return Duration.ofMillis(Math.round(1000 * section.number(key, fallback, min, max)));
    }

    private static Map<Workload, OptimizationProfile> profiles(SectionReader section) {
        var profiles = new EnumMap<Workload, OptimizationProfile>(Workload.class);
        for (Workload each : Workload.values()) {
            OptimizationProfile fallback = OptimizationProfile.DEFAULTS.get(each);
            if (fallback == null) throw new IllegalStateException("no profile for " + each);
            profiles.put(each, profile(section.section(each.id()), fallback));
        }
        section.finish();
        return Map.copyOf(profiles);
    }

    private static OptimizationProfile profile(SectionReader section, OptimizationProfile fallback) {
        boolean mayTry = section.flag("try", fallback.leave() != Leave.ADVISE);
        boolean mayApply = section.flag("apply", fallback.leave() == Leave.APPLY);
        var profile = new OptimizationProfile(
                fallback.workload(),
                parameters(section, fallback.parameters()),
                section.text(
                        "strategy",
                        fallback.strategy(),
                        "the name of a strategy, like BAYESIAN_ONLY, GENETIC_ONLY or ADAPTIVE",
                        name -> name.matches("[A-Za-z][A-Za-z0-9_-]*")),
                section.integer("evaluations", fallback.evaluations(), OptimizationProfile.MIN_EVALUATIONS, 10_000),
                Duration.ofSeconds(Math.round(
                        60 * section.number("minutes", fallback.time().toSeconds() / 60.0, 0.1, 10_080))),
                weights(section, fallback.weights()),
                mayApply ? Leave.APPLY : mayTry ? Leave.TRY : Leave.ADVISE);
        section.finish();
        return profile;
    }

    private static List<Bounds> parameters(SectionReader section, List<Bounds> fallback) {
        List<String> texts = section.texts(
                "parameters",
                "a list, each " + Bounds.FORMS,
                text -> Bounds.parse(text).isPresent());
        if (!section.has("parameters")) return fallback;
        Set<String> names = new LinkedHashSet<>();
        var parameters = new ArrayList<Bounds>();
        for (String text : texts) {
            Bounds bounds = Bounds.parse(text).orElseThrow();
            if (names.add(bounds.parameter())) parameters.add(bounds);
            else section.mistake("parameters", "names " + bounds.parameter() + " twice", "must name each once");
        }
        return parameters;
    }

    private static Weights weights(SectionReader parent, Weights fallback) {
        SectionReader section = parent.section("weights");
        double cpu = section.number("cpu", fallback.cpu(), 0, 1000);
        double memory = section.number("memory", fallback.memory(), 0, 1000);
        double io = section.number("io", fallback.io(), 0, 1000);
        double network = section.number("network", fallback.network(), 0, 1000);
        section.finish();
        if (cpu + memory + io + network > 0) return new Weights(cpu, memory, io, network);
        parent.mistake("weights", "has only zeros", "must have a number above 0");
        return fallback;
    }
}
