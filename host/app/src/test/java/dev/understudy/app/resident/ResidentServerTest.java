package dev.understudy.app.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import java.util.Optional;
import java.util.Set;
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

    private static final class Echo implements ResidentServer.Service {
        @Override
        public Set<String> commands() {
            return Set.of();
        }

        @Override
        public Optional<ResidentServer.Work> begin(Request request, OutputStream out, OutputStream err) {
            return Optional.of(new ResidentServer.Work() {
                @Override
                public Optional<Integer> run() {
                    try {
                        out.write(String.join(" ", request.arguments()).getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        return Optional.of(1);
                    }
                    return Optional.of(request.arguments().size());
                }

                @Override
                public boolean end() {
                    return false;
                }
            });
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
                false,
                Surroundings.ofThisProcess(environment),
                environment,
                List.of(arguments));
        return new Frame(Frame.REQUEST, request.encoded());
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
