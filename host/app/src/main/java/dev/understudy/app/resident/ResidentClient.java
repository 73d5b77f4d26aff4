package dev.understudy.app.resident;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.net.ExtendedSocketOptions;

/**
 * Hands a command to the host that is there. Where it is not served, this process becomes the launcher again, which does the
 * command in a process of its own: so nobody need know whether there is a host.
 */
public final class ResidentClient {
    /** How the launcher tells that the host has been asked already. */
    public static final String ASKED = "UNDERSTUDY_HOST_ASKED";

    private static final int FAILED = 1;
    private static final int LOST = -1;
    private static final int NOT_SERVED = -2;

    private final OutputStream out;
    private final OutputStream err;
    private final FileInputStream in;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int code = LOST;

    private ResidentClient(OutputStream out, OutputStream err, FileInputStream in) {
        this.out = out;
        this.err = err;
        this.in = in;
    }

    /** Takes the socket, the build, how the launcher is called, its path, and the command's own arguments. */
    public static void main(String[] arguments) {
        var client = new ResidentClient(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                new FileInputStream(FileDescriptor.in));
        List<String> command = List.of(arguments).subList(4, arguments.length);
        int code = NOT_SERVED;
        Path folder = Path.of("").toAbsolutePath();
        if (isReadable(folder.toString()) && command.stream().allMatch(ResidentClient::canBeServed)) {
            var request = new Request(
                    arguments[1],
                    arguments[2],
                    folder,
                    isTerminal(),
                    Surroundings.ofThisProcess(System.getenv()),
                    System.getenv(),
                    command);
            code = client.served(Path.of(arguments[0]), request);
        }
        if (code == NOT_SERVED) code = becomeTheLauncher(arguments[3], command);
        System.exit(code);
    }

    // JDK 25 gives no console where there is no terminal, whatever Error Prone's check says of JDK 22.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** What is named there is not the same in another process: {@code <(…)} of Bash, {@code /dev/stdin}, the terminal. */
    private static boolean canBeServed(String word) {
        return isReadable(word) && !word.contains("/dev/") && !word.contains("/proc/");
    }

