package dev.understudy.core.config;

import dev.understudy.core.profile.Bounds;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.MetricExpression;
import dev.understudy.core.profile.NamedObjective;
import dev.understudy.core.profile.NamedObjective.Aim;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.profile.Weights;
import dev.understudy.spi.system.Workload;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads the section {@code continuous_optimization}. */
final class OptimizationSection {
    /** As {@code tune} gives its objective. */
    private static final double OBJECTIVE_TIMEOUT_SECONDS = 60;

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
        var profiles = new HashMap<Workload, OptimizationProfile>();
        for (Workload each : Workload.KNOWN)
            profiles.put(each, profile(section.section(each.id()), OptimizationProfile.of(each)));
        Set<String> known = Workload.KNOWN.stream().map(Workload::id).collect(Collectors.toSet());
        for (String name : section.keys()) {
            // A slip of the pen in a known name would be a profile that nothing ever uses.
            if (known.contains(name) || NearestWord.to(name, known).isPresent()) continue;
            Optional<Workload> own = Workload.of(name);
            if (own.isPresent())
                profiles.put(own.get(), profile(section.section(name), OptimizationProfile.of(own.get())));
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
                section.has("objective") ? objective(section.section("objective")) : fallback.objective(),
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

    private static Optional<NamedObjective> objective(SectionReader section) {
        if (section.has("command") == section.has("url")) {
            section.mistake(
                    "",
                    "has " + (section.has("url") ? "both a command and a url" : "neither a command nor a url"),
                    "must have one of them");
            return Optional.empty();
        }
        Optional<Aim> aim = aim(section);
        Optional<NamedObjective> objective = section.has("url") ? metrics(section, aim) : command(section, aim);
        section.finish();
        return objective;
    }

    /** It has no default: whoever takes the one for the other makes the machine worse. */
    private static Optional<Aim> aim(SectionReader section) {
        var aims = new LinkedHashMap<String, Optional<Aim>>();
        for (Aim each : Aim.values()) aims.put(each.name().toLowerCase(Locale.ROOT), Optional.of(each));
        if (!section.has("direction"))
            section.mistake("direction", "is missing", "and must be one of " + String.join(", ", aims.keySet()));
        return section.choice("direction", Optional.empty(), aims);
    }

    private static Optional<NamedObjective> command(SectionReader section, Optional<Aim> aim) {
        String command = section.requiredText("command", "a command, as a shell reads it", text -> !text.isBlank());
        String metric = section.text(
                "metric",
                "",
                "a JSON pointer, or a regular expression with a group around the figure, like '([0-9.]+) tps'",
                OptimizationSection::isMetric);
        Duration timeout = seconds(section, "timeout_seconds", OBJECTIVE_TIMEOUT_SECONDS, 0.1, 3600);
        if (command.isEmpty()) return Optional.empty();
        return aim.map(each -> new NamedObjective.Command(command, metric, each, timeout));
    }

    private static Optional<NamedObjective> metrics(SectionReader section, Optional<Aim> aim) {
        Optional<URI> url = uri(section.requiredText(
                "url",
                "a URL that begins with http:// or https://",
                text -> uri(text).isPresent()));
        Optional<MetricExpression> metric = MetricExpression.parse(section.requiredText(
                "metric",
                MetricExpression.FORMS,
                text -> MetricExpression.parse(text).isPresent()));
        if (url.isEmpty() || metric.isEmpty()) return Optional.empty();
        return aim.map(each -> new NamedObjective.Metrics(url.get(), metric.get(), each));
    }

    private static boolean isMetric(String text) {
        if (text.startsWith("/")) return true;
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException _) {
            return false;
        }
    }

    private static Optional<URI> uri(String text) {
        try {
            var uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
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
