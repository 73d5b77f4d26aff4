package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Mode;

/**
 * One run and what it is expected to do.
 *
 * @param name unique in its suite; any text
 * @param request always a rehearsal, whatever mode it came with; in a fresh context, if it asks for one
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
                request.reuse(),
                request.stagedFiles(),
                request.workingDirectory(),
                request.stagedFolders(),
                request.responses(),
                null);
    }
}
