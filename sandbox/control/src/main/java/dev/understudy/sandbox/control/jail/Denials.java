package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Failed.Cause;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.NotGranted;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in the sandbox's words why a jailed script failed, where the jail simply does not have what the script wanted: a
 * path that is not granted is not there, and a socket cannot be made. The script's own words go to the detail. It only
 * explains, from what the script itself said; nothing is allowed or refused by it.
 */
final class Denials {
    private static final String REASONS = "(no such file or directory|permission denied|read-only file system)";

    /** As Python and Node say it: the reason, and then the path in quotes. */
    private static final Pattern REASON_FIRST = Pattern.compile("(?i)" + REASONS + "[^']*'(?<path>/[^']+)'");
    /** As Bash and most programs say it: the path, and then the reason. */
    private static final Pattern PATH_FIRST = Pattern.compile("(?i)(?:^|[\\s'])(?<path>/[^:']+)'?: " + REASONS);

    /** What is granted by its own name is mounted, and what is mounted can be emptied but not removed. */
    private static final Pattern MOUNTED =
            Pattern.compile("(?i)'(?<path>[^']+)': (Device or resource busy|Read-only file system)");

    private static final Pattern NO_SOCKET =
            Pattern.compile("Address family not supported|EAFNOSUPPORT|/dev/(tcp|udp)/");

    /** What every jailed script has for itself. */
    private static final List<Path> OWN = List.of(
            JailKit.WORKSPACE,
            JailKit.RESULT_FOLDER,
            JailKit.PROGRAM_FOLDER,
            GrantedPrograms.FOLDER,
            Path.of("/tmp"),
            Path.of("/dev/shm"));

    private Denials() {}

    /** What is said to a jailed script that reaches for the network, at every level. */
    static String noNetwork(IsolationLevel level) {
        return "not allowed at isolation " + level.id() + ": network (a native script has none at any level)";
    }

    /** The outcome with the reason put plainly, if it is one of these; else as it is. */
    static RunOutcome explained(RunOutcome outcome, RunRequest request) {
        if (!(outcome instanceof Failed(String error, String detail, var cause)) || error.startsWith("not allowed"))
            return outcome;
        Optional<String> reason = NO_SOCKET.matcher(error).find()
                ? Optional.of(noNetwork(request.isolation()))
                : path(error, request.grants()).or(() -> mounted(error, request));
        String all = detail.contains(error) ? detail : error + "\n" + detail;
        return reason.<RunOutcome>map(text -> new Failed(text, all, cause == Cause.SCRIPT ? Cause.NOT_GRANTED : cause))
                .orElse(outcome);
    }

    private static Optional<String> mounted(String error, RunRequest request) {
        Matcher matcher = MOUNTED.matcher(error);
        if (!matcher.find()) return Optional.empty();
        Path path;
        try {
            Path folder = Objects.requireNonNullElse(request.workingDirectory(), Path.of("/"));
            path = folder.resolve(matcher.group("path")).normalize();
        } catch (InvalidPathException notOne) {
            return Optional.empty();
        }
        if (!request.grants().writes().contains(path)) return Optional.empty();
        return Optional.of(
                "not granted: removing " + path + " itself, which is granted for what is in it (grant it with"
                        + " writes = [\"" + path.getParent() + "\"])");
    }

    private static Optional<String> path(String error, Grants grants) {
        for (Pattern form : List.of(REASON_FIRST, PATH_FIRST)) {
            Matcher matcher = form.matcher(error);
            if (matcher.find()) return notGranted(matcher.group("path"), matcher.group(), grants);
        }
        return Optional.empty();
    }

    private static Optional<String> notGranted(String text, String said, Grants grants) {
        Path path;
        try {
            path = Path.of(text).normalize();
        } catch (InvalidPathException notOne) {
            return Optional.empty();
        }
        boolean writable = OWN.stream().anyMatch(path::startsWith)
                || grants.writes().stream().anyMatch(path::startsWith);
        boolean readable = grants.reads().stream().anyMatch(path::startsWith);
        boolean wrote = said.toLowerCase(Locale.ROOT).contains("read-only");
        if (writable || (readable && !wrote)) return Optional.empty();
        return Optional.of((wrote ? NotGranted.WRITING : NotGranted.READING).reason(path));
    }
}
