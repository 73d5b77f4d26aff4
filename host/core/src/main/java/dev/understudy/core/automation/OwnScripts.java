package dev.understudy.core.automation;

import dev.understudy.core.automation.AutomationStore.KeptAutomation;
import dev.understudy.core.automation.Drafter.Creation.Change;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Exhausted;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Scripts that a person keeps as files: made automations, and written back. What is adopted lives as if a template had
 * written it; it runs by itself only once it was rehearsed and approved. Safe for use by several threads and processes.
 */
public final class OwnScripts {
    private final Config config;
    private final AutomationStore store;
    private final Checker checker;
    private final ScriptPackages packages;

    /** Checks a text without running it; its name is for messages. */
    @FunctionalInterface
    interface Checker {
        CheckResult check(String name, String text) throws InterruptedException;
    }

    OwnScripts(Config config, AutomationStore store, Checker checker, ScriptPackages packages) {
        this.packages = packages;
        this.config = config;
        this.store = store;
        this.checker = checker;
    }

    /**
     * What became of a file.
     *
     * @param change {@code NONE} if its automation's newest version has these very bytes
     * @param unchecked why its syntax could not be checked here; empty if it was
     * @param head the lines of the metadata that were written for it; empty if the file has its own
     */
    public record Adopted(Automation automation, Change change, Optional<String> unchecked, List<String> head) {
        public Adopted {
            head = List.copyOf(head);
        }
    }

    /** A file without mistakes. */
    private record Checked(Path path, AutomationFile script, Optional<String> unchecked, List<String> head) {}

    /** What an export wrote. */
    public record Exported(Path file, Outcome outcome) {
        /** Whether the file is as it was. */
        public enum Outcome {
            WRITTEN,
            UNCHANGED
        }
    }

    /** Whether an export may replace a file that holds something else. */
    public enum Existing {
        KEEP,
        REPLACE
    }

    /** Whether a file's name ends as a script's in one of the languages. */
    public static boolean isScript(Path file) {
        return languageOf(file.toString()).isPresent();
    }

    /** The language that the ending of a file's name says. */
    static Optional<ScriptLanguage> languageOf(String file) {
        return Arrays.stream(ScriptLanguage.values())
                .filter(language -> file.endsWith("." + language.fileExtension()))
                .findFirst();
    }

    /**
     * Makes an automation of each file, or a new version of the one that has its id. Nothing is rehearsed. A script without
     * metadata gets what its name and its text show ({@link Adopted#head}); the file itself stays as it is.
     *
     * @return in the order of the files
     * @throws UserException with every mistake of every file, and if two of them have one id: nothing is adopted then; if
     *     an automation is retired, or there are too many: those before it stay adopted
     */
    public List<Adopted> adopt(List<Path> paths) throws InterruptedException {
        var checked = new ArrayList<Checked>();
        var mistakes = new ArrayList<Mistake>();
        for (Path path : paths) {
            checkHeaded(path, AutomationFile.text(path), mistakes).ifPresent(checked::add);
        }
        if (!mistakes.isEmpty()) throw UserException.badInput(mistakes);
        requireDistinct(checked);
        return checked.stream().map(this::keep).toList();
    }

    /**
     * As {@link #adopt(List)}, for a script that is no file.
     *
     * @param name as of a file: its ending says the language, and what stands before it becomes the id of a script without
     *     metadata
     */
    public Adopted adopt(String name, String text) throws InterruptedException {
        var mistakes = new ArrayList<Mistake>();
        Optional<Checked> checked = checkHeaded(Path.of(name), text, mistakes);
        if (!mistakes.isEmpty()) throw UserException.badInput(mistakes);
        return keep(checked.orElseThrow());
    }

    private Optional<Checked> checkHeaded(Path path, String text, List<Mistake> mistakes) throws InterruptedException {
        Optional<ScriptHead.Headed> written =
                AutomationReader.hasMetadata(text) ? Optional.empty() : ScriptHead.write(path.toString(), text);
        CheckResult result = check(path, written.map(ScriptHead.Headed::text).orElse(text));
        int lines = written.map(headed -> headed.head().size() + 2).orElse(0);
        // Lines are told as the person's own file has them.
        for (Mistake each : result.mistakes())
            mistakes.add(
                    each.line() <= lines
                            ? each
                            : new Mistake(
                                    each.file(),
                                    each.line() - lines,
                                    each.column(),
                                    each.key(),
                                    each.found(),
                                    each.allowed()));
        if (!mistakes.isEmpty()) return Optional.empty();
        return result.automation()
                .map(script -> new Checked(
                        path,
                        packages.pinned(script),
                        result.unchecked(),
                        written.map(ScriptHead.Headed::head).orElse(List.of())));
    }

