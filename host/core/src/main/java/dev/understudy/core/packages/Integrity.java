package dev.understudy.core.packages;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Hashes of what was downloaded, written as in Subresource Integrity: {@code sha512-} and Base64. */
final class Integrity {
    private Integrity() {}

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256", bytes));
    }

    static String ofHex(String sha256) {
        return "sha256-" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
    }

    /** Whether it is one that is trusted: SHA-1 is not. */
    static boolean isKnown(String integrity) {
        return integrity.matches("sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}");
    }

    static boolean holds(String integrity, byte[] bytes) {
        String algorithm = "SHA-" + integrity.substring(3, integrity.indexOf('-'));
        return MessageDigest.isEqual(
                Base64.getDecoder().decode(integrity.substring(integrity.indexOf('-') + 1)), digest(algorithm, bytes));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
