package dev.understudy.app;

import dev.understudy.sandbox.control.time.MachineZone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/**
 * Runs in one process the commands that people wait for, so that the AOT cache which the JVM writes as it ends holds what
 * they load. They work on a data home of their own and start no cells: those are trained with caches of theirs.
 */
public final class Training {
    private Training() {}

    /** Takes the data home to use, which is made, and the folder that Understudy lies in; says nothing of what fails. */
    public static void main(String[] arguments) {
        var home = Path.of(arguments[0]);
        var root = Path.of(arguments[1]);
        var console = Console.ofProcess();
        Main.quietLibraries();
        TimeZone.setDefault(TimeZone.getTimeZone(MachineZone.in(System.getenv()).id()));
        String sample = root.resolve("scripts/samples/week.jsonl").toString();
        String script = root.resolve("scripts/checksum-folder.sh").toString();
        String folder = "folder=" + home.resolve("checked");
        for (List<String> command : List.of(
                List.of("--help"),
                List.of("import", sample),
                List.of("patterns", "--long"),
                List.of("automations"),
                List.of("check", script),
                List.of("test", script),
                List.of("run", script, "-p", folder),
                List.of("log"),
                List.of("report"))) {
            var all = new ArrayList<>(List.of("--home", home.toString()));
            all.addAll(command);
            CommandLineInterface.run(console, all.toArray(String[]::new));
        }
        System.exit(ExitCode.DONE);
    }
}
