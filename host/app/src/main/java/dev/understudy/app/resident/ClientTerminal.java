package dev.understudy.app.resident;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process, for a command that a host does: set as the host says, and put right at the end. By {@code stty},
 * which takes some milliseconds a time; to call the system's own functions from Java takes a hundred at first.
 */
final class ClientTerminal {
    private static final List<String> SIGNALS = List.of("INT", "WINCH", "CONT");
    private static final String SIZE_AND_SETTINGS = "stty size && stty -g";
    private static final long PATIENCE_SECONDS = 5;

    private final Sender sender;
    private @Nullable TerminalState found;
    private int mode;

    /** Tells the host. */
    interface Sender {
        void send(Frame frame) throws IOException;
    }

    ClientTerminal(Sender sender) {
        this.sender = sender;
    }

    /** Answers the host that wants it. */
    void open() throws IOException {
        // It takes longer than the first prompt should.
        Thread.ofPlatform().daemon().name("signals").start(this::hearSignals);
        TerminalState state;
        try {
            state = state();
        } catch (IOException _) {
            sender.send(new Frame(Frame.TERMINAL));
            return;
        }
        synchronized (this) {
            found = state;
            mode = state.mode();
        }
        sender.send(Frame.of(Frame.TERMINAL, state.encoded()));
    }

    private static TerminalState state() throws IOException {
        List<String> lines = said("sh", "-c", SIZE_AND_SETTINGS).lines().toList();
        String[] size = lines.getFirst().split(" ");
        if (lines.size() != 2 || size.length != 2) throw new IOException("no terminal");
        return TerminalState.decoded(size[1] + " " + size[0] + " " + lines.get(1));
    }

    /** Sets a mode of the host's. */
    synchronized void mode(int wanted) {
        TerminalState state = found;
        if (state == null || wanted == mode) return;
        set(state.words(wanted));
        mode = wanted;
    }

    /** Puts it right, if it was taken; what the host says of it afterwards is not heard. */
    synchronized void close() {
        TerminalState state = found;
        found = null;
        if (state != null && mode != state.mode()) set(state.words(state.mode()));
    }

    private static void set(List<String> words) {
        var command = new ArrayList<>(List.of("stty"));
        command.addAll(words);
        try {
            said(command.toArray(String[]::new));
        } catch (IOException _) {
            // The terminal has gone.
        }
    }

    /** What a program says that is given this process's standard input. */
    private static String said(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(Redirect.INHERIT)
                .redirectError(Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0)
                throw new IOException("no terminal");
            return said;
        } catch (InterruptedException _) {
            throw new IOException("interrupted");
        }
    }

    /**
     * Signals of the terminal are the command's from now on. Only a class of the JDK's that its compiler warns of hears them,
     * and no warning is let through.
     */
    private void hearSignals() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : SIGNALS) {
                Object own = Proxy.newProxyInstance(
                        ClientTerminal.class.getClassLoader(),
                        new Class<?>[] {handler},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "equals" -> false;
                            case "hashCode" -> name.hashCode();
                            case "toString" -> "signal " + name;
                            default -> {
                                hear(name);
                                yield null;
                            }
                        });
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), own);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException _) {
            // Ctrl-C ends the command, as it does where nobody listens.
        }
    }

    private void hear(String signal) {
        try {
            if (signal.equals("WINCH")) {
                TerminalState now = state();
                sender.send(Frame.of(Frame.SIZE, now.columns(), now.rows()));
            } else {
                // Whoever stopped this process, or lets it go on, has set the terminal otherwise.
                if (signal.equals("CONT")) setAgain();
                sender.send(Frame.of(Frame.SIGNAL, signal));
            }
        } catch (IOException _) {
            // The host has gone, which is told elsewhere.
        }
    }

    private synchronized void setAgain() {
        if (found != null) set(found.words(mode));
    }
}
