package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What bubblewrap's argument list would say, said without namespaces: the same mounts become rights on the paths
 * themselves, and what a jail has at a path of its own is where it really lies.
 *
 * @param command to start, {@code setpriv} and {@code prlimit} before it
 * @param launch by which it must be started
 */
record LandlockLayout(List<String> command, Launch launch) {
    /** Random numbers and nothing: what every runtime reads. Without them Java makes random numbers for seconds. */
    private static final Map<Path, Landlock.Right> DEVICES = Map.of(
            Path.of("/dev/null"), Landlock.Right.USE,
            Path.of("/dev/zero"), Landlock.Right.READ,
            Path.of("/dev/random"), Landlock.Right.READ,
            Path.of("/dev/urandom"), Landlock.Right.READ);

    /** Names whose values are paths of the jail's own. */
    private static final List<String> PATH_VARIABLES = List.of("PATH", "TMPDIR", "RESULT", "BASH_ENV");

    private static final Path PROCESSES = Path.of("/proc");

    LandlockLayout {
        command = List.copyOf(command);
    }

    /**
     * Where what a jail has at paths of its own lies on the host.
     *
     * @param writable by path inside
     * @param readable likewise
     * @param programs where links to granted programs are made
     */
    record Places(Map<Path, Path> writable, Map<Path, Path> readable, Optional<Path> programs) {
        private String outside(String text) {
            Map<Path, Path> all = new LinkedHashMap<>(writable);
            all.putAll(readable);
            programs.ifPresent(folder -> all.put(GrantedPrograms.FOLDER, folder));
            for (Map.Entry<Path, Path> place : all.entrySet()) {
                String inside = place.getKey().toString();
                if (text.equals(inside) || text.startsWith(inside + "/"))
                    return place.getValue() + text.substring(inside.length());
            }
            return text;
        }
    }

    static LandlockLayout of(
            JailKit kit,
            OptionalInt uid,
            Places places,
            List<JailCommand.Mount> mounts,
            Map<String, String> environment,
            Path workingDirectory,
            JailLimits limits,
            List<String> inside)
            throws IOException {
        Map<Path, Landlock.Right> rights = new LinkedHashMap<>(DEVICES);
        // Names only, so that a starting process can find the descriptors it is to close; the kernel lists others' to
        // no one.
        rights.put(PROCESSES, Landlock.Right.LIST);
        for (Path file : kit.starters()) rights.put(file, Landlock.Right.READ);
        for (JailCommand.Mount mount : mounts) allow(mount, rights, places);
        places.readable().values().forEach(folder -> rights.put(folder, Landlock.Right.READ));
        places.writable().values().forEach(folder -> rights.put(folder, Landlock.Right.WRITE));
        Map<String, String> outside = new LinkedHashMap<>(environment);
        PATH_VARIABLES.forEach(name -> outside.computeIfPresent(name, (_, value) -> places.outside(value)));
        outside.put(
                "UNDERSTUDY_SCRIPT",
                places.outside(JailKit.PROGRAM_FOLDER.resolve("script.py").toString()));
        // Its absence is nothing to OpenSSL, but a settings file that is there and shut ends the program.
        outside.put("OPENSSL_CONF", "/dev/null");
        List<String> command = new ArrayList<>(List.of(kit.tools().setpriv().toString(), "--pdeathsig", "KILL"));
        uid.ifPresent(id -> command.addAll(List.of("--reuid", "" + id, "--regid", "" + id, "--clear-groups")));
        command.addAll(List.of("--", kit.tools().prlimit().toString()));
        command.addAll(
                uid.isPresent() ? limits.arguments() : besideOthers(limits).arguments());
        command.add("--");
        inside.forEach(part -> command.add(places.outside(part)));
        Path directory = Path.of(places.outside(workingDirectory.toString()));
        return new LandlockLayout(command, new LandlockLaunch(kit.architecture(), rights, outside, directory));
    }

    private static void allow(JailCommand.Mount mount, Map<Path, Landlock.Right> rights, Places places)
            throws IOException {
        switch (mount) {
            case JailCommand.Mount.ReadOnly(Path source, Path target) -> {
                if (!Files.exists(target) || !Files.isSameFile(source, target))
                    throw new IOException(target + " can be shown in a mount namespace only");
                rights.put(source, Landlock.Right.READ);
            }
            case JailCommand.Mount.Link(String text, Path target) -> {
                if (!target.startsWith(GrantedPrograms.FOLDER)) return;
                Path link = Path.of(places.outside(target.toString()));
                if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) Files.createSymbolicLink(link, Path.of(text));
            }
            case JailCommand.Mount.Folder _ -> {
                // An empty folder in the jail's own root: here the host's own is there, and shut.
            }
            case JailCommand.Mount.Writable writable ->
                throw new IOException(writable.target() + " can be shown as a view in a mount namespace only");
            case JailCommand.Mount.Overlay overlay ->
                throw new IOException(overlay.target() + " can be shown as a view in a mount namespace only");
            case JailCommand.Mount.Processes processes ->
                throw new IOException(processes.target() + " can be shown in a pid namespace only");
            case JailCommand.Mount.Memory memory ->
                throw new IOException(memory.target() + " can be made in a mount namespace only");
        }
    }

    /** Without a uid of its own a jail shares the kernel's count of processes with all that its user runs. */
    private static JailLimits besideOthers(JailLimits limits) throws IOException {
        return new JailLimits(
                limits.processes() + tasksOfThisUser(),
                limits.addressSpaceBytes(),
                limits.dataBytes(),
                limits.cpuSeconds(),
                limits.fileBytes(),
                limits.openFiles());
    }

    private static int tasksOfThisUser() throws IOException {
        Object user = Files.getAttribute(PROCESSES.resolve("self"), "unix:uid");
        int tasks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                tasks += tasks(process, user);
            }
        }
        return tasks;
    }

    private static int tasks(Path process, Object user) {
        try {
            if (!Files.getAttribute(process, "unix:uid").equals(user)) return 0;
            return Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("Threads:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
