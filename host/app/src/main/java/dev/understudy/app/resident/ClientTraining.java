package dev.understudy.app.resident;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Is both sides of a command that a host serves, so that the AOT cache of the command's side holds what it loads. */
public final class ClientTraining {
    private ClientTraining() {}

    public static void main(String[] arguments) throws IOException {
        Path home = Files.createTempDirectory("understudy-training-");
        Files.createDirectory(home.resolve("host"));
        try (var server = ResidentServer.open(home, "training", System.getenv(), Duration.ofMinutes(1), new Echo())) {
            Thread.ofPlatform().daemon().start(server::serve);
            // What a terminal takes is loaded even where there is none.
            new ClientTerminal(_ -> {}).open();
            HostAddress address = HostAddress.read(home).orElseThrow();
            // Ends this process, as a command does.
            ResidentClient.main(
                    new String[] {address.socket().toString(), "training", "understudy", "understudy", "run"});
        }
    }

    private static final class Echo implements ResidentServer.Service {
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
                        byte[] typed = caller.input().readAllBytes();
                        caller.out().write("hello\n".getBytes(StandardCharsets.UTF_8));
                        caller.err().write(typed);
                    } catch (IOException _) {
                        // Nobody listens.
                    }
                    return Optional.of(0);
                }

                @Override
                public boolean end() {
                    return false;
                }
            });
        }

        @Override
        public String status() {
            return "";
        }
    }
}
