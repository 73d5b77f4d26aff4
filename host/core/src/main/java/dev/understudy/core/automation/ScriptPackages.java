package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.packages.PackageKind;
import dev.understudy.core.packages.Packages;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The packages of automation files. Safe for use by several threads. */
public final class ScriptPackages {
    private final Packages packages;
    private final Config.Sandbox sandbox;

    ScriptPackages(Packages packages, Config.Sandbox sandbox) {
        this.packages = packages;
        this.sandbox = sandbox;
    }

    /** Which packages a language has; empty for one that has none. */
    static Optional<PackageKind> kind(ScriptLanguage language) {
        return switch (language) {
            case JAVASCRIPT -> Optional.of(PackageKind.JAVASCRIPT);
            case PYTHON -> Optional.of(PackageKind.PYTHON);
            case BASH, APPLESCRIPT -> Optional.empty();
        };
    }

    private static Optional<Packages.Script> script(AutomationFile file) {
        return kind(file.language())
                .map(kind -> new Packages.Script(
                        Path.of(file.file()).toAbsolutePath(),
                        kind,
                        file.packages().dependencies(),
                        file.packages().locked(),
                        file.text()));
    }

    /**
     * The file with its packages found, none of them changed since they were locked.
     *
     * @throws UserException if they are not there, or not what was locked
     */
    AutomationFile found(AutomationFile file) {
        if (file.packages().folder() != null) return file;
        return script(file)
                .flatMap(packages::folderFor)
                .map(folder -> file.with(file.packages().in(folder)))
                .orElse(file);
    }

    /**
     * The file with the hash of its packages in its head, so that they go with its text wherever that is kept, compared and
     * approved; as it is if it has none.
     *
     * @throws UserException as {@link #found}
     */
    AutomationFile pinned(AutomationFile file) {
        Optional<String> lock = script(file).flatMap(packages::lockFor);
        if (lock.isEmpty() || lock.get().equals(file.packages().locked())) return file;
        return AutomationFile.parse(file.file(), AutomationReader.withPackages(file.text(), lock.get()), sandbox);
    }

    /**
     * That a text which is no file of this machine brings no packages: nobody could say which.
     *
     * @throws UserException if it does
     */
    void requireNone(AutomationFile file, String what) {
        if (file.packages().dependencies().isEmpty() && file.packages().locked().isEmpty()) return;
        throw UserException.notAllowed(
                what,
                "it names packages, which only 'vendor' fetches, beside a file of yours",
                "Leave dependencies and packages out, or write it as a file, then 'vendor' and 'adopt' it");
    }

    /** Lays the packages of a kept text beside the file to which it was written; nothing if it has none. */
    void export(AutomationFile file, Path to) {
        if (file.packages().locked().isEmpty()) return;
        packages.export(new Packages.Script(
                to.toAbsolutePath(),
                kind(file.language()).orElseThrow(),
                file.packages().dependencies(),
                file.packages().locked(),
                file.text()));
    }

    /**
     * Fetches and locks what a script names; where its head names the hash of an earlier lock, it names the new one then.
     *
     * @throws UserException if the file has mistakes, or {@link Packages#vendor} refuses
     */
    public Packages.Vendored vendor(Path path, Packages.Versions versions, Consumer<String> progress)
            throws InterruptedException {
        AutomationFile file = AutomationFile.load(path, sandbox);
        Packages.Script script = script(file)
                .orElseThrow(() -> UserException.badInput(
                        "There is nothing to fetch for " + path,
                        "scripts in " + file.language().id() + " have no packages",
                        "Name a script in JavaScript or Python"));
        Packages.Vendored done = packages.vendor(script, versions, progress);
        if (!script.locked().isEmpty() && !script.locked().equals(done.sha256())) {
            try {
                Files.writeString(path, AutomationReader.withPackages(file.text(), done.sha256()));
            } catch (IOException e) {
                throw UserException.failed(
                        path + " cannot be written", String.valueOf(e.getMessage()), "Make it writable", e);
            }
        }
        return done;
    }
}
