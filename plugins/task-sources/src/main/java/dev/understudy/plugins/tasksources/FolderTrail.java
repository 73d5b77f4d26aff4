package dev.understudy.plugins.tasksources;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which the commands of a history ran, as far as the {@code cd}s in it tell.
 *
 * <p>A history begins in an unknown folder, and whatever cannot be followed (a variable, a pattern, a jump by a tool of
 * one's own, another session) leads to an unknown one: a command is run again in the folder that it belongs to, or not at
 * all. From there only an absolute path or the home leads back. A {@code cd} is taken to have succeeded. fish is never
 * followed: it keeps each command once, at its latest time, so that its history lacks the {@code cd}s that were repeated.
 * Neither are shells of another language, whose {@code cd} may be anything.
 */
final class FolderTrail {

    /** After so long without a command another session is more likely than a terminal that stayed open. */
    private static final Duration PAUSE = Duration.ofHours(8);

    private static final String HOME = "~";
    /** Known jumps whose end the history does not tell. */
    private static final Set<String> JUMPS = Set.of(
            "z",
            "zi",
            "j",
            "jump",
            "autojump",
            "fasd_cd",
            "cdi",
            "cdh",
            "prevd",
            "nextd",
            "take",
            "mkcd",
            "mcd",
            "chdir");

    private static final Set<String> SESSION_ENDS = Set.of("exit", "logout", "exec");

    private final Shell shell;
    private Place place = Place.UNKNOWN;
    private @Nullable Instant latest;

    /**
     * Where one is, and what {@code cd -} and {@code popd} lead back to; null for an unknown folder.
     *
     * @param pushed the folders that pushd left, the latest last
     */
    private record Place(@Nullable String folder, @Nullable String previous, List<Optional<String>> pushed) {
        static final Place UNKNOWN = new Place(null, null, List.of());

        Place at(@Nullable String target) {
            return new Place(target, folder, pushed);
        }

        Place withPushed(List<Optional<String>> others) {
            return new Place(folder, previous, others);
        }
    }

    FolderTrail(Shell shell) {
        this.shell = shell;
    }

    /** The folder in which the next command runs: absolute, or the home or below it as {@code ~} or {@code ~/…}. */
    Optional<String> folder() {
        return Optional.ofNullable(place.folder());
    }

    /** Says when the next command was started. */
    void at(Instant start) {
        Instant before = latest;
        // A session's times only grow: an earlier one belongs to another session, which wrote its history later.
        if (before != null && (start.isBefore(before) || start.isAfter(before.plus(PAUSE)))) place = Place.UNKNOWN;
        latest = start;
    }

    /** Follows a command. */
    void follow(List<Token> tokens) {
        if (shell == Shell.FISH || shell.isForeign()) return;
        var outer = new ArrayList<Place>();
        String before = "";
        int start = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            String link = i == tokens.size() ? "" : link(tokens.get(i));
            if (i < tokens.size() && link.isEmpty()) continue;
            List<String> words = words(tokens.subList(start, i));
            if (startsCompound(words) || definesFunction(tokens, i)) {
                followCompound(tokens.subList(start, tokens.size()));
                return;
            }
            followCommand(words, before, link);
            // What a subshell does to its folder ends with it.
            if (link.equals("(")) outer.add(place);
            else if (link.equals(")") && !outer.isEmpty()) place = outer.removeLast();
            before = link;
            start = i + 1;
        }
    }

    private static String link(Token token) {
        return switch (token.kind()) {
            case CONTROL, NEWLINE -> token.text();
            case PLAIN_WORD, QUOTED_WORD, REDIRECTION -> "";
        };
    }

    /** The words of a simple command from its program on, redirections left out. */
    private static List<String> words(List<Token> tokens) {
        var words = new ArrayList<String>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() == Token.Kind.REDIRECTION) {
                i++;
                continue;
            }
            boolean before = words.isEmpty()
                    && (Set.of("{", "}", "!", "builtin", "command", "time").contains(token.text())
                            || token.text().matches("[A-Za-z_][A-Za-z_0-9]*=.*"));
            if (!before) words.add(token.text());
        }
        return words;
    }

    private static boolean startsCompound(List<String> words) {
        return !words.isEmpty() && ReservedWords.compound(words.getFirst());
    }

    private static boolean definesFunction(List<Token> tokens, int at) {
        return at > 0
                && at + 1 < tokens.size()
                && tokens.get(at - 1).word()
                && tokens.get(at).text().equals("(")
                && tokens.get(at + 1).text().equals(")");
    }

    /** Whether its commands ran, and how often, is not known. */
    private void followCompound(List<Token> tokens) {
        boolean moves = tokens.stream().map(Token::text).anyMatch(word -> moves(word) || SESSION_ENDS.contains(word));
        if (moves) place = Place.UNKNOWN;
    }

    private static boolean moves(String word) {
        return word.equals("cd") || word.equals("pushd") || word.equals("popd") || JUMPS.contains(word);
    }

    private void followCommand(List<String> words, String before, String after) {
        if (words.isEmpty()) return;
        String program = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        if (SESSION_ENDS.contains(program)) {
            // With a command 'exec' ends the session, and 'cd x || exit' does not where the cd succeeded.
            boolean ends = !before.equals("||") && !(program.equals("exec") && arguments.isEmpty());
            if (ends) place = Place.UNKNOWN;
            return;
        }
        Place then = after(program, arguments);
        if (then == null || after.equals("&")) return;
        boolean certain = !before.equals("||") && !before.startsWith("|") && !(after.equals("|") || after.equals("|&"));
        place = certain ? then : Place.UNKNOWN;
    }

    /** Where a simple command leads; null if it stays. */
    private @Nullable Place after(String program, List<String> arguments) {
        if (JUMPS.contains(program)) return Place.UNKNOWN;
        return switch (program) {
            case "cd" -> changed(withoutOptions(arguments));
            case "pushd" -> pushed(withoutOptions(arguments));
            case "popd" -> arguments.isEmpty() ? popped() : Place.UNKNOWN;
            default -> arguments.isEmpty() ? implicit(program) : null;
        };
    }

    private static List<String> withoutOptions(List<String> arguments) {
        int first = 0;
        while (first < arguments.size() && arguments.get(first).matches("-[LPe@qs]+")) first++;
        if (first < arguments.size() && arguments.get(first).equals("--")) first++;
        return arguments.subList(first, arguments.size());
    }

    private Place changed(List<String> arguments) {
        // With AUTO_PUSHD, which many set, zsh's cd pushes as well.
        Place from = shell == Shell.ZSH ? place.withPushed(List.of()) : place;
        if (arguments.isEmpty()) return from.at(HOME);
        if (arguments.size() > 1) return Place.UNKNOWN;
        return arguments.getFirst().equals("-") ? from.at(from.previous()) : from.at(resolved(arguments.getFirst()));
    }

    private Place pushed(List<String> arguments) {
        if (arguments.size() > 1
                || (arguments.size() == 1 && arguments.getFirst().matches("[-+].*"))) return Place.UNKNOWN;
        var stack = new ArrayList<>(place.pushed());
        if (arguments.isEmpty()) {
            if (stack.isEmpty()) return Place.UNKNOWN;
            Optional<String> target = stack.removeLast();
            stack.add(folder());
            return place.at(target.orElse(null)).withPushed(List.copyOf(stack));
        }
        stack.add(folder());
        return place.at(resolved(arguments.getFirst())).withPushed(List.copyOf(stack));
    }

    private Place popped() {
        if (place.pushed().isEmpty()) return Place.UNKNOWN;
        var stack = new ArrayList<>(place.pushed());
        String target = stack.removeLast().orElse(null);
        return place.at(target).withPushed(List.copyOf(stack));
    }

    /** Where a word alone leads, which shells take for a folder to change to where it is one. */
    private @Nullable Place implicit(String word) {
        boolean up = word.matches("\\.\\.(/\\.\\.)*/?");
        boolean folder = word.equals(HOME) || (word.length() > 1 && word.endsWith("/"));
        if (up || folder) return changed(List.of(word));
        // An alias for several steps up or back, or a path that may be a folder or a program.
        boolean perhaps = word.matches("\\.{3,}|-|[0-9]|\\.\\./.*")
                || (shell == Shell.ZSH && (word.startsWith("~/") || word.equals("/")));
        return perhaps ? Place.UNKNOWN : null;
    }

    /** The path of a folder as typed, seen from where one is; null if it cannot be told. */
    private @Nullable String resolved(String typed) {
        String target = typed.replaceFirst("^(\\$HOME|\\$\\{HOME})(?=/|$)", HOME);
        for (int i = 0; i < target.length(); i++) if ("$`*?[\\{(\n".indexOf(target.charAt(i)) >= 0) return null;
        if (target.isEmpty()) return null;
        if (target.startsWith("/") || target.equals(HOME) || target.startsWith("~/")) return normal(target);
        String from = place.folder();
        return target.startsWith(HOME) || from == null ? null : normal(from + "/" + target);
    }

    /** The path without {@code .}, {@code ..} and doubled slashes; null if it leads out of the home, whose place is unknown. */
    private static @Nullable String normal(String path) {
        boolean home = path.startsWith(HOME);
        var names = new ArrayList<String>();
        for (String name : (home ? path.substring(1) : path).split("/")) {
            if (name.isEmpty() || name.equals(".")) continue;
            if (!name.equals("..")) names.add(name);
            else if (!names.isEmpty()) names.removeLast();
            else if (home) return null;
        }
        String below = String.join("/", names);
        if (!home) return "/" + below;
        return below.isEmpty() ? HOME : HOME + "/" + below;
    }
}
