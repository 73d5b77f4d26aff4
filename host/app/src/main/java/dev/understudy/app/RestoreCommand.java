package dev.understudy.app;

import dev.understudy.app.resident.HostControl;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.backup.Backup;
import dev.understudy.core.backup.BackupManifest;
import dev.understudy.core.backup.Restore;
import dev.understudy.core.config.DataHome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "restore",
        description = {
            "Put a backup in the place of what the data home holds. Every file is compared with its checksum first.",
            "Where something is there already it is refused; with --force that is moved aside, and nothing deleted.",
            "A backup of an older Understudy is brought up to date; one of a newer is refused."
        })
final class RestoreCommand implements Callable<Integer> {
    /** For a host that still does its last command. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "FILE", description = "As 'backup' has written it.")
    Path file;

    @Option(names = "--check", description = "Only compare every file in it with its checksum.")
    boolean check;

    @Option(names = "--force", description = "Move aside what is there.")
    boolean force;

    @Override
    public Integer call() throws InterruptedException {
        Console console = root.console();
        var restore = new Restore(file);
        // Before anybody is kept from work by it.
        BackupManifest verified = restore.verify();
        if (check) {
            console.out()
                    .println("Each file is as it was written: " + BackupCommand.contents(verified) + "; made on "
                            + verified.made() + " by Understudy " + verified.understudy() + ".");
            return ExitCode.DONE;
        }
        DataHome home = DataHome.open(root.homeFolder());
        Restore.Restored restored;
        boolean wasServed = HostControl.stop(home.root());
        try (var _ = home.lock("host", "serving commands on this data home", wasServed ? PATIENCE : Duration.ZERO)) {
            restored = restore.into(
                    home,
                    root.configFile().toAbsolutePath(),
                    force ? Backup.Existing.REPLACE : Backup.Existing.KEEP,
                    Clock.systemUTC());
        }
        BackupManifest manifest = restored.manifest();
        // Opened here, so that an older store is brought up to date now and not when the first trigger fires.
        try (Understudy understudy = root.openHere(root.notices())) {
            understudy
                    .automations()
                    .audit()
                    .add(
                            AuditKind.RESTORED,
                            "",
                            Map.of("made", manifest.made().toString(), "understudy", manifest.understudy()));
        }
        console.out()
                .println("Restored " + BackupCommand.contents(manifest) + ", as they were on " + manifest.made() + ".");
        restored.aside()
                .ifPresent(aside -> console.out()
                        .println("What was there lies in " + Console.shortened(aside.toString())
                                + "; delete it once you miss nothing."));
        console.out()
                .println(
                        "Triggers know nothing of what they have fired since then; of secrets, which are in no backup, 'secrets list' shows those that are here.");
        return ExitCode.DONE;
    }
}
