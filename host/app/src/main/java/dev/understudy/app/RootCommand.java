package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.core.sandbox.Notices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code understudy} with the options that all its commands share. */
@Command(
        name = "understudy",
        versionProvider = RootCommand.VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        header =
                "Watches the tasks you repeat, writes and rehearses an automation for each, and takes over once you agree.",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions, before or after the command:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "Start with:  understudy learn            (your shell history)",
            "        or:  understudy learn FILE       (tasks as JSON Lines, or a history file)",
            "Exit codes:  0 done, 1 failed, 2 bad input, 3 a limit was exceeded, 4 not allowed."
        })
final class RootCommand implements Callable<Integer> {
    /** In the order in which help lists them; a class is named after its command. */
    static final List<Class<?>> COMMANDS = List.of(
            LearnCommand.class,
            UpCommand.class,
            AutomationsCommand.class,
            AdoptCommand.class,
            ProposalsCommand.class,
            CreateCommand.class,
            RehearseCommand.class,
            RunCommand.class,
            RunsCommand.class,
            CheckCommand.class,
            DevCommand.class,
            NewCommand.class,
            VendorCommand.class,
            TemplatesCommand.class,
            UndoCommand.class,
            CustomizeCommand.class,
            LogCommand.class,
            SecretsCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            TestCommand.class,
            ReplCommand.class,
            AttachCommand.class,
            ImportCommand.class,
            TasksCommand.class,
            PatternsCommand.class,
            WorkflowsCommand.class,
            RecommendCommand.class,
            ReportCommand.class,
            TuneCommand.class,
            OptimizersCommand.class,
            WorkloadCommand.class,
            PluginsCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            HostCommand.class,
            FleetCommand.class,
            ServiceCommand.class,
            McpCommand.class,
            CompletionCommand.class,
            ManCommand.class);

    private final Console console;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Data home (default: $XDG_DATA_HOME/understudy or ~/.local/share/understudy).")
    @Nullable
    Path home;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Configuration (default: $XDG_CONFIG_HOME/understudy/config.yaml or ~/.config/understudy/config.yaml).")
    @Nullable
    Path config;

    @Option(
            names = {"-y", "--yes"},
            scope = ScopeType.INHERIT,
            description = "Answer yes to what the launcher offers to install.")
    boolean yes;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show a stack trace with an error.")
    boolean debug;

    @Option(
            names = "--no-host",
            scope = ScopeType.INHERIT,
            description = "Work in a process of its own, even where a host is there.")
    boolean noHost;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    RootCommand(Console console) {
        this.console = console;
    }

    Console console() {
        return console;
    }

    boolean debug() {
        return debug;
    }

    /** Opens the engine over the data home and with the configuration that the options name. */
    Understudy open() {
        boolean used = Files.exists(homeFolder().resolve(DataHome.DATABASE));
        Understudy understudy = openWithoutNews();
        if (used) tellNews(understudy);
        return understudy;
    }

    /** The same for a program, which is told nothing that is meant for the person. */
    Understudy openWithoutNews() {
        return Invocation.current().open(this).orElseGet(() -> openHere(notices()));
    }

    /** An engine of this process. */
    Understudy openHere(Notices notices) {
        // What the person wrote is told of before anything is made.
        Config config = readConfig();
        DataHome dataHome = DataHome.open(homeFolder());
        return Understudy.open(installation(), dataHome, config, userHome(), notices);
    }

    /** The data home that the options name, or the usual one; it need not be there. */
    Path homeFolder() {
        return home != null ? Invocation.current().path(home) : DataHome.defaultRoot(environment(), userHome());
    }

    /** The configuration file that the options name, or the usual one; it need not be there. */
    Path configFile() {
        return config != null ? Invocation.current().path(config) : Config.defaultFile(environment(), userHome());
    }

    Config readConfig() {
        return config != null ? Config.load(config) : Config.loadIfPresent(configFile());
    }

    Notices notices() {
        return new ConsoleNotices(console, debug);
    }

    /** Tells what happened without the person since they last typed a command. */
    void tellNews(Understudy understudy) {
        try {
            for (String news : understudy.automations().takeNotices())
                console.err().println("understudy: " + Console.printable(news) + ".");
        } catch (UserException _) {
            // The store cannot be read. What needs it says so; what does not, like 'doctor', goes on.
        }
    }

    /**
     * HOME where it is set, since a person who sets it means it; else the password file's, as Java read it. A user whom that
     * does not know (docker run --user 1234) has the root, as login has it.
     */
    static Path userHome() {
        String set = environment().get("HOME");
        if (set != null && set.startsWith("/")) return Path.of(set);
        String known = System.getProperty("user.home");
        return Path.of(known.startsWith("/") ? known : "/");
    }

    private static Map<String, String> environment() {
        return Invocation.current().environment();
    }

    static Installation installation() {
        String root = System.getProperty("understudy.root");
        String distribution = System.getProperty("understudy.dist");
        if (root == null || distribution == null)
            throw UserException.failed(
                    "Understudy does not know where it lies",
                    "it was not started by its launcher",
                    "Start it with the script 'understudy'");
        var installation = Installation.at(Path.of(distribution), Path.of(root, "templates"))
                .preparingBehind();
        String cache = environment().get("UNDERSTUDY_CELL_CACHE");
        return cache == null
                ? installation
                : installation.withCellCache(Path.of(cache).toAbsolutePath());
    }

    /** How a person types the next command so that it works on the same data: the launcher and the options given. */
    String commandPrefix() {
        var prefix = new StringBuilder(Invocation.current().calledAs());
        if (home != null) prefix.append(" --home ").append(home);
        if (config != null) prefix.append(" --config ").append(config);
        return prefix.toString();
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.out());
        return ExitCode.DONE;
    }

    /** Progress shows on a terminal only; a warning always. */
    private record ConsoleNotices(Console console, boolean debug) implements Notices {
        @Override
        public void progress(String line) {
            if (console.isTerminal()) console.err().println(Style.DIM.of(console, line));
        }

        @Override
        public void warning(String line) {
            console.err().println("understudy: " + Console.printable(line));
        }

        @Override
        public void trace(String line, String stack) {
            if (!debug) return;
            console.err().println("understudy: " + Console.printable(line));
            stack.lines().forEach(each -> console.err().println(Console.printable(each)));
        }
    }

    /** Gives picocli the version. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"understudy " + Version.text()};
        }
    }
}
