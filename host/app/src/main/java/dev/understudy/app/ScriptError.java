package dev.understudy.app;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a script failed, pointing into it: {@code file:line:column: message}, the line itself with a caret below, and the
 * script's own calls that led there, each thing once.
 */
record ScriptError(String headline, List<String> below) {
    /** What a message says of its place for those who do not show it otherwise. */
    private static final Pattern PLACE_IN_MESSAGE =
            Pattern.compile(" \\(line \\d+\\)| in line \\d+, column \\d+(?=: )");

    /** How Bash ended, which says less than what it said. */
    private static final Pattern STATUS = Pattern.compile("^it ended with status \\d+: (?=.)");

    private static final Pattern FRAME = Pattern.compile("(\\s*at .*) \\((.*):(\\d+)\\)");

    private static final int LONGEST_LINE = 160;

    ScriptError {
        below = List.copyOf(below);
    }

    /**
     * Of a run that did not succeed.
     *
     * @param name by which the person knows the script
     */
    static ScriptError of(String name, String error, RunReport report) {
        Optional<Place> place = report.place();
        String message = place.isPresent()
                ? STATUS.matcher(PLACE_IN_MESSAGE.matcher(error).replaceFirst(""))
                        .replaceFirst("")
                : error;
        String end = message.endsWith(".") ? "" : ".";
        var below = new ArrayList<String>();
        place.ifPresent(at -> below.addAll(excerpt(at.text(), at.column())));
        if (report.outcome() instanceof RunOutcome.Failed failed)
            below.addAll(calls(name, failed.detail(), place, report));
        return new ScriptError(place.map(at -> place(name, at)).orElse("understudy: ") + message + end, below);
    }

    private static String place(String name, Place at) {
        return name + ":" + at.line() + (at.column() > 0 ? ":" + at.column() : "") + ": ";
    }

    /** The calls, by the person's name of the script; none if the one is where the caret is, or if they were printed already. */
    private static List<String> calls(String name, String detail, Optional<Place> place, RunReport report) {
        var lines = new ArrayList<String>();
        boolean onlyPlace = true;
        for (String line : detail.stripTrailing().lines().toList()) {
            if (line.isBlank()
                    || report.output().stream()
                            .anyMatch(printed -> printed.text().equals(line))) continue;
            Matcher frame = FRAME.matcher(line);
            if (!frame.matches()) {
                onlyPlace = false;
                lines.add(line);
                continue;
            }
            lines.add(frame.group(1) + " (" + (frame.group(2).equals("understudy") ? frame.group(2) : name) + ":"
                    + frame.group(3) + ")");
        }
        return onlyPlace && lines.size() == 1 && place.isPresent() ? List.of() : lines;
    }

    /** Whether a line that the script printed is what the error says, so that it need not be said before. */
    static boolean says(String error, RunReport.OutputLine line) {
        if (!line.channel().equals("stderr") || line.text().isBlank()) return false;
        String text = line.text().replaceFirst("^\\S*/script\\.sh: line \\d+: ", "");
        return PLACE_IN_MESSAGE.matcher(error).replaceFirst("").endsWith(text)
                || text.matches("(?s)\\S{1,100}: " + Pattern.quote(error));
    }

    /** A line, and a caret at a column of it that is known; of a long line what is around that. */
    static List<String> excerpt(String line, int column) {
        if (line.isBlank()) return List.of();
        String text = line.replace('\t', ' ');
        int from = column > LONGEST_LINE ? column - LONGEST_LINE / 2 : 0;
        String shown = text.substring(from, Math.min(text.length(), from + LONGEST_LINE));
        int blanks = shown.length() - shown.stripLeading().length();
        String whole = "    " + shown.strip();
        return column < 1 || column - 1 - from < blanks
                ? List.of(whole)
                : List.of(whole, "    " + " ".repeat(width(shown.substring(blanks, column - 1 - from))) + "^");
    }

    private static int width(String text) {
        return Table.length(text);
    }
}
