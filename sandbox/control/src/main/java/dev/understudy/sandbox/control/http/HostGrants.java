package dev.understudy.sandbox.control.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hosts that a run may speak to, and the addresses at which it may find them.
 *
 * <p>A grant is a host name or address, optionally with {@code :port} (without one: any port), or {@code *} for any
 * public host. What a grant allows:
 *
 * <ul>
 *   <li>{@code *}: public addresses only.
 *   <li>a name: public addresses, and those of private networks, where companies and homes keep their servers.
 *   <li>{@code localhost}: this machine.
 *   <li>an address: that address, whatever it is. A name that leads to this machine or to a link-local address needs
 *       this grant as well, else the owner of a granted name could point it there.
 * </ul>
 *
 * <p>Immutable.
 */
public final class HostGrants {
    private record Grant(Optional<Host> host, Optional<Integer> port) {
        boolean covers(Host other, int otherPort) {
            return host.map(other::equals).orElse(true)
                    && port.map(p -> p == otherPort).orElse(true);
        }
    }

    private final List<Grant> grants;

    private HostGrants(List<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /**
     * Reads grants as they stand in an automation's metadata.
     *
     * @throws IllegalArgumentException if one of them is none; the message says which, why and how to write it
     */
    public static HostGrants of(List<String> hosts) {
        var grants = new ArrayList<Grant>();
        for (String text : hosts) grants.add(parse(text));
        return new HostGrants(grants);
    }

    private static Grant parse(String text) {
        boolean bareIpv6 = !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
        int colon = bareIpv6 ? -1 : text.lastIndexOf(':');
        boolean withPort = colon > text.lastIndexOf(']');
        String name = withPort ? text.substring(0, colon) : text;
        Optional<Integer> port = Optional.empty();
        if (withPort) {
            port = Url.port(text.substring(colon + 1));
            if (port.isEmpty()) throw bad(text, "its port is not a number from 1 to 65535");
        }
        if (name.equals("*")) return new Grant(Optional.empty(), port);
        if (name.indexOf('*') >= 0) throw bad(text, "* stands alone and means any public host; name each host");
        if (name.indexOf('/') >= 0 || name.indexOf('@') >= 0) throw bad(text, "a grant is a host, not a URL");
        try {
            return new Grant(Optional.of(Host.parse(bareIpv6 ? "[" + name + "]" : name)), port);
        } catch (NotAllowedException notAHost) {
            throw new IllegalArgumentException(
                    "hosts has \"" + Url.printable(text) + "\", but " + notAHost.reason()
                            + ". Write it like example.org or example.org:8443.",
                    notAHost);
        }
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("hosts has \"" + Url.printable(text) + "\", which is no host: " + why
                + ". Write it like example.org or example.org:8443.");
    }

    /** Fails unless some grant covers the host and port. */
    void requireGranted(Url.Origin origin) throws NotAllowedException {
        if (grants.stream().noneMatch(grant -> grant.covers(origin.host(), origin.port())))
            throw new NotAllowedException(
                    "not granted: host " + origin + " (grant it with hosts = [\"" + origin + "\"])");
    }

    /** Fails unless every one of the addresses may be reached for this origin. */
    void requireReachable(Url.Origin origin, List<InetAddress> addresses) throws NotAllowedException {
        for (InetAddress address : addresses) requireReachable(origin, address);
    }

    private void requireReachable(Url.Origin origin, InetAddress address) throws NotAllowedException {
        var kind = Addresses.kindOf(address);
        boolean allowed = switch (kind) {
            case PUBLIC -> true;
            case PRIVATE -> named(origin.host(), origin.port());
            case LOOPBACK -> origin.host().isLocalhost() && named(origin.host(), origin.port());
            case LINK_LOCAL, SPECIAL -> false;
        };
        var literal = new Host(address.getHostAddress(), Optional.of(address));
        if (allowed || named(literal, origin.port())) return;
        boolean isLiteral = origin.host().literal().isPresent();
        throw new NotAllowedException("not granted: host " + origin
                + (isLiteral ? " is " : " is at " + literal.text() + ", ")
                + kind.text + " (grant it with hosts = [\""
                + (kind == Addresses.Kind.PRIVATE || origin.host().isLocalhost() ? origin.host() : literal) + "\"])");
    }

    private boolean named(Host host, int port) {
        return grants.stream().anyMatch(grant -> grant.host().isPresent() && grant.covers(host, port));
    }
}
