package dev.understudy.app.resident;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Serves commands over a Unix socket that only its owner reaches: its folder is private, its mode 0600, and whoever connects
 * is asked of the kernel ({@code SO_PEERCRED}). A command of another build ends it, once those that it serves are done.
 */
public final class ResidentServer implements AutoCloseable {
    /** A command says at once what it wants. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** As a shell reports a program that SIGINT ended. */
    private static final int INTERRUPTED = 130;

    private final Path home;
    private final String build;
    private final String surroundings;
    private final Duration idle;
    private final Service service;
    private final String user;
    private final Path socket;
    private final ServerSocketChannel listening;
    private int serving;
    private long lastUse = System.nanoTime();
    private boolean stopping;

    /** What does the work. */
    public interface Service {
        /** The names of the commands that it does. */
        Set<String> commands();

        /** Begins a command; empty if it must work in its own process. */
        Optional<Work> begin(Request request, OutputStream out, OutputStream err);

        /** How it stands, as text for people. */
        String status();
    }

    /** A command under way. */
    public interface Work {
        /** Does it, and gives its exit code; empty if it turned out, before it did or said anything, that it cannot be served. */
        Optional<Integer> run();

        /** The person wants it to end; false if it has nothing to put in order, so that nobody need wait for it. */
        boolean end();
    }

    private ResidentServer(
            Path home,
            String build,
            String surroundings,
            Duration idle,
            Service service,
            Path socket,
            ServerSocketChannel listening)
            throws IOException {
        this.home = home;
        this.build = build;
        this.surroundings = surroundings;
        this.idle = idle;
        this.service = service;
        this.socket = socket;
        this.listening = listening;
        user = Files.getOwner(socket).getName();
    }

    /**
     * Begins to listen, and makes its address known in the data home. Whoever calls this holds the lock of hosts: what listened
     * there before is gone.
     *
     * @param environment the variables of this process as the person set them
     * @param idle without a command, after which {@link #serve} returns
     */
    public static ResidentServer open(
            Path home, String build, Map<String, String> environment, Duration idle, Service service)
            throws IOException {
        String id = Integer.toHexString(home.toString().hashCode());
        Path socket = HostAddress.choose(home, environment.getOrDefault("XDG_RUNTIME_DIR", ""), id);
        Files.deleteIfExists(socket);
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listening.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            var server = new ResidentServer(
                    home, build, Surroundings.ofThisProcess(environment), idle, service, socket, listening);
            new HostAddress(socket, build).write(home, service.commands());
            return server;
        } catch (IOException | RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    /** Serves until it is stopped, or nobody has come for long enough and nothing is under way. */
    public void serve() {
        Thread.ofPlatform().daemon().name("resident-idle").start(this::closeWhenIdle);
        while (true) {
            try {
                SocketChannel channel = listening.accept();
                Thread.ofPlatform().daemon().name("resident-command").start(() -> serve(channel));
            } catch (IOException _) {
                awaitTheLast();
                return;
            }
        }
    }

    private synchronized void closeWhenIdle() {
        try {
            while (true) {
                long left = lastUse + idle.toNanos() - System.nanoTime();
                if (serving == 0 && (stopping || left <= 0)) break;
                if (serving > 0 || stopping) wait();
                else wait(Math.max(1, left / 1_000_000));
            }
            close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitTheLast() {
        boolean interrupted = false;
        while (serving > 0) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Ends when those that are served are done; new ones are sent away. */
    private synchronized void stop() {
        stopping = true;
        notifyAll();
    }

    /** False once it is ending. */
    private synchronized boolean enter() {
        if (stopping || !listening.isOpen()) return false;
        serving++;
        return true;
    }

    private synchronized void leave() {
        serving--;
        lastUse = System.nanoTime();
        notifyAll();
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            if (!isOwner(channel)) return;
            var silent = new AtomicBoolean(true);
            var watch = Thread.ofVirtual().start(() -> closeIfStill(silent, channel));
            var input = new BufferedInputStream(Channels.newInputStream(channel));
            Optional<Frame> first = Frame.read(input);
            silent.set(false);
            watch.interrupt();
            if (first.isEmpty()) return;
            var replies = new Replies(Channels.newOutputStream(channel));
            switch (first.get().kind()) {
                case Frame.STOP -> {
                    replies.send(Frame.exit(0));
                    stop();
                }
                case Frame.STATUS -> {
                    replies.send(new Frame(Frame.OUT, service.status().getBytes(StandardCharsets.UTF_8)));
                    replies.send(Frame.exit(0));
                }
                case Frame.REQUEST -> {
                    if (!serve(Request.decoded(first.get().content()), input, replies))
                        replies.send(new Frame(Frame.NOT_SERVED));
                }
                default -> {
                    // Nothing that a command of this build says.
                }
            }
            channel.shutdownOutput();
            // Unread bytes would turn the end of what was sent into a reset.
            input.skip(Long.MAX_VALUE);
        } catch (IOException _) {
            // It has gone, and is told nothing.
        }
    }

    private static void closeIfStill(AtomicBoolean silent, SocketChannel channel) {
        try {
            Thread.sleep(PATIENCE);
            if (silent.get()) channel.close();
        } catch (InterruptedException _) {
            // It has spoken.
        } catch (IOException _) {
            // It has gone.
        }
    }

    private boolean isOwner(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return peer.user().getName().equals(user);
    }

    private boolean serve(Request request, InputStream input, Replies replies) throws IOException {
        if (!request.build().equals(build)) {
            stop();
            return false;
        }
        if (!request.surroundings().equals(surroundings)) return false;
        if (!enter()) return false;
        try {
            Optional<Work> work = service.begin(request, replies.stream(Frame.OUT), replies.stream(Frame.ERR));
            if (work.isEmpty()) return false;
            replies.send(new Frame(Frame.TAKEN));
            var listener =
                    Thread.ofPlatform().daemon().name("resident-person").start(() -> hear(work.get(), input, replies));
            Optional<Integer> code = work.get().run();
            if (code.isEmpty()) return false;
            replies.exit(code.get());
            join(listener);
            return true;
        } finally {
            leave();
        }
    }

    /** Waits for the person's word, or for the end of their command. */
    private static void hear(Work work, InputStream input, Replies replies) {
        try {
            Optional<Frame> said = Frame.read(input);
            // The person's command has its answer and has gone.
            if (replies.hasEnded()) return;
            boolean mustWait = work.end();
            if (said.isPresent() && !mustWait) replies.exit(INTERRUPTED);
        } catch (IOException _) {
            work.end();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is sent to one command; by several threads. */
    private static final class Replies {
        private final OutputStream stream;
        private boolean ended;

        Replies(OutputStream stream) {
            this.stream = stream;
        }

        synchronized void send(Frame frame) throws IOException {
            if (!ended) frame.write(stream);
        }

        synchronized void exit(int code) throws IOException {
            send(Frame.exit(code));
            ended = true;
        }

        synchronized boolean hasEnded() {
            return ended;
        }

        /** A stream each write to which is a message; one that nobody hears any more is passed over, as it must not end the work. */
        OutputStream stream(byte kind) {
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    send(new Frame(kind, java.util.Arrays.copyOfRange(bytes, from, from + length)));
                }
            };
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            Optional<HostAddress> known = HostAddress.read(home);
            // A host that came after this one has made its own known.
            if (known.isPresent() && known.get().socket().equals(socket)) {
                Files.deleteIfExists(home.resolve(HostAddress.FILE));
                Files.deleteIfExists(socket);
            }
        } catch (IOException _) {
            // What is left there is found to be stale by whoever connects.
        }
    }
}