    /** In a locale without UTF-8 Java reads no more of a name than this. */
    private static boolean isReadable(String text) {
        return text.chars().allMatch(c -> c < 128)
                || (System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8") && text.indexOf('\ufffd') < 0);
    }

    private int served(Path socket, Request request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String host =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!host.equals(System.getProperty("user.name"))) return NOT_SERVED;
            return served(channel, request);
        } catch (IOException | UnsupportedOperationException _) {
            // Nobody listens there any more.
            return NOT_SERVED;
        }
    }

    private int served(SocketChannel channel, Request request) {
        boolean taken = false;
        Thread reader = null;
        OutputStream output = Channels.newOutputStream(channel);
        var terminal = new ClientTerminal(frame -> frame.write(output));
        var reads = new LinkedBlockingQueue<Integer>();
        try {
            InputStream input = new BufferedInputStream(Channels.newInputStream(channel));
            new Frame(Frame.REQUEST, request.encoded()).write(output);
            for (Optional<Frame> next = Frame.read(input); next.isPresent(); next = Frame.read(input)) {
                Frame frame = next.get();
                switch (frame.kind()) {
                    case Frame.NOT_SERVED -> {
                        return NOT_SERVED;
                    }
                    case Frame.TAKEN -> {
                        taken = true;
                        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(output, terminal)));
                    }
                    case Frame.READ -> {
                        // Not before it is wanted: most commands read nothing.
                        if (reader == null)
                            reader = Thread.ofPlatform().daemon().name("input").start(() -> passOn(reads, output));
                        reads.add(frame.number());
                    }
                    case Frame.AVAILABLE ->
                        Frame.of(Frame.AVAILABLE, available()).write(output);
                    case Frame.TERMINAL -> terminal.open();
                    case Frame.MODE -> terminal.mode(frame.content()[0] & 0xff);
                    case Frame.OUT -> show(out, frame.content());
                    case Frame.ERR -> show(err, frame.content());
                    case Frame.EXIT -> {
                        code = frame.number();
                        terminal.close();
                        ended.countDown();
                        return code;
                    }
                    default -> throw new IOException("a message of kind " + frame.kind());
                }
            }
        } catch (IOException _) {
            // Told below.
        } finally {
            terminal.close();
        }
        ended.countDown();
        if (!taken) return NOT_SERVED;
        say(
                "understudy: the host that did this command has gone before it was done. 'understudy log' tells what was done;"
                        + " type it again to do it without the host.\n");
        return FAILED;
    }

    /** Reads as much as the host wants, and no more: the rest is there for whoever reads next. */
    private void passOn(BlockingQueue<Integer> reads, OutputStream output) {
        try {
            while (true) {
                byte[] read = new byte[Math.clamp(reads.take(), 1, CallerInput.MOST)];
                int count = readOnce(read);
                new Frame(Frame.INPUT, Arrays.copyOf(read, Math.max(0, count))).write(output);
            }
        } catch (IOException | InterruptedException _) {
            // The host has gone, which is told elsewhere.
        }
    }

    /** What cannot be read, as that of a process in the background, is as good as its end. */
    private int readOnce(byte[] bytes) {
        try {
            return in.read(bytes);
        } catch (IOException _) {
            return -1;
        }
    }

    private int available() {
        try {
            return in.available();
        } catch (IOException _) {
            return 0;
        }
    }

    private void say(String line) {
        show(err, line.getBytes(StandardCharsets.UTF_8));
    }

    /** What reads it may have enough, as 'head' has: the command goes on, as it does in a process of its own. */
    private static void show(OutputStream stream, byte[] content) {
        try {
            stream.write(content);
        } catch (IOException _) {
            // Nobody reads it.
        }
    }

    /** The person, or a signal, ends this process: the command is ended, and what it says of that still shown. */
    private void end(OutputStream output, ClientTerminal terminal) {
        if (ended.getCount() == 0) return;
        try {
            new Frame(Frame.END).write(output);
            ended.await();
            if (code >= 0) Runtime.getRuntime().halt(code);
        } catch (IOException | InterruptedException _) {
            // The host has gone, and its commands with it.
        } finally {
            terminal.close();
        }
    }

    /** Keeps the process: whoever waits for it, or sends it signals, has nothing to learn. */
    @SuppressWarnings("restricted") // The launcher allows native access; no way of the JDK's own keeps the process.
    private static int becomeTheLauncher(String launcher, List<String> command) {
        try (Arena arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            var setenv = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("setenv"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            int _ = (int) setenv.invokeExact(arena.allocateFrom(ASKED), arena.allocateFrom("yes"), 1);
            var execv = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("execv"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            byte[][] words = words(launcher, command);
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, words.length + 1L);
            for (int i = 0; i < words.length; i++) {
                MemorySegment word = arena.allocate(words[i].length + 1L);
                word.copyFrom(MemorySegment.ofArray(words[i]));
                argv.setAtIndex(ValueLayout.ADDRESS, i, word);
            }
            int _ = (int) execv.invokeExact(arena.allocateFrom("/bin/sh"), argv);
            System.err.println(
                    "understudy: " + launcher + " cannot be started again. Type the command with --no-host.");
            return FAILED;
        } catch (Throwable e) {
            System.err.println("understudy: " + launcher + " cannot be started again: " + e
                    + ". Type the command with --no-host.");
            return FAILED;
        }
    }

    /** As they were typed, byte for byte, where the system tells. */
    private static byte[][] words(String launcher, List<String> command) {
        byte[][] own = new byte[command.size() + 2][];
        own[0] = "sh".getBytes(StandardCharsets.UTF_8);
        own[1] = launcher.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < command.size(); i++) own[i + 2] = command.get(i).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] typed = java.nio.file.Files.readAllBytes(Path.of("/proc/self/cmdline"));
            int end = typed.length - 1;
            for (int i = own.length - 1; i >= 1; i--) {
                int start = end;
                while (start > 0 && typed[start - 1] != 0) start--;
                own[i] = Arrays.copyOfRange(typed, start, end);
                end = start - 1;
            }
        } catch (IOException | RuntimeException _) {
            // What Java read of them must do.
        }
        return own;
    }
}
