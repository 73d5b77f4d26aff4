package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.app.Repl.Evaluation;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.NearestWord;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.cells.ReplSession;
import dev.understudy.sandbox.control.cells.SessionFiles;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Evaluates what is typed: the REPL's own words, which begin with {@code %} or {@code ?}, and entries of the session. */
final class ReplWords implements Repl.Evaluator {
    /** In the order in which help lists them. */
    enum Word {
        HELP("", "these words"),
        JS("", "go on in JavaScript; the sessions of all languages share files and grants"),
        PY("", "go on in Python"),
        BASH("", "go on in Bash"),
        TIME("ENTRY", "evaluate it, and say how long it took"),
        TIMEIT("ENTRY", "evaluate it over and over, and say how long once takes"),
        LOAD("FILE", "evaluate a file, in the language that its name ends with"),
        SAVE("NAME", "make an automation of the session, whose first test is that it gives what it gave here"),
        HISTORY("[N]", "what was typed in this session, or the last N of it"),
        ISOLATION("[LEVEL]", "how much entries may do: full, partial or minimal"),
        LIMITS("[NAME=VALUE…]", "what an entry may use: " + String.join(", ", ReplTerms.LIMITS)),
        GRANT("[KIND WHAT]", "what entries may touch: " + String.join(", ", ReplTerms.GRANTS)),
        CHANGES("", "what entries have changed so far; nothing of yours is changed before %commit"),
        COMMIT("", "make these changes real"),
        DISCARD("", "forget these changes"),
        EXIT("", "end, as Ctrl-D does");

        private final String arguments;
        private final String does;

        Word(String arguments, String does) {
            this.arguments = arguments;
            this.does = does;
        }

        String text() {
            return "%" + name().toLowerCase(Locale.ROOT);
        }

