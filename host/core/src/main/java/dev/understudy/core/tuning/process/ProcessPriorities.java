package dev.understudy.core.tuning.process;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.Scale;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Priorities of running processes, on Linux: turn at the processor and at the disks, cores, share of the control group.
 *
 * <p>A parameter belongs to one process, told by its number and its start, so that a later process with the same number is
 * never touched: {@code process.4711.8123456.nice}. Where the kernel keeps a setting per thread, those threads are set that
 * hold what the first one holds; a thread that the program has set apart stays so. On other systems there is nothing to set.
 */
public final class ProcessPriorities implements ParameterTarget {
    /** What the parameter journal knows this target by. */
    public static final String NAME = "process";

    private static final Pattern PARAMETER = Pattern.compile("process\\.(\\d{1,10})\\.(\\d{1,19})\\.([a-z-]+)");
    /** Capability to set a process before others, or to take a step down back. */
    private static final int CAP_SYS_NICE = 23;

    private final Path root;
    private final LinuxCalls calls = LinuxCalls.ofThisMachine();

    /** Of this machine. */
    public ProcessPriorities() {
        this(Path.of("/"));
    }

    /** Whose control groups and process table lie below another folder. */
    ProcessPriorities(Path root) {
        this.root = root;
    }

    /** The name of a process's setting; empty if there is no such process, or not on this system. */
    public Optional<String> parameterName(long pid, ProcessSetting setting) {
        return stat(pid).map(stat -> "process." + pid + "." + stat.start() + "." + setting.id());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Priorities of running processes; Linux only";
    }

