package dev.understudy.core.fleet;

import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.GrantTemplates;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunRequest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the person at one host approved for the fleet.
 *
 * @param id of the automation
 * @param version at the host that published it
 * @param sha256 of the script's bytes, by which they are found
 * @param language which a host must run: the script's, with {@code -native} where it needs the program of that name
 * @param isolation by its id
 * @param grants by kind, as the script's metadata has them
 * @param zone of cron triggers that name none
 * @param atMillis when it was published; a later one takes its place
 * @param by who approved it, for people
 */
public record Publication(
        int protocol,
        String id,
        int version,
        String sha256,
        String language,
        String isolation,
        Map<String, List<String>> grants,
        String zone,
        long atMillis,
        String by) {

    public Publication {
        if (!sha256.matches("[0-9a-f]{64}")) throw new IllegalArgumentException("sha256 is '" + sha256 + "'");
        grants = Map.copyOf(grants);
    }

    /** As it lies in the bucket: the very text that was signed. */
    private record Signed(String publication, String key, String signature) {}

    /** A publication, its script, and whose key says that it was approved. */
    public record Approved(Publication publication, AutomationFile file, String key) {
        public QueueName queue(QueueName.Place place) {
            return publication.queue(place);
        }
    }

    static Publication of(AutomationFile file, int version, ZoneId zone, long now, String by) {
        return new Publication(
                FleetRequest.PROTOCOL,
                file.id(),
                version,
                FleetJson.sha256(file.text()),
                language(file),
                file.isolation().id(),
                grants(file.grants()),
                zone.getId(),
                now,
                by);
    }

    private static String language(AutomationFile file) {
        return file.language().id() + (file.runtime() == RunRequest.ScriptRuntime.NATIVE ? "-native" : "");
    }

    private static Map<String, List<String>> grants(GrantTemplates grants) {
        return Map.of(
                "reads", grants.reads(),
                "writes", grants.writes(),
                "hosts", grants.hosts(),
                "programs", grants.programs(),
                "secrets", grants.secrets());
    }

    QueueName queue(QueueName.Place place) {
        return new QueueName(place, language, IsolationLevel.valueOf(isolation.toUpperCase(Locale.ROOT)));
    }

    ZoneId zoneId() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException _) {
            return java.time.ZoneOffset.UTC;
        }
    }

    String signedBy(FleetKey key) {
        String text = FleetJson.write(this);
        return FleetJson.write(new Signed(text, key.text(), key.sign(text)));
    }

    /** What a text from the bucket says, whoever wrote it: for lists, never for runs. */
    static Optional<Publication> unverified(String text) {
        return FleetJson.read(text, Signed.class)
                .flatMap(signed -> FleetJson.read(signed.publication(), Publication.class));
    }

    /**
     * Checks all that a host must know before it runs something: the key is one that it trusts, the signature is by it, the
     * script is the one that was signed, and says of itself what was signed.
     *
     * @param id under which it lies
     * @param settings read scripts with; limits and isolation where the script says nothing are this host's own
     * @throws Refusal if any of it does not hold
     */
    static Approved verify(Fleet fleet, String id, String text, Set<String> trusted, Config.Sandbox settings)
            throws Refusal {
        Signed signed = FleetJson.read(text, Signed.class)
                .orElseThrow(() -> new Refusal("what was published of " + id + " cannot be read"));
        if (!trusted.contains(signed.key()))
            throw new Refusal(id + " was approved by " + signed.key() + ", which this host does not trust");
        if (!FleetKey.verifies(signed.key(), signed.publication(), signed.signature()))
            throw new Refusal("the signature of " + id + " is not by " + signed.key());
        Publication published = FleetJson.read(signed.publication(), Publication.class)
                .orElseThrow(() -> new Refusal("what was published of " + id + " cannot be read"));
        if (!published.id().equals(id))
            throw new Refusal("what lies under " + id + " was published as " + published.id());
        byte[] bytes = fleet.object(published.sha256())
                .orElseThrow(() -> new Refusal("the script of " + id + " is not in the fleet's store"));
        if (!FleetJson.sha256(bytes).equals(published.sha256()))
            throw new Refusal("the script of " + id + " is not the one that was approved");
        return new Approved(
                published, read(published, new String(bytes, StandardCharsets.UTF_8), settings), signed.key());
    }

    private static AutomationFile read(Publication published, String script, Config.Sandbox settings) throws Refusal {
        AutomationFile file;
        try {
            file = AutomationFile.parse("fleet:" + published.id(), script, settings);
        } catch (UserException e) {
            throw new Refusal("the script of " + published.id() + " cannot be read here: " + e.getMessage());
        }
        // A host whose defaults are wider would otherwise run it at a level that nobody approved.
        boolean same = file.id().equals(published.id())
                && language(file).equals(published.language())
                && file.isolation().id().equals(published.isolation())
                && grants(file.grants()).equals(published.grants());
        if (!same)
            throw new Refusal("the script of " + published.id()
                    + " asks for something else here than what was approved (isolation "
                    + file.isolation().id() + ", approved "
                    + published.isolation() + ")");
        return file;
    }

    /** Why a host does not run something. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
