package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;

/**
 * What {@code dev} tells of each save for a program, such as an editor: one line of JSON with {@code ok}, the mistakes, and each
 * case with its problems and with its run as {@code run --json} has it.
 */
final class DevJson implements DevReport {
    private final Console console;
    private final String name;
    private ObjectNode round = JsonNodeFactory.instance.objectNode();

    /** @param name by which the person knows the script */
    DevJson(Console console, String name) {
        this.console = console;
        this.name = name;
    }

    @Override
    public void saved() {
        round = JsonNodeFactory.instance.objectNode().put("file", name).put("ok", false);
        round.putArray("mistakes");
    }

    @Override
    public void checked(CheckResult result) {
        CheckCommand.mistakes(round.putArray("mistakes"), result.mistakes());
        round.put("unchecked", result.unchecked().orElse(null));
        if (!result.mistakes().isEmpty()) print();
    }

    @Override
    public void failed(UserException e) {
        round.put("problem", String.valueOf(e.getMessage()));
        print();
    }

    @Override
    public void tested(TestRun run) {
        round.put("source", run.source().id());
        round.put("ok", run.result().failed() == 0);
        round.put("passed", run.result().passed());
        round.put("total", run.result().cases().size());
        var cases = round.putArray("cases");
        for (CaseResult each : run.result().cases()) {
            ObjectNode entry =
                    cases.addObject().put("name", each.name()).put("passed", each.verdict() == Verdict.PASSED);
            each.problems().forEach(entry.putArray("problems")::add);
            entry.set("run", RunView.json(each.report()));
        }
        print();
    }

    private void print() {
        console.out().println(round);
    }
}
