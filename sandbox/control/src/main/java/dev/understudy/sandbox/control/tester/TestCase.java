package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.RunRequest.Reuse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One run and what it is expected to do.
 *
 * @param name unique in its suite; any text
 * @param request always a rehearsal in a fresh context, whatever mode it came with
 * @param expectation of the run's end, result and changes
 */
public record TestCase(String name, RunRequest request, Expectation expectation) {

    public TestCase {
        request = new RunRequest(
                request.name(),
                request.trustDomain(),
                request.language(),
                request.source(),
                request.parametersJson(),
                request.runtime(),
                request.isolation(),
                request.limits(),
                request.grants(),
                Mode.REHEARSE,
                Reuse.FRESH,
                request.stagedFiles(),
                request.workingDirectory());
    }

    /**
     * One case for each set of parameters that was seen in real use: the script must succeed with it. Sets that were
     * seen more than once make one case.
     *
     * @param parameterSets JSON objects, in the order of the cases
     * @param requestWith makes the run for one of them
     */
    public static List<TestCase> defaults(List<String> parameterSets, Function<String, RunRequest> requestWith) {
        var cases = new ArrayList<TestCase>();
        for (String parameters : parameterSets.stream().distinct().toList())
            cases.add(
                    new TestCase("observed " + (cases.size() + 1), requestWith.apply(parameters), Expectation.SUCCESS));
        return List.copyOf(cases);
    }
}
