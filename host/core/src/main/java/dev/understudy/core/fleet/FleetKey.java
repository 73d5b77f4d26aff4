package dev.understudy.core.fleet;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The key by which a host says that its person approved something: Ed25519 (RFC 8032), kept in the data home. */
public final class FleetKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String PREFIX = "ed25519:";
    /** What precedes the 32 bytes of the key itself (RFC 8410, section 4). */
    private static final byte[] HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PrivateKey secret;
    private final String text;

    private FleetKey(PrivateKey secret, String text) {
        this.secret = secret;
        this.text = text;
    }

    /**
     * The key of this data home, made if there is none.
     *
     * @throws UserException if its file cannot be read, or is damaged
     */
    public static FleetKey of(DataHome home) {
        Path file = home.folder("fleet").resolve("key");
        try {
            if (Files.notExists(file)) create(file);
            String[] lines = Files.readString(file).strip().split("\\R");
            if (lines.length != 2) throw new InvalidKeySpecException("it has " + lines.length + " lines");
            byte[] encoded = Base64.getDecoder().decode(lines[1]);
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            var key = new FleetKey(secret, lines[0]);
            if (!verifies(key.text(), key.text(), key.sign(key.text())))
                throw new InvalidKeySpecException("its two halves are of different keys");
            return key;
        } catch (IOException e) {
            throw UserException.failed(
                    "The fleet key " + file + " cannot be read",
                    String.valueOf(e),
                    "Make it readable for its owner",
                    e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw UserException.failed(
                    "The fleet key " + file + " is damaged",
                    String.valueOf(e.getMessage()),
                    "Put it back from a backup, or remove it and have the new one trusted by the other hosts",
                    e);
        }
    }

    private static void create(Path file) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Path next = file.resolveSibling("key-" + ProcessHandle.current().pid() + ".new");
        Files.deleteIfExists(next);
        DataHome.createPrivateFile(next);
        Files.writeString(
                next,
                text(pair.getPublic()) + "\n"
                        + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n");
        try {
            // A second process that makes one at the same time loses, and reads the first's.
            Files.createLink(file, next);
        } catch (java.nio.file.FileAlreadyExistsException _) {
            // The other was quicker.
        } finally {
            try {
                Files.delete(next);
            } catch (NoSuchFileException _) {
                // Gone already.
            }
        }
    }

    private static String text(PublicKey key) {
        byte[] encoded = key.getEncoded();
        byte[] bare = java.util.Arrays.copyOfRange(encoded, HEADER.length, encoded.length);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bare);
    }

    /** The public half as people pass it on: {@code ed25519:} and 43 characters. */
    public String text() {
        return text;
    }

    /** A name for the host of this key. */
    public String nodeId() {
        return "n" + FleetJson.sha256(text).substring(0, 12);
    }

    /** Whether a text has the form of {@link #text}. */
    public static boolean isKey(String text) {
        return text.matches(PREFIX + "[A-Za-z0-9_-]{43}");
    }

    /** Signs a text; base64. */
    String sign(String message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(message.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 signs by Ed25519", e);
        }
    }

    /** Whether a signature of a text is by the key of this public half; false for whatever is none. */
    static boolean verifies(String key, String message, String signature) {
        if (!isKey(key)) return false;
        try {
            byte[] bare = Base64.getUrlDecoder().decode(key.substring(PREFIX.length()));
            byte[] encoded = java.util.Arrays.copyOf(HEADER, HEADER.length + bare.length);
            System.arraycopy(bare, 0, encoded, HEADER.length, bare.length);
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
            check.update(message.getBytes(StandardCharsets.UTF_8));
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (SignatureException | InvalidKeyException | InvalidKeySpecException | IllegalArgumentException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 knows Ed25519", e);
        }
    }
}