    @Override
    public List<TunableParameter> parameters() {
        var parameters = new ArrayList<TunableParameter>();
        try (Stream<Path> entries = Files.list(root.resolve("proc"))) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("\\d{1,10}"))
                    .mapToLong(Long::parseLong)
                    .sorted()
                    .forEach(pid -> parameters.addAll(parameters(pid)));
        } catch (IOException _) {
            return List.of();
        }
        return parameters;
    }

    @Override
    public Optional<TunableParameter> parameter(String name) {
        Matcher matcher = PARAMETER.matcher(name);
        if (!matcher.matches()) return Optional.empty();
        return parameters(Long.parseLong(matcher.group(1))).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    /** What can be set for one process; empty if it has ended. */
    public List<TunableParameter> parameters(long pid) {
        Optional<Stat> stat = stat(pid);
        if (stat.isEmpty()) return List.of();
        var parameters = new ArrayList<TunableParameter>();
        for (ProcessSetting setting : ProcessSetting.values()) {
            String name = "process." + pid + "." + stat.get().start() + "." + setting.id();
            try {
                Optional<Dimension> dimension = dimension(name, pid, setting);
                if (dimension.isPresent())
                    parameters.add(new TunableParameter(
                            dimension.get(), setting.meaning(), value(pid, setting), refusal(pid, setting)));
            } catch (IOException _) {
                // It ended meanwhile, or is not ours to look at.
            }
        }
        return parameters;
    }

    private Optional<Dimension> dimension(String name, long pid, ProcessSetting setting) throws IOException {
        return switch (setting) {
            case NICE -> Optional.of(new IntegerRange(name, -10, 19, Scale.LINEAR, List.of()));
            case IO_CLASS ->
                calls.knowsIoPriority()
                        ? Optional.of(new Ordinal(
                                name,
                                List.of("idle", "best-effort:7", "best-effort:4", "best-effort:2", "best-effort:0")))
                        : Optional.empty();
            case CPUS -> {
                List<String> levels = cpuLevels();
                yield levels.size() < 2 ? Optional.empty() : Optional.of(new Ordinal(name, levels));
            }
            case CPU_WEIGHT ->
                ControlGroup.of(root, pid)
                        .map(group -> group.version() == 2
                                ? new IntegerRange(name, 10, 1_000, Scale.LOG, List.of())
                                : new IntegerRange(name, 102, 10_240, Scale.LOG, List.of()));
        };
    }

    /** The first core, the first two, the first four and so on to all that this process may use. */
    private static List<String> cpuLevels() throws IOException {
        BitSet all = CpuList.parse(statusLine(Path.of("/proc/self/status"), "Cpus_allowed_list:"));
        int count = all.cardinality();
        var levels = new ArrayList<String>();
        for (int some = 1; some < count; some *= 2) {
            var first = new BitSet();
            all.stream().limit(some).forEach(first::set);
            levels.add(CpuList.text(first));
        }
        levels.add(CpuList.text(all));
        return levels;
    }

    private String refusal(long pid, ProcessSetting setting) throws IOException {
        if (setting == ProcessSetting.CPU_WEIGHT) {
            Path weight = ControlGroup.of(root, pid).orElseThrow().weight();
            return Files.isWritable(weight)
                    ? ""
                    : weight + " can be written only by its owner: start Understudy with sudo";
        }
        if (mayPutFirst()) return "";
        if (setting == ProcessSetting.NICE)
            return "without root, or CAP_SYS_NICE, a process can be put back in the queue but not where it was";
        String owner = statusLine(proc(pid, "status"), "Uid:").split("\\s+")[0];
        String own = statusLine(Path.of("/proc/self/status"), "Uid:").split("\\s+")[0];
        return owner.equals(own) ? "" : "the process belongs to another user: start Understudy with sudo";
    }

    private static boolean mayPutFirst() throws IOException {
        long effective = Long.parseUnsignedLong(statusLine(Path.of("/proc/self/status"), "CapEff:"), 16);
        return (effective >> CAP_SYS_NICE & 1) == 1;
    }

    @Override
    public String read(String name) throws IOException {
        Parameter parameter = find(name);
        return value(parameter.pid(), parameter.setting());
    }

    private String value(long pid, ProcessSetting setting) throws IOException {
        return threadValue(pid, pid, setting);
    }

    private String threadValue(long pid, long thread, ProcessSetting setting) throws IOException {
        return switch (setting) {
            case NICE ->
                Integer.toString(stat(proc(pid, "task/" + thread + "/stat")).nice());
            case IO_CLASS -> calls.ioClass(thread);
            case CPUS -> statusLine(proc(pid, "task/" + thread + "/status"), "Cpus_allowed_list:");
            case CPU_WEIGHT -> Files.readString(group(pid).weight()).strip();
        };
    }

    private ControlGroup group(long pid) throws IOException {
        return ControlGroup.of(root, pid)
                .orElseThrow(
                        () -> new IOException("process " + pid + " is in no control group with a share of its own"));
    }

    @Override
    public void write(String name, String value) throws IOException {
        Parameter parameter = find(name);
        long pid = parameter.pid();
        ProcessSetting setting = parameter.setting();
        try {
            String before = value(pid, setting);
            check(setting, before, value);
            if (setting == ProcessSetting.CPU_WEIGHT) {
                Files.writeString(
                        group(pid).weight(), value, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
                return;
            }
            for (long thread : threads(pid)) setThread(pid, thread, setting, before, value);
        } catch (IOException e) {
            throw new IOException(
                    name + " could not be set to " + value.replaceAll("\\p{Cntrl}", "?") + ": " + e.getMessage(), e);
        }
    }

    private static void check(ProcessSetting setting, String before, String value) throws IOException {
        boolean number = value.matches("-?\\d{1,6}");
        switch (setting) {
            case NICE -> {
                if (!number || Integer.parseInt(value) < -20 || Integer.parseInt(value) > 19)
                    throw new IOException("it must be from -20 to 19");
                if (Integer.parseInt(value) > Integer.parseInt(before) && !mayPutFirst())
                    throw new IOException("without root, or CAP_SYS_NICE, it could not be put back");
            }
            case CPU_WEIGHT -> {
                if (!number) throw new IOException("it must be a number");
            }
            case CPUS -> CpuList.parse(value);
            case IO_CLASS -> {
                if (!value.matches("[a-z-]+(:[0-7])?")) throw new IOException("it must be like idle or best-effort:4");
            }
        }
    }

    private void setThread(long pid, long thread, ProcessSetting setting, String before, String value)
            throws IOException {
        try {
            if (thread != pid && !threadValue(pid, thread, setting).equals(before)) return;
            switch (setting) {
                case NICE -> calls.setNice(thread, Integer.parseInt(value));
                case IO_CLASS -> calls.setIoClass(thread, value);
                case CPUS -> calls.setCpus(thread, CpuList.parse(value));
                case CPU_WEIGHT -> throw new IllegalStateException("a control group has no threads");
            }
        } catch (IOException e) {
            // Threads come and go; the first stands for the process.
            if (thread == pid || Files.exists(proc(pid, "task/" + thread))) throw e;
        }
    }

    /** All threads but the first, then the first: what it holds tells which others are alike, even after a failure between. */
    private List<Long> threads(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(proc(pid, "task"))) {
            var threads = new ArrayList<>(
                    tasks.map(task -> Long.valueOf(task.getFileName().toString()))
                            .filter(thread -> thread != pid)
                            .toList());
            threads.add(pid);
            return threads;
        }
    }

    /** A restart of the machine ends all processes. */
    @Override
    public boolean outlastsRestart() {
        return false;
    }

    @Override
    public String command(String name, String value) {
        Parameter parameter = find(name);
        long pid = parameter.pid();
        return switch (parameter.setting()) {
            case NICE -> "sudo renice -n " + value + " -p " + pid;
            case IO_CLASS -> "sudo ionice " + ionice(value) + " -p " + pid;
            case CPUS -> "sudo taskset -acp " + value + " " + pid;
            case CPU_WEIGHT ->
                ControlGroup.of(root, pid)
                        .map(group -> "echo " + value + " | sudo tee " + group.weight())
                        .orElse("");
        };
    }

    private static String ionice(String value) {
        String[] parts = value.split(":");
        int ioClass = List.of("none", "realtime", "best-effort", "idle").indexOf(parts[0]);
        return "-c " + ioClass + (parts.length == 2 ? " -n " + parts[1] : "");
    }

    private record Parameter(long pid, ProcessSetting setting) {}

    private Parameter find(String name) {
        Matcher matcher = PARAMETER.matcher(name);
        if (matcher.matches()) {
            long pid = Long.parseLong(matcher.group(1));
            boolean sameProcess = stat(pid)
                    .map(stat -> Long.toString(stat.start()).equals(matcher.group(2)))
                    .orElse(false);
            for (ProcessSetting setting : ProcessSetting.values())
                if (sameProcess && setting.id().equals(matcher.group(3))) return new Parameter(pid, setting);
        }
        throw new IllegalArgumentException("there is no process setting '" + name + "' now");
    }

    /** What a process's line in the table says: its start, in ticks since the machine's, and its turn. */
    private record Stat(int nice, long start) {}

    private Optional<Stat> stat(long pid) {
        try {
            return Optional.of(stat(proc(pid, "stat")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Stat stat(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        // The name may hold blanks and brackets, so count from its last bracket.
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return new Stat(Integer.parseInt(fields[16]), Long.parseLong(fields[19]));
    }

    private Path proc(long pid, String file) {
        return root.resolve("proc/" + pid + "/" + file);
    }

    private static String statusLine(Path status, String key) throws IOException {
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1))
            if (line.startsWith(key)) return line.substring(key.length()).strip();
        throw new IOException(status + " has no line " + key);
    }
}
