package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The programs that a run may start: a folder of links to them is the run's whole search path.
 *
 * <p>What can be read can be run, and a program needs its libraries readable; so beside the granted programs the folders
 * of libraries are shown, and what lies in those could be started by its full path. No program gets out of the jail.
 */
final class GrantedPrograms {
    static final Path FOLDER = Path.of("/programs");

    private GrantedPrograms() {}

    /** Why the programs cannot be given; empty if they can. */
    static Optional<RunOutcome.Refused> refusal(RunRequest request) {
        Optional<RunOutcome.Refused> beyondLevel = request.isolation().refusal(request.grants());
        if (beyondLevel.isPresent()) return beyondLevel;
        return request.grants().programs().stream()
                .filter(name -> SystemFiles.program(name).isEmpty())
                .findFirst()
                .map(name -> new RunOutcome.Refused(
                        "the granted program " + name + " is not on this machine", PackageManager.programHint(name)));
    }

    /** Mounts for the granted programs; none at {@code full}. */
    static List<JailCommand.Mount> mounts(RunRequest request, JailKit kit) throws IOException {
        if (request.isolation() == IsolationLevel.FULL) return List.of();
        Set<JailCommand.Mount> mounts = new LinkedHashSet<>(SystemFiles.libraries());
        List<Path> shown = new ArrayList<>();
        // system(3) and scripts need a shell, and a granted program may call either.
        show(kit.tools().shell(), shown, mounts);
        for (String name : request.grants().programs()) {
            Path program = SystemFiles.program(name).orElseThrow();
            show(program, shown, mounts);
            mounts.add(
                    new JailCommand.Mount.Link(program.toRealPath().toString(), FOLDER.resolve(program.getFileName())));
        }
        return List.copyOf(mounts);
    }

    private static void show(Path program, List<Path> shown, Set<JailCommand.Mount> mounts) throws IOException {
        Path real = program.toRealPath();
        if (shown.contains(real)) return;
        shown.add(real);
        if (!real.startsWith("/usr/lib") && !real.startsWith("/usr/share") && !real.startsWith("/usr/libexec")) {
            mounts.add(new JailCommand.Mount.ReadOnly(real, real));
            if (!program.equals(real)) mounts.add(SystemFiles.asSeenInside(program));
        }
        for (String interpreter : interpreters(real)) {
            Optional<Path> found = SystemFiles.program(interpreter);
            if (found.isPresent()) show(found.get(), shown, mounts);
        }
    }

    /** The programs that a script's first line names: the interpreter, and what {@code env} is to find. */
    private static List<String> interpreters(Path program) throws IOException {
        byte[] start;
        try (var stream = Files.newInputStream(program)) {
            start = stream.readNBytes(256);
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("#!")) return List.of();
        String[] words =
                text.substring(2).lines().findFirst().orElse("").strip().split("\\s+", 3);
        List<String> names = new ArrayList<>(List.of(words[0]));
        if (words[0].endsWith("/env") && words.length > 1) names.add(words[1]);
        return names;
    }
}
