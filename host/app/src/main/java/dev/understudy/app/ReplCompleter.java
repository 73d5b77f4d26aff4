package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.IsolationLevel;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Says what may stand at the cursor. What is in scope it asks of the session, which runs nothing of the guest's for that. */
final class ReplCompleter implements Completer {
    private static final List<String> JAVASCRIPT =
            words("async await break case catch class const continue default delete do"
                    + " else export extends false finally for function if import in instanceof let new null of return static super"
                    + " switch this throw true try typeof undefined var void while yield");
    private static final List<String> PYTHON =
            words("False None True and as assert async await break class continue def del"
                    + " elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while"
                    + " with yield");
    private static final List<String> BASH =
            words("alias break builtin case cd continue declare do done echo elif else esac"
                    + " eval exit export false fi for function getopts if in let local mapfile printf pwd read readonly return select set"
                    + " shift shopt source test then trap true type unset until while");

    private final ReplSessions sessions;
    private final Understudy understudy;

    ReplCompleter(ReplSessions sessions, Understudy understudy) {
        this.sessions = sessions;
        this.understudy = understudy;
    }

    private static List<String> words(String all) {
        return List.of(all.split(" "));
    }

    static List<String> keywords(ReplLanguage language) {
        return switch (language) {
            case JAVASCRIPT -> JAVASCRIPT;
            case PYTHON -> PYTHON;
            case BASH -> BASH;
        };
    }

    @Override
    public void complete(LineReader reader, ParsedLine parsed, List<Candidate> candidates) {
        candidates.addAll(candidates(ReplLine.of(parsed.line(), parsed.cursor(), sessions.language())));
    }

    List<Candidate> candidates(ReplLine line) {
        try {
            return switch (line.kind()) {
                case WORD -> whole(Arrays.stream(ReplWords.Word.values()).map(ReplWords.Word::text));
                case ARGUMENT -> arguments(line);
                case NAME ->
                    open(Stream.concat(members("").stream(), keywords(sessions.language()).stream()), line.word());
                case MEMBER ->
                    line.context().equals(".") ? List.of() : open(members(line.context()).stream(), line.word());
                case QUOTED -> {
                    var all = new ArrayList<>(paths(line.word()));
                    if (!line.word().contains("/")) all.addAll(open(names(), line.word()));
                    yield all;
                }
                case COMMAND ->
                    whole(Stream.of(programs(), members("").stream(), BASH.stream())
                            .flatMap(each -> each));
                case FILE -> paths(line.word());
                case VARIABLE -> open(members("").stream().map(name -> "$" + name), line.word());
            };
        } catch (IOException | UserException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private List<String> members(String path) throws IOException, InterruptedException {
        return sessions.use(session -> session.members(path));
    }

    /** What the host has names for. */
    private Stream<String> names() {
        return Stream.of(
                        understudy.automations().list().stream().map(each -> each.id()),
                        understudy.patterns().stream().map(each -> each.id()),
                        understudy.plugins().list().stream().map(each -> each.id()))
                .flatMap(each -> each);
    }

    private List<Candidate> arguments(ReplLine line) throws IOException {
        String[] before = line.context().strip().split("\\s+");
        return switch (ReplWords.Word.of(before[0]).orElse(ReplWords.Word.HELP)) {
            case LOAD -> paths(line.word());
            case ISOLATION -> whole(Arrays.stream(IsolationLevel.values()).map(IsolationLevel::id));
            case LIMITS -> open(ReplTerms.LIMITS.stream().map(name -> name + "="), line.word());
            case GRANT ->
                before.length == 1
                        ? whole(ReplTerms.GRANTS.stream())
                        : before[1].equals("program")
                                ? whole(programs())
                                : before[1].equals("host") ? List.of() : paths(line.word());
            case HELP, JS, PY, BASH, TIME, TIMEIT, SAVE, HISTORY, CHANGES, COMMIT, DISCARD, EXIT -> List.of();
        };
    }

    /** The programs on this machine; whether one may be started is another matter. */
    private static Stream<String> programs() {
        var names = new TreeSet<String>();
        for (String folder :
                Invocation.current().environment().getOrDefault("PATH", "").split(":")) {
            if (!folder.startsWith("/")) continue;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder))) {
                for (Path file : files) names.add(String.valueOf(file.getFileName()));
            } catch (IOException | DirectoryIteratorException | InvalidPathException _) {
                // It has nothing to offer.
            }
        }
        return names.stream();
    }

    private List<Candidate> paths(String typed) throws IOException {
        int slash = typed.lastIndexOf('/') + 1;
        String folder = typed.substring(0, slash);
        String name = typed.substring(slash);
        Path place = folder.startsWith("~/")
                ? RootCommand.userHome().resolve(folder.substring(2))
                : sessions.terms().folder().resolve(folder);
        var found = new ArrayList<Candidate>();
        if (!Files.isDirectory(place)) return found;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                String text = String.valueOf(file.getFileName());
                if (!text.startsWith(name) || (text.startsWith(".") && name.isEmpty())) continue;
                String value = folder + text + (Files.isDirectory(file) ? "/" : "");
                found.add(candidate(value, value.substring(slash), false));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Names after which a blank comes. */
    private static List<Candidate> whole(Stream<String> names) {
        return names.distinct().map(name -> candidate(name, name, true)).toList();
    }

    /** Names after which anything may come; those that begin with an underscore only for one that is typed. */
    private static List<Candidate> open(Stream<String> names, String typed) {
        return names.distinct()
                .filter(name -> !name.startsWith("_") || typed.startsWith("_"))
                .map(name -> candidate(name, name, false))
                .toList();
    }

    private static Candidate candidate(String value, String shown, boolean whole) {
        // Names of files and of the guest's may hold anything.
        return new Candidate(value, Console.printable(shown), null, null, null, null, whole);
    }
}
