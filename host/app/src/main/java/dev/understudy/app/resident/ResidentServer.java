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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
        Optional<Work> begin(Request request, Caller caller);

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
            try (var replies = new Replies(Channels.newOutputStream(channel))) {
                answer(first.get(), input, replies);
            }
            // Not before it is answered: this process may be gone at once.
            if (first.get().kind() == Frame.STOP) stop();
            channel.shutdownOutput();
            // One that is interrupted would close the connection.
            Thread.interrupted();
            // Unread bytes would turn the end of what was sent into a reset.
            input.skip(Long.MAX_VALUE);
        } catch (IOException _) {
            // It has gone, and is told nothing.
        }
    }

    private void answer(Frame first, InputStream input, Replies replies) throws IOException {
        switch (first.kind()) {
            case Frame.STOP -> replies.send(Frame.exit(0));
            case Frame.STATUS -> {
                replies.send(Frame.of(Frame.OUT, service.status()));
                replies.send(Frame.exit(0));
            }
            case Frame.REQUEST -> {
                if (!serve(Request.decoded(first.content()), input, replies)) replies.send(new Frame(Frame.NOT_SERVED));
            }
            default -> {
                // Nothing that a command of this build says.
            }
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

    private boolean serve(Request request, InputStream input, Replies replies) {
        if (!request.build().equals(build)) {
            stop();
            return false;
        }
        if (!request.surroundings().equals(surroundings)) return false;
        if (!enter()) return false;
        try {
            var caller = new Caller(
                    replies.stream(Frame.OUT),
                    replies.stream(Frame.ERR),
                    new CallerInput(replies::send),
                    request.terminal() ? new CallerTerminal(replies::send) : null);
            Optional<Work> work = service.begin(request, caller);
            if (work.isEmpty()) return false;
            replies.send(new Frame(Frame.TAKEN));
            var listener = Thread.ofPlatform()
                    .daemon()
                    .name("resident-person")
                    .start(() -> hear(work.get(), caller, input, replies));
            Optional<Integer> code;
            try {
                code = work.get().run();
            } finally {
                caller.input().close();
            }
            if (code.isEmpty()) return false;
            replies.exit(code.get());
            join(listener);
            return true;
        } finally {
            leave();
        }
    }

    /** Hears what the person types and wants, until the end of their command. */
    private static void hear(Work work, Caller caller, InputStream input, Replies replies) {
        try {
            for (Optional<Frame> said = Frame.read(input); ; said = Frame.read(input)) {
                // The person's command has its answer and has gone.
                if (replies.hasEnded()) return;
                if (said.isPresent() && hear(said.get(), caller)) continue;
                boolean mustWait = work.end();
                if (said.isPresent() && !mustWait) replies.exit(INTERRUPTED);
                if (said.isEmpty()) return;
            }
        } catch (IOException _) {
            work.end();
        } finally {
            caller.input().close();
            if (caller.terminal() != null) caller.terminal().close();
        }
    }

    /** Whether it is of what is typed; all else ends the command. */
    private static boolean hear(Frame frame, Caller caller) throws IOException {
        switch (frame.kind()) {
            case Frame.INPUT -> caller.input().give(frame.content());
            case Frame.AVAILABLE -> caller.input().giveAvailable(frame.number());
            case Frame.TERMINAL, Frame.SIZE, Frame.SIGNAL -> {
                if (caller.terminal() != null) caller.terminal().hear(frame);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What is sent to one command; by several threads. Written by a thread of its own: one that is interrupted while it writes
     * would close the connection, and Ctrl-C interrupts what waits for a key.
     */
    private static final class Replies implements AutoCloseable {
        /** Whoever sends more waits until some of it has been taken. */
        private static final int MOST_WAITING = 64;

        private static final Frame LAST = new Frame((byte) 0);

        private final BlockingQueue<Frame> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
        private final OutputStream stream;
        private final Thread writer;
        private volatile boolean ended;

        Replies(OutputStream stream) {
            this.stream = stream;
            writer = Thread.ofPlatform().daemon().name("resident-replies").start(this::write);
        }

        private void write() {
            boolean hears = true;
            try {
                for (Frame next = waiting.take(); next != LAST; next = waiting.take()) hears = hears && written(next);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /** False once nobody hears it any more: what is said then is passed over, as it must not end the work. */
        private boolean written(Frame frame) {
            try {
                frame.write(stream);
                return true;
            } catch (IOException _) {
                return false;
            }
        }

        synchronized void send(Frame frame) {
            if (!ended) put(frame);
        }

        private void put(Frame frame) {
            boolean interrupted = false;
            while (true) {
                try {
                    waiting.put(frame);
                    break;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) Thread.currentThread().interrupt();
        }

        synchronized void exit(int code) {
            send(Frame.exit(code));
            ended = true;
        }

        boolean hasEnded() {
            return ended;
        }

        /** A stream each write to which is a message. */
        OutputStream stream(byte kind) {
            return new OutputStream() {
                @Override
                public void write(int value) {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) {
                    if (length > 0) send(new Frame(kind, Arrays.copyOfRange(bytes, from, from + length)));
                }
            };
        }

        /** All has been sent. */
        @Override
        public void close() {
            put(LAST);
            boolean interrupted = false;
            while (writer.isAlive()) {
                try {
                    writer.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) Thread.currentThread().interrupt();
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
