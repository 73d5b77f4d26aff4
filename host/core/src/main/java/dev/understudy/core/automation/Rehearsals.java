package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.testing.StoredTests;
import dev.understudy.sandbox.control.tester.SuiteResult;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rehearsals and tests of automations and scripts: nothing that they do takes effect. Safe for use by several threads and
 * processes.
 */
public final class Rehearsals {
    private final Config config;
    private final AutomationStore store;
    private final Runners runners;
    private final CaseRunner caseRunner;
    private final ScriptPackages packages;
    private final StoredTests tests;
    private final Drafter drafter;
    private final Lifecycle life;
    private final Path userHome;

    Rehearsals(
            Config config,
            AutomationStore store,
            Runners runners,
            StoredTests tests,
            Drafter drafter,
            Lifecycle life,
            ScriptPackages packages,
            Path userHome) {
        this.packages = packages;
        this.config = config;
        this.store = store;
        this.runners = runners;
        this.caseRunner = new CaseRunner(runners, tests, packages);
        this.tests = tests;
        this.drafter = drafter;
        this.life = life;
        this.userHome = userHome;
    }

    /**
     * Runs every case of the newest version on a copy of the files; nothing is changed. An automation without cases has
     * one: that it succeeds with its defaults. Where automatic deployment is on, one that reaches its threshold, and that
     * was compared with more than its template's own idea of the command, is deployed; never one that a program proposed.
     *
     * @throws UserException if there is no such automation, or the sandbox is switched off
     */
    public RehearsalResult rehearse(String id) throws InterruptedException {
        config.sandbox().requireEnabled();
        Automation automation = store.adoptEdit(id);
        String script = store.script(id, automation.version());
        AutomationFile file = AutomationFile.parse(automation.file().toString(), script, config.sandbox());
        Deployments.requireSameId(automation, file);
        var surroundings = new Surroundings(userHome, userHome);
        RehearsalResult result = Rehearser.rehearse(
                caseRunner, runners, file, automation, rehearsing(automation), casesOf(file, Map.of()), surroundings);
        store.recordRehearsal(result, RehearsalEvidence.json(result));
        life.rehearsed(automation, file, result);
        return result;
    }

    /**
     * Checks a file without running it: metadata, grants and syntax.
     *
     * @param name of the file, for messages: as the person typed it
     * @throws UserException if the file cannot be read
     */
    public CheckResult check(Path path, String name) throws InterruptedException {
        return check(name, AutomationFile.text(path));
    }

    /** Checks the text of a file; its name is for messages. */
    CheckResult check(String name, String text) throws InterruptedException {
        return new AutomationCheck(config.sandbox(), runners).check(name, text);
    }

    /** How the cases of a text go that is not kept. */
    SuiteResult tryOut(String text) throws InterruptedException {
        config.sandbox().requireEnabled();
        AutomationFile file = AutomationFile.parse("automation", text, config.sandbox());
        var surroundings = new Surroundings(userHome, userHome);
        return caseRunner.run(
                file,
                expected(casesOf(file, Map.of())),
                CaseRunner.Place.alone(file.trustDomain()),
                surroundings,
                1,
                TestListener.SILENT);
    }

    private CaseRunner.Place rehearsing(Automation automation) {
        return store.authorOf(automation.id(), automation.version()) == AutomationVersion.Author.TEMPLATE
                ? CaseRunner.Place.ofTemplate(automation.template())
                : CaseRunner.Place.alone(automation.id());
    }

    /** Cases that say themselves what must come out. */
    private static List<RehearsalCase> expected(List<RehearsalCase> cases) {
        return cases.stream().filter(RehearsalCase::expected).toList();
    }

    private static List<RehearsalCase> casesOf(AutomationFile file, Map<String, Object> values) {
        if (!file.cases().isEmpty()) return CaseRunner.with(values, file.cases());
        boolean complete = file.parameters().values().stream()
                .allMatch(parameter -> parameter.fallback() != null || values.containsKey(parameter.name()));
        return complete ? List.of(RehearsalCase.success("defaults", values)) : List.of();
    }

    /**
     * Runs the tests of a kept automation's newest version, as it lies on the disk, several at once; nothing is changed,
     * its state neither. One that has no tests is tested with those that its template writes for its pattern.
     *
     * @param parameters values, as a person typed them, for what a case leaves out
     * @param pattern finds a pattern by its id; asked only where there are no tests
     * @throws UserException if there is no such automation, the parameters do not fit, or the sandbox is switched off
     */
    public TestRun test(
            String id,
            Map<String, String> parameters,
            Function<String, Optional<TaskPattern>> pattern,
            TestListener listener)
            throws InterruptedException {
        config.sandbox().requireEnabled();
        Automation automation = store.get(id);
        AutomationFile file = AutomationFile.load(automation.file(), config.sandbox());
        Deployments.requireSameId(automation, file);
        Map<String, Object> values = file.valuesOfSome(parameters);
        var surroundings = new Surroundings(userHome, userHome);
        if (file.cases().isEmpty()) {
            List<RehearsalCase> written = pattern.apply(automation.patternId())
                    .map(found -> drafter.casesFor(file, found, values))
                    .orElse(List.of());
            if (!written.isEmpty())
                return new TestRun(test(file, written, id, surroundings, listener), TestRun.Source.PATTERN);
        }
        return test(file, values, id, surroundings, listener);
    }

    /**
     * Runs the tests of a script that a person names, several at once; nothing is changed.
     *
     * @param parameters values, as a person typed them, for what a case leaves out
     * @param workingDirectory to which relative paths belong
     * @throws UserException if the file has mistakes, the parameters do not fit, or the sandbox is switched off
     */
    public TestRun testFile(Path path, Map<String, String> parameters, Path workingDirectory, TestListener listener)
            throws InterruptedException {
        config.sandbox().requireEnabled();
        AutomationFile file = packages.found(AutomationFile.load(path, config.sandbox()));
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        return test(file, file.valuesOfSome(parameters), file.trustDomain(), surroundings, listener);
    }

    /**
     * As {@link #testFile}, for a file that its person tests again and again while they write it: what runs it is kept from one
     * text to the next, as it trusts the person who writes there, and not only the bytes that it has seen.
     */
    public TestRun testBeingWritten(
            Path path, Map<String, String> parameters, Path workingDirectory, TestListener listener)
            throws InterruptedException {
        config.sandbox().requireEnabled();
        AutomationFile file = packages.found(AutomationFile.load(path, config.sandbox()));
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        String trustDomain = "being written:" + path.toAbsolutePath();
        return test(file, file.valuesOfSome(parameters), trustDomain, surroundings, listener);
    }

    private TestRun test(
            AutomationFile file,
            Map<String, Object> values,
            String trustDomain,
            Surroundings surroundings,
            TestListener listener)
            throws InterruptedException {
        List<RehearsalCase> cases = expected(casesOf(file, values));
        return new TestRun(test(file, cases, trustDomain, surroundings, listener), TestRun.Source.of(file, cases));
    }

    private SuiteResult test(
            AutomationFile file,
            List<RehearsalCase> cases,
            String trustDomain,
            Surroundings surroundings,
            TestListener listener)
            throws InterruptedException {
        return caseRunner.run(
                file,
                cases,
                CaseRunner.Place.alone(trustDomain),
                surroundings,
                config.sandbox().maxConcurrentTests(),
                listener);
    }

    /** The latest test results. */
    public StoredTests tests() {
        return tests;
    }
}
