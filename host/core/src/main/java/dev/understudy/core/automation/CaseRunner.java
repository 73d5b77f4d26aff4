package dev.understudy.core.automation;

import dev.understudy.core.automation.RehearsalCase.StagedFile;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.sandbox.control.tester.AutomationTester;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.SuiteResult;
import dev.understudy.sandbox.control.tester.TestCase;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestSuite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hands an automation's cases to the tester. Safe for use by several threads. */
final class CaseRunner {
    /**
     * When the files of a case that is run beside a program were changed: long ago and the same in both runs, so that what
     * keeps the time of a file is told from what does not.
     */
    private static final Instant STAGED_TIME = Instant.parse("2024-02-29T12:34:56Z");

    /**
     * Where cases run.
     *
     * @param trustDomain whose cells they share
     * @param reuse whether cases of one script share a context
     */
    record Place(String trustDomain, RunRequest.Reuse reuse) {
        /** Each case in a context of its own, in cells that nothing else shares. */
        static Place alone(String trustDomain) {
            return new Place(trustDomain, RunRequest.Reuse.FRESH);
        }

        /**
         * Of what a template wrote. All that comes from one template is of one origin, so it shares cells, each of which is
         * slow until it has run for some seconds; and contexts, as the approved script's runs will.
         */
        static Place ofTemplate(String name) {
            return new Place("drafts of " + name, RunRequest.Reuse.SHARED);
        }
    }

    private final Runners runners;
    private final TestHistory history;
    private final ScriptPackages packages;

    CaseRunner(Runners runners, TestHistory history, ScriptPackages packages) {
        this.packages = packages;
        this.runners = runners;
        this.history = history;
    }

    /**
     * Runs cases of a file.
     *
     * @param maxConcurrent how many at once
     * @return results in the order of the cases
     */
    SuiteResult run(
            AutomationFile file,
            List<RehearsalCase> cases,
            Place place,
            Surroundings surroundings,
            int maxConcurrent,
            TestListener listener)
            throws InterruptedException {
        var runnable = new ArrayList<TestCase>();
        var impossible = new LinkedHashMap<String, CaseResult>();
        for (RehearsalCase each : cases) {
            if (!each.expected()) throw new IllegalArgumentException("nothing is expected of the case " + each.name());
            try {
                runnable.add(new TestCase(
                        each.name(), request(file, each, place, surroundings), each.expectation(surroundings)));
            } catch (UserException e) {
                impossible.put(each.name(), impossible(file, each, String.valueOf(e.getMessage())));
            }
        }
        var tester = new AutomationTester(runners, history, maxConcurrent);
        SuiteResult ran = tester.run(new TestSuite(file.id(), runnable), listener);
        var results = new ArrayList<>(ran.cases());
        for (int i = 0; i < cases.size(); i++) {
            CaseResult result = impossible.get(cases.get(i).name());
            if (result != null) results.add(i, result);
        }
        return new SuiteResult(file.id(), results);
    }

    /**
     * The run of a case.
     *
     * @throws UserException if a value of its is not allowed
     */
    RunRequest request(AutomationFile file, RehearsalCase each, Place place, Surroundings surroundings) {
        return packages.found(file)
                .request(
                        file.valuesOfJson(each.parameters(), runners.today()),
                        RunRequest.Mode.REHEARSE,
                        place.reuse(),
                        place.trustDomain(),
                        surroundings,
                        staged(each, surroundings));
    }

    private static AutomationFile.Staged staged(RehearsalCase each, Surroundings surroundings) {
        var files = new LinkedHashMap<Path, StagedEntry>();
        var folders = new LinkedHashSet<Path>();
        // A test of one's own has made its files just now, as it would with any other tool.
        Instant modified = each.command().isPresent() ? STAGED_TIME : Instant.now();
        for (StagedFile file : each.files()) {
            Path path = surroundings.resolve(file.path());
            if (file.directory()) folders.add(path);
            else files.put(path, entry(file, modified));
        }
        return new AutomationFile.Staged(files, folders, each.responses());
    }

    private static StagedEntry entry(StagedFile file, Instant modified) {
        if (file.target().isPresent())
            return new StagedEntry.Link(Path.of(file.target().get()));
        return new StagedEntry.File(
                file.content(), file.mode(), Optional.of(file.modified().orElse(modified)));
    }

    private CaseResult impossible(AutomationFile file, RehearsalCase each, String why) {
        var refused = new RunOutcome.Refused(why, "Mend the test case");
        var result = new CaseResult(
                file.id(),
                each.name(),
                List.of("it was refused: " + why),
                runners.notStarted(file.isolation(), refused));
        history.add(result.toRecord());
        return result;
    }

    /** The cases with values for parameters that they leave out. */
    static List<RehearsalCase> with(Map<String, Object> values, List<RehearsalCase> cases) {
        return cases.stream()
                .map(each -> {
                    var parameters = new LinkedHashMap<>(values);
                    parameters.putAll(each.parameters());
                    return each.withParameters(parameters);
                })
                .toList();
    }
}
