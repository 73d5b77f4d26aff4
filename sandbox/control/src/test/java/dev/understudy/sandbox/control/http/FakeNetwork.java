package dev.understudy.sandbox.control.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A resolver with answers given in advance, and an internet whose every address is this machine: it notes where a
 * connection was to go and makes it to the same port of 127.0.0.1.
 */
final class FakeNetwork implements Network {
    private final Map<String, Deque<List<InetAddress>>> answers = new HashMap<>();
    private final List<String> lookups = new ArrayList<>();
    private final List<String> connections = new ArrayList<>();
    private int refusals;

    /** Answers to one lookup after the other; the last stays. */
    synchronized FakeNetwork answering(String name, String... addressesPerLookup) {
        var queue = new ArrayDeque<List<InetAddress>>();
        for (String addresses : addressesPerLookup)
            queue.add(Arrays.stream(addresses.split(" "))
                    .map(InetAddress::ofLiteral)
                    .toList());
        answers.put(name, queue);
        return this;
    }

    /** Refuses the next connections. */
    synchronized FakeNetwork refusing(int connections) {
        refusals = connections;
        return this;
    }

    @Override
    public synchronized List<InetAddress> resolve(String name) throws UnknownHostException {
        lookups.add(name);
        var queue = answers.get(name);
        if (queue == null) throw new UnknownHostException(name);
        return queue.size() > 1 ? queue.remove() : queue.element();
    }

    @Override
    public Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
        synchronized (this) {
            connections.add(address.getAddress().getHostAddress());
            if (refusals > 0) {
                refusals--;
                throw new ConnectException("Connection refused");
            }
        }
        return Network.SYSTEM.connect(
                new InetSocketAddress(Addresses.loopback().getFirst(), address.getPort()), timeout);
    }

    synchronized List<String> lookups() {
        return List.copyOf(lookups);
    }

    /** The addresses to which connections were to go, in order. */
    synchronized List<String> connections() {
        return List.copyOf(connections);
    }
}
