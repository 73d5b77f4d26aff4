package dev.understudy.sandbox.control.files;

import java.util.List;

/**
 * What was done about a commit that a crash had cut short.
 *
 * @param runId whose changes were rolled back
 * @param problems what could not be brought back, since something else is there now; its before-images are kept and it
 *     is tried again at the next start
 */
public record Recovery(String runId, List<String> problems) {
    public Recovery {
        problems = List.copyOf(problems);
    }
}
