package dev.understudy.sandbox.control.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** The two things that reach the world beyond this process. Tests replace it. */
interface Network {
    /** All addresses of a name, never empty. */
    List<InetAddress> resolve(String name) throws UnknownHostException;

    /** Connects to exactly this address. */
    Socket connect(InetSocketAddress address, Duration timeout) throws IOException;

    /** The system's resolver, and direct connections. */
    Network SYSTEM = new Network() {
        @Override
        public List<InetAddress> resolve(String name) throws UnknownHostException {
            return List.of(InetAddress.getAllByName(name));
        }

        @Override
        @SuppressWarnings("AddressSelection") // the address comes from the resolver's checked list
        public Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
            // Without NO_PROXY the JVM's socksProxyHost would take the connection elsewhere.
            var socket = new Socket(Proxy.NO_PROXY);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(address, Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
                return socket;
            } catch (IOException failed) {
                socket.close();
                throw failed;
            }
        }
    };
}
