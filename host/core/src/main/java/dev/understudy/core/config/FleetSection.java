package dev.understudy.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fleet that this host belongs to.
 *
 * @param url of its NATS server; empty for none
 * @param credentials a file of a JWT and a seed, or of a seed alone; empty where the server asks for none
 * @param tls empty for what Java trusts
 * @param labels by which runs may ask for this host
 * @param trustedKeys whose approvals count here, beside this host's own
 * @param slots how many runs of the fleet at once; 0 for as many as {@code sandbox.max_concurrent_tests}
 */
public record FleetSection(
        Optional<String> url,
        Optional<Path> credentials,
        Optional<Tls> tls,
        List<String> labels,
        List<String> trustedKeys,
        int slots) {
    private static final Pattern URL =
            Pattern.compile("(nats|tls)://[A-Za-z0-9.\\-]+(:\\d{1,5})?|(nats|tls)://\\[[0-9a-fA-F:.]+\\](:\\d{1,5})?");
    private static final String URL_FORM = "a URL like 'nats://host:4222' or, encrypted, 'tls://host:4222'";

    public FleetSection {
        labels = List.copyOf(labels);
        trustedKeys = List.copyOf(trustedKeys);
    }

    /**
     * Certificates.
     *
     * @param truststore a PKCS #12 file of those that the server's is checked by
     * @param keystore a PKCS #12 file of this host's own, where the server asks for one
     * @param passwordFile holds the password of both, and nothing else
     */
    public record Tls(Path truststore, Optional<Path> keystore, Path passwordFile) {}

    /** Whether a text names a server. */
    public static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }

    /** The same with another server. */
    public FleetSection at(String other) {
        return new FleetSection(Optional.of(other), credentials, tls, labels, trustedKeys, slots);
    }

    static FleetSection read(SectionReader section) {
        String url = section.text("url", "", URL_FORM, FleetSection::isUrl);
        String credentials = section.text("credentials", "", "the path of a file", text -> !text.isBlank());
        Optional<Tls> tls = readTls(section);
        List<String> labels = section.texts(
                "labels",
                "a list of labels of lower-case letters, digits and '-', at most 40",
                label -> label.matches("[a-z0-9][a-z0-9-]{0,39}"));
        List<String> keys = section.texts(
                "trusted_keys",
                "a list of keys as 'fleet key' shows them, like 'ed25519:' and 43 characters",
                key -> key.matches("ed25519:[A-Za-z0-9_-]{43}"));
        int slots = section.integer("slots", 0, 0, 1000);
        if (tls.isPresent() && url.startsWith("nats:"))
            section.mistake(
                    "url", "is '" + url + "', which is not encrypted", "but with fleet.tls must begin with tls://");
        section.finish();
        return new FleetSection(
                Optional.of(url).filter(text -> !text.isEmpty()),
                Optional.of(credentials).filter(text -> !text.isEmpty()).map(Path::of),
                tls,
                labels,
                keys,
                slots);
    }

    private static Optional<Tls> readTls(SectionReader parent) {
        if (!parent.has("tls")) return Optional.empty();
        SectionReader section = parent.section("tls");
        String truststore = section.requiredText("truststore", "the path of a PKCS #12 file", text -> !text.isBlank());
        String keystore = section.text("keystore", "", "the path of a PKCS #12 file", text -> !text.isBlank());
        String password = section.requiredText(
                "password_file", "the path of a file that holds the stores' password", text -> !text.isBlank());
        section.finish();
        return Optional.of(new Tls(
                Path.of(truststore),
                Optional.of(keystore).filter(text -> !text.isEmpty()).map(Path::of),
                Path.of(password)));
    }
}