        static Optional<Word> of(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.text().equals(text))
                    .findFirst();
        }
    }

    private static final Pattern QUESTION = Pattern.compile("\\?\\s*([\\w$.\\[\\]]*)|([\\w$.\\[\\]]+)\\?");
    private static final Pattern QUESTION_LINE = Pattern.compile("\\?[\\w$.]+");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,59}");

    /** Such as earlier versions had. */
    private static final Set<String> DOTTED = Set.of(".changes", ".commit", ".exit", ".help");

    private static final long MOST_BYTES = 1 << 20;

    private final Console console;
    private final String commandPrefix;
    private final Understudy understudy;
    private final ReplSessions sessions;
    private final ReplPrinter printer;
    private final List<Entry> typed = new ArrayList<>();

    /** What was typed and was not a word. */
    private record Entry(ReplLanguage language, String text, boolean good) {}

    /** @param commandPrefix how the person types a command on the same data */
    ReplWords(
            Console console, String commandPrefix, Understudy understudy, ReplSessions sessions, ReplPrinter printer) {
        this.console = console;
        this.commandPrefix = commandPrefix;
        this.understudy = understudy;
        this.sessions = sessions;
        this.printer = printer;
    }

    @Override
    public EntryStyle style() {
        return sessions.language().style();
    }

    @Override
    public String prompt() {
        return sessions.language().id();
    }

    @Override
    public String warning() {
        return sessions.isTrusted() ? "trusted" : "";
    }

    @Override
    public boolean isWord(String line) {
        String text = line.strip();
        return Word.of(text.split("\\s", 2)[0]).isPresent()
                || QUESTION_LINE.matcher(line.stripTrailing()).matches();
    }

    /** Whether it is for the REPL and not for the session, right or wrong. */
    private static boolean isOurs(String text) {
        return text.startsWith("%") || QUESTION.matcher(text).matches() || DOTTED.contains(text);
    }

    @Override
    public boolean isUnfinished(String entry) throws IOException, InterruptedException {
        String text = entry.strip();
        if (text.isEmpty()) return false;
        if (text.startsWith("%time")) {
            String[] parts = text.split("\\s", 2);
            return parts.length > 1 && sessions.use(session -> session.isUnfinished(parts[1]));
        }
        return !isOurs(text) && sessions.use(session -> session.isUnfinished(entry));
    }

    @Override
    public Evaluation evaluate(String entry) throws IOException, InterruptedException {
        String text = entry.strip();
        try {
            if (isOurs(text)) {
                if (text.indexOf('\n') < 0 || text.startsWith("%time")) return word(text);
                throw UserException.badInput(
                        "Nothing was done", "a word like %help stands in a line of its own", "Type one line at a time");
            }
            Evaluation evaluation = evaluation(sessions.use(session -> session.evaluate(entry, printer)));
            remember(entry, evaluation);
            return evaluation;
        } catch (UserException e) {
            return new Evaluation.Failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void interrupt() {
        sessions.interrupt();
    }

    private void remember(String entry, Evaluation evaluation) {
        if (!(evaluation instanceof Evaluation.Incomplete))
            typed.add(new Entry(sessions.language(), entry.stripTrailing(), evaluation instanceof Evaluation.Value));
    }

    private static Evaluation evaluation(ReplSession.Reply reply) {
        return switch (reply) {
            case ReplSession.Reply.Value value -> new Evaluation.Value(value.text());
            case ReplSession.Reply.Incomplete _ -> new Evaluation.Incomplete();
            case ReplSession.Reply.Failed failed ->
                new Evaluation.Failed(
                        failed.detail().isBlank()
                                ? failed.error()
                                : failed.error() + "\n" + failed.detail().stripTrailing());
            case ReplSession.Reply.Lost lost ->
                new Evaluation.Failed(RunView.error(lost.outcome()) + "; the session starts anew.");
        };
    }

    private static Evaluation done(String text) {
        return new Evaluation.Value(text);
    }

    private Evaluation word(String text) throws IOException, InterruptedException {
        var question = QUESTION.matcher(text);
        if (question.matches()) return explain(question.group(1) == null ? question.group(2) : question.group(1));
        if (DOTTED.contains(text))
            throw UserException.badInput(text + " is no word", "words begin with %", "Write %" + text.substring(1));
        String[] parts = text.split("\\s+", 2);
        String rest = parts.length > 1 ? parts[1].strip() : "";
        Word word = Word.of(parts[0]).orElseThrow(() -> unknown(parts[0]));
        if (word.arguments.isEmpty() && !rest.isEmpty())
            throw UserException.badInput(
                    word.text() + " takes nothing after it", "there is '" + rest + "'", "Leave it out");
        if (!word.arguments.isEmpty() && !word.arguments.startsWith("[") && rest.isEmpty())
            throw UserException.badInput(
                    word.text() + " needs something after it", "it stands alone", "Write " + usage(word));
        return switch (word) {
            case HELP -> help();
            case JS -> speak(ReplLanguage.JAVASCRIPT);
            case PY -> speak(ReplLanguage.PYTHON);
            case BASH -> speak(ReplLanguage.BASH);
            case TIME -> time(rest);
            case TIMEIT -> timeOften(rest);
            case LOAD -> load(rest);
            case SAVE -> save(rest);
            case HISTORY -> history(rest);
            case ISOLATION -> isolation(rest);
            case LIMITS -> limits(rest);
            case GRANT -> grant(rest);
            case CHANGES -> changes();
            case COMMIT -> commit();
            case DISCARD -> {
                int count = sessions.changes().size();
                sessions.discard();
                yield done(count == 0 ? "There was nothing to discard." : "Discarded " + count(count, "change") + ".");
            }
            case EXIT -> new Evaluation.Ended();
        };
    }

    private static UserException unknown(String word) {
        List<String> known = Arrays.stream(Word.values()).map(Word::text).toList();
        String mend = NearestWord.to(word, known)
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("%help lists them all");
        return UserException.badInput("There is no " + word, "it is none of the REPL's words", mend);
    }

    private static String usage(Word word) {
        return (word.text() + " " + word.arguments).strip();
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private Evaluation help() {
        var table = new Table(Table.Column.left(""), Table.Column.wrapped(""));
        for (Word word : Word.values()) table.row(new Table.Cell(usage(word), Style.CYAN), word.does);
        table.row(new Table.Cell("?NAME", Style.CYAN), "what a name stands for; nothing of it runs");
        table.row(new Table.Cell("_", Style.CYAN), "the last result (JavaScript and Python)");
        table.row(
                new Table.Cell("understudy", Style.CYAN),
                "tasks, patterns, automations, runs, metrics, workload, tuning and plugins as they are now, to read;"
                        + " and what a script has: files, log, run, http");
        table.print(printer.console(), "");
        console.out()
                .println("Tab completes, also paths and names within quotes. Ctrl-C ends an entry, Ctrl-D the REPL.");
        return done("");
    }

    private Evaluation speak(ReplLanguage language) {
        sessions.speak(language);
        sessions.warmUp();
        return done("");
    }

    private Evaluation explain(String name) throws IOException, InterruptedException {
        if (name.isEmpty()) return help();
        String path = name.replaceAll("\\[(\\d+)\\]", ".$1");
        Optional<String> text = sessions.use(session -> session.explain(path));
        return text.<Evaluation>map(ReplWords::done)
                .orElseGet(() -> new Evaluation.Failed(
                        "There is nothing named " + name + ", or finding out would run something."));
    }

    private Evaluation time(String entry) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Evaluation evaluation = evaluation(sessions.use(session -> session.evaluate(entry, printer)));
        var taken = Duration.ofNanos(System.nanoTime() - start);
        if (evaluation instanceof Evaluation.Incomplete)
            throw UserException.badInput(
                    "Nothing was timed", "the entry goes on in the next line", "Type all of it after %time");
        remember(entry, evaluation);
        if (evaluation instanceof Evaluation.Value(String shown) && !shown.isEmpty())
            console.out().println(Console.printable(shown));
        return evaluation instanceof Evaluation.Value ? done("took " + shortTime(taken.toNanos())) : evaluation;
    }

    private Evaluation timeOften(String entry) throws IOException, InterruptedException {
        return switch (sessions.use(session -> session.time(entry, printer))) {
            case ReplSession.Timed.Not(ReplSession.Reply.Incomplete _) ->
                throw UserException.badInput(
                        "Nothing was timed", "the entry goes on in the next line", "Type all of it after %timeit");
            case ReplSession.Timed.Not(ReplSession.Reply reply) -> evaluation(reply);
            case ReplSession.Timed.Done(ReplSession.Timing timing) -> {
                long best = timing.rounds().stream()
                        .min(Comparator.naturalOrder())
                        .orElseThrow()
                        .toNanos();
                long worst = timing.rounds().stream()
                        .max(Comparator.naturalOrder())
                        .orElseThrow()
                        .toNanos();
                yield done(shortTime((double) best / timing.times()) + " each (slowest round "
                        + shortTime((double) worst / timing.times()) + "; "
                        + timing.rounds().size() + " rounds of "
                        + String.format(Locale.ROOT, "%,d", timing.times()) + ")");
            }
        };
    }

    static String shortTime(double nanos) {
        String[] units = {"ns", "µs", "ms", "s"};
        double value = nanos;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    private Evaluation load(String name) throws IOException, InterruptedException {
        Path file;
        String text;
        try {
            Path home = RootCommand.userHome();
            file = name.startsWith("~/")
                    ? home.resolve(name.substring(2))
                    : sessions.terms().folder().resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES)
                throw UserException.badInput(
                        name + " was not loaded",
                        "it is larger than 1 MiB",
                        "Grant reading it, and read it in an entry");
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            throw UserException.badInput(name + " was not loaded", "there is no such file", "Check the name");
        } catch (MalformedInputException _) {
            throw UserException.badInput(name + " was not loaded", "it is no text in UTF-8", "Check the name");
        } catch (InvalidPathException | IOException e) {
            throw UserException.badInput(
                    name + " was not loaded", "it cannot be read as a text (" + e.getMessage() + ")", "Check the name");
        }
        String ending = name.substring(name.lastIndexOf('.') + 1);
        ReplLanguage.of(ending.equals("mjs") ? "js" : ending).ifPresent(sessions::speak);
        // A prompt's grammar wants the end of a block.
        Evaluation evaluation = evaluation(sessions.use(session -> session.evaluate(text + "\n", printer)));
        if (evaluation instanceof Evaluation.Incomplete)
            return new Evaluation.Failed(name + " ends in the middle of a statement.");
        remember(text, evaluation);
        return evaluation;
    }

    private Evaluation history(String count) {
        if (!count.isEmpty() && !count.matches("[1-9]\\d{0,5}"))
            throw UserException.badInput("%history " + count, "N is a number from 1 on", "Leave it out for all");
        int from = count.isEmpty() ? 0 : Math.max(0, typed.size() - Integer.parseInt(count));
        int width = String.valueOf(typed.size()).length();
        for (int i = from; i < typed.size(); i++) {
            Entry entry = typed.get(i);
            String head = String.format(
                    "%" + width + "d %-6s ", i + 1, entry.language().id());
            console.out()
                    .println(Style.DIM.of(console, head)
                            + Console.printable(entry.text()).replace("\n", "\n" + " ".repeat(head.length())));
        }
        return done(typed.isEmpty() ? "Nothing was typed yet." : "");
    }

    private Evaluation isolation(String level) throws IOException, InterruptedException {
        if (!level.isEmpty()) return changed(sessions.terms().isolated(level));
        return done(
                switch (sessions.terms().isolation()) {
                    case FULL -> "full: reads and writes what is granted, starts no programs, reaches no network";
                    case PARTIAL ->
                        "partial: reads and writes what is granted, starts granted programs, reaches no network";
                    case MINIMAL ->
                        "minimal: reads and writes what is granted, starts granted programs, reaches granted hosts";
                });
    }

    private Evaluation limits(String settings) throws IOException, InterruptedException {
        ReplTerms terms = sessions.terms();
        if (!settings.isEmpty()) {
            for (String setting : settings.split("[,\\s]+")) terms = terms.limited(setting);
            return changed(terms);
        }
        Limits limits = terms.limits();
        return done("wall=" + shown(limits.wallTime()) + " cpu=" + shown(limits.cpuTime()) + " memory="
                + shown(limits.memoryBytes()) + " processes=" + limits.processes() + " output="
                + shown(limits.outputBytes()) + " disk=" + shown(limits.diskBytes()) + " files=" + limits.openFiles());
    }

    /** As it is typed. */
    private static String shown(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static String shown(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }

    private Evaluation grant(String what) throws IOException, InterruptedException {
        if (!what.isEmpty()) {
            String[] parts = what.split("\\s+", 2);
            if (parts.length < 2)
                throw UserException.badInput(
                        "Nothing was granted",
                        "'" + what + "' says not what",
                        "Write %grant read PATH, for example; kinds are " + String.join(", ", ReplTerms.GRANTS));
            return changed(sessions.terms().granting(parts[0], parts[1].strip()));
        }
        Grants grants = sessions.terms().grants();
        var lines = new ArrayList<String>();
        grants.reads().forEach(path -> lines.add("read " + path));
        grants.writes().forEach(path -> lines.add("write " + path));
        grants.programs().forEach(name -> lines.add("program " + name));
        grants.hosts().forEach(name -> lines.add("host " + name));
        return done(lines.isEmpty() ? "Nothing is granted." : String.join("\n", lines));
    }

    private Evaluation changed(ReplTerms terms) throws IOException, InterruptedException {
        return done(
                sessions.change(terms) == ReplSession.State.LOST
                        ? "A limit of memory is one of the cell: the session starts anew."
                        : "");
    }

    private Evaluation changes() throws IOException {
        var changes = sessions.changes();
        RunView.printChanges(console, changes, RunView.Diffs.SHOWN);
        return done(changes.isEmpty() ? "Nothing was changed." : "");
    }

    private Evaluation commit() throws IOException, InterruptedException {
        int count = sessions.changes().size();
        if (count == 0) return done("There is nothing to commit.");
        return switch (sessions.commit()) {
            case SessionFiles.Committed.Done done ->
                done("Committed " + count(count, "change") + "; to take that back: " + commandPrefix + " undo "
                        + done.runId());
            case SessionFiles.Committed.Refused refused -> new Evaluation.Failed(refused.reason());
        };
    }

    private Evaluation save(String name) throws IOException, InterruptedException {
        if (!ID.matcher(name).matches())
            throw UserException.badInput(
                    "'" + name + "' is no name for an automation",
                    "it must begin with a small letter and hold small letters, digits and hyphens",
                    "Choose another");
        if (sessions.isTrusted())
            throw UserException.notAllowed(
                    "Nothing was saved",
                    "what is typed here runs in the host's own process, and an automation runs in the sandbox",
                    "Begin a REPL without --trusted for it");
        ReplLanguage language = sessions.language();
        List<String> entries = ReplSave.worthKeeping(
                language,
                typed.stream()
                        .filter(entry -> entry.good() && entry.language() == language)
                        .map(Entry::text)
                        .toList());
        var save = new ReplSave(name, language, entries, sessions.terms(), lastResult(language));
        Path folder = understudy.home().folder("repl");
        Path file = folder.resolve(name + "." + language.ofScripts().fileExtension());
        try {
            Files.writeString(file, save.text(true));
            if (!understudy
                    .automations()
                    .rehearsals()
                    .check(file, file.toString())
                    .mistakes()
                    .isEmpty()) Files.writeString(file, save.text(false));
            int code = AdoptCommand.adopt(console, commandPrefix, understudy, List.of(file), false);
            return code == ExitCode.DONE
                    ? done("")
                    : new Evaluation.Failed(name + " is there as a draft, but its rehearsal did not pass.");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The last result as JSON; empty if it has no form in it. Asked for by an entry that has no value, so that it stays the last. */
    private Optional<JsonNode> lastResult(ReplLanguage language) throws IOException, InterruptedException {
        if (language == ReplLanguage.BASH) return Optional.empty();
        String entry = language == ReplLanguage.JAVASCRIPT
                ? "console.log(JSON.stringify(_))"
                : "print(__import__('json').dumps(_))";
        var said = new StringBuilder();
        var hears = new RunListener() {
            @Override
            public void output(RunReport.OutputLine line) {
                if (line.channel().equals("stdout")) said.append(line.text());
            }
        };
        if (!(sessions.use(session -> session.evaluate(entry, hears)) instanceof ReplSession.Reply.Value))
            return Optional.empty();
        try {
            return Optional.of(Json.MAPPER.readTree(said.toString())).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}
