package dev.understudy.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.bench.NumentaScore.Profile;
import dev.understudy.bench.NumentaScore.Window;
import dev.understudy.plugins.recommendations.AlarmRule;
import dev.understudy.plugins.recommendations.StreamingAnomalies;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What {@link StreamingAnomalies} is worth on real series: as it is, with its rule of alarm chosen on other folders than the one that is
 * scored, and without each of its scales; and that it is quiet where nothing happens.
 */
final class AnomalyRows {
    private static final double GOAL = 66;
    private static final Map<String, Double> PUBLISHED = Map.of(
            "ARTime, published for all 58 series", 74.9,
            "Numenta HTM, published for all 58 series", 70.0,
            "random cut forest, published for all 58 series", 51.7);
    private static final List<Double> SURPRISES =
            List.of(1.8, 1.9, 2.0, 2.05, 2.1, 2.15, 2.2, 2.25, 2.3, 2.4, 2.5, 2.75, 3.0, 3.5, 4.0);
    private static final List<Integer> PAUSES = List.of(60, 120, 180, 240);

    /** So many points of the score one false alarm on a quiet series is weighed with while a rule is chosen. */
    private static final double QUIET_ALARM_COSTS = 2;

    private static final int QUIET_SERIES = 24;
    private static final int QUIET_LENGTH = 4000;

    /** A day of five minutes has 288 values; the widest tolerance is about half the shortest windows. */
    private static final int WIDEST_BUFFER = 100;