    /** Two files with one id would be two versions of one automation, the later hiding the earlier. */
    private static void requireDistinct(List<Checked> files) {
        var first = new HashMap<String, Path>();
        for (Checked each : files) {
            Path other = first.putIfAbsent(each.script().id(), each.path());
            if (other != null)
                throw UserException.badInput(
                        "Nothing was adopted",
                        other + " and " + each.path() + " both say id = \""
                                + each.script().id() + "\"",
                        "Give one of them another id");
        }
    }

    /**
     * As {@link #adopt}, for a file that is met rather than named: empty if it is no automation file, or holds what
     * one of its automation's versions held already, so that an old copy does not undo what was made of it since.
     */
    public Optional<Adopted> adoptIfNew(Path path) throws InterruptedException {
        String text = AutomationFile.text(path);
        if (!AutomationReader.hasMetadata(text)) return Optional.empty();
        AutomationReader.Checked read = AutomationReader.check(path.toString(), text, config.sandbox());
        if (read.mistakes().isEmpty() && read.automation().isPresent()) {
            AutomationFile pinned = packages.pinned(read.automation().get());
            if (store.versionOf(pinned.id(), pinned.text()).isPresent()) return Optional.empty();
        }
        CheckResult result = check(path, text);
        if (!result.mistakes().isEmpty()) throw UserException.badInput(result.mistakes());
        return Optional.of(keep(
                new Checked(path, packages.pinned(result.automation().orElseThrow()), result.unchecked(), List.of())));
    }

    private CheckResult check(Path path, String text) throws InterruptedException {
        return checker.check(path.toString(), text);
    }

    private Adopted keep(Checked checked) {
        AutomationFile script = checked.script();
        Path path = checked.path();
        int max = config.automationCreation().maxAutomations();
        KeptAutomation kept = store.keepOwn(script, max);
        Change change = switch (kept.kept()) {
            case CREATED -> Change.NEW;
            case UPDATED -> Change.NEW_VERSION;
            case UNCHANGED -> Change.NONE;
            case RETIRED ->
                throw refused(path, "its automation " + script.id() + " is retired", "Give the file another id");
            case TOO_MANY ->
                throw refused(
                        path,
                        "there are " + max + " automations already (max_automations)",
                        "Retire one or raise the limit");
        };
        return new Adopted(Objects.requireNonNull(kept.automation()), change, checked.unchecked(), checked.head());
    }

    private static UserException refused(Path path, String why, String mend) {
        return UserException.notAllowed(path + " was not adopted", why, mend);
    }

    /**
     * Writes an automation's newest version into a folder, as {@code ID} with its language's ending; adopting that file
     * changes nothing.
     *
     * @throws UserException if there is none of this id, or the file is there, holds something else and is to be kept
     */
    public Exported export(String id, Path folder, Existing existing) {
        Automation automation = store.adoptEdit(id);
        String name = String.valueOf(automation.file().getFileName());
        Path file = folder.resolve(id + name.substring(name.lastIndexOf('.')));
        String text = store.script(id, automation.version());
        byte[] bytes = AutomationStore.bytes(text);
        try {
            Files.createDirectories(folder);
            packages.export(AutomationFile.parse(automation.file().toString(), text, config.sandbox()), file);
            if (Files.exists(file)) {
                if (Arrays.equals(Files.readAllBytes(file), bytes))
                    return new Exported(file, Exported.Outcome.UNCHANGED);
                if (existing == Existing.KEEP)
                    throw UserException.notAllowed(
                            id + " was not exported",
                            file + " is there and holds something else",
                            "'adopt " + file + "' takes that over, --force replaces it");
            }
            Files.write(file, bytes);
            return new Exported(file, Exported.Outcome.WRITTEN);
        } catch (FileAlreadyExistsException e) {
            throw UserException.badInput(id + " was not exported", e.getFile() + " is no folder", "Name a folder");
        } catch (IOException e) {
            throw UserException.failed(
                    id + " was not exported",
                    file + " cannot be written: "
                            + Exhausted.behind(e).map(Exhausted::why).orElse(reason(e)),
                    Exhausted.behind(e).map(Exhausted::mend).orElse("Name a folder that can be written"),
                    e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case AccessDeniedException denied -> denied.getFile() + " may not be written by this user";
            default -> String.valueOf(e.getMessage());
        };
    }
}
