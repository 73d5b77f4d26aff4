package dev.understudy.fleet;

import dev.understudy.core.problem.UserException;
import io.nats.client.AuthHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server asks of who connects: a seed (an NKey), with or without a JWT that the server's operator has signed. The
 * client's own way needs a library of eight megabytes for what the JDK can do.
 */
final class NatsCredentials implements AuthHandler {
    private static final Pattern JWT =
            Pattern.compile("-+BEGIN NATS USER JWT-+\\s*([A-Za-z0-9_.\\-]+)\\s*-+END NATS USER JWT-+");
    private static final Pattern SEED = Pattern.compile("(?m)^\\s*(S[A-Z2-7]{57})\\s*$");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SEED_BYTES = 32;
    private static final int USER = 20 << 3;
    private static final int SEED_PREFIX = 18 << 3;

    private final PrivateKey key;
    private final String id;
    private final String jwt;

    private NatsCredentials(PrivateKey key, String id, String jwt) {
        this.key = key;
        this.id = id;
        this.jwt = jwt;
    }

    /** @throws UserException if the file cannot be read, or holds no seed of a user */
    static NatsCredentials read(Path file) {
        try {
            String text = Files.readString(file);
            Matcher seed = SEED.matcher(text);
            if (!seed.find()) throw bad(file, "it holds no seed (a line of 58 characters that begins with SU)");
            Matcher jwt = JWT.matcher(text);
            byte[] decoded = decode(seed.group(1));
            if (!isUserSeed(decoded)) throw bad(file, "its seed is damaged, or is not a user's");
            byte[] bare = Arrays.copyOfRange(decoded, 2, 2 + SEED_BYTES);
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bare));
            return new NatsCredentials(key, publicKey(bare), jwt.find() ? jwt.group(1) : "");
        } catch (IOException e) {
            throw bad(file, e.getClass().getSimpleName() + " " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 knows Ed25519", e);
        }
    }

    private static UserException bad(Path file, String why) {
        return UserException.badInput(
                "The credentials " + file + " cannot be used",
                why,
                "Name the file that the server's operator gave you in fleet.credentials");
    }

    private static boolean isUserSeed(byte[] decoded) {
        if (decoded.length != 2 + SEED_BYTES + 2) return false;
        int kind = (decoded[0] & 7) << 5 | (decoded[1] & 0xf8) >> 3;
        int crc = crc(decoded, 2 + SEED_BYTES);
        return (decoded[0] & 0xf8) == SEED_PREFIX
                && kind == USER
                && (decoded[decoded.length - 2] & 0xff) == (crc & 0xff)
                && (decoded[decoded.length - 1] & 0xff) == crc >> 8;
    }

    /** The public half as the server writes it. */
    private static String publicKey(byte[] seed) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
        byte[] encoded = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getEncoded();
        byte[] full = new byte[1 + SEED_BYTES + 2];
        full[0] = (byte) USER;
        System.arraycopy(encoded, encoded.length - SEED_BYTES, full, 1, SEED_BYTES);
        int crc = crc(full, 1 + SEED_BYTES);
        full[full.length - 2] = (byte) crc;
        full[full.length - 1] = (byte) (crc >> 8);
        return encode(full);
    }

    /** The JDK makes a public key only together with its private one, of the random bytes that it is given. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, into.length);
        }
    }

    /** CRC-16 as XMODEM has it. */
    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            crc &= 0xffff;
        }
        return crc;
    }

    private static byte[] decode(String base32) {
        byte[] bytes = new byte[base32.length() * 5 / 8];
        int at = 0;
        int bits = 0;
        int held = 0;
        for (int i = 0; i < base32.length(); i++) {
            held = held << 5 | ALPHABET.indexOf(base32.charAt(i));
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[at++] = (byte) (held >> bits);
            held &= (1 << bits) - 1;
        }
        return bytes;
    }

    private static String encode(byte[] bytes) {
        var text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte each : bytes) {
            held = held << 8 | (each & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) text.append(ALPHABET.charAt(held << (5 - bits) & 31));
        return text.toString();
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 signs by Ed25519", e);
        }
    }

    @Override
    public char[] getID() {
        return id.toCharArray();
    }

    @Override
    public char[] getJWT() {
        return jwt.toCharArray();
    }

    @Override
    public String toString() {
        return new String(id.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }
}
