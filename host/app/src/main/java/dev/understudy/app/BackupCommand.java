package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.backup.Backup;
import dev.understudy.core.backup.BackupManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "backup",
        description = {
            "Write all that is kept into one file: the store with the audit log, scripts, plugins and what was approved,"
                    + " and the configuration, each with its checksum. Others may go on working meanwhile.",
            "Secrets are not in it, nor what 'undo' needs. Only its owner can read it."
        })
final class BackupCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "FILE|DIR",
            description = "The file; or a folder that is there, in which it is named after the time.")
    Path target;

    @Option(names = "--force", description = "Replace a file that is there.")
    boolean force;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Backup.Made made;
        Thread worker = Thread.currentThread();
        // What is half made goes before the process does.
        try (var _ = Invocation.current().ending().whenAsked(worker::interrupt);
                Understudy understudy = root.open()) {
            made = understudy
                    .backup(root.configFile(), Version.text())
                    .write(target, force ? Backup.Existing.REPLACE : Backup.Existing.KEEP);
        }
        Console console = root.console();
        if (json)
            Json.print(
                    console,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("file", made.file().toString())
                            .put("bytes", made.bytes())
                            .put("schema", made.manifest().schema())
                            .put("files", made.manifest().files().size()));
        else {
            console.out()
                    .println("Wrote " + Console.shortened(made.file().toString()) + " ("
                            + Quantities.bytes(made.bytes()) + "): " + contents(made.manifest()) + ".");
            console.out()
                    .println("Next: " + root.commandPrefix() + " restore --check "
                            + Console.shortened(made.file().toString()));
        }
        return ExitCode.DONE;
    }

    /** What is in a backup, in words. */
    static String contents(BackupManifest manifest) {
        var parts = new ArrayList<String>(List.of("the store (version " + manifest.schema() + ")"));
        parts.add(counted(manifest.count("automations"), "script"));
        if (manifest.count("plugins") > 0) parts.add(counted(manifest.count("plugins"), "file") + " of plugins");
        if (manifest.count("templates") > 0) parts.add(counted(manifest.count("templates"), "file") + " of templates");
        parts.add(manifest.hasConfiguration() ? "the configuration" : "no configuration");
        return String.join(", ", parts);
    }

    private static String counted(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
