package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.ProposalShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Proposal;
import dev.understudy.core.automation.Proposals;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

@Command(
        name = "proposals",
        description = {
            "What programs have proposed (see 'mcp'): who proposed it, what it may touch and what it would do.",
            "Nothing comes of a proposal before you take it, rehearse it on your files and approve it."
        },
        subcommands = {ProposalsCommand.Show.class, ProposalsCommand.Take.class, ProposalsCommand.Reject.class})
final class ProposalsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        List<Proposal> waiting;
        try (Understudy understudy = root.open()) {
            waiting = understudy.automations().proposals().waiting();
        }
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("proposals");
            waiting.forEach(each -> array.add(ProposalShape.json(each)));
            Json.print(console, object);
        } else if (waiting.isEmpty()) console.out().println("No proposal waits for you.");
        else {
            var table = new Table(
                    Table.Column.right("number"),
                    Table.Column.left("automation"),
                    Table.Column.wrapped("proposed by"),
                    Table.Column.left("when"),
                    Table.Column.left("its tests"));
            for (Proposal each : waiting)
                table.row(each.number(), each.automationId(), each.by(), when(each), tests(each));
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    private static Object when(Proposal proposal) {
        return proposal.at().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String tests(Proposal proposal) {
        return proposal.rehearsal().passed() + " of "
                + proposal.rehearsal().cases().size();
    }

    /** What all that is about one proposal have. */
    abstract static class OfOne implements Callable<Integer> {
        @ParentCommand
        ProposalsCommand proposals;

        @Parameters(paramLabel = "NUMBER", description = "As 'proposals' lists it.")
        long number;

        @Override
        public Integer call() throws InterruptedException {
            RootCommand root = proposals.root;
            try (Understudy understudy = root.open()) {
                return call(root, understudy, understudy.automations().proposals());
            }
        }

        abstract int call(RootCommand root, Understudy understudy, Proposals all) throws InterruptedException;
    }

    @Command(
            name = "show",
            description =
                    "Show a proposal: who proposed it, what it may touch, how its tests went, and its script as a diff.")
    static final class Show extends OfOne {
        @Override
        int call(RootCommand root, Understudy understudy, Proposals all) {
            Proposal proposal = all.get(number);
            AutomationFile file = all.read(proposal);
            String diff = ProposalShape.diff(proposal, all.before(proposal));
            if (proposals.json) Json.print(root.console(), ProposalShape.detail(proposal, file, diff));
            else print(root, proposal, file, diff);
            return ExitCode.DONE;
        }

        private static void print(RootCommand root, Proposal proposal, AutomationFile file, String diff) {
            Console console = root.console();
            console.out()
                    .println(Style.BOLD.of(console, proposal.automationId()) + "  "
                            + Console.printable(file.description()));
            var facts = new Table(Table.Column.left(""), Table.Column.wrapped(""));
            facts.row("proposed by", proposal.by() + ", " + when(proposal));
            facts.row("state", proposal.state().id());
            facts.row("isolation", file.isolation().id());
            facts.row("may read", listed(file.grants().reads()));
            facts.row("may write", listed(file.grants().writes()));
            facts.row("may reach", listed(file.grants().hosts()));
            facts.row("may start", listed(file.grants().programs()));
            if (!file.grants().secrets().isEmpty())
                facts.row("may know", listed(file.grants().secrets()) + " (secrets)");
            if (!file.triggers().all().isEmpty())
                facts.row(
                        "starts by itself",
                        listed(file.triggers().all().stream()
                                .map(trigger -> trigger.key())
                                .toList()));
            facts.print(console, "  ");
            console.out().println();
            DiffCommand.print(console, diff);
            console.out()
                    .println("\n"
                            + Style.BOLD.of(
                                    console, "Its own tests, away from your files: " + tests(proposal) + " passed"));
            proposal.rehearsal().cases().forEach(each -> print(console, each));
            if (proposal.state() == Proposal.State.WAITING)
                console.out()
                        .println("\nNext: " + root.commandPrefix() + " proposals take " + proposal.number() + "   or: "
                                + root.commandPrefix() + " proposals reject " + proposal.number());
        }

        private static String listed(List<String> grants) {
            return grants.isEmpty() ? "nothing" : String.join(", ", grants);
        }

        private static void print(Console console, Proposal.Case each) {
            String verdict = switch (each.outcome()) {
                case PASSED -> Style.GREEN.of(console, "passed ");
                case FAILED -> Style.RED.of(console, "failed ");
                case LEFT -> Style.YELLOW.of(console, "left   ");
            };
            console.out().println("  " + verdict + Console.printable(each.name()));
            for (String problem : each.problems())
                console.out().println("    " + Style.RED.of(console, Console.printable(problem)));
            for (String line : each.output()) console.out().println("    " + Console.printable(line));
            for (Proposal.Change change : each.changes())
                console.out().println("    " + change.kind() + " " + Console.printable(change.path()));
        }
    }

    @Command(
            name = "take",
            description = {
                "Make a proposal a version of its automation, exactly as it was handed in, and rehearse it on a copy of your files.",
                "It runs only once you approve it."
            })
    static final class Take extends OfOne {
        @Override
        int call(RootCommand root, Understudy understudy, Proposals all) throws InterruptedException {
            AutomationService service = understudy.automations();
            String id = all.take(number, Actor.PERSON.by()).id();
            try (var progress = new Progress(root.console())) {
                progress.step("Rehearsing " + id);
                service.rehearsals().rehearse(id);
            }
            Automation automation = service.get(id);
            if (proposals.json) Json.print(root.console(), json(automation));
            else {
                Console console = root.console();
                console.out()
                        .println("Taken: version " + automation.version() + " of " + id + ", which does not run yet.");
                AutomationView.printVerdict(console, automation.rehearsal());
                console.out()
                        .println("Next: " + root.commandPrefix() + " automations show " + id + " --version "
                                + automation.version() + "   then: "
                                + root.commandPrefix() + " automations approve " + id);
            }
            return ExitCode.DONE;
        }

        private ObjectNode json(Automation automation) {
            return AutomationShape.json(automation).put("proposal", number);
        }
    }

    @Command(name = "reject", description = "Put a proposal away.")
    static final class Reject extends OfOne {
        @Override
        int call(RootCommand root, Understudy understudy, Proposals all) {
            Proposal rejected = all.reject(number, Actor.PERSON.by());
            if (proposals.json) Json.print(root.console(), ProposalShape.json(rejected));
            else root.console().out().println("Rejected: proposal " + number + " of " + rejected.by() + ".");
            return ExitCode.DONE;
        }
    }
}
