package dev.understudy.sandbox.control.http;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host in its one canonical spelling: a lower-case ASCII name without trailing dot, a dotted-decimal IPv4 address, or
 * an IPv6 address.
 *
 * <p>Two spellings of a host are equal here, or one of them is refused. In particular numbers that some resolvers read
 * as addresses ({@code 0x7f.1}, {@code 2130706433}, {@code 010.0.0.1}) are refused rather than understood.
 *
 * @param text as in a URL, IPv6 without brackets
 * @param literal the address, if it is one
 */
record Host(String text, Optional<InetAddress> literal) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");
    // IDNA 2003, which the JDK has, and IDNA 2008, which browsers have, turn these four into different hosts.
    private static final Pattern AMBIGUOUS = Pattern.compile("[\u00df\u03c2\u200c\u200d]");

    /** Reads a host as it stands in a URL or a grant; IPv6 addresses come with their brackets. */
    static Host parse(String text) throws NotAllowedException {
        if (text.startsWith("[")) {
            if (!text.endsWith("]")) throw bad(text, "the bracket is not closed");
            return ipv6(text, text.substring(1, text.length() - 1));
        }
        if (text.indexOf('%') >= 0) throw bad(text, "write it without %");
        if (AMBIGUOUS.matcher(text).find())
            throw bad(text, "systems disagree on which host that is; write its ASCII form (xn--...)");
        String ascii;
        try {
            ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            throw bad(text, "it is no valid host name");
        }
        if (ascii.endsWith(".")) ascii = ascii.substring(0, ascii.length() - 1);
        if (ascii.isEmpty() || ascii.length() > 253) throw bad(text, "it is no valid host name");
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) throw bad(text, "it is no valid host name");
        }
        if (!NUMBER.matcher(labels[labels.length - 1]).matches()) return new Host(ascii, Optional.empty());
        if (!IPV4.matcher(ascii).matches()) throw bad(text, "write an address as four decimal numbers, like 192.0.2.1");
        try {
            return new Host(ascii, Optional.of(Inet4Address.ofLiteral(ascii)));
        } catch (IllegalArgumentException outOfRange) {
            throw bad(text, "each of an address's four numbers is from 0 to 255");
        }
    }

    private static Host ipv6(String text, String inner) throws NotAllowedException {
        if (inner.indexOf('%') >= 0) throw bad(text, "an address with a zone is never reached");
        try {
            // Gives an Inet4Address for ::ffff:a.b.c.d, so that both spellings are one host.
            InetAddress address = Inet6Address.ofLiteral(inner);
            return new Host(address.getHostAddress(), Optional.of(address));
        } catch (IllegalArgumentException notAnAddress) {
            throw bad(text, "it is no IPv6 address");
        }
    }

    private static NotAllowedException bad(String text, String why) {
        return new NotAllowedException("the host \"" + Url.printable(text) + "\" is refused: " + why);
    }

    /** Whether the name means this machine by definition (RFC 6761, section 6.3), whatever a resolver says. */
    boolean isLocalhost() {
        return text.equals("localhost") || text.endsWith(".localhost");
    }

    /** As it stands in a URL. */
    @Override
    public String toString() {
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }
}
