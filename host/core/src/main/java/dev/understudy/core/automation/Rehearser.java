package dev.understudy.core.automation;

import dev.understudy.core.automation.RehearsalCase.RealCommand;
import dev.understudy.core.automation.RehearsalCase.Recorded;
import dev.understudy.core.automation.RehearsalResult.CaseResult;
import dev.understudy.core.automation.RehearsalResult.Compared;
import dev.understudy.core.comparison.Contents;
import dev.understudy.core.comparison.TreeComparison;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.After;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.tester.TestListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rehearses a script: in the cases that its template wrote, beside the program from which it was learnt, and on what
 * observed tasks read, against what they left. What a template expects is its own idea of a command, which the script
 * shares; the program and its files are the truth.
 */
final class Rehearser {
    private static final int MAX_RECORDED = 3;
    private static final int MAX_LINES = 5;

    private final CaseRunner caseRunner;
    private final ScriptRunner runners;
    private final AutomationFile file;
    private final String id;
    private final CaseRunner.Place place;
    private final Surroundings surroundings;
    private final List<CaseResult> results = new ArrayList<>();
    private int sameAsProgram;
    private int sameAsRecorded;

    private Rehearser(
            CaseRunner caseRunner,
            ScriptRunner runners,
            AutomationFile file,
            Automation automation,
            CaseRunner.Place place,
            Surroundings surroundings) {
        this.caseRunner = caseRunner;
        this.runners = runners;
        this.file = file;
        id = automation.id();
        this.place = place;
        this.surroundings = surroundings;
    }

    /** Runs all cases, one at a time: those who rehearse many automations do so side by side. */
    static RehearsalResult rehearse(
            CaseRunner caseRunner,
            ScriptRunner runners,
            AutomationFile file,
            Automation automation,
            CaseRunner.Place place,
            List<RehearsalCase> cases,
            Surroundings surroundings)
            throws InterruptedException {
        var rehearser = new Rehearser(caseRunner, runners, file, automation, place, surroundings);
        rehearser.all(cases);
        var compared = new Compared(rehearser.sameAsProgram, rehearser.sameAsRecorded);
        return new RehearsalResult(
                automation.id(), automation.version(), rehearser.results, compared, TestRun.Source.of(file, cases));
    }

    private void all(List<RehearsalCase> cases) throws InterruptedException {
        List<RehearsalCase> expected =
                cases.stream().filter(RehearsalCase::expected).toList();
        var ran = caseRunner
                .run(file, expected, place, surroundings, 1, TestListener.SILENT)
                .cases();
        for (int i = 0; i < expected.size(); i++) {
            RehearsalCase tested = expected.get(i);
            var result = ran.get(i);
            var problems = new ArrayList<>(result.problems());
            Optional<RealCommand> command = problems.isEmpty() ? tested.command() : Optional.empty();
            if (command.isPresent()) problems.addAll(unlikeProgram(tested, command.get(), result.report()));
            add(tested, problems, result.report());
        }
        for (RehearsalCase each : cases) {
            if (!each.expected() && each.command().isPresent())
                beside(each, each.command().get());
        }
        recorded(expected);
    }

    private void add(RehearsalCase tested, List<String> problems, RunReport report) {
        results.add(new CaseResult(
                tested.name(),
                problems,
                report,
                tested.heldOut(),
                tested.changes().isPresent()));
    }

    // ---- beside the program

    /** What the program does otherwise in a case that the script has passed. */
    private List<String> unlikeProgram(RehearsalCase tested, RealCommand command, RunReport script)
            throws InterruptedException {
        // That the observed task succeeded is known: where the program fails now, the jail lacks what it had.
        RunReport program = run(program(tested, command));
        return program.outcome() instanceof RunOutcome.Succeeded && script.outcome() instanceof RunOutcome.Succeeded
                ? compare(command, script, program)
                : List.of();
    }

    private List<String> compare(RealCommand command, RunReport script, RunReport program) {
        List<String> differences = TreeComparison.differences(command.name(), script, program);
        if (differences.isEmpty()) sameAsProgram++;
        return shortened(differences);
    }

    private static List<String> shortened(List<String> lines) {
        if (lines.size() <= MAX_LINES) return lines;
        var first = new ArrayList<>(lines.subList(0, MAX_LINES));
        first.add("and " + (lines.size() - MAX_LINES) + " more");
        return first;
    }

