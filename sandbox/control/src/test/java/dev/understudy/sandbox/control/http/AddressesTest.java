package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.http.Addresses.Kind;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected kinds are those of the IANA IPv4 and IPv6 special-purpose address registries. */
class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, PUBLIC",
        "9.255.255.255, PUBLIC",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "11.0.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.64.0.0, PRIVATE",
        "100.100.100.200, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.128.0.0, PUBLIC",
        "126.255.255.255, PUBLIC",
        "127.0.0.1, LOOPBACK",
        "127.255.255.255, LOOPBACK",
        "128.0.0.0, PUBLIC",
        "168.63.129.15, PUBLIC",
        "168.63.129.16, LINK_LOCAL",
        "169.253.255.255, PUBLIC",
        "169.254.169.254, LINK_LOCAL",
        "169.255.0.0, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, PUBLIC",
        "192.0.0.192, SPECIAL",
        "192.0.2.1, SPECIAL",
        "192.167.255.255, PUBLIC",
        "192.168.0.1, PRIVATE",
        "192.169.0.0, PUBLIC",
        "198.18.0.0, SPECIAL",
        "198.19.255.255, SPECIAL",
        "198.20.0.0, PUBLIC",
        "198.51.100.7, SPECIAL",
        "203.0.113.7, SPECIAL",
        "0.0.0.0, SPECIAL",
        "0.1.2.3, SPECIAL",
        "223.255.255.255, PUBLIC",
        "224.0.0.1, SPECIAL",
        "239.255.255.250, SPECIAL",
        "240.0.0.1, SPECIAL",
        "255.255.255.255, SPECIAL",
        "::, SPECIAL",
        "::1, LOOPBACK",
        "::2, SPECIAL",
        "::127.0.0.1, SPECIAL",
        "fc00::1, PRIVATE",
        "fd00:ec2::254, PRIVATE",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "fec0::1, PRIVATE",
        "ff02::1, SPECIAL",
        "2001:db8::1, SPECIAL",
        "2001::1, SPECIAL",
        "2001:10::1, SPECIAL",
        "2001:4860:4860::8888, PUBLIC",
        "2606:4700:4700::1111, PUBLIC",
        "3fff::1, SPECIAL",
        "4000::1, SPECIAL",
        "100::1, SPECIAL",
        "5f00::1, SPECIAL",
        "64:ff9b::7f00:1, LOOPBACK",
        "64:ff9b::a00:1, PRIVATE",
        "64:ff9b::a9fe:a9fe, LINK_LOCAL",
        "64:ff9b::101:101, PUBLIC",
        "64:ff9b:1::101:101, SPECIAL",
        "2002:7f00:1::, LOOPBACK",
        "2002:c0a8:101::1, PRIVATE",
        "2002:101:101::1, PUBLIC",
        "2606:4700::5efe:127.0.0.1, LOOPBACK",
        "2606:4700::200:5efe:10.0.0.1, PRIVATE",
    })
    void haveAKind(String address, Kind expected) {
        assertThat(Addresses.kindOf(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }

    /** {@code InetAddress} makes these IPv4 addresses by itself, but not when told to keep them. */
    @Test
    void seeThroughAMappedAddress() throws Exception {
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
        assertThat(Addresses.kindOf(Inet6Address.getByAddress(null, mapped, -1)))
                .isEqualTo(Kind.LOOPBACK);
    }
}
