package dev.understudy.core.triggers;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/** Hears what triggers do. Called by several threads; must return soon. */
public interface TriggerListener extends Dispatcher.Listener {
    /** A firing is run again, since a crash has cut its run short, which had changed nothing. */
    void repeats(Firing firing, String runId);

    /** Times of a cron trigger were missed and are not made up for. */
    void missed(String automationId, String triggerKey);

    /** What a path trigger watches is not there, or cannot be read; it is watched again when it is back. */
    void folderGone(String automationId, Path path);

    void folderBack(String automationId, Path path);

    /** A file would have started an automation again that had a part in writing it. */
    void loopAvoided(String automationId, Path file, Set<String> chain);

    /** Webhooks answer from now on. */
    void webhooksAnswer(URI address, Path tokens);

    /** Something does not work and is tried again: one line for people. */
    void problem(String line);
}
