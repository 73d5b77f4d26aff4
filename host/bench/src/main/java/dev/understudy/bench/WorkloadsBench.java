package dev.understudy.bench;

import dev.understudy.plugins.workloads.FiguresDetector;
import dev.understudy.plugins.workloads.FiguresDetector.Limits;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadEstimate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How well a machine's work is told by its figures alone, on recordings of machines whose work is known (openEuler A-Tune, one
 * CSV file a machine, one sample a line). Each file is judged by limits that were chosen on all the others (leave one out);
 * beside it stands what the limits that ship give.
 *
 * <p>"Not sure" is told from a wrong answer, and so is an idle moment, in which a server serves nobody: both count as no
 * answer. Of a file whose work is none of the four kinds, no answer is right.
 */
public final class WorkloadsBench implements Benchmark {
    private static final String FOLDER = "workload-traces";
    private static final double GOAL = 0.90;

    /** The recordings do not say how many processors there were; their load averages at full use are 96 to 128. */
    private static final int PROCESSORS = 96;

    /** A wrong answer costs more than a right one gains, as it makes the machine be tuned for other work. */
    private static final int PRICE_OF_WRONG = 3;

    /** The classes of the recordings' labels, by how a label begins; the longest beginning counts. */
    private static final Map<String, Workload> CLASSES = classes();

    private static Map<String, Workload> classes() {
        Map<String, Workload> classes = new LinkedHashMap<>();
        for (String each : List.of(
                "mariadb", "mysql", "postgres", "pgsql", "redis", "memcached", "mongo", "cassandra", "oracle", "gauss"))
            classes.put(each, Workload.DATABASE);
        for (String each : List.of("nginx", "apache", "httpd", "tomcat", "haproxy", "lighttpd", "web"))
            classes.put(each, Workload.WEB_SERVER);
        for (String each :
                List.of("spec", "hpc", "encryption", "stream", "gcc", "gatk", "gromacs", "linpack", "openssl"))
            classes.put(each, Workload.HPC_COMPUTE);
        for (String each : List.of("hadoop", "hdfs", "dfsio", "fio", "ceph", "storage", "iozone"))
            classes.put(each, Workload.IO_INTENSIVE);
        for (String each : List.of("default", "idle", "kvm", "virtual")) classes.put(each, Workload.GENERAL);
        return classes;
    }

    /** A recorded machine. */
    record Recording(String name, String label, Workload truth, List<SystemSnapshot> samples) {}

    /** How often something was right, gave no answer, and was wrong. */
    record Score(int right, int none, int wrong) {
        static final Score ZERO = new Score(0, 0, 0);

        Score plus(Score other) {
            return new Score(right + other.right, none + other.none, wrong + other.wrong);
        }

        int all() {
            return right + none + wrong;
        }

        double notWrong() {
            return 1 - wrong / (double) all();
        }

        double answered() {
            return (right + wrong) / (double) all();
        }

        int worth() {
            return right - PRICE_OF_WRONG * wrong;
        }
    }

    @Override
    public String name() {
        return "workloads";
    }

