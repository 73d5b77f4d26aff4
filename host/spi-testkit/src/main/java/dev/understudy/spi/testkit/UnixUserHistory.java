package dev.understudy.spi.testkit;

import java.util.Collections;
import java.util.Set;

/**
 * Turns a history of the UCI archive's "UNIX user data" into a shell history with a command a line.
 *
 * <p>Those files hold one token a line and mark sessions ({@code **SOF**}, {@code **EOF**}), but not where a command line
 * ended. File names and other arguments of the user's own are replaced by {@code <n>}, where n says how many there were,
 * so the words that are left are programs, options and operators. Hence the heuristic: a word begins a new command
 * unless it is an option, a number or such a placeholder, or stands where an argument must: after a redirection, or after
 * a program that takes a program's name (as {@code man} does). A pipe joins what stands before and after it. A placeholder
 * becomes n times the word {@code name}; a directory that was replaced in a program's path ({@code <GENSYM:0>/vi}) becomes
 * {@code /gensym0}.
 */
public final class UnixUserHistory {

    private static final Set<String> TAKES_A_PROGRAM = Set.of(
            "man", "which", "whereis", "whatis", "apropos", "alias", "unalias", "where", "exec", "nohup", "time",
            "nice");

    private UnixUserHistory() {}

    /** Converts the whole text of such a file. */
    public static String toShellHistory(String tokens) {
        var history = new StringBuilder(tokens.length());
        String previous = "";
        boolean lineOpen = false;
        for (String token : tokens.lines().map(String::strip).toList()) {
            if (token.isEmpty()) continue;
            boolean marker = token.equals("**SOF**") || token.equals("**EOF**");
            boolean begins = marker || (startsCommand(token) && !expectsArgument(previous) && !joins(previous));
            if (lineOpen && begins) {
                history.append('\n');
                lineOpen = false;
            }
            if (!marker && (lineOpen || startsCommand(token))) {
                if (lineOpen) history.append(' ');
                history.append(written(token));
                lineOpen = true;
            }
            previous = lineOpen ? token : "";
        }
        if (lineOpen) history.append('\n');
        return history.toString();
    }

    private static boolean startsCommand(String token) {
        char first = token.charAt(0);
        return Character.isLetter(first) || first == '/' || first == '.' || first == '~' || token.startsWith("<GENSYM");
    }

    private static boolean expectsArgument(String previous) {
        return previous.equals(">")
                || previous.equals(">>")
                || previous.equals("<")
                || TAKES_A_PROGRAM.contains(previous);
    }

    private static boolean joins(String previous) {
        return previous.equals("|") || previous.equals("||") || previous.equals("&&") || previous.equals("|&");
    }

    private static String written(String token) {
        if (token.startsWith("<GENSYM")) return token.replaceAll("<GENSYM:(\\d+)>", "/gensym$1");
        if (!token.matches("<\\d+>")) return operator(token) ? token : quoted(token);
        int names = Math.clamp(Long.parseLong(token.substring(1, token.length() - 1)), 1, 20);
        return String.join(" ", Collections.nCopies(names, "name"));
    }

    private static boolean operator(String token) {
        return token.matches("[|&;<>]{1,3}");
    }

    /** What a shell would take apart was one word of the file, so it is one word here. */
    private static String quoted(String token) {
        return token.matches("[A-Za-z0-9_./~:=,@%+*?^-]+") ? token : "'" + token.replace("'", "'\\''") + "'";
    }
}
