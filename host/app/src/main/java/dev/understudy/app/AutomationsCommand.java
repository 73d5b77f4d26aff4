package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.AutomationShape.Listed;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.AutomationVersion;
import dev.understudy.core.automation.Lifecycle;
import dev.understudy.core.automation.ScriptParameter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "automations",
        description = "List automations; show, compare, approve, reject, suspend, roll back, retire or export one.",
        subcommands = {
            AutomationsCommand.Show.class,
            AutomationsCommand.Approve.class,
            AutomationsCommand.Reject.class,
            AutomationsCommand.Pause.class,
            AutomationsCommand.Resume.class,
            AutomationsCommand.Suspend.class,
            AutomationsCommand.Rollback.class,
            AutomationsCommand.Retire.class,
            ExportCommand.class,
            DiffCommand.class,
            AbCommand.class
        })
final class AutomationsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Option(names = "--deployed", description = "Only those that run.")
    boolean deployed;

    @Override
    public Integer call() {
        Console console = root.console();
        List<Listed> automations;
        try (Understudy understudy = root.open()) {
            AutomationService service = understudy.automations();
            automations = service.list().stream()
                    .filter(automation -> !deployed || automation.state().runs())
                    .map(automation -> Listed.of(service, understudy.executor(), automation))
                    .toList();
        }
        if (json) printJson(automations);
        else if (automations.isEmpty())
            console.out().println("No automations yet. Have some written with: " + root.commandPrefix() + " learn");
        else print(console, automations);
        return ExitCode.DONE;
    }

    private void printJson(List<Listed> automations) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("automations");
        automations.forEach(each -> array.add(AutomationShape.json(each)));
        Json.print(root.console(), object);
    }

    private static void print(Console console, List<Listed> automations) {
        var table = new Table(
                Table.Column.left("automation"),
                Table.Column.left("state"),
                Table.Column.right("version"),
                Table.Column.left("rehearsal"),
                Table.Column.left("runs succeeded"),
                Table.Column.left("latest"),
                Table.Column.right("took"),
                Table.Column.right("saved"),
                Table.Column.left("template"));
        for (Listed listed : automations) {
            Automation automation = listed.automation();
            table.row(
                    new Table.Cell(automation.id(), Style.BOLD),
                    AutomationView.state(automation, listed.breaker()),
                    listed.experiment()
                            .map(experiment -> experiment.a().version() + " against "
                                    + experiment.b().version())
                            .orElse(AutomationView.version(automation)),
                    AutomationView.rehearsal(automation),
                    AutomationView.runs(automation),
                    Sparkline.of(console, listed.latest()),
                    listed.averageDuration().map(Quantities::duration).orElse(""),
                    listed.timeSaved().map(VersionsView::saved).orElse(""),
                    automation.template());
        }
        table.print(console, "");
    }

    @Command(
            name = "show",
            description = {
                "Show an automation: what it may touch, its script, and what its rehearsal would change.",
                "Of several versions the one that runs; else the newest."
            })
    static final class Show implements Callable<Integer> {
        @ParentCommand
        AutomationsCommand automations;

        @Parameters(paramLabel = "ID")
        String id;

        @Option(names = "--version", paramLabel = "VERSION", description = "Another version.")
        @Nullable
        Integer version;

        @Option(names = "--versions", description = "List its versions and how their runs went instead.")
        boolean versions;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        public Integer call() {
            RootCommand root = automations.root;
            try (Understudy understudy = root.open()) {
                AutomationService service = understudy.automations();
                Automation automation = service.get(id);
                if (versions) {
                    showVersions(root, automation, service.versions(id));
                    return ExitCode.DONE;
                }
                int shown = version != null ? version : AutomationView.described(automation);
                AutomationFile file = service.read(automation, shown);
                Optional<String> evidence = service.evidence(id, shown);
                JsonNode rehearsed = evidence.map(Json::read).orElseGet(JsonNodeFactory.instance::objectNode);
                if (json || automations.json)
                    Json.print(
                            root.console(),
                            AutomationShape.detail(automation, file, rehearsed).put("shownVersion", shown));
                else {
                    boolean paused = service.life().pausedTriggers().containsKey(id);
                    Optional<String> proposer = service.proposals().proposerOf(id, shown);
                    print(
                            root,
                            automation,
                            new Described(service.version(id, shown), file, rehearsed, proposer),
                            paused);
                }
            }
            return ExitCode.DONE;
        }

        private void showVersions(RootCommand root, Automation automation, List<AutomationVersion> kept) {
            if (!json && !automations.json) {
                VersionsView.print(root.console(), automation, kept);
                return;
            }
            ObjectNode object = AutomationShape.json(automation);
            object.set("versions", AutomationShape.versions(automation, kept));
            Json.print(root.console(), object);
        }

        /** All that is shown of a version. */
        private record Described(
                AutomationVersion kept, AutomationFile file, JsonNode rehearsed, Optional<String> proposer) {}

        private static void print(RootCommand root, Automation automation, Described shown, boolean paused) {
            AutomationFile file = shown.file();
            Console console = root.console();
            console.out()
                    .println(Style.BOLD.of(console, automation.id()) + "  " + Console.printable(file.description()));
            var facts = new Table(Table.Column.left(""), Table.Column.wrapped(""));
            facts.row(dim("state"), AutomationView.state(automation));
            facts.row(
                    dim("version"),
                    AutomationView.place(automation, shown.kept().version()));
            shown.proposer().ifPresent(by -> facts.row(dim("proposed by"), by));
            List<String> triggers =
                    file.triggers().all().stream().map(each -> each.key()).toList();
            if (!triggers.isEmpty()) facts.row(dim("triggers"), (paused ? "paused: " : "") + listed(triggers));
            else if (paused) facts.row(dim("triggers"), "paused");
            facts.row(dim("file"), shown.kept().file());
            facts.row(dim("isolation"), file.isolation().id());
            facts.row(dim("may read"), listed(file.grants().reads()));
            facts.row(dim("may write"), listed(file.grants().writes()));
            facts.row(dim("may reach"), listed(file.grants().hosts()));
            facts.row(dim("may start"), listed(file.grants().programs()));
            if (!file.grants().secrets().isEmpty())
                facts.row(dim("may know"), listed(file.grants().secrets()) + " (secrets)");
            for (ScriptParameter parameter : file.parameters().values())
                facts.row(
                        dim("parameter"),
                        parameter.name() + " (" + parameter.type().id() + ")"
                                + (parameter.fallback() == null ? ", must be given" : " = " + parameter.fallback())
                                + (parameter.description().isEmpty() ? "" : "  " + parameter.description()));
            facts.print(console, "  ");
            console.out().println();
            file.text()
                    .lines()
                    .forEach(line -> console.out().println(Style.DIM.of(console, "  │ ") + Console.printable(line)));
            printEvidence(console, shown.kept().rehearsal(), shown.rehearsed());
            printNext(root, automation, shown.kept(), file);
        }

        private static Table.Cell dim(String text) {
            return new Table.Cell(text, Style.DIM);
        }

        private static String listed(List<String> grants) {
            return grants.isEmpty() ? "nothing" : String.join(", ", grants);
        }

        private static void printEvidence(
                Console console, Optional<Automation.RehearsalScore> rehearsal, JsonNode rehearsed) {
            JsonNode cases = rehearsed.path("cases");
            if (cases.isEmpty()) {
                console.out().println("\nNot rehearsed at this version.");
                return;
            }
            console.out().println("\n" + Style.BOLD.of(console, "In its rehearsal"));
            console.out().println("  " + heldOut(cases));
            rehearsal.ifPresent(
                    score -> console.out().println("  " + AutomationView.compared(console, score.compared())));
            AutomationView.printProvesLittle(console, rehearsed.path("source").asText());
            AutomationView.printVerdict(console, rehearsal);
            for (JsonNode each : cases) printCase(console, each);
        }

        static void printCase(Console console, JsonNode each) {
            boolean passed = each.path("passed").asBoolean();
            console.out()
                    .println("  " + (passed ? Style.GREEN.of(console, "passed ") : Style.RED.of(console, "failed "))
                            + Console.printable(each.path("name").asText())
                            + (each.path("heldOut").asBoolean() ? ", held out" : ""));
            for (JsonNode problem : each.path("problems"))
                console.out().println("    " + Style.RED.of(console, Console.printable(problem.asText())));
            for (JsonNode line : each.path("errors"))
                console.out().println("    " + Style.DIM.of(console, "stderr: ") + Console.printable(line.asText()));
            for (JsonNode change : each.path("changes"))
                console.out()
                        .println("    " + change.path("kind").asText() + " "
                                + Console.printable(change.path("path").asText()));
        }

        private static String heldOut(JsonNode cases) {
            int total = 0;
            int reproduced = 0;
            int known = 0;
            for (JsonNode each : cases) {
                if (!each.path("heldOut").asBoolean()) continue;
                total++;
                if (each.path("passed").asBoolean()) reproduced++;
                if (each.path("effectsKnown").asBoolean()) known++;
            }
            if (total == 0) return "No observation was held out to test it.";
            return reproduced + " of " + total + " held-out observations reproduced"
                    + (known == total ? "." : "; which files change is known of " + known + ".");
        }

        private static void printNext(
                RootCommand root, Automation automation, AutomationVersion shown, AutomationFile file) {
            boolean otherRuns =
                    automation.state().runs() && !automation.deployedVersion().equals(Optional.of(shown.version()));
            boolean isNewest = shown.version() == automation.version();
            String approve =
                    " automations approve " + automation.id() + (isNewest ? "" : " --version " + shown.version());
            String next = otherRuns
                    ? approve
                    : switch (automation.state()) {
                        case DRAFT -> " rehearse " + automation.id();
                        case REHEARSED, SUSPENDED -> approve;
                        case DEPLOYED, ROLLED_BACK -> run(automation, file);
                        case REJECTED, RETIRED -> "";
                    };
            if (!next.isEmpty()) root.console().out().println("\nNext: " + root.commandPrefix() + next);
        }
    }

    @Command(
            name = "approve",
            description = {
                "Let an automation run, if enough cases of its rehearsal passed (automation_creation.auto_deploy_threshold).",
                "Those that failed nevertheless are shown first."
            })
    static final class Approve extends Change {
        @Option(
                names = "--version",
                paramLabel = "VERSION",
                description = "Another version than the newest; it must have been rehearsed, too.")
        @Nullable
        Integer version;

        Approve() {
            super((life, id) -> life.approve(id, Actor.PERSON), "runs from now on");
        }

        @Override
        Automation change(AutomationService service) {
            Automation automation = service.get(id);
            int chosen = version != null ? version : automation.version();
            Optional<Automation.RehearsalScore> rehearsal =
                    service.version(id, chosen).rehearsal();
            if (!isJson()
                    && rehearsal.filter(Automation.RehearsalScore::deployable).isPresent())
                service.evidence(id, chosen).ifPresent(evidence -> printFailing(rehearsal, evidence));
            return version == null ? super.change(service) : service.life().approve(id, version, Actor.PERSON);
        }

        private void printFailing(Optional<Automation.RehearsalScore> rehearsal, String evidence) {
            Console console = automations.root.console();
            for (JsonNode each : Json.read(evidence).path("cases"))
                if (!each.path("passed").asBoolean()) Show.printCase(console, each);
            AutomationView.printVerdict(console, rehearsal);
        }
    }

    @Command(
            name = "reject",
            description = {
                "Put away what was proposed and is not wanted so.",
                "It is proposed once more; rejected a second time, not before its task was seen half as often again."
            })
    static final class Reject extends Change {
        Reject() {
            super((life, id) -> life.reject(id, Actor.PERSON), "was rejected");
        }
    }

    @Command(
            name = "pause",
            description = "Have its triggers fire nothing until they are resumed; by hand it runs all the same.")
    static final class Pause extends Change {
        Pause() {
            super(
                    (life, id) -> life.pauseTriggers(id, Actor.PERSON),
                    "is started by hand only, until you resume its triggers");
        }
    }

    @Command(name = "resume", description = "Have its triggers fire again; what came meanwhile is not made up for.")
    static final class Resume extends Change {
        Resume() {
            super((life, id) -> life.resumeTriggers(id, Actor.PERSON), "is started by its triggers again");
        }
    }

    @Command(name = "suspend", description = "Stop a deployed automation until it is approved again.")
    static final class Suspend extends Change {
        Suspend() {
            super((life, id) -> life.suspend(id, Actor.PERSON), "does not run until you approve it again");
        }
    }

    @Command(name = "rollback", description = "Have an automation run at its last good earlier version.")
    static final class Rollback extends Change {
        @Option(names = "--to", paramLabel = "VERSION", description = "Another version that you approved once.")
        @Nullable
        Integer to;

        Rollback() {
            super((life, id) -> life.rollBack(id, Actor.PERSON), "runs at another version now");
        }

        @Override
        Automation change(AutomationService service) {
            return to == null ? super.change(service) : service.life().rollBack(id, to, Actor.PERSON);
        }
    }

    @Command(name = "retire", description = "Give an automation up for good; its pattern gets no new one.")
    static final class Retire extends Change {
        Retire() {
            super((life, id) -> life.retire(id, Actor.PERSON), "is given up");
        }
    }

    /** How to run it, with what must be given. */
    private static String run(Automation automation, AutomationFile file) {
        var line = new StringBuilder(" run " + automation.id());
        for (ScriptParameter parameter : file.parameters().values())
            if (parameter.fallback() == null)
                line.append(" -p ").append(parameter.name()).append("=…");
        return line.toString();
    }

    /** One change of state. */
    abstract static class Change implements Callable<Integer> {
        private final BiFunction<Lifecycle, String, Automation> change;
        private final String said;

        @ParentCommand
        AutomationsCommand automations;

        @Parameters(paramLabel = "ID")
        String id;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        Change(BiFunction<Lifecycle, String, Automation> change, String said) {
            this.change = change;
            this.said = said;
        }

        Automation change(AutomationService service) {
            return change.apply(service.life(), id);
        }

        @Override
        public Integer call() {
            RootCommand root = automations.root;
            try (Understudy understudy = root.open()) {
                Automation automation = change(understudy.automations());
                if (isJson()) Json.print(root.console(), AutomationShape.json(automation));
                else print(root, automation, understudy.automations());
            }
            return ExitCode.DONE;
        }

        boolean isJson() {
            return json || automations.json;
        }

        private void print(RootCommand root, Automation automation, AutomationService service) {
            root.console().out().println(automation.id() + " " + said + ".");
            if (automation.state().runs())
                root.console()
                        .out()
                        .println("Next: " + root.commandPrefix() + run(automation, service.read(automation)));
        }
    }
}
