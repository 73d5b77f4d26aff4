package dev.understudy.core.workflow;

import dev.understudy.sandbox.control.RunRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Tells whether a step is given what it was given before. */
final class Unchanging {
    private Unchanging() {}

    /** A digest of all that decides what a pure step gives: its script, its parameters with earlier results, and where it runs. */
    static String sha256(RunRequest step) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(
                    step.source(),
                    step.parametersJson(),
                    step.language().name(),
                    step.runtime().name(),
                    step.isolation().name(),
                    step.limits().toString(),
                    step.grants().toString())) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // With its length, so that two parts are not taken for two others with the same letters.
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
