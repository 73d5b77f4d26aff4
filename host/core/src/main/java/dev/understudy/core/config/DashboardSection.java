package dev.understudy.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where {@code up} shows its pages and answers programs.
 *
 * @param enabled whether it does at all
 * @param port 0 for any that is free
 * @param address on which it listens: an IP address or {@code localhost}
 * @param hosts names beside those of this machine's loopback under which browsers may ask for it
 * @param tls the certificate; there whenever {@code address} can be reached from elsewhere
 */
public record DashboardSection(boolean enabled, int port, String address, List<String> hosts, Optional<Tls> tls) {
    private static final int DEFAULT_PORT = 47_600;
    private static final String LOOPBACK = "127.0.0.1";

    public DashboardSection {
        hosts = List.copyOf(hosts);
    }

    /**
     * A certificate with its key.
     *
     * @param keystore a PKCS #12 file
     * @param passwordFile holds its password, and nothing else
     */
    public record Tls(Path keystore, Path passwordFile) {}

    static DashboardSection read(SectionReader section) {
        boolean enabled = section.flag("enabled", true);
        int port = section.integer("port", DEFAULT_PORT, 0, 65_535);
        String address = section.text("address", LOOPBACK, "an IP address or 'localhost'", DashboardSection::isAddress);
        List<String> hosts =
                section.texts("hosts", "a host name without its port", name -> name.matches("[A-Za-z0-9.\\-]{1,253}"));
        Optional<Tls> tls = readTls(section);
        if (tls.isEmpty() && !isLoopback(address))
            section.mistake(
                    "address",
                    "is '" + address + "', which other machines can reach",
                    "but without dashboard.tls must be 127.0.0.1, ::1 or localhost: the token would cross the network"
                            + " readable by all");
        section.finish();
        return new DashboardSection(enabled, port, address, hosts, tls);
    }

    private static Optional<Tls> readTls(SectionReader parent) {
        if (!parent.has("tls")) return Optional.empty();
        SectionReader section = parent.section("tls");
        String keystore = section.requiredText("keystore", "the path of a PKCS #12 file", text -> !text.isBlank());
        String password = section.requiredText(
                "password_file", "the path of a file that holds the keystore's password", text -> !text.isBlank());
        section.finish();
        return Optional.of(new Tls(Path.of(keystore), Path.of(password)));
    }

    /** Names are not looked up: what they stand for may change after it was judged. */
    private static boolean isAddress(String text) {
        return text.equals("localhost")
                || text.matches("\\d{1,3}(\\.\\d{1,3}){3}")
                || text.matches("[0-9a-fA-F]*:[0-9a-fA-F:]*(\\d{1,3}(\\.\\d{1,3}){3})?");
    }

    private static boolean isLoopback(String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        return lower.equals("localhost") || lower.startsWith("127.") || lower.equals("::1");
    }
}