    /**
     * A recorded series with what is known of it.
     *
     * @param folder of the collection, which tells where it was recorded
     * @param recorded its values, oldest first
     */
    record Series(String name, String folder, List<Double> recorded, List<Window> windows) {
        double[] values() {
            return recorded.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private final List<Series> recorded;
    private final List<double[]> quiet;

    AnomalyRows(List<Series> recorded) {
        this.recorded = recorded;
        quiet = quiet();
    }

    static List<Series> read(Path folder) throws IOException {
        Map<String, List<List<String>>> truth = new ObjectMapper()
                .readValue(folder.resolve("anomaly-windows.json").toFile(), new TypeReference<>() {});
        var found = new ArrayList<Series>();
        for (Map.Entry<String, List<List<String>>> each : truth.entrySet()) {
            List<String> lines = Files.readAllLines(folder.resolve(each.getKey()));
            var times = new ArrayList<String>();
            var values = new ArrayList<Double>();
            for (String line : lines.subList(1, lines.size())) {
                int comma = line.indexOf(',');
                values.add(Double.parseDouble(line.substring(comma + 1)));
                times.add(line.substring(0, comma));
            }
            found.add(new Series(
                    each.getKey(), folder(each.getKey()), values, NumentaScore.windows(times, each.getValue())));
        }
        return found;
    }

    /** Of the collection as it is published; the files lie here without their folders. */
    private static String folder(String name) {
        int slash = name.lastIndexOf('/');
        if (slash >= 0) return name.substring(0, slash);
        if (name.startsWith("art_")) return "artificialWithAnomaly";
        if (name.matches("(TravelTime|occupancy|speed)_.*")) return "realTraffic";
        return "realAWSCloudWatch";
    }

    /** Series in which nothing happens: noise of two kinds, steps and waves with noise and without, and a flat line. */
    static List<double[]> quiet() {
        var made = new ArrayList<double[]>();
        for (int seed = 0; seed < QUIET_SERIES; seed++) {
            var random = new Random(100 + seed);
            double[] values = new double[QUIET_LENGTH];
            for (int i = 0; i < values.length; i++) {
                boolean day = i % 288 >= 108 && i % 288 < 216;
                double wave = 50 + 30 * Math.sin(2 * Math.PI * i / 288);
                double normal = random.nextGaussian();
                double even = random.nextDouble();
                values[i] = switch (seed % 8) {
                    case 0 -> 100 + 5 * normal;
                    case 1 -> 20 + 20 * even;
                    case 2 -> day ? 80 : 20;
                    case 3 -> (day ? 80 : 20) + 10 * even;
                    case 4 -> wave;
                    case 5 -> wave + 3 * normal;
                    case 6 -> 42;
                    default -> (day ? 80 : 20) + 2 * even;
                };
            }
            made.add(values);
        }
        return made;
    }

    void rows(Consumer<Row> found) {
        long values =
                recorded.stream().mapToLong(each -> each.recorded().size()).sum();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Judged all = judged(StreamingAnomalies.SCALES);
        double micros =
                (threads.getCurrentThreadCpuTime() - start) / 1e3 / (values + (long) QUIET_SERIES * QUIET_LENGTH);
        for (Profile profile : Profile.values()) found.accept(asItIs(all, profile));
        found.accept(volume(all));
        double quietAlarms = all.quietAlarms(AlarmRule.USUAL);
        found.accept(new Row(
                "anomaly, false alarms on quiet made series",
                "alarms",
                quietAlarms,
                quietAlarms,
                QUIET_SERIES,
                Map.of("goal", 0, "values", QUIET_SERIES * QUIET_LENGTH)));
        all.folders().forEach(folder -> found.accept(all.leftOut(folder)));
        found.accept(all.leaveOneOut("numenta standard, leave one folder out"));
        for (int scale : StreamingAnomalies.SCALES) {
            found.accept(ablated(
                    "without runs of " + scale,
                    StreamingAnomalies.SCALES.stream()
                            .filter(each -> each != scale)
                            .toList()));
            found.accept(ablated("runs of " + scale + " alone", List.of(scale)));
        }
        found.accept(new Row(
                "anomaly, processor time of one value",
                "µs",
                micros,
                micros,
                Math.toIntExact(values),
                Map.of("goal", 20)));
        var never = new NumentaScore(Profile.STANDARD);
        never.add(100, List.of(new Window(50, 60)), List.of());
        found.accept(new Row(
                "numenta standard, never alarms", "score", never.score(), never.score(), recorded.size(), Map.of()));
    }

    private Row asItIs(Judged all, Profile profile) {
        var extra = new LinkedHashMap<String, Object>();
        if (profile == Profile.STANDARD) extra.putAll(PUBLISHED);
        extra.put("alarms", all.alarms(AlarmRule.USUAL));
        extra.put("note", "the rule was chosen on these series; none is set for one of them");
        double score = all.score(AlarmRule.USUAL, profile, recorded).score();
        return new Row(
                "numenta " + profile.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "score",
                score,
                score,
                recorded.size(),
                extra);
    }

    private Row volume(Judged all) {
        List<Series> disturbed =
                recorded.stream().filter(each -> !each.windows().isEmpty()).toList();
        double within = 0;
        double volume = 0;
        for (Series each : disturbed) {
            volume +=
                    VolumeUnderSurface.precisionRecall(all.of(each), each.windows(), WIDEST_BUFFER) / disturbed.size();
            within += each.windows().stream()
                            .mapToInt(window -> window.last() - window.first() + 1)
                            .sum()
                    / (double) each.recorded().size()
                    / disturbed.size();
        }
        return new Row(
                "anomaly, VUS-PR",
                "area",
                volume,
                volume,
                disturbed.size(),
                Map.of("by_lot", within, "widest_buffer", WIDEST_BUFFER));
    }

    private Row ablated(String name, List<Integer> scales) {
        return judged(scales).leaveOneOut("anomaly, " + name + ", leave one folder out");
    }

    private Judged judged(List<Integer> scales) {
        var surprises = new LinkedHashMap<String, double[]>();
        for (Series each : recorded) surprises.put(each.name(), surprises(scales, each.values()));
        return new Judged(
                surprises, quiet.stream().map(each -> surprises(scales, each)).toList());
    }

    private static double[] surprises(List<Integer> scales, double[] values) {
        var stream = new StreamingAnomalies(scales, AlarmRule.USUAL);
        double[] surprises = new double[values.length];
        for (int i = 0; i < values.length; i++)
            surprises[i] = stream.accept(values[i]).surprise();
        return surprises;
    }

    /** The alarms that a rule raises. */
    static List<Integer> alarms(double[] surprises, AlarmRule rule) {
        var alarms = new ArrayList<Integer>();
        double strongest = 0;
        for (int i = 0; i < surprises.length; i++) {
            long since = alarms.isEmpty() ? Long.MAX_VALUE : i - alarms.getLast();
            boolean alarm = rule.raises(surprises[i], since, strongest);
            if (alarm) alarms.add(i);
            strongest = alarm ? surprises[i] : Math.max(strongest, surprises[i]);
        }
        return alarms;
    }

    /** How surprising each value of each series was, so that many rules can be tried. */
    private final class Judged {
        private final Map<String, double[]> surprises;
        private final List<double[]> ofQuiet;

        Judged(Map<String, double[]> surprises, List<double[]> ofQuiet) {
            this.surprises = surprises;
            this.ofQuiet = ofQuiet;
        }

        double[] of(Series series) {
            return Objects.requireNonNull(surprises.get(series.name()));
        }

        List<String> folders() {
            return recorded.stream().map(Series::folder).distinct().toList();
        }

        int alarms(AlarmRule rule) {
            return recorded.stream()
                    .mapToInt(each -> AnomalyRows.alarms(of(each), rule).size())
                    .sum();
        }

        int quietAlarms(AlarmRule rule) {
            return ofQuiet.stream()
                    .mapToInt(each -> AnomalyRows.alarms(each, rule).size())
                    .sum();
        }

        NumentaScore score(AlarmRule rule, Profile profile, List<Series> some) {
            var score = new NumentaScore(profile);
            for (Series each : some)
                score.add(each.recorded().size(), each.windows(), AnomalyRows.alarms(of(each), rule));
            return score;
        }

        private List<Series> in(String folder) {
            return recorded.stream()
                    .filter(each -> each.folder().equals(folder))
                    .toList();
        }

        /** The rule that does best on the other folders. */
        private AlarmRule chosenWithout(String folder) {
            List<Series> others = recorded.stream()
                    .filter(each -> !each.folder().equals(folder))
                    .toList();
            var best = AlarmRule.USUAL;
            double most = Double.NEGATIVE_INFINITY;
            for (double surprise : SURPRISES)
                for (int pause : PAUSES) {
                    var rule = new AlarmRule(surprise, pause);
                    double worth =
                            score(rule, Profile.STANDARD, others).score() - QUIET_ALARM_COSTS * quietAlarms(rule);
                    if (worth > most) {
                        most = worth;
                        best = rule;
                    }
                }
            return best;
        }

        Row leftOut(String folder) {
            AlarmRule rule = chosenWithout(folder);
            double score = score(rule, Profile.STANDARD, in(folder)).score();
            return new Row(
                    "numenta standard, chosen without " + folder,
                    "score",
                    score,
                    score,
                    in(folder).size(),
                    Map.of("surprise", rule.surprise(), "pause", rule.pause()));
        }

        Row leaveOneOut(String name) {
            var score = new NumentaScore(Profile.STANDARD);
            for (String folder : folders()) {
                AlarmRule rule = chosenWithout(folder);
                for (Series each : in(folder))
                    score.add(each.recorded().size(), each.windows(), AnomalyRows.alarms(of(each), rule));
            }
            double asItIs = score(AlarmRule.USUAL, Profile.STANDARD, recorded).score();
            return new Row(
                    name,
                    "score",
                    score.score(),
                    score.score(),
                    recorded.size(),
                    Map.of("goal", GOAL, "by the usual rule", asItIs));
        }
    }
}
