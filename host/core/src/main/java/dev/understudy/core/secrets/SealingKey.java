package dev.understudy.core.secrets;

import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key in a file that only its owner reads, and what it seals with AES-256 in Galois/Counter Mode (NIST SP 800-38D). It
 * keeps values out of what copies or searches the file beside it; it keeps nothing from whoever reads both.
 */
final class SealingKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKeySpec key;

    private SealingKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Reads the key; makes one where there is none. */
    static SealingKey in(Path file) throws IOException {
        if (Files.notExists(file)) {
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(next);
            DataHome.createPrivateFile(next);
            Files.write(next, fresh);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != KEY_BYTES) throw new IOException(file + " is not a key of " + KEY_BYTES + " bytes");
        return new SealingKey(key);
    }

    /** Seals a value for this name: under another it cannot be opened. */
    String seal(String name, String value) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(value.getBytes(StandardCharsets.UTF_8));
            byte[] all = new byte[NONCE_BYTES + sealed.length];
            System.arraycopy(nonce, 0, all, 0, NONCE_BYTES);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /**
     * Opens what was sealed.
     *
     * @throws IOException if it was changed, or sealed by another key or for another name
     */
    String open(String name, String sealed) throws IOException {
        try {
            byte[] all = Base64.getDecoder().decode(sealed);
            if (all.length < NONCE_BYTES) throw new IOException("what was sealed was cut off");
            byte[] nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
            byte[] value = cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return new String(value, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // Of what does not fit nothing is told, and the cause tells nothing more.
            throw new IOException("it does not fit the key beside it: one of the two was changed");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
