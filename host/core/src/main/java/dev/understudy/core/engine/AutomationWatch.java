package dev.understudy.core.engine;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.automation.GrantTemplates;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.Notification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the automations again and again, and tells what is different since: whoever changed it, here or in another
 * process. Not safe for use by several threads.
 */
final class AutomationWatch {
    private final AutomationService automations;
    private final Consumer<String> problems;
    private Map<String, Automation> before = new LinkedHashMap<>();
    private Map<String, DeployedAutomation> deployed = new LinkedHashMap<>();
    private boolean looked;
    /** Why something happened to an automation in this process, until that is told. */
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    AutomationWatch(AutomationService automations, Consumer<String> problems) {
        this.automations = automations;
        this.problems = problems;
    }

    /**
     * What a look found.
     *
     * @param deployed the automations that may run, by id
     * @param news what a person should hear of; nothing at the first look
     */
    record Look(Map<String, DeployedAutomation> deployed, List<News> news) {}

    /** A change of one automation. */
    record News(Notification.Kind kind, String automationId, String title, String text) {}

    /** Hears why something happened here; that it happened shows at the next look. Called by any thread. */
    void heard(LifeEvent event) {
        switch (event.kind()) {
            case ROLLED_BACK, SUSPENDED -> reasons.put(event.automationId(), event.message());
            case FAILED, EXPERIMENT_ENDED, EDITED, DEPLOYED -> {}
        }
    }

    Look look() {
        var now = new LinkedHashMap<String, Automation>();
        for (Automation automation : automations.list()) now.put(automation.id(), automation);
        var next = new LinkedHashMap<String, DeployedAutomation>();
        var news = new ArrayList<News>();
        Set<String> paused = automations.life().pausedTriggers().keySet();
        now.forEach((id, automation) -> {
            Automation earlier = before.get(id);
            if (automation.state().runs() && !paused.contains(id))
                read(automation, earlier).ifPresent(file -> next.put(id, file));
            if (looked) news.addAll(newsOf(earlier, automation, Optional.ofNullable(next.get(id))));
        });
        before = now;
        deployed = next;
        looked = true;
        return new Look(next, news);
    }

    private Optional<DeployedAutomation> read(Automation automation, @Nullable Automation earlier) {
        int version = automation.deployedVersion().orElse(0);
        DeployedAutomation known = deployed.get(automation.id());
        if (known != null && known.version() == version) return Optional.of(known);
        try {
            return automations.deployed(automation).map(file -> new DeployedAutomation(version, file));
        } catch (UserException e) {
            boolean said = earlier != null
                    && earlier.state().runs()
                    && earlier.deployedVersion().equals(automation.deployedVersion());
            if (!said) problems.accept("the triggers of " + automation.id() + " do not fire: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<News> newsOf(@Nullable Automation earlier, Automation now, Optional<DeployedAutomation> running) {
        var news = new ArrayList<News>();
        String id = now.id();
        boolean otherVersion = earlier == null || earlier.version() != now.version();
        boolean otherState = earlier == null || earlier.state() != now.state();
        if (now.state() == AutomationState.REHEARSED && (otherState || otherVersion))
            news.add(new News(
                    Notification.Kind.PROPOSAL_READY,
                    id,
                    "Ready to approve: " + id,
                    "It has passed its rehearsal. 'automations show " + id
                            + "' shows what it does, 'automations approve " + id + "' lets it run."));
        String reason = otherState ? reasons.remove(id) : null;
        if (now.state() == AutomationState.ROLLED_BACK && otherState)
            news.add(new News(
                    Notification.Kind.ROLLED_BACK,
                    id,
                    "Rolled back: " + id,
                    reason != null
                            ? reason
                            : "It runs at version " + now.deployedVersion().orElse(0) + " again."));
        if (now.state() == AutomationState.SUSPENDED && reason != null)
            news.add(new News(Notification.Kind.AUTOMATION_FAILING, id, "Stopped: " + id, reason));
        boolean waits =
                now.deployedVersion().map(version -> now.version() > version).orElse(false);
        if (otherVersion && waits && running.isPresent())
            wider(now, running.get()).ifPresent(news::add);
        return news;
    }

    private Optional<News> wider(Automation automation, DeployedAutomation running) {
        GrantTemplates allowed = running.file().grants();
        GrantTemplates asked;
        try {
            AutomationFile newest = automations.read(automation);
            asked = newest.grants();
        } catch (UserException _) {
            // A version with mistakes asks for nothing: it cannot be approved.
            return Optional.empty();
        }
        var more = new ArrayList<String>();
        add(more, "read", allowed.reads(), asked.reads());
        add(more, "write", allowed.writes(), asked.writes());
        add(more, "reach", allowed.hosts(), asked.hosts());
        add(more, "start", allowed.programs(), asked.programs());
        add(more, "know the secret", allowed.secrets(), asked.secrets());
        if (more.isEmpty()) return Optional.empty();
        return Optional.of(new News(
                Notification.Kind.GRANT_ASKED,
                automation.id(),
                "Asks for more: " + automation.id(),
                "Its version " + automation.version() + " wants to " + String.join(", ", more)
                        + ". It does not until you approve it."));
    }

    private static void add(List<String> more, String verb, List<String> allowed, List<String> asked) {
        for (String grant : asked) if (!allowed.contains(grant)) more.add(verb + " " + grant);
    }
}
