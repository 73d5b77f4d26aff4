package dev.understudy.app;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.executor.BreakerStatus;
import java.util.Optional;

/** How automations are shown in lists. */
final class AutomationView {
    private AutomationView() {}

    static Table.Cell state(Automation automation) {
        String text = automation.state().id().replace('_', ' ');
        return switch (automation.state()) {
            case DEPLOYED -> new Table.Cell(text, Style.GREEN);
            case REHEARSED -> new Table.Cell(text, Style.CYAN);
            case DRAFT, SUSPENDED, ROLLED_BACK -> new Table.Cell(text, Style.YELLOW);
            case REJECTED, RETIRED -> new Table.Cell(text, Style.DIM);
        };
    }

    /** The same, and whether its circuit breaker keeps it from running. */
    static Table.Cell state(Automation automation, Optional<BreakerStatus> breaker) {
        Optional<BreakerStatus> open = breaker.filter(status -> status.state() != BreakerStatus.State.CLOSED);
        if (open.isEmpty() || !automation.state().runs()) return state(automation);
        String text = open.get().state().id().replace('_', ' ');
        return new Table.Cell(state(automation).text() + ", breaker " + text, Style.RED);
    }

    /** The newest version, and the one that runs if that is another. */
    static String version(Automation automation) {
        return automation
                .deployedVersion()
                .filter(deployed -> deployed != automation.version())
                .map(deployed -> automation.version() + " (runs " + deployed + ")")
                .orElse("" + automation.version());
    }

    /** The version that a person means who names none: the one that runs, else the newest. */
    static int described(Automation automation) {
        return automation.state().runs()
                ? automation.deployedVersion().orElse(automation.version())
                : automation.version();
    }

    /** Where a version stands among the others. */
    static String place(Automation automation, int version) {
        Optional<Integer> running =
                automation.deployedVersion().filter(_ -> automation.state().runs());
        var text = new StringBuilder("" + version);
        if (running.equals(Optional.of(version))) text.append(", which runs");
        else running.ifPresent(other -> text.append("; version ").append(other).append(" runs"));
        if (version < automation.version())
            text.append("; version ").append(automation.version()).append(" is newer");
        return text.toString();
    }

    static Table.Cell rehearsal(Automation automation) {
        return automation
                .rehearsal()
                .map(score -> new Table.Cell(
                        score.passed() + " of " + score.total(),
                        score.allPassed() ? Style.GREEN : score.deployable() ? Style.YELLOW : Style.RED))
                .orElse(new Table.Cell("not yet", Style.DIM));
    }

    /** What the script was held against, for the person who approves. */
    static String compared(Console console, RehearsalResult.Compared compared) {
        return (compared.any() ? Style.GREEN : Style.YELLOW).of(console, compared.described());
    }

    /** How a rehearsal went, in short: what failed, and what the figures allow. */
    static void printRehearsal(Console console, RehearsalResult result, Automation automation) {
        console.out()
                .println(
                        result.total() == 0
                                ? "It could not be rehearsed: it has no tests, and a parameter without a default."
                                : "Its rehearsal passed " + result.passed() + " of " + result.total() + " cases.");
        printProvesLittle(console, result.source().id());
        for (RehearsalResult.CaseResult each : result.failing())
            for (String problem : each.problems())
                console.out().println("  " + Style.RED.of(console, Console.printable(each.name() + ": " + problem)));
        printVerdict(console, automation.rehearsal());
    }

    /** Says so where a rehearsal had nothing but the script's defaults. */
    static void printProvesLittle(Console console, String source) {
        if (source.equals(TestRun.Source.DEFAULTS.id()))
            console.out().println(Style.YELLOW.of(console, "Mind that " + RehearsalResult.PROVES_LITTLE + "."));
    }

    /** What the figures of a rehearsal in which something failed allow. */
    static void printVerdict(Console console, Optional<Automation.RehearsalScore> rehearsal) {
        rehearsal
                .filter(score -> score.total() > 0 && !score.allPassed())
                .ifPresent(score -> console.out()
                        .println((score.deployable() ? Style.YELLOW : Style.RED)
                                .of(console, "It passed " + score.verdict() + ".")));
    }

    /** Whether enough cases of its rehearsal passed for a person to approve it. */
    static boolean isReady(Automation automation) {
        return automation
                .rehearsal()
                .filter(Automation.RehearsalScore::deployable)
                .isPresent();
    }

    static String runs(Automation automation) {
        return automation.runs().total() == 0
                ? ""
                : automation.runs().succeeded() + " of " + automation.runs().total();
    }
}
