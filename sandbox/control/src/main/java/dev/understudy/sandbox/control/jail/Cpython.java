package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The system's CPython: its interpreter, the libraries that it and its extensions are linked with, and its standard
 * library.
 *
 * @param program the interpreter
 * @param library its standard library
 * @param linked libraries beside it
 */
record Cpython(Path program, Path library, List<JailCommand.Mount> linked) {

    /** Modules whose import takes a millisecond or more, and changes nothing that a script could tell. */
    private static final List<String> MODULES = List.of(
            "collections",
            "csv",
            "dataclasses",
            "datetime",
            "decimal",
            "difflib",
            "enum",
            "fnmatch",
            "glob",
            "hashlib",
            "html",
            "logging",
            "pathlib",
            "random",
            "re",
            "shutil",
            "statistics",
            "string",
            "subprocess",
            "tarfile",
            "tempfile",
            "textwrap",
            "typing",
            "urllib",
            "uuid",
            "xml",
            "zipfile");

    private static final Pattern WORD = Pattern.compile("\\w+");

    Cpython {
        linked = List.copyOf(linked);
    }

    /** The one at a path that {@link SystemFiles#realProgram} gave. */
    static Cpython at(Path program, Architecture architecture) throws IOException {
        Path library = standardLibrary(program);
        List<Path> files = new ArrayList<>(List.of(program));
        try (Stream<Path> extensions = Files.walk(library)) {
            extensions.filter(file -> file.toString().endsWith(".so")).forEach(files::add);
        }
        List<JailCommand.Mount> linked = SystemFiles.only(files, architecture).stream()
                .filter(mount -> !mount.target().startsWith(library))
                .filter(mount -> !mount.target().equals(program))
                .toList();
        return new Cpython(program, library, linked);
    }

    private static Path standardLibrary(Path python) throws IOException {
        Path bin = python.getParent();
        Path prefix = bin == null ? null : bin.getParent();
        String name = String.valueOf(python.getFileName());
        if (prefix == null || !name.startsWith("python3."))
            throw new IOException(python + " is not named for its version, so its library is not known");
        return prefix.resolve("lib").resolve(name);
    }

    /** At its own paths, as scripts find it. */
    List<JailCommand.Mount> mounts() {
        List<JailCommand.Mount> mounts = new ArrayList<>(List.of(
                new JailCommand.Mount.ReadOnly(program, program), new JailCommand.Mount.ReadOnly(library, library)));
        mounts.addAll(linked);
        return mounts;
    }

    /** Below another folder, for a program of the jail's own: it finds its library beside itself, and scripts do not. */
    List<JailCommand.Mount> mountsBelow(Path prefix) {
        List<JailCommand.Mount> mounts = new ArrayList<>(List.of(
                new JailCommand.Mount.ReadOnly(program, programBelow(prefix)),
                new JailCommand.Mount.ReadOnly(library, prefix.resolve("lib").resolve(library.getFileName()))));
        mounts.addAll(linked);
        return mounts;
    }

    Path programBelow(Path prefix) {
        return prefix.resolve("bin").resolve(program.getFileName());
    }

    /** Those of the slow modules that a script names, wherever it does: each that is imported makes every fork dearer. */
    static List<String> modulesIn(String source) {
        Set<String> words =
                WORD.matcher(source).results().map(MatchResult::group).collect(Collectors.toSet());
        return MODULES.stream().filter(words::contains).toList();
    }

    /** Starts a script without what a person's own settings or packages could bring in. */
    static List<String> command(Path program, Path script) {
        return List.of(program.toString(), "-I", "-S", "-B", "-X", "utf8", script.toString());
    }
}
