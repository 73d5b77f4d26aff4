package dev.understudy.core.loopback;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Opens the JDK's HTTP server on the loopback interface, with an end to requests that never come whole. */
public final class LoopbackServer {
    /** In seconds, from a request's first byte to its last; a connection that sends nothing ends after as long. */
    private static final String REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";

    private static final String IDLE_SECONDS = "sun.net.httpserver.idleInterval";

    /** A body of 16 MiB takes a second here. */
    private static final String LONGEST = "30";

    private LoopbackServer() {}

    /**
     * A server that is bound and not started.
     *
     * @param port 0 for any
     * @throws IOException if the port is taken
     */
    public static HttpServer create(int port) throws IOException {
        // The server reads them once, when the first one is made, and by itself lets a request take for ever.
        for (String limit : new String[] {REQUEST_SECONDS, IDLE_SECONDS})
            if (System.getProperty(limit) == null) System.setProperty(limit, LONGEST);
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }
}
