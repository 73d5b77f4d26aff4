package dev.understudy.core.automation;

import dev.understudy.core.UserException;
import dev.understudy.core.automation.RehearsalCase.StagedFile;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.tester.AutomationTester;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.SuiteResult;
import dev.understudy.sandbox.control.tester.TestCase;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestSuite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Hands an automation's cases to the tester. Safe for use by several threads. */
final class CaseRunner {
    private final Runners runners;
    private final TestHistory history;

    CaseRunner(Runners runners, TestHistory history) {
        this.runners = runners;
        this.history = history;
    }

    /**
     * Runs cases of a file.
     *
     * @param trustDomain of the runs
     * @param maxConcurrent how many at once
     * @return results in the order of the cases
     */
    SuiteResult run(
            AutomationFile file,
            List<RehearsalCase> cases,
            String trustDomain,
            Surroundings surroundings,
            int maxConcurrent,
            TestListener listener)
            throws InterruptedException {
        var runnable = new ArrayList<TestCase>();
        var impossible = new LinkedHashMap<String, CaseResult>();
        for (RehearsalCase each : cases) {
            try {
                runnable.add(new TestCase(
                        each.name(), request(file, each, trustDomain, surroundings), each.expectation(surroundings)));
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

    private static RunRequest request(
            AutomationFile file, RehearsalCase each, String trustDomain, Surroundings surroundings) {
        return file.request(
                file.valuesOfJson(each.parameters()),
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                trustDomain,
                surroundings,
                staged(each, surroundings));
    }

    private static AutomationFile.Staged staged(RehearsalCase each, Surroundings surroundings) {
        var files = new LinkedHashMap<Path, byte[]>();
        var folders = new LinkedHashSet<Path>();
        for (StagedFile file : each.files()) {
            Path path = surroundings.resolve(file.path());
            if (file.directory()) folders.add(path);
            else files.put(path, file.text().getBytes(StandardCharsets.UTF_8));
        }
        return new AutomationFile.Staged(files, folders, each.responses());
    }

    private CaseResult impossible(AutomationFile file, RehearsalCase each, String why) {
        var refused = new RunOutcome.Refused(why, "Mend the test case");
        var result = new CaseResult(
                file.id(), each.name(), List.of("it was refused: " + why), runners.refused(file.isolation(), refused));
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
