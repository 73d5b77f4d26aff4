package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.Utf8Locale;
import dev.understudy.sandbox.control.jail.Mechanisms.Level;
import dev.understudy.sandbox.control.jail.Mechanisms.Mechanism;
import dev.understudy.sandbox.control.time.MachineZone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tries each mechanism on this machine, in the open where it can be tried alone, and reads the rest off the canary. */
final class MechanismProbe {
    private static final long PROBE_SECONDS = 60;

    private final ProcessStarter starter;
    private final List<Mechanism> mechanisms = new ArrayList<>();

    private MechanismProbe(ProcessStarter starter) {
        this.starter = starter;
    }

    static Mechanisms withoutJail(ProcessStarter starter, String reason, String mend) throws InterruptedException {
        MechanismProbe probe = new MechanismProbe(starter);
        probe.tryTools();
        probe.add("process jail", false, reason);
        return new Mechanisms(probe.mechanisms, levels(Optional.of(reason + "; " + mend)));
    }

    static Mechanisms withJail(JailKit kit, Canary.Answers answers, Optional<String> overlayRefusal)
            throws InterruptedException {
        MechanismProbe probe = new MechanismProbe(kit.starter());
        probe.tryTools();
        probe.fromCanary(answers, "user namespaces", "scratch", "the canary ran in one of its own");
        probe.fromCanary(answers, "pid namespace", "pids", "the canary saw its own processes only");
        probe.fromCanary(answers, "network namespace", "socket", "the canary could not open a socket");
        probe.fromCanary(answers, "seccomp filter", "filter", "loaded; new namespaces and sockets were refused");
        probe.fromCanary(answers, "no new privileges", "privileges", "set, and the canary was not root outside");
        probe.fromCanary(answers, "no capabilities", "capabilities", "none held, none to be had");
        probe.fromCanary(answers, "read-only system", "write", "the canary could not write outside its workspace");
        probe.fromCanary(answers, "read-only /proc/sys", "sysctl", "the canary could not set a kernel value");
        probe.fromCanary(answers, "process limit", "processes", "forks beyond it failed");
        probe.add(
                "uid of its own",
                answers.ok("privileges"),
                kit.root()
                        ? "each jail drops to a uid from the reserved range"
                        : "the host is no root, so none is needed");
        probe.add(
                "overlay mount",
                overlayRefusal.isEmpty(),
                overlayRefusal.orElse("a change left the lower folder as it was"));
        Optional<String> deviation = answers.deviation();
        probe.add("process jail", deviation.isEmpty(), deviation.orElse("the canary failed at all that is forbidden"));
        return new Mechanisms(
                probe.mechanisms, levels(deviation.map(text -> "the jail does not hold: " + text + "; " + mend(text))));
    }

    static Mechanisms withReducedJail(JailKit kit, Optional<String> deviation) throws InterruptedException {
        MechanismProbe probe = new MechanismProbe(kit.starter());
        probe.tryTools();
        probe.add(
                "reduced jail",
                deviation.isEmpty(),
                deviation.orElse("Landlock and seccomp held the canary; no private process ids, no private files,"
                        + " no memory limit over all processes"));
        return new Mechanisms(
                probe.mechanisms,
                levels(
                        Tier.REDUCED,
                        deviation.map(text -> "the reduced jail does not hold: " + text + "; " + mend(text))));
    }

    /** What usually helps where the canary got the given answer. */
    static String mend(String deviation) {
        if (deviation.contains("mount proc"))
            return "a container covers parts of /proc, and the kernel then shows no new view of it: start the container with"
                    + " --security-opt systempaths=unconfined (Docker), --security-opt unmask=ALL (Podman) or"
                    + " security.nesting=true (LXC)";
        if (deviation.contains("namespace") || deviation.contains("uid map"))
            return "allow user namespaces to this user (sysctl kernel.unprivileged_userns_clone=1, or"
                    + " kernel.apparmor_restrict_unprivileged_userns=0), or run outside a container that forbids them";
        return "see 'understudy doctor' for each mechanism";
    }

    private void tryTools() throws InterruptedException {
        tool("bubblewrap", "bwrap", "--version", "bubblewrap");
        tool("prlimit", "prlimit", "--version", "util-linux");
        tool("setpriv", "setpriv", "--version", "util-linux");
        tool("unshare", "unshare", "--version", "util-linux");
        tool("bash", "bash", "--version", "bash");
        tryLandlock();
        tryCgroups();
        tryNames();
        tryTime();
    }

    private void tryNames() {
        boolean works = Utf8Locale.isOfThisProcess();
        Utf8Locale locale = Utf8Locale.in(System.getenv());
        add(
                "file names",
                works,
                works
                        ? "UTF-8; in jails "
                                + String.join(" ", locale.variables().values())
                        : "ASCII only, since the system has no UTF-8 locale. " + Utf8Locale.MEND);
    }

    private void tryTime() {
        boolean zones = Files.isDirectory(MachineZone.ZONES);
        add(
                "time zone",
                zones,
                MachineZone.in(System.getenv()).id()
                        + (zones
                                ? "; other zones from " + MachineZone.ZONES
                                : "; " + MachineZone.ZONES + " is missing, so Python finds no zone by name; "
                                        + PackageManager.hint("tzdata")));
    }

    private void tool(String name, String program, String argument, String packageName) throws InterruptedException {
        Optional<Path> found = SystemFiles.program(program);
        if (found.isEmpty()) {
            add(name, false, "not installed; " + PackageManager.hint(packageName));
            return;
        }
        try {
            String said = output(List.of(found.get().toString(), argument));
            add(name, !said.isEmpty(), said.lines().findFirst().orElse("it said nothing"));
        } catch (IOException failure) {
            add(name, false, String.valueOf(failure.getMessage()));
        }
    }

    private String output(List<String> command) throws IOException, InterruptedException {
        Process process = starter.start(new ProcessBuilder(command).redirectErrorStream(true));
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8).strip();
            return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0 ? said : "";
        } finally {
            process.destroyForcibly();
        }
    }

    private void tryLandlock() {
        int version = Landlock.abi();
        add("Landlock", version > 0, version > 0 ? "ABI " + version : "the kernel does not offer it");
    }

    private void tryCgroups() {
        Cgroups.Finding finding = Cgroups.tryOut();
        add("cgroup", finding.works(), finding.detail());
    }

    private void fromCanary(Canary.Answers answers, String name, String question, String detail) {
        boolean works = answers.ok(question);
        String answer = answers.byQuestion().getOrDefault(question, answers.error());
        add(name, works, works ? detail : answer);
    }

    private void add(String name, boolean works, String detail) {
        mechanisms.add(new Mechanism(name, works, detail));
    }

    private static Map<IsolationLevel, Level> levels(Optional<String> missing) {
        return levels(Tier.ISOLATED, missing);
    }

    private static Map<IsolationLevel, Level> levels(Tier tier, Optional<String> missing) {
        Map<IsolationLevel, Level> levels = new EnumMap<>(IsolationLevel.class);
        for (IsolationLevel level : IsolationLevel.values()) {
            levels.put(
                    level,
                    new Level(
                            missing.isEmpty(),
                            missing.isEmpty() ? tier : Tier.NONE,
                            missing.map(List::of).orElse(List.of())));
        }
        return levels;
    }
}
