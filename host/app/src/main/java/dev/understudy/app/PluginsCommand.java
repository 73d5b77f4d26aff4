package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.plugin.PluginInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plugins",
        description = "List plugin jars and what overrides what, and install, approve, disable, enable or remove them.",
        subcommands = {
            PluginsCommand.ListPlugins.class,
            PluginsCommand.Install.class,
            PluginsCommand.Approve.class,
            PluginsCommand.Disable.class,
            PluginsCommand.Enable.class,
            PluginsCommand.Remove.class,
            PluginDevCommand.class
        })
final class PluginsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        return list(root, json);
    }

    private static int list(RootCommand root, boolean json) {
        try (Understudy host = root.open()) {
            List<PluginInfo> plugins = host.plugins().list();
            if (json) printJson(root.console(), plugins);
            else print(root, plugins);
        }
        return ExitCode.DONE;
    }

    private static void printJson(Console console, List<PluginInfo> plugins) {
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("plugins");
        plugins.forEach(plugin -> array.add(HostShape.json(plugin)));
        Json.print(console, json);
    }

    private static void print(RootCommand root, List<PluginInfo> plugins) {
        Console console = root.console();
        var table = new Table(
                Table.Column.left("plugin"),
                Table.Column.left("version"),
                Table.Column.left("state"),
                Table.Column.wrapped("provides, or why not"));
        for (PluginInfo plugin : plugins) table.row(plugin.id(), plugin.version(), state(plugin), says(plugin));
        if (table.isEmpty())
            console.out()
                    .println("No plugins. The built-in ones are missing: build again with mvn package -DskipTests.");
        else table.print(console, "");
        for (PluginInfo plugin : plugins) {
            if (plugin.state() == PluginInfo.State.WAITING_FOR_APPROVAL)
                console.out().println("\nTo load it: " + root.commandPrefix() + " plugins approve " + plugin.id());
        }
    }

    private static Table.Cell state(PluginInfo plugin) {
        String text = plugin.state().id().replace('_', ' ');
        return switch (plugin.state()) {
            case STARTED -> new Table.Cell(text, Style.GREEN);
            case REFUSED -> new Table.Cell(text, Style.RED);
            case DISABLED -> new Table.Cell(text, Style.DIM);
            case WAITING_FOR_APPROVAL -> new Table.Cell(text, Style.YELLOW);
        };
    }

    static String says(PluginInfo plugin) {
        var text = new StringJoiner("; ");
        for (Map.Entry<String, List<String>> provided : new TreeMap<>(plugin.provides()).entrySet())
            text.add(provided.getKey() + ": " + String.join(", ", provided.getValue()));
        PluginInfo.Precedence precedence = plugin.precedence();
        new TreeMap<>(precedence.overrides()).forEach((name, id) -> text.add(name + " stands for that of " + id));
        new TreeMap<>(precedence.overriddenBy()).forEach((name, id) -> text.add(name + " gives way to that of " + id));
        for (String name : precedence.disabled())
            text.add(name + " is switched off ('plugins enable " + plugin.id() + ":" + name + "' brings it back)");
        if (!plugin.signer().isEmpty()) text.add("signed as " + Console.printable(plugin.signer()));
        if (!plugin.reason().isEmpty()) text.add(plugin.reason());
        return text.toString();
    }

    @Command(
            name = "list",
            description = "List all jars: state, what each provides and, for one that was refused, why.")
    static final class ListPlugins implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            return list(plugins.root, json || plugins.json);
        }
    }

    @Command(name = "install", description = "Copy a jar to your plugins and approve it. Plugin jars are trusted code.")
    static final class Install implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Parameters(paramLabel = "JAR")
        Path jar;

        @Override
        public Integer call() {
            return change(plugins.root, AuditKind.PLUGIN_APPROVED, "", host -> host.install(jar));
        }
    }

    @Command(
            name = "approve",
            description = "Approve a jar that waits in the plugins folder, or bring a removed built-in one back.")
    static final class Approve implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Parameters(paramLabel = "ID_OR_JAR")
        String idOrJar;

        @Override
        public Integer call() {
            return change(plugins.root, AuditKind.PLUGIN_APPROVED, "", host -> host.approve(idOrJar));
        }
    }

    @Command(
            name = "disable",
            description = "Switch a plugin, or one extension of it, off: built in or not. 'enable' brings it back.")
    static final class Disable implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Parameters(paramLabel = "ID[:EXTENSION]")
        String named;

        @Override
        public Integer call() {
            return change(plugins.root, AuditKind.PLUGIN_DISABLED, extension(named), host -> host.disable(named));
        }
    }

    @Command(name = "enable", description = "Bring a plugin, or one extension of it, back.")
    static final class Enable implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Parameters(paramLabel = "ID[:EXTENSION]")
        String named;

        @Override
        public Integer call() {
            return change(plugins.root, AuditKind.PLUGIN_ENABLED, extension(named), host -> host.enable(named));
        }
    }

    private static String extension(String named) {
        int colon = named.indexOf(':');
        return colon < 0 ? "" : named.substring(colon + 1);
    }

    @Command(name = "remove", description = "Unload a plugin and delete its jar; a built-in one is switched off.")
    static final class Remove implements Callable<Integer> {
        @ParentCommand
        PluginsCommand plugins;

        @Parameters(paramLabel = "ID_OR_JAR")
        String idOrJar;

        @Override
        public Integer call() {
            try (Understudy host = plugins.root.open()) {
                host.plugins().remove(idOrJar);
                host.automations().audit().add(AuditKind.PLUGIN_REMOVED, "", Map.of("plugin", idOrJar, "by", "person"));
            }
            plugins.root.console().out().println("Removed " + idOrJar + ".");
            return ExitCode.DONE;
        }
    }

    private interface Change {
        PluginInfo apply(PluginHost host);
    }

    private static int change(RootCommand root, AuditKind kind, String extension, Change change) {
        try (Understudy host = root.open()) {
            PluginInfo plugin = change.apply(host.plugins());
            var details = new LinkedHashMap<String, Object>();
            details.put("plugin", plugin.id());
            if (!extension.isEmpty()) details.put("extension", extension);
            details.put("sha256", plugin.sha256());
            if (!plugin.signer().isEmpty()) details.put("signer", plugin.signer());
            details.put("state", plugin.state().id());
            details.put("by", "person");
            host.automations().audit().add(kind, "", details);
            print(root, List.of(plugin));
            boolean loads = kind != AuditKind.PLUGIN_APPROVED || plugin.state() == PluginInfo.State.STARTED;
            return loads ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
