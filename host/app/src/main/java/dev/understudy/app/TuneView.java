package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.statistics.MachineSpread;
import dev.understudy.core.tuning.RaceResult;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.core.tuning.TuningResult;
import dev.understudy.core.tuning.Verdict;
import dev.understudy.core.tuning.program.Tuning;
import dev.understudy.spi.optimization.Candidate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A session's result for people and as JSON. */
final class TuneView {
    private static final int FIGURE_DIGITS = 4;

    private final Tuning tuning;
    private final TuningResult result;

    TuneView(Tuning tuning, TuningResult result) {
        this.tuning = tuning;
        this.result = result;
    }

    /** A figure with four digits, without an exponent where that is short. */
    static String figure(double value) {
        if (value == 0) return "0";
        BigDecimal rounded = new BigDecimal(value, new MathContext(FIGURE_DIGITS));
        double size = Math.abs(value);
        if (size >= 1e7 || size < 1e-4) return String.format(Locale.ROOT, "%.3e", value);
        String text = rounded.toPlainString();
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    static String values(Map<String, Object> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " = "
                        + (entry.getValue() instanceof Double number ? figure(number) : entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** An improvement in its unit. */
    static String improvement(RaceResult race, double value) {
        if (Double.isInfinite(value)) return value < 0 ? "anything" : "more";
        return switch (race.unit()) {
            // Adding zero takes the sign off a negative one.
            case SHARE -> String.format(Locale.ROOT, "%.1f %%", Math.round(value * 1000) / 10.0 + 0.0);
            case FIGURE -> figure(value);
        };
    }

    /** The verdict in one sentence. */
    String verdict() {
        return switch (result.verdict()) {
            case Verdict.Improved improved ->
                "Better by " + improvement(improved.race(), improved.race().improvement()) + " than the default "
                        + where(improved.race()) + interval(improved.race()) + others(improved.race()) + ".";
            case Verdict.NoImprovement none -> "No improvement found, nothing changed: " + none.reason() + ".";
        };
    }

    /** On how many machines it rests. */
    private String where(RaceResult race) {
        if (race.machines().size() > 1) return "on " + race.machines().size() + " machines";
        String machine = tuning.machines().get(race.machines().getFirst().machine());
        return tuning.profile().machines().isEmpty() ? "on this machine" : "on the machine '" + machine + "'";
    }

    /** What several machines promise for others like them. */
    private static String others(RaceResult race) {
        return race.machines().size() == 1
                ? ""
                : race.elsewhere()
                        .filter(each -> each.low() > 0)
                        .map(each ->
                                ", by at least " + improvement(race, each.low()) + " on nine of ten others like them")
                        .orElse("");
    }

    /** What was measured where, and what to expect elsewhere where the verdict does not say it. */
    private List<String> machines(RaceResult race) {
        Optional<String> elsewhere = race.elsewhere()
                .filter(each -> Double.isFinite(each.low()))
                .map(each -> each.low() > 0
                        ? "at least " + improvement(race, each.low()) + " better"
                        : "it may be no better (from " + improvement(race, each.low()) + " on)");
        if (race.machines().size() == 1)
            return List.of("It rests on one machine. "
                    + elsewhere
                            .map(text -> "On nine of ten others like it: " + text + ".")
                            .orElse("How it does on others cannot be told from that."));
        var lines = new ArrayList<String>();
        lines.add("On each: "
                + race.machines().stream()
                        .map(each ->
                                tuning.machines().get(each.machine()) + " " + improvement(race, each.improvement()))
                        .collect(Collectors.joining(", "))
                + ".");
        if (others(race).isEmpty())
            elsewhere.ifPresent(text -> lines.add("On nine of ten other machines like these: " + text + "."));
        return lines;
    }

    private static String interval(RaceResult race) {
        return race.bounded()
                ? " (95 % interval " + improvement(race, race.low()) + " to " + improvement(race, race.high()) + ")"
                : " (95 % sure: at least " + improvement(race, race.low()) + ")";
    }

    /** How the race went, a sentence for each thing; empty if there was none. */
    List<String> race() {
        RaceResult race = switch (result.verdict()) {
            case Verdict.Improved improved -> improved.race();
            case Verdict.NoImprovement none -> none.race().orElse(null);
        };
        if (race == null) return List.of();
        var lines = new ArrayList<String>();
        lines.add("Race: the best candidate " + race.candidateValues().size() + " times, the default "
                + race.defaultValues().size() + " times, in random order.");
        if (race.machines().size() == 1)
            lines.add("Worst replicate: " + figure(race.worstCandidate()) + " with the candidate, "
                    + figure(race.worstDefault()) + " with the default.");
        if (result.verdict() instanceof Verdict.Improved) lines.addAll(machines(race));
        if (result.verdict() instanceof Verdict.NoImprovement)
            lines.add("The candidate, " + values(race.candidate().values()) + ", was better by "
                    + improvement(race, race.improvement()) + (race.bounded() ? interval(race) : "")
                    + ", which does not show that it is.");
        return lines;
    }

    String drift() {
        return result.drift()
                .map(drift -> "Default: " + figure(drift.first()) + " first, " + figure(drift.last()) + " last"
                        + (Double.isFinite(drift.share())
                                ? String.format(Locale.ROOT, " (%+.1f %%).", drift.share() * 100)
                                : "."))
                .orElse("The default's last measurement failed.");
    }

    List<String> commands(Candidate candidate) {
        return tuning.commands(candidate);
    }

    void print(Console console, boolean applied) {
        var out = console.out();
        boolean improved = result.verdict() instanceof Verdict.Improved;
        out.println((improved ? Style.GREEN : Style.YELLOW).of(console, Console.printable(verdict())));
        if (result.verdict() instanceof Verdict.Improved better)
            out.println("  "
                    + Style.BOLD.of(
                            console, Console.printable(values(better.candidate().values()))));
        for (String line : race()) out.println("  " + Console.printable(line));
        out.println("  " + drift());
        for (String warning : result.warnings())
            out.println(Style.YELLOW.of(console, "  " + Console.printable(warning)));
        chart(
                console,
                "Convergence (· measured, ━ best so far):",
                TuneChart.convergence(result.trials(), tuning.plan().direction(), console.width() - 2));
        chart(console, "Importance of each parameter by itself:", TuneChart.importance(result.importance()));
        if (result.verdict() instanceof Verdict.Improved better) printCommands(console, better.candidate(), applied);
        long failures = result.failures();
        out.println(Style.DIM.of(
                console,
                "\nSession " + tuning.id() + ": " + result.trials().size() + " trials"
                        + (failures == 0 ? "" : ", " + failures + " failed") + ", "
                        + Quantities.duration(result.spent()) + ", strategy " + tuning.strategy() + ", seed "
                        + tuning.plan().seed() + "."));
    }

    private static void chart(Console console, String title, List<String> lines) {
        if (lines.isEmpty()) return;
        console.out().println("\n" + title);
        for (String line : lines) console.out().println("  " + Console.printable(line));
    }

    private void printCommands(Console console, Candidate best, boolean applied) {
        if (applied) {
            console.out().println("\nIt was applied. Back to what was there: tune restore");
            return;
        }
        List<String> lines = commands(best);
        if (lines.isEmpty()) return;
        console.out().println(tuning.canKeep() ? "\nNothing was left changed. To apply it:" : "\nTo run with it:");
        for (String line : lines) console.out().println("  " + Console.printable(line));
        List<String> back = commands(result.defaultSetting());
        if (tuning.canKeep() && !back.isEmpty()) {
            console.out().println("and to go back:");
            for (String line : back) console.out().println("  " + Console.printable(line));
        }
    }

    ObjectNode json(boolean applied) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("session", tuning.id()).put("objective", tuning.profile().purpose());
        json.put("direction", tuning.plan().direction().name().toLowerCase(Locale.ROOT));
        json.put("strategy", tuning.strategy()).put("seed", tuning.plan().seed());
        json.put("verdict", result.verdict() instanceof Verdict.Improved ? "improved" : "no_improvement");
        json.put("sentence", verdict()).put("applied", applied);
        tuning.machines().forEach(json.putArray("machines")::add);
        values(json.putObject("default"), result.defaultSetting());
        switch (result.verdict()) {
            case Verdict.Improved improved -> {
                values(json.putObject("best"), improved.candidate());
                race(json.putObject("race"), improved.race());
                tuning.commands(improved.candidate()).forEach(json.putArray("commands")::add);
                tuning.commands(result.defaultSetting()).forEach(json.putArray("undo")::add);
            }
            case Verdict.NoImprovement none -> {
                json.put("reason", none.reason());
                none.race().ifPresent(race -> {
                    race(json.putObject("race"), race);
                    values(json.withObject("race").putObject("candidate"), race.candidate());
                });
            }
        }
        result.drift()
                .ifPresent(drift ->
                        json.putObject("drift").put("first", drift.first()).put("last", drift.last()));
        var importance = json.putObject("importance");
        result.importance().forEach(importance::put);
        result.warnings().forEach(json.putArray("warnings")::add);
        json.put("spentMillis", result.spent().toMillis()).put("failures", result.failures());
        var trials = json.putArray("trials");
        for (TrialRecord trial : result.trials()) {
            var each = trials.addObject().put("phase", trial.phase().id());
            values(each.putObject("values"), trial.candidate());
            if (trial.failed()) each.put("failure", trial.failure());
            else trial.figures().forEach(each.putArray("figures")::add);
            each.put("millis", trial.took().toMillis());
            if (trial.machine() > 0) each.put("machine", tuning.machines().get(trial.machine()));
        }
        return json;
    }

    private static void values(ObjectNode node, Candidate candidate) {
        candidate.values().forEach((name, value) -> node.set(name, Json.MAPPER.valueToTree(value)));
    }

    private void race(ObjectNode node, RaceResult race) {
        node.put("unit", race.unit().name().toLowerCase(Locale.ROOT)).put("improvement", race.improvement());
        if (Double.isFinite(race.low())) node.put("low", race.low());
        if (Double.isFinite(race.high())) node.put("high", race.high());
        var machines = node.putArray("machines");
        for (RaceResult.AtMachine each : race.machines())
            machines.addObject()
                    .put("machine", tuning.machines().get(each.machine()))
                    .put("improvement", each.improvement());
        race.elsewhere().filter(each -> Double.isFinite(each.low())).ifPresent(elsewhere -> {
            var other = node.putObject("elsewhere").put("share", MachineSpread.SHARE);
            other.put("low", elsewhere.low());
            if (Double.isFinite(elsewhere.high())) other.put("high", elsewhere.high());
        });
        race.defaultValues().forEach(node.putArray("defaultValues")::add);
        race.candidateValues().forEach(node.putArray("candidateValues")::add);
        node.put("worstDefault", race.worstDefault()).put("worstCandidate", race.worstCandidate());
    }
}
