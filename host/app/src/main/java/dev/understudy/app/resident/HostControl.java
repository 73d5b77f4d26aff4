package dev.understudy.app.resident;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Asks and ends the host of a data home. */
public final class HostControl {
    private HostControl() {}

    /** What it says of itself; empty if there is none. */
    public static Optional<String> status(Path home) {
        return ask(home, Frame.STATUS);
    }

    /** Lets it end; false if there is none. */
    public static boolean stop(Path home) {
        return ask(home, Frame.STOP).isPresent();
    }

    private static Optional<String> ask(Path home, byte question) {
        Optional<HostAddress> address = HostAddress.read(home);
        if (address.isEmpty()) return Optional.empty();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(address.get().socket()));
            new Frame(question).write(Channels.newOutputStream(channel));
            InputStream input = new BufferedInputStream(Channels.newInputStream(channel));
            var said = new StringBuilder();
            for (Optional<Frame> next = Frame.read(input); next.isPresent(); next = Frame.read(input)) {
                if (next.get().kind() == Frame.EXIT) return Optional.of(said.toString());
                said.append(new String(next.get().content(), StandardCharsets.UTF_8));
            }
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }
}
