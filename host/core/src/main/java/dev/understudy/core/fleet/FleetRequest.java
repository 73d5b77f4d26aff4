package dev.understudy.core.fleet;

import java.util.Map;
import java.util.TreeMap;

/**
 * A run that is asked for.
 *
 * @param protocol the version of what hosts tell each other
 * @param key whatever comes under the same one is the same run: 1 to 300 printable ASCII characters
 * @param automation its id
 * @param parameters as a person would type them
 * @param ifLost what becomes of it when its host is lost in mid-run
 * @param queue as {@link QueueName#text}
 * @param by who or what asks, for people
 */
public record FleetRequest(
        int protocol,
        String key,
        String automation,
        Map<String, String> parameters,
        IfLost ifLost,
        String queue,
        String by) {
    /** A host leaves what has a higher one to those that know it. */
    public static final int PROTOCOL = 1;

    /** What becomes of a run whose host was lost when its effect may have happened. */
    public enum IfLost {
        /** It is not repeated, and is said to be unsure. */
        TELL,
        /** It is repeated, and is said to have happened twice perhaps. */
        REPEAT
    }

    public FleetRequest {
        if (!key.matches("[ -~]{1,300}")) throw new IllegalArgumentException("key is '" + key + "'");
        if (!automation.matches("[a-z][a-z0-9-]{0,59}"))
            throw new IllegalArgumentException("automation is '" + automation + "'");
        parameters = Map.copyOf(parameters);
    }

    /** Under which the record of its run lies: a key may hold characters that a bucket's keys cannot. */
    public String recordKey() {
        return FleetJson.sha256(key);
    }

    /** Of what is asked; another one under the same key is a mistake. */
    String fingerprint() {
        return FleetJson.sha256(automation + "\n" + FleetJson.write(new TreeMap<>(parameters)) + "\n" + queue);
    }
}
