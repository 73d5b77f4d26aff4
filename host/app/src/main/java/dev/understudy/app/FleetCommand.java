package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.FleetDesk;
import dev.understudy.core.fleet.FleetKey;
import dev.understudy.core.fleet.FleetRequest;
import dev.understudy.core.fleet.FleetRequest.IfLost;
import dev.understudy.core.fleet.FleetRun;
import dev.understudy.core.fleet.NodeState;
import dev.understudy.core.fleet.Publication;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.problem.UserException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

@Command(
        name = "fleet",
        subcommands = {FleetCommand.Publish.class, FleetCommand.Run.class},
        description = {
            "Many hosts as one, on a NATS server: what runs where. Without a word more: its hosts.",
            "A host joins with 'up --fleet nats://HOST' or by fleet.url; it runs what was approved by a key that it trusts."
        })
final class FleetCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(
            names = "--fleet",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The NATS server, like nats://host:4222 (default: fleet.url).")
    @Nullable
    String url;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        return nodes();
    }

    /** What is done with a fleet that is open. */
    private interface Work<T> {
        T with(FleetDesk desk) throws InterruptedException;
    }

    private <T> T desk(Work<T> work) throws InterruptedException {
        FleetSection section = FleetAccess.section(root, url)
                .orElseThrow(() -> UserException.badInput(
                        "There is no fleet", "no server is named", "Set fleet.url, or pass --fleet nats://host"));
        try (Fleet fleet = FleetAccess.connect(section)) {
            return work.with(new FleetDesk(fleet, InstantSource.system()));
        }
    }

    @Command(
            description = {
                "Show this host's public key, made if there is none: other hosts run what it approved where fleet.trusted_keys"
                        + " has it."
            })
    int key() {
        FleetKey key = FleetKey.of(DataHome.open(root.homeFolder()));
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            object.put("key", key.text()).put("node", key.nodeId());
            Json.print(root.console(), object);
        } else root.console().out().println(key.text());
        return ExitCode.DONE;
    }

    @Command(description = "List the hosts that are there, what each can run and how busy it is.")
    int nodes() throws InterruptedException {
        List<NodeState> nodes = desk(FleetDesk::nodes);
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("nodes");
            nodes.forEach(each -> array.add(Json.MAPPER.valueToTree(each)));
            Json.print(console, object);
        } else if (nodes.isEmpty()) console.out().println("No host is there.");
        else {
            var table = new Table(
                    Table.Column.left("host"),
                    Table.Column.left("machine"),
                    Table.Column.right("running"),
                    Table.Column.left("isolation"),
                    Table.Column.left("labels"),
                    Table.Column.wrapped("languages"));
            for (NodeState each : nodes)
                table.row(
                        new Table.Cell(each.id(), Style.BOLD),
                        each.name(),
                        each.running() + " of " + each.slots(),
                        String.join(", ", each.isolation()),
                        String.join(", ", each.labels()),
                        String.join(", ", each.languages()));
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    @Command(description = "List the queues: how many requests wait, and how many hosts are at.")
    int queues() throws InterruptedException {
        List<Fleet.QueueState> queues = desk(FleetDesk::queues);
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("queues");
            for (Fleet.QueueState each : queues)
                array.addObject()
                        .put("queue", each.queue().text())
                        .put("waiting", each.waiting())
                        .put("taken", each.taken());
            Json.print(console, object);
        } else {
            var table = new Table(
                    Table.Column.left("queue"), Table.Column.right("waiting"), Table.Column.right("under way"));
            for (Fleet.QueueState each : queues)
                if (each.waiting() + each.taken() > 0) table.row(each.queue().text(), each.waiting(), each.taken());
            if (table.isEmpty()) console.out().println("Nothing waits in any of " + queues.size() + " queues.");
            else table.print(console, "");
        }
        return ExitCode.DONE;
    }

    @Command(description = "List runs, those first of which something was told last.")
    int runs(
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "How many at most (default: ${DEFAULT-VALUE}).")
                    int limit)
            throws InterruptedException {
        List<FleetRun> runs = desk(desk -> desk.runs(Math.max(0, limit)));
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("runs");
            runs.forEach(each -> array.add(runJson(each)));
            Json.print(console, object);
        } else if (runs.isEmpty()) console.out().println("Nothing has run yet.");
        else {
            var table = new Table(
                    Table.Column.left("run"),
                    Table.Column.left("automation"),
                    Table.Column.left("when"),
                    Table.Column.left("host"),
                    Table.Column.left("state"),
                    Table.Column.wrapped("what is to be known"));
            for (FleetRun each : runs)
                table.row(
                        new Table.Cell(each.runId(), Style.BOLD),
                        each.request().automation(),
                        VersionsView.time(Instant.ofEpochMilli(each.atMillis())),
                        each.node(),
                        state(each),
                        each.note());
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    private static Table.Cell state(FleetRun run) {
        return switch (run.state()) {
            case COMMITTED -> new Table.Cell("succeeded", run.maybeTwice() ? Style.YELLOW : Style.GREEN);
            case ENDED -> new Table.Cell(run.outcome().replace('_', ' '), Style.RED);
            case UNSURE -> new Table.Cell("unsure", Style.YELLOW);
            case STARTED -> new Table.Cell("under way");
            case RELEASED -> new Table.Cell("waiting");
        };
    }

    private static ObjectNode runJson(FleetRun run) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("key", run.request().key())
                .put("automation", run.request().automation())
                .put("queue", run.request().queue())
                .put("by", run.request().by())
                .put("state", run.state().id())
                .put("outcome", run.outcome())
                .put("node", run.node())
                .put("run", run.runId())
                .put("attempt", run.attempt())
                .put("maybeTwice", run.maybeTwice())
                .put("note", run.note())
                .put("at", Instant.ofEpochMilli(run.atMillis()).toString());
        object.set("parameters", Json.MAPPER.valueToTree(run.request().parameters()));
        return object.put("result", run.resultJson());
    }

    @Command(description = "List what is published, and by whom it was approved.")
    int published() throws InterruptedException {
        List<Publication> published = desk(FleetDesk::published);
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("automations");
            published.forEach(each -> array.add(Json.MAPPER.valueToTree(each)));
            Json.print(console, object);
        } else if (published.isEmpty()) console.out().println("Nothing is published.");
        else {
            var table = new Table(
                    Table.Column.left("automation"),
                    Table.Column.right("version"),
                    Table.Column.left("language"),
                    Table.Column.left("isolation"),
                    Table.Column.left("since"),
                    Table.Column.wrapped("by"));
            for (Publication each : published)
                table.row(
                        new Table.Cell(each.id(), Style.BOLD),
                        each.version(),
                        each.language(),
                        each.isolation(),
                        VersionsView.time(Instant.ofEpochMilli(each.atMillis())),
                        each.by());
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    @Command(description = "Take an automation out of the fleet: no host runs it any more.")
    int withdraw(@Parameters(paramLabel = "ID", description = "As 'fleet published' names it.") String id)
            throws InterruptedException {
        boolean _ = desk(desk -> {
            desk.withdraw(id);
            return true;
        });
        root.console().out().println("Withdrew " + id + " from the fleet.");
        return ExitCode.DONE;
    }

    @Command(
            name = "publish",
            description = {
                "Have the fleet run an automation that was approved here: its approved version with its grants, signed by this"
                        + " host's key. Its cron triggers fire in the fleet from then on, once each, and not here."
            })
    static final class Publish implements Callable<Integer> {
        @ParentCommand
        FleetCommand parent;

        @Parameters(paramLabel = "ID", description = "An approved automation.")
        String id;

        @Override
        public Integer call() throws InterruptedException {
            RootCommand root = parent.root;
            Publication published;
            try (Understudy understudy = root.open()) {
                String by = System.getProperty("user.name");
                published = parent.desk(desk ->
                        desk.publish(understudy.automations(), id, understudy.fleetKey(), ZoneId.systemDefault(), by));
                understudy
                        .automations()
                        .audit()
                        .add(
                                AuditKind.FLEET_PUBLISHED,
                                id,
                                Map.of(
                                        "version", published.version(),
                                        "sha256", published.sha256(),
                                        "key", understudy.fleetKey().text()));
            }
            if (parent.json) Json.print(root.console(), Json.MAPPER.<ObjectNode>valueToTree(published));
            else
                root.console()
                        .out()
                        .println("Published version " + published.version() + " of " + id + ". Hosts run it that give "
                                + published.language() + " isolation " + published.isolation()
                                + " and trust this host's key ('fleet key').");
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "run",
            description = {
                "Ask for a run of a published automation and wait for its end: on the host that asks for work first, which is one"
                        + " that is little busy.",
                "Exit codes as of 'run'; 1, too, where it is unsure whether it happened."
            })
    static final class Run implements Callable<Integer> {
        @ParentCommand
        FleetCommand parent;

        @Parameters(paramLabel = "ID", description = "A published automation.")
        String id;

        @Option(
                names = {"-p", "--parameter"},
                paramLabel = "NAME=VALUE",
                description = "A parameter; may be given several times.")
        Map<String, String> parameters = new LinkedHashMap<>();

        @Option(names = "--on", paramLabel = "LABEL", description = "Only on a host of this label, or of this id.")
        @Nullable
        String label;

        @Option(names = "--everywhere", description = "Once on each host that is there and can run it.")
        boolean everywhere;

        @Option(
                names = "--key",
                paramLabel = "TEXT",
                description = "Whatever is asked for under the same key is one run (default: made up).")
        @Nullable
        String key;

        @Option(
                names = "--repeat-if-lost",
                description =
                        "If its host is lost in mid-run, do it again: it may then have happened twice, and says so."
                                + " Otherwise it is left, and said to be unsure.")
        boolean repeat;

        @Option(
                names = "--wait",
                paramLabel = "SECONDS",
                defaultValue = "600",
                description = "How long to wait for its end (default: ${DEFAULT-VALUE}); 0 only asks.")
        int seconds;

        @Override
        public Integer call() throws InterruptedException {
            if (everywhere && label != null)
                throw UserException.badInput(
                        "No run was asked for", "--on and --everywhere exclude each other", "Leave one of them out");
            if (label != null && !QueueName.isName(label))
                throw UserException.badInput(
                        "No run was asked for",
                        "'" + label + "' can be no label",
                        "Labels have lower-case letters, digits and '-', at most 40");
            if (key != null && !key.matches("[ -~]{1,200}"))
                throw UserException.badInput(
                        "No run was asked for",
                        "its key is no text of 1 to 200 printable ASCII characters",
                        "Choose another, for example a UUID");
            return parent.desk(this::ask);
        }

        private int ask(FleetDesk desk) throws InterruptedException {
            String name = key == null ? UUID.randomUUID().toString() : key;
            IfLost ifLost = repeat ? IfLost.REPEAT : IfLost.TELL;
            String by = System.getProperty("user.name");
            List<FleetRequest> asked = everywhere
                    ? desk.askEverywhere(id, parameters, name, ifLost, by)
                    : List.of(desk.ask(id, parameters, place(desk), name, ifLost, by));
            Console console = parent.root.console();
            for (FleetRequest each : asked)
                if (!desk.isHonoured(QueueName.parse(each.queue())))
                    console.err()
                            .println(
                                    "understudy: no host is there that can take it; it waits in " + each.queue() + ".");
            if (seconds == 0) {
                asked.forEach(each -> console.out().println("Asked for " + each.key() + "."));
                return ExitCode.DONE;
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            var ended = new ArrayList<FleetRun>();
            for (FleetRequest each : asked) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                Optional<FleetRun> run = desk.await(each, left);
                run.ifPresent(ended::add);
                if (run.isEmpty())
                    console.err()
                            .println("understudy: " + each.key() + " has not ended; 'fleet runs' tells how far it is.");
            }
            print(console, ended);
            boolean all = ended.size() == asked.size();
            return all ? ended.stream().mapToInt(Run::exitCode).max().orElse(ExitCode.DONE) : ExitCode.FAILED;
        }

        private QueueName.Place place(FleetDesk desk) {
            if (label == null) return new QueueName.Anywhere();
            boolean node = desk.nodes().stream().anyMatch(each -> each.id().equals(label));
            return node ? new QueueName.On(label) : new QueueName.Labelled(label);
        }

        private static int exitCode(FleetRun run) {
            return switch (run.outcome()) {
                case "succeeded" -> ExitCode.DONE;
                case "limit_exceeded" -> ExitCode.LIMIT_EXCEEDED;
                case "refused" -> ExitCode.NOT_ALLOWED;
                default -> ExitCode.FAILED;
            };
        }

        private void print(Console console, List<FleetRun> ended) {
            if (parent.json) {
                var object = JsonNodeFactory.instance.objectNode();
                var array = object.putArray("runs");
                ended.forEach(each -> array.add(runJson(each)));
                Json.print(console, object);
                return;
            }
            for (FleetRun each : ended) {
                String what = each.request().automation() + " on " + each.node() + ": "
                        + state(each).text() + (each.note().isEmpty() ? "" : ": " + each.note());
                console.out().println(Console.printable(what));
                if (!each.resultJson().isEmpty()) console.out().println(Console.printable(each.resultJson()));
            }
        }
    }
}
