package dev.understudy.sandbox.control.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * What an address is for, by the IANA special-purpose registries (RFC 6890 and its successors). An IPv6 address that
 * carries an IPv4 address to somewhere (mapped, NAT64, 6to4 …) is what the carried one is.
 */
final class Addresses {
    private Addresses() {}

    enum Kind {
        /** Anywhere on the internet. */
        PUBLIC("a public address"),
        /** A network of a home or company: RFC 1918, RFC 6598, unique local. */
        PRIVATE("a private address"),
        /** This machine. */
        LOOPBACK("a loopback address"),
        /** The same cable, and with it the metadata services of clouds. */
        LINK_LOCAL("a link-local address, where clouds keep their metadata"),
        /** Unspecified, multicast, reserved, for documentation or for translation. */
        SPECIAL("a special-purpose address");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Block(byte[] prefix, int bits, Kind kind) {
        static Block of(String cidr, Kind kind) {
            int slash = cidr.indexOf('/');
            return new Block(
                    InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress(),
                    Integer.parseInt(cidr.substring(slash + 1)),
                    kind);
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) return false;
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) return false;
            int rest = 8 - bits % 8;
            return rest == 8 || (address[whole] & 0xff) >> rest == (prefix[whole] & 0xff) >> rest;
        }
    }

    private static final List<Block> IPV4 = List.of(
            Block.of("0.0.0.0/8", Kind.SPECIAL),
            Block.of("10.0.0.0/8", Kind.PRIVATE),
            Block.of("100.64.0.0/10", Kind.PRIVATE),
            Block.of("127.0.0.0/8", Kind.LOOPBACK),
            Block.of(
                    "168.63.129.16/32",
                    Kind.LINK_LOCAL), // Azure's host agent: it looks public, but never leaves the host
            Block.of("169.254.0.0/16", Kind.LINK_LOCAL),
            Block.of("172.16.0.0/12", Kind.PRIVATE),
            Block.of("192.0.0.0/24", Kind.SPECIAL),
            Block.of("192.0.2.0/24", Kind.SPECIAL),
            Block.of("192.88.99.0/24", Kind.SPECIAL),
            Block.of("192.168.0.0/16", Kind.PRIVATE),
            Block.of("198.18.0.0/15", Kind.SPECIAL),
            Block.of("198.51.100.0/24", Kind.SPECIAL),
            Block.of("203.0.113.0/24", Kind.SPECIAL),
            Block.of("224.0.0.0/4", Kind.SPECIAL),
            Block.of("240.0.0.0/4", Kind.SPECIAL));

    // Only 2000::/3 is given out for use on the internet; the first block that holds an address decides.
    private static final List<Block> IPV6 = List.of(
            Block.of("::1/128", Kind.LOOPBACK),
            Block.of("fc00::/7", Kind.PRIVATE),
            Block.of("fe80::/10", Kind.LINK_LOCAL),
            Block.of("fec0::/10", Kind.PRIVATE),
            Block.of("2001::/23", Kind.SPECIAL), // Teredo, benchmarking, ORCHID
            Block.of("2001:db8::/32", Kind.SPECIAL),
            Block.of("3fff::/20", Kind.SPECIAL),
            Block.of("2000::/3", Kind.PUBLIC),
            Block.of("::/0", Kind.SPECIAL));

    /** Where an IPv6 address of a translation prefix carries its IPv4 address. */
    private record Carrier(Block block, int offset) {}

    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(carrier(0, 0, 0, 0, 0, 0xffff), 12), // ::ffff:0:0/96, mapped
            new Carrier(Block.of("64:ff9b::/96", Kind.PUBLIC), 12), // NAT64
            new Carrier(Block.of("2002::/16", Kind.PUBLIC), 2)); // 6to4

    /** A /96 from its first six groups; as text {@code InetAddress} would make an IPv4 address of the mapped one. */
    private static Block carrier(int... groups) {
        byte[] prefix = new byte[16];
        for (int i = 0; i < groups.length; i++) {
            prefix[2 * i] = (byte) (groups[i] >> 8);
            prefix[2 * i + 1] = (byte) groups[i];
        }
        return new Block(prefix, 96, Kind.PUBLIC);
    }

    static Kind kindOf(InetAddress address) {
        return kindOf(address.getAddress());
    }

    private static Kind kindOf(byte[] address) {
        if (address.length == 4) return first(IPV4, address, Kind.PUBLIC);
        for (var carrier : CARRIERS) {
            if (carrier.block.contains(address)) return carried(address, carrier.offset);
        }
        // ISATAP (RFC 5214) carries one in the last half of any prefix.
        boolean isatap =
                (address[8] & 0xfd) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe;
        Kind kind = first(IPV6, address, Kind.SPECIAL);
        return isatap && kind == Kind.PUBLIC ? carried(address, 12) : kind;
    }

    private static Kind carried(byte[] address, int offset) {
        return kindOf(Arrays.copyOfRange(address, offset, offset + 4));
    }

    private static Kind first(List<Block> blocks, byte[] address, Kind otherwise) {
        for (var block : blocks) {
            if (block.contains(address)) return block.kind;
        }
        return otherwise;
    }

    /** The loopback addresses, without asking any resolver. */
    static List<InetAddress> loopback() {
        try {
            return List.of(
                    InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                    InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
