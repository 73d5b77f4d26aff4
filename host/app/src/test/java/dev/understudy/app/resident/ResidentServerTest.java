package dev.understudy.app.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host says to those who connect; what it does for them is said by a service of the test's own. */
class ResidentServerTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/somebody");

    @TempDir
    Path folder;

    private Path home = Path.of("");
    private @Nullable ResidentServer server;
    private Thread serving = Thread.currentThread();

    private final CountDownLatch ended = new CountDownLatch(1);

    private final class Echo implements ResidentServer.Service {
        @Override
        public Set<String> commands() {
            return Set.of();
        }

        @Override
        public Optional<ResidentServer.Work> begin(Request request, Caller caller) {
            return Optional.of(new ResidentServer.Work() {
                @Override
                public Optional<Integer> run() {
                    try {
                        if (request.arguments().equals(List.of("cat")))
                            caller.input().transferTo(caller.out());
                        else if (request.arguments().equals(List.of("terminal"))) show(caller);
                        else
                            caller.out()
                                    .write(String.join(" ", request.arguments()).getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        return Optional.of(1);
                    }
                    return Optional.of(request.arguments().size());
                }

                @Override
                public boolean end() {
                    ended.countDown();
                    return false;
                }
            });
        }

        /** Says what it hears of the terminal, until its size has changed. */
        private static void show(Caller caller) throws IOException {
            var resized = new CountDownLatch(1);
            CallerTerminal terminal = Objects.requireNonNull(caller.terminal());
            var heard = new ConcurrentLinkedQueue<String>();
            terminal.open(new CallerTerminal.Listener() {
                @Override
                public void resized() {
                    resized.countDown();
                }

                @Override
                public void signal(String name) {
                    heard.add(name);
                }
            });
            heard.add(Integer.toString(terminal.columns()));
            terminal.mode(TerminalState.Flag.ISIG.bit());
            try {
                resized.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            heard.add(terminal.columns() + " " + terminal.rows());
            caller.out().write(String.join(" ", heard).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String status() {
            return "it stands";
        }
    }

    @BeforeEach
    void open() throws IOException {
        home = Files.createDirectories(folder.resolve("h"));
        Files.createDirectories(home.resolve("host"));
        ResidentServer opened = ResidentServer.open(home, "build 1", ENVIRONMENT, Duration.ofMinutes(5), new Echo());
        server = opened;
        serving = Thread.ofPlatform().daemon().start(opened::serve);
    }

    @AfterEach
    void close() {
        if (server != null) server.close();
    }

    private List<Frame> said(Frame... frames) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("host/socket")));
            OutputStream out = Channels.newOutputStream(channel);
            for (Frame each : frames) each.write(out);
            channel.shutdownOutput();
            var heard = new ArrayList<Frame>();
            var in = Channels.newInputStream(channel);
            for (Optional<Frame> next = Frame.read(in); next.isPresent(); next = Frame.read(in)) heard.add(next.get());
            return heard;
        }
    }

    private static Frame request(String build, Map<String, String> environment, String... arguments) {
        var request = new Request(
                build,
                "understudy",
                Path.of("/"),
                arguments[0].equals("terminal"),
                Surroundings.ofThisProcess(environment),
                environment,
                List.of(arguments));
        return new Frame(Frame.REQUEST, request.encoded());
    }

    /** A command that answers what the host asks. */
    private final class Conversation implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        private final OutputStream out;
        private final InputStream in;

        Conversation(String... arguments) throws IOException {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("host/socket")));
            out = Channels.newOutputStream(channel);
            in = Channels.newInputStream(channel);
            say(request("build 1", ENVIRONMENT, arguments));
        }

        void say(Frame frame) throws IOException {
            frame.write(out);
        }

        /** The next message, which is of this kind. */
        Frame hear(byte kind) throws IOException {
            Frame heard = Frame.read(in).orElseThrow();
            assertThat((char) heard.kind()).isEqualTo((char) kind);
            return heard;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void readsTheCommandsInputAsItComesAndToItsEnd() throws IOException {
        try (var command = new Conversation("cat")) {
            command.hear(Frame.TAKEN);
            for (String typed : List.of("one\n", "two\n")) {
                assertThat(command.hear(Frame.READ).number()).isPositive();
                command.say(Frame.of(Frame.INPUT, typed));
                assertThat(command.hear(Frame.OUT).text()).isEqualTo(typed);
            }
            command.hear(Frame.READ);
            command.say(new Frame(Frame.INPUT));
            assertThat(command.hear(Frame.EXIT).number()).isEqualTo(1);
        }
    }

    @Test
    void endsTheCommandWhoseProcessIsGone() throws Exception {
        try (var command = new Conversation("cat")) {
            command.hear(Frame.TAKEN);
            command.hear(Frame.READ);
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void setsTheTerminalAndHearsOfItsSizeAndSignals() throws IOException {
        try (var command = new Conversation("terminal")) {
            command.hear(Frame.TAKEN);
            command.hear(Frame.TERMINAL);
            command.say(Frame.of(Frame.TERMINAL, "80 24 settings"));
            assertThat(command.hear(Frame.MODE).content()).containsExactly(TerminalState.Flag.ISIG.bit());
            command.say(Frame.of(Frame.SIGNAL, "INT"));
            command.say(Frame.of(Frame.SIZE, 100, 30));
            assertThat(command.hear(Frame.OUT).text()).isEqualTo("80 INT 100 30");
            command.hear(Frame.EXIT);
        }
    }

    @Test
    void doesNotWaitForATerminalThatIsNone() throws IOException {
        try (var command = new Conversation("terminal")) {
            command.hear(Frame.TAKEN);
            command.hear(Frame.TERMINAL);
            command.say(new Frame(Frame.TERMINAL));
            assertThat(command.hear(Frame.EXIT).number()).isEqualTo(1);
        }
    }

    private static String kinds(List<Frame> frames) {
        var kinds = new StringBuilder();
        for (Frame each : frames) kinds.append((char) each.kind());
        return kinds.toString();
    }

    @Test
    void doesACommandAndSaysHowItEnded() throws IOException {
        List<Frame> said = said(request("build 1", ENVIRONMENT, "one", "two"));
        assertThat(kinds(said)).isEqualTo("YOX");
        assertThat(new String(said.get(1).content(), StandardCharsets.UTF_8)).isEqualTo("one two");
        assertThat(said.get(2).number()).isEqualTo(2);
    }

    @Test
    void doesNotServeWhoIsToldOtherThings() throws IOException {
        assertThat(kinds(said(request("build 1", Map.of("HOME", "/elsewhere"), "one"))))
                .isEqualTo("N");
        assertThat(kinds(said(request("build 1", ENVIRONMENT, "one")))).isEqualTo("YOX");
    }

    @Test
    void endsForACommandOfAnotherBuild() throws Exception {
        assertThat(kinds(said(request("build 2", ENVIRONMENT, "one")))).isEqualTo("N");
        serving.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(serving.isAlive()).isFalse();
        assertThat(home.resolve("host/socket")).doesNotExist();
        assertThat(home.resolve(HostAddress.FILE)).doesNotExist();
    }

    @Test
    void tellsHowItStandsAndEndsWhenItIsAsked() throws Exception {
        assertThat(kinds(said(new Frame(Frame.STATUS)))).isEqualTo("OX");
        assertThat(kinds(said(new Frame(Frame.STOP)))).isEqualTo("X");
        serving.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(serving.isAlive()).isFalse();
    }

    @Test
    void saysNothingToWhoSpeaksNonsenseAndGoesOn() throws IOException {
        assertThat(said(new Frame((byte) 'Z', (byte) 1))).isEmpty();
        assertThat(said(new Frame(Frame.REQUEST, (byte) 1, (byte) 2))).isEmpty();
        assertThat(kinds(said(request("build 1", ENVIRONMENT, "one")))).isEqualTo("YOX");
    }
}