    /**
     * A situation of which nothing is known but what the program does. Where both do the same it counts as compared, and is
     * no case of the rehearsal; where the program cannot be run it is neither.
     */
    private void beside(RehearsalCase tested, RealCommand command) throws InterruptedException {
        RunReport program;
        RunReport script;
        try {
            program = run(program(tested, command));
            if (!hasRun(program)) return;
            script = run(caseRunner.request(file, tested, place, surroundings));
            if (!hasRun(script)) return;
        } catch (UserException _) {
            // A made-up value that this automation does not take.
            return;
        }
        switch (program.outcome()) {
            case RunOutcome.Failed failed -> {
                // Nothing is known then of what the program does where it has all it wants.
                if (failed.cause() == RunOutcome.Failed.Cause.NOT_GRANTED) return;
                if (!(script.outcome() instanceof RunOutcome.Succeeded)) sameAsProgram++;
                else
                    add(
                            tested,
                            List.of(command.name() + " fails (" + failed.error() + "), the script succeeds"),
                            script);
            }
            default -> {
                // A script that refuses what it does not understand has changed nothing: that is safe, but no evidence.
                if (!(script.outcome() instanceof RunOutcome.Succeeded)) return;
                List<String> differences = compare(command, script, program);
                if (!differences.isEmpty()) add(tested, differences, script);
            }
        }
    }

    /** Whether it was not refused (as where a program is missing, or a file lies beside what is granted) nor cut off. */
    private static boolean hasRun(RunReport report) {
        return report.outcome() instanceof RunOutcome.Succeeded || report.outcome() instanceof RunOutcome.Failed;
    }

    private RunRequest program(RehearsalCase tested, RealCommand command) {
        RunRequest script = caseRunner.request(file, tested, place, surroundings);
        Grants grants = script.grants();
        return new RunRequest(
                id + " by " + command.name(),
                script.trustDomain(),
                RunRequest.Language.BASH,
                // Nobody types to it, and the parameters are not its input.
                "exec </dev/null\n" + command.line(),
                "{}",
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.PARTIAL,
                script.limits(),
                new Grants(grants.reads(), grants.writes(), List.of(), command.programs()),
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                script.stagedFiles(),
                surroundings.resolve(command.folder()),
                script.stagedFolders());
    }

    private RunReport run(RunRequest request) throws InterruptedException {
        ScriptRunner.Run run = runners.start(request, RunListener.SILENT);
        try {
            return run.await();
        } catch (InterruptedException stopped) {
            run.cancel();
            throw stopped;
        }
    }

    // ---- recorded results

    private void recorded(List<RehearsalCase> cases) throws InterruptedException {
        List<Recorded> all =
                cases.stream().flatMap(each -> each.recorded().stream()).toList();
        int held = 0;
        for (RehearsalCase each : cases) {
            Optional<RecordedResult> left =
                    each.recorded().flatMap(recorded -> RecordedResult.of(recorded, all, surroundings));
            if (left.isEmpty() || held == MAX_RECORDED) continue;
            held++;
            hold(each.withoutFiles(each.name() + ", its own files"), left.get());
        }
    }

    /** Runs the script on what the task read and holds what it gives against what the task left. */
    private void hold(RehearsalCase tested, RecordedResult left) throws InterruptedException {
        RunReport script = run(caseRunner.request(file, tested, place, surroundings));
        List<String> problems = unlike(left, script);
        if (problems.isEmpty()) {
            sameAsRecorded++;
            return;
        }
        if (left.age() == RecordedResult.Age.LATER && tested.command().isPresent()) {
            // Somebody may have written it since: where the program is there, it says what comes of these inputs.
            RunReport program = run(program(tested, tested.command().get()));
            if (program.outcome() instanceof RunOutcome.Succeeded
                    && script.outcome() instanceof RunOutcome.Succeeded
                    && compare(tested.command().get(), script, program).isEmpty()) return;
        }
        add(tested, problems, script);
    }

    private static List<String> unlike(RecordedResult left, RunReport script) {
        if (!(script.outcome() instanceof RunOutcome.Succeeded))
            return List.of(left.output() + ": recorded is a result, but the script ended with "
                    + (script.outcome() instanceof RunOutcome.Failed(String error, String _, var _)
                            ? error
                            : script.outcome()));
        var problems = new ArrayList<String>();
        for (FileChange change : script.changes()) {
            if (change.path().equals(left.output())) unlike(left, change).ifPresent(problems::add);
            else if (!change.directory())
                problems.add(change.path() + ": the recorded task left it alone, the script does not");
        }
        return shortened(problems);
    }

    private static Optional<String> unlike(RecordedResult left, FileChange change) {
        Path output = left.output();
        if (!(change.after().orElse(null) instanceof After.File(byte[] bytes, int _, java.time.Instant _)))
            return Optional.of(output + ": recorded is a file, the script leaves another thing or too much to compare");
        return Contents.difference(output.toString(), left.bytes(), bytes)
                .map(where -> output + where.said("recorded is", "the script gives"));
    }
}
