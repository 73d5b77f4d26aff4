package dev.understudy.plugins.notifications;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of this machine at which nobody listens and, since it is taken, nobody begins to. */
final class TakenPort implements AutoCloseable {
    private final Socket taken = new Socket();

    TakenPort() throws IOException {
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() {
        return taken.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        taken.close();
    }
}
