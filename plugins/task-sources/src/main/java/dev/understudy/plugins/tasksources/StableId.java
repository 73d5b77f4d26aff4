package dev.understudy.plugins.tasksources;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes ids from what identifies a task, so that importing it again gives the same id. Used by one thread at a time. */
final class StableId {

    /** 96 bits: among a thousand million tasks the chance that two share an id is below one in 10^10. */
    private static final int ID_BYTES = 12;

    private final MessageDigest digest;

    StableId() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Adds a part; its length counts too, so that "a", "bc" and "ab", "c" give different ids. */
    StableId add(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    StableId add(long number) {
        for (int shift = 56; shift >= 0; shift -= 8) digest.update((byte) (number >> shift));
        return this;
    }

    StableId add(byte[] bytes, int from, int to) {
        digest.update(bytes, from, to - from);
        return this;
    }

    /** Returns the id of the parts added since the last call. */
    String next(String prefix) {
        return prefix + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    }
}