    @Override
    public String description() {
        return "a machine's work told by its figures alone, each recorded machine by limits chosen on the others";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        Optional<Path> folder = place.data().map(path -> path.resolve(FOLDER)).filter(Files::isDirectory);
        if (folder.isEmpty())
            found.accept(new Row(
                    "all machines",
                    "not wrong",
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "the data set is not on this machine")));
        else rows(read(folder.get())).forEach(found);
    }

    static List<Row> rows(List<Recording> recordings) {
        List<Limits> candidates = candidates();
        Score[][] scores = new Score[candidates.size()][recordings.size()];
        for (int i = 0; i < candidates.size(); i++)
            for (int k = 0; k < recordings.size(); k++)
                scores[i][k] = score(new FiguresDetector(candidates.get(i)), recordings.get(k));
        List<Row> rows = new ArrayList<>();
        var left = new ArrayList<Score>();
        Score shipped = Score.ZERO;
        for (int k = 0; k < recordings.size(); k++) {
            Score own = scores[bestWithout(scores, k)][k];
            Score asShipped = score(new FiguresDetector(), recordings.get(k));
            left.add(own);
            shipped = shipped.plus(asShipped);
            rows.add(row(
                    recordings.get(k).name(),
                    own,
                    asShipped,
                    Map.of(
                            "label",
                            recordings.get(k).label(),
                            "class",
                            recordings.get(k).truth().id())));
        }
        rows.add(row("all machines", left.stream().reduce(Score.ZERO, Score::plus), shipped, Map.of("goal", GOAL)));
        rows.addAll(reliability(recordings));
        return rows;
    }

    private static Row row(String name, Score own, Score shipped, Map<String, Object> more) {
        Map<String, Object> extra = new LinkedHashMap<>(more);
        extra.put("right", own.right() / (double) own.all());
        extra.put("answered", own.answered());
        extra.put("shipped", shipped.notWrong());
        return new Row(name, "right or not sure", own.notWrong(), own.notWrong(), own.all(), extra);
    }

    /** Of what is said with a confidence, how much is right: with the limits that ship, no answers left out. */
    private static List<Row> reliability(List<Recording> recordings) {
        Map<Double, int[]> byConfidence = new TreeMap<>();
        var detector = new FiguresDetector();
        for (Recording recording : recordings)
            for (SystemSnapshot sample : recording.samples()) {
                WorkloadEstimate said = detector.estimate(sample);
                if (said.workload().equals(Workload.GENERAL)
                        && !recording.truth().equals(Workload.GENERAL)) continue;
                if (FiguresDetector.isNotSure(said)) continue;
                int[] counts = byConfidence.computeIfAbsent(said.confidence(), _ -> new int[2]);
                counts[said.workload().equals(recording.truth()) ? 0 : 1]++;
            }
        return byConfidence.entrySet().stream()
                .map(each -> {
                    int all = each.getValue()[0] + each.getValue()[1];
                    double right = each.getValue()[0] / (double) all;
                    return new Row(
                            String.format(Locale.ROOT, "said with confidence %.1f", each.getKey()),
                            "share right",
                            right,
                            right,
                            all,
                            Map.of());
                })
                .toList();
    }

    private static int bestWithout(Score[][] scores, int left) {
        int best = 0;
        int most = Integer.MIN_VALUE;
        for (int i = 0; i < scores.length; i++) {
            int worth = 0;
            for (int k = 0; k < scores[i].length; k++) if (k != left) worth += scores[i][k].worth();
            if (worth > most) {
                most = worth;
                best = i;
            }
        }
        return best;
    }

    private static List<Limits> candidates() {
        var candidates = new ArrayList<Limits>();
        for (double serving : List.of(3000.0, 5000.0, 10_000.0))
            for (double web : List.of(1.6, 2.2, 3.0))
                for (double even : List.of(1.2, 1.3, 1.6))
                    for (double busy : List.of(0.3, 0.5, 0.8))
                        for (double user : List.of(0.7, 0.8, 0.9))
                            candidates.add(new Limits(serving, 2500, web, even, busy, user));
        return candidates;
    }

    static Score score(FiguresDetector detector, Recording recording) {
        int right = 0;
        int none = 0;
        int wrong = 0;
        for (SystemSnapshot sample : recording.samples()) {
            Workload said = detector.estimate(sample).workload();
            if (said.equals(recording.truth())) right++;
            else if (said.equals(Workload.GENERAL)) none++;
            else wrong++;
        }
        return new Score(right, none, wrong);
    }

    static List<Recording> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
        var recordings = new ArrayList<Recording>();
        for (Path file : files) recordings.add(recording(file));
        return recordings;
    }

    private static Recording recording(Path file) throws IOException {
        List<List<String>> records = Csv.records(Files.readString(file, StandardCharsets.UTF_8));
        List<String> header = records.getFirst();
        int label = header.indexOf("workload.appname");
        if (label < 0 || records.size() < 2)
            throw new IOException(file + " has the columns " + header + ", but needs workload.appname, and a sample.");
        String app = records.get(1).get(label);
        var samples = new ArrayList<SystemSnapshot>();
        for (List<String> each : records.subList(1, records.size())) samples.add(new Sample(header, each).snapshot());
        return new Recording(file.getFileName().toString().replaceAll("\\.csv$", ""), app, classOf(app, file), samples);
    }

    private static Workload classOf(String label, Path file) throws IOException {
        return CLASSES.entrySet().stream()
                .filter(each -> label.toLowerCase(Locale.ROOT).startsWith(each.getKey()))
                .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new IOException(file + ": nobody has said what kind of work '" + label + "' is."));
    }

    /** A line of a recording; what is missing in it is none. */
    private record Sample(List<String> header, List<String> fields) {

        double figure(String column) {
            int index = header.indexOf(column);
            if (index < 0 || index >= fields.size() || fields.get(index).isBlank()) return 0;
            try {
                return Math.max(0, Double.parseDouble(fields.get(index).strip()));
            } catch (NumberFormatException _) {
                return 0;
            }
        }

        double share(String column) {
            return Math.min(1, figure(column) / 100);
        }

        SystemSnapshot snapshot() {
            double interrupts = share("CPU.STAT.irq") + share("CPU.STAT.soft");
            double guest = share("CPU.STAT.guest");
            return new SystemSnapshot(
                    Instant.EPOCH,
                    Duration.ofSeconds(5),
                    new Processor(
                            PROCESSORS,
                            Math.min(1, share("CPU.STAT.usr") + share("CPU.STAT.nice") + guest),
                            Math.min(1, share("CPU.STAT.sys") + interrupts),
                            share("CPU.STAT.iowait"),
                            Math.min(1, interrupts),
                            guest),
                    new Memory(1L << 38, 1L << 37, 0),
                    new Disks(
                            1e6 * figure("STORAGE.STAT.rMBs"),
                            1e6 * figure("STORAGE.STAT.wMBs"),
                            share("STORAGE.STAT.util")),
                    new Network(
                            1e3 * figure("NET.STAT.rxkBs"),
                            1e3 * figure("NET.STAT.txkBs"),
                            0,
                            figure("NET.STAT.rxpcks"),
                            figure("NET.STAT.txpcks")),
                    List.of());
        }
    }
}
