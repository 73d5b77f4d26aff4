package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostGrantsTest {
    private static void check(String grant, String url, String address) throws NotAllowedException {
        var origin = Url.parse(url).origin();
        var grants = HostGrants.of(List.of(grant.split(" ")));
        grants.requireGranted(origin);
        grants.requireReachable(origin, List.of(InetAddress.ofLiteral(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, http://example.org/, 93.184.216.34",
        "EXAMPLE.org., https://example.org:8443/, 93.184.216.34",
        "example.org:443, https://example.org/, 93.184.216.34",
        "b\u00fccher.example, https://xn--bcher-kva.example/, 93.184.216.34",
        "intranet.example, https://intranet.example/, 10.0.0.5",
        "intranet.example, https://intranet.example/, fd00::5",
        "10.0.0.5, http://10.0.0.5:8080/, 10.0.0.5",
        "127.0.0.1:8080, http://127.0.0.1:8080/, 127.0.0.1",
        "::1, http://[::1]/, ::1",
        "[::1]:81, http://[0::1]:81/, ::1",
        "[::ffff:127.0.0.1], http://127.0.0.1/, 127.0.0.1",
        "localhost, http://localhost:8080/, 127.0.0.1",
        "localhost, http://localhost:8080/, ::1",
        "app.localhost, http://app.localhost:8080/, ::1",
        "printer.example 169.254.7.7, http://printer.example/, 169.254.7.7",
        "me.example 127.0.0.1, http://me.example/, 127.0.0.1",
        "*, https://example.org/, 93.184.216.34",
        "*:443, https://example.org/, 93.184.216.34",
        "* localhost, http://localhost/, 127.0.0.1",
    })
    void allow(String grant, String url, String address) {
        assertThatCode(() -> check(grant, url, address)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, http://example.org/, 93.184.216.34",
        "example.org, http://www.example.org/, 93.184.216.34",
        "example.org, http://example.org.evil.example/, 93.184.216.34",
        "example.org, http://notexample.org/, 93.184.216.34",
        "example.org:443, http://example.org/, 93.184.216.34",
        "example.org:443, https://example.org:8443/, 93.184.216.34",
        "*:443, http://example.org/, 93.184.216.34",
        "*, http://localhost/, 127.0.0.1",
        "*, http://127.0.0.1/, 127.0.0.1",
        "*, http://10.0.0.5/, 10.0.0.5",
        "*, http://[::1]/, ::1",
        "*, http://[fd00::1]/, fd00::1",
        "*, http://169.254.169.254/, 169.254.169.254",
        "*, http://metadata.example/, 169.254.169.254",
        "*, http://rebound.example/, 192.168.1.1",
        "*, http://rebound.example/, 64:ff9b::a00:1",
        "*, http://0.0.0.0/, 0.0.0.0",
        "* 10.0.0.5:80, http://10.0.0.5:81/, 10.0.0.5",
        "rebound.example, http://rebound.example/, 127.0.0.1",
        "rebound.example, http://rebound.example/, ::1",
        "rebound.example, http://rebound.example/, 169.254.169.254",
        "rebound.example, http://rebound.example/, 0.0.0.0",
        "rebound.example, http://rebound.example/, 64:ff9b::7f00:1",
        "rebound.example 127.0.0.1:81, http://rebound.example/, 127.0.0.1",
        "10.0.0.5, http://10.0.0.6/, 10.0.0.6",
    })
    void refuse(String grant, String url, String address) {
        assertThatExceptionOfType(NotAllowedException.class).isThrownBy(() -> check(grant, url, address));
    }

    @Test
    void refuseANameOfWhichOneAddressIsNotAllowed() throws Exception {
        var addresses = List.of(InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("127.0.0.1"));
        var origin = Url.parse("http://example.org").origin();
        assertThatExceptionOfType(NotAllowedException.class)
                .isThrownBy(() -> HostGrants.of(List.of("example.org")).requireReachable(origin, addresses));
    }

    @Nested
    class TheMessage {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "example.com | http://example.org/ | 1.1.1.1"
                            + "| not granted: host example.org (grant it with hosts = [\"example.org\"])",
                    "example.org:443 | https://example.org:8443/ | 1.1.1.1"
                            + "| not granted: host example.org:8443 (grant it with hosts = [\"example.org:8443\"])",
                    "* | http://nas.example/ | 192.168.1.5"
                            + "| not granted: host nas.example is at 192.168.1.5, a private address (grant it with hosts = [\"nas.example\"])",
                    "* | http://10.0.0.5:81/ | 10.0.0.5"
                            + "| not granted: host 10.0.0.5:81 is a private address (grant it with hosts = [\"10.0.0.5\"])",
                    "me.example | http://me.example/ | 127.0.0.1"
                            + "| not granted: host me.example is at 127.0.0.1, a loopback address (grant it with hosts = [\"127.0.0.1\"])",
                })
        void namesTheGrantThatWouldDo(String grant, String url, String address, String expected) {
            assertThatExceptionOfType(NotAllowedException.class)
                    .isThrownBy(() -> check(grant, url, address))
                    .withMessage(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "http://example.org", "example.org/path", "*.example.org", "ex*", "user@example.org",
                        "example.org:",
                "example.org:x", "example.org:0", "127.1", "0x7f.0.0.1", "fe80::1%eth0", "exa mple.org", "example.org\\"
            })
    void areNotMadeOfOtherThings(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostGrants.of(List.of(text)))
                .withMessageContaining("hosts has \"" + text + "\"")
                .withMessageEndingWith("Write it like example.org or example.org:8443.");
    }
}
