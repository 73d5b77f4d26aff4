package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.RunOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line and the sandbox profile with which macOS runs an AppleScript: {@code osascript} under
 * {@code sandbox-exec}, denied by default. Values only; {@link AppleScriptRunner} starts it.
 *
 * @param programs the two programs
 * @param script file to run
 * @param workspace folder that may be written
 * @param reads paths that may be read beside the system
 * @param writes paths that may be written
 * @param arguments passed to {@code on run}
 */
record AppleScriptCommand(
        Programs programs, Path script, Path workspace, List<Path> reads, List<Path> writes, List<String> arguments) {
    static final RunOutcome.Refused REFUSED = new RunOutcome.Refused(
            "AppleScript runs on macOS only", "write the automation in JavaScript, Python or Bash");

    /** Where they lie; a test brings others. */
    record Programs(Path sandboxExec, Path osascript) {
        static final Programs OF_THE_SYSTEM =
                new Programs(Path.of("/usr/bin/sandbox-exec"), Path.of("/usr/bin/osascript"));
    }

    AppleScriptCommand {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        arguments = List.copyOf(arguments);
    }

    /** The whole list, ready for a process builder. Paths are passed as parameters, so none can alter the profile. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(programs.sandboxExec().toString(), "-p", profile()));
        parameter(command, "OSASCRIPT", programs.osascript());
        parameter(command, "SCRIPT", script);
        parameter(command, "WORKSPACE", workspace);
        for (int i = 0; i < reads.size(); i++) parameter(command, "READ" + i, reads.get(i));
        for (int i = 0; i < writes.size(); i++) parameter(command, "WRITE" + i, writes.get(i));
        command.addAll(List.of(programs.osascript().toString(), script.toString()));
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private static void parameter(List<String> command, String name, Path value) {
        command.addAll(List.of("-D", name + "=" + value));
    }

    /** Denies all; then allows what osascript needs to start, and the run's own paths. */
    String profile() {
        StringBuilder profile = new StringBuilder("""
                (version 1)
                (deny default)
                (allow process-fork)
                (allow process-exec (literal (param "OSASCRIPT")))
                (allow sysctl-read)
                (allow signal (target self))
                (allow mach-lookup
                    (global-name "com.apple.system.logger")
                    (global-name "com.apple.system.notification_center")
                    (global-name "com.apple.coreservices.appleevents"))
                (allow file-read-metadata)
                (allow file-read*
                    (subpath "/System")
                    (subpath "/usr/lib")
                    (subpath "/usr/share")
                    (subpath "/Library/ScriptingAdditions")
                    (literal (param "OSASCRIPT"))
                    (literal "/dev/null")
                    (literal "/dev/random")
                    (literal "/dev/urandom")
                    (literal (param "SCRIPT")))
                (allow file-read* file-write* (subpath (param "WORKSPACE")))
                """);
        for (int i = 0; i < reads.size(); i++)
            profile.append("(allow file-read* (subpath (param \"READ").append(i).append("\")))\n");
        for (int i = 0; i < writes.size(); i++)
            profile.append("(allow file-read* file-write* (subpath (param \"WRITE")
                    .append(i)
                    .append("\")))\n");
        return profile.append("(deny network*)\n(deny appleevent-send)\n").toString();
    }
}
