package dev.understudy.app;

import dev.understudy.app.resident.Caller;
import dev.understudy.app.resident.CallerInput;
import dev.understudy.app.resident.CallerTerminal;
import dev.understudy.app.resident.TerminalState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.impl.AbstractPosixTerminal;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.NonBlocking;
import org.jline.utils.NonBlockingInputStream;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * The terminal at which a command was typed that a host does: the command's own process keeps it, and it is used from here.
 * Signals come from that process, too; none of this one's is touched.
 */
final class ServedTerminal extends AbstractPosixTerminal {
    private final NonBlockingInputStream input;
    private final OutputStream output;
    private final NonBlockingReader reader;
    private final PrintWriter writer;

    private ServedTerminal(String type, Remote remote) throws IOException {
        super("served", type, remote, Console.ofTerminal(), SignalHandler.SIG_DFL);
        input = remote.keys;
        output = remote.output;
        reader = NonBlocking.nonBlocking("served", input, encoding());
        writer = new PrintWriter(new OutputStreamWriter(output, encoding()));
        parseInfoCmp();
    }

    /**
     * Takes the terminal over. Whoever opens it closes it.
     *
     * @param type as TERM has it
     * @throws IOException if the command's process has none that can be taken
     */
    static ServedTerminal open(CallerTerminal terminal, Caller caller, String type) throws IOException {
        var events = new Events();
        TerminalState state = terminal.open(events);
        var served = new ServedTerminal(type, new Remote(terminal, state, caller));
        events.told = served;
        return served;
    }

    /** Passes on what happens at the terminal; nobody is to hear of it before all is in place. */
    private static final class Events implements CallerTerminal.Listener {
        private volatile @Nullable ServedTerminal told;

        @Override
        public void resized() {
            raise(Signal.WINCH);
        }

        @Override
        public void signal(String name) {
            switch (name) {
                case "INT" -> raise(Signal.INT);
                case "CONT" -> raise(Signal.CONT);
                default -> {
                    // None that a person sends by a key.
                }
            }
        }

        private void raise(Signal signal) {
            ServedTerminal terminal = told;
            if (terminal != null) terminal.raise(signal);
        }
    }

    @Override
    public NonBlockingReader reader() {
        return reader;
    }

    @Override
    public PrintWriter writer() {
        return writer;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** What is typed, as it comes. */
    private static final class Keys extends NonBlockingInputStream {
        /** What was typed or pasted meanwhile is read at once. */
        private static final int MOST = 4096;

        private static final int NONE = -3;

        private final CallerInput input;
        private int peeked = NONE;

        Keys(CallerInput input) {
            this.input = input;
        }

        @Override
        public int read(long timeout, boolean isPeek) throws IOException {
            int key = peeked;
            if (key == NONE) {
                if (!input.await(MOST, Math.max(0, timeout))) return READ_EXPIRED;
                key = input.read();
            }
            peeked = isPeek ? key : NONE;
            return key;
        }
    }

    /** The library's view of it. */
    private static final class Remote implements Pty {
        private static final int USUAL_COLUMNS = 80;
        private static final int USUAL_ROWS = 24;

        private static final Map<TerminalState.Flag, InputFlag> INPUT = Map.of(
                TerminalState.Flag.ICRNL, InputFlag.ICRNL,
                TerminalState.Flag.INLCR, InputFlag.INLCR,
                TerminalState.Flag.IXON, InputFlag.IXON);
        private static final Map<TerminalState.Flag, LocalFlag> LOCAL = Map.of(
                TerminalState.Flag.ICANON, LocalFlag.ICANON,
                TerminalState.Flag.ECHO, LocalFlag.ECHO,
                TerminalState.Flag.ISIG, LocalFlag.ISIG,
                TerminalState.Flag.IEXTEN, LocalFlag.IEXTEN);
        private static final Map<TerminalState.Flag, OutputFlag> OUTPUT =
                Map.of(TerminalState.Flag.OPOST, OutputFlag.OPOST);

        /** In the order of the terminal's own. */
        private static final List<ControlChar> CHARACTERS = List.of(
                ControlChar.VINTR,
                ControlChar.VQUIT,
                ControlChar.VERASE,
                ControlChar.VKILL,
                ControlChar.VEOF,
                ControlChar.VTIME,
                ControlChar.VMIN,
                ControlChar.VSWTC,
                ControlChar.VSTART,
                ControlChar.VSTOP,
                ControlChar.VSUSP,
                ControlChar.VEOL,
                ControlChar.VREPRINT,
                ControlChar.VDISCARD,
                ControlChar.VWERASE,
                ControlChar.VLNEXT,
                ControlChar.VEOL2);

        private final CallerTerminal terminal;
        private final Keys keys;
        private final OutputStream output;
        private Attributes current = new Attributes();

        Remote(CallerTerminal terminal, TerminalState state, Caller caller) {
            this.terminal = terminal;
            keys = new Keys(caller.input());
            output = caller.out();
            List<Integer> characters = state.characters();
            for (int i = 0; i < CHARACTERS.size(); i++) current.setControlChar(CHARACTERS.get(i), characters.get(i));
            int mode = state.mode();
            INPUT.forEach((flag, own) -> current.setInputFlag(own, (mode & flag.bit()) != 0));
            LOCAL.forEach((flag, own) -> current.setLocalFlag(own, (mode & flag.bit()) != 0));
            OUTPUT.forEach((flag, own) -> current.setOutputFlag(own, (mode & flag.bit()) != 0));
        }

        @Override
        public synchronized Attributes getAttr() {
            return new Attributes(current);
        }

        @Override
        public synchronized void setAttr(Attributes attributes) throws IOException {
            current = new Attributes(attributes);
            int mode = 0;
            for (var each : INPUT.entrySet())
                if (attributes.getInputFlag(each.getValue()))
                    mode |= each.getKey().bit();
            for (var each : LOCAL.entrySet())
                if (attributes.getLocalFlag(each.getValue()))
                    mode |= each.getKey().bit();
            for (var each : OUTPUT.entrySet())
                if (attributes.getOutputFlag(each.getValue()))
                    mode |= each.getKey().bit();
            terminal.mode(mode);
        }

        @Override
        public Size getSize() {
            // One that does not know its size says 0.
            return Size.of(
                    terminal.columns() > 0 ? terminal.columns() : USUAL_COLUMNS,
                    terminal.rows() > 0 ? terminal.rows() : USUAL_ROWS);
        }

        @Override
        public void setSize(Sized size) {
            // It is the person's window.
        }

        @Override
        public InputStream getSlaveInput() {
            return keys;
        }

        @Override
        public OutputStream getSlaveOutput() {
            return output;
        }

        @Override
        public InputStream getMasterInput() {
            throw new UnsupportedOperationException("the other side is the command's own process");
        }

        @Override
        public OutputStream getMasterOutput() {
            throw new UnsupportedOperationException("the other side is the command's own process");
        }

        @Override
        public SystemStream getSystemStream() {
            return SystemStream.Output;
        }

        @Override
        public @Nullable TerminalProvider getProvider() {
            return null;
        }

        @Override
        public void close() {
            // The command's own process puts it right at its end.
        }
    }
}
