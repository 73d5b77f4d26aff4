package dev.understudy.core.secrets;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A keyring that is reached through its system's own program. A value goes to it by standard input, since every user of a
 * machine can see argument lists; and in letters that no program takes for something else.
 */
final class KeyringProgram implements Keyring {
    /** A keyring that is locked may ask the person first. */
    private static final long PATIENCE_SECONDS = 60;

    /** What {@code secret-tool} reads at most is 8192 bytes. */
    private static final int MAX_BYTES = 5500;

    private static final String MARK = "u1.";
    private static final String SERVICE = "understudy-";

    private final Path program;
    private final Kind kind;
    private final String service;
    private final Map<String, String> environment;

    private enum Kind {
        SECRET_SERVICE("secret-tool", "the Secret Service"),
        KEYCHAIN("security", "the keychain");

        private final String program;
        private final String title;

        Kind(String program, String title) {
            this.program = program;
            this.title = title;
        }
    }

    private KeyringProgram(Path program, Kind kind, String service, Map<String, String> environment) {
        this.program = program;
        this.kind = kind;
        this.service = service;
        this.environment = environment;
    }

    /**
     * The one of this system, if its program is installed.
     *
     * @param system as Java names it: {@code os.name}
     * @param home tells the secrets of one data home from those of another: any text of letters and digits
     */
    static Optional<Keyring> find(String system, Map<String, String> environment, String home) {
        boolean mac = system.startsWith("Mac");
        // Without a session there is nobody whom the Secret Service could ask, and its program waits for one in vain.
        if (!mac && !hasSessionBus(environment)) return Optional.empty();
        Kind kind = mac ? Kind.KEYCHAIN : Kind.SECRET_SERVICE;
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, kind.program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new KeyringProgram(program, kind, SERVICE + home, environment));
    }

    private static boolean hasSessionBus(Map<String, String> environment) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return !environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "").isEmpty()
                || (runtime.startsWith("/") && Files.exists(Path.of(runtime, "bus")));
    }

    @Override
    public String title() {
        return kind.title;
    }

    @Override
    public void put(String name, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) throw new IOException("it is longer than " + MAX_BYTES + " bytes");
        String written = MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Ended ended = switch (kind) {
            case SECRET_SERVICE ->
                run(
                        written,
                        "store",
                        "--label=Understudy " + name,
                        "application",
                        "understudy",
                        "service",
                        service,
                        "name",
                        name);
            // With -i it takes its commands, and with them the value, from standard input.
            case KEYCHAIN ->
                run("add-generic-password -U -a " + name + " -s " + service + " -w " + written + "\n", "-i");
        };
        if (ended.code != 0) throw failed(ended);
        // Neither says reliably whether it has kept it.
        if (get(name).filter(value::equals).isEmpty())
            throw new IOException("it did not give back what was put into it");
    }

    @Override
    public Optional<String> get(String name) throws IOException {
        Ended ended = switch (kind) {
            case SECRET_SERVICE -> run("", "lookup", "application", "understudy", "service", service, "name", name);
            case KEYCHAIN -> run("", "find-generic-password", "-a", name, "-s", service, "-w");
        };
        String text = ended.out.strip();
        boolean unknown = switch (kind) {
            case SECRET_SERVICE -> ended.err.isBlank();
            // errSecItemNotFound, as the program shortens it.
            case KEYCHAIN -> ended.code == 44;
        };
        if (ended.code != 0 && unknown) return Optional.empty();
        if (ended.code != 0) throw failed(ended);
        if (text.isEmpty()) return Optional.empty();
        if (!text.startsWith(MARK)) throw new IOException("what it holds was not written by Understudy");
        try {
            return Optional.of(
                    new String(Base64.getUrlDecoder().decode(text.substring(MARK.length())), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            throw new IOException("what it holds was not written by Understudy");
        }
    }

    @Override
    public void remove(String name) throws IOException {
        Ended ended = switch (kind) {
            case SECRET_SERVICE -> run("", "clear", "application", "understudy", "service", service, "name", name);
            case KEYCHAIN -> run("", "delete-generic-password", "-a", name, "-s", service);
        };
        if (ended.code != 0 && get(name).isPresent()) throw failed(ended);
    }

    /** Of what it printed only its error is told: on standard output there may be a value. */
    private IOException failed(Ended ended) {
        String said = ended.err.lines().findFirst().orElse("").strip();
        return new IOException(kind.program + " ended with " + ended.code + (said.isEmpty() ? "" : ": " + said));
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String input, String... arguments) throws IOException {
        var command = Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                .toList();
        var builder = new ProcessBuilder(List.copyOf(command));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            var err = new StringBuilder();
            Thread errors = Thread.ofPlatform().daemon().start(() -> err.append(text(process.getErrorStream())));
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
                } catch (InterruptedException _) {
                    process.destroyForcibly();
                }
            });
            try (OutputStream given = process.getOutputStream()) {
                given.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // It ended before it had read all: its exit code says why.
            }
            String out = text(process.getInputStream());
            errors.join();
            int code = process.waitFor();
            return new Ended(code, out, err.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + kind.program + " ran");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
