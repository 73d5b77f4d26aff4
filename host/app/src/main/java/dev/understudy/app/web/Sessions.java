package dev.understudy.app.web;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and checks what browsers show instead of the token: its end and a seal over it under the token (HMAC-SHA256), so that
 * nothing need be kept, sessions outlive a restart, and a new token ends them all. Safe for use by several threads.
 */
final class Sessions {
    static final Duration LIFETIME = Duration.ofDays(30);

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern SESSION = Pattern.compile("(\\d{1,12})\\.[0-9a-f]{64}");

    private final byte[] token;
    private final InstantSource clock;

    Sessions(String token, InstantSource clock) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** Whether this is the token; takes as long for a wrong one, wherever it differs. */
    boolean isToken(String given) {
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }

    /** A new session. */
    String begin() {
        return sealed(clock.instant().plus(LIFETIME).getEpochSecond());
    }

    private String sealed(long end) {
        return end + "." + seal("session " + end);
    }

    /** Whether this is a session that has not ended. */
    boolean isValid(String session) {
        Matcher matcher = SESSION.matcher(session);
        if (!matcher.matches()) return false;
        long end = Long.parseLong(matcher.group(1));
        return isEqual(sealed(end), session) && clock.instant().isBefore(Instant.ofEpochSecond(end));
    }

    /** What a page of this session must send with what it changes. */
    String csrfToken(String session) {
        return seal("csrf " + session);
    }

    boolean isCsrfToken(String session, String given) {
        return isEqual(csrfToken(session), given);
    }

    private static boolean isEqual(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private String seal(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
