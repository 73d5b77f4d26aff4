package dev.understudy.app;

import dev.understudy.app.resident.Caller;
import dev.understudy.app.resident.Request;
import dev.understudy.app.resident.ResidentServer;
import dev.understudy.core.Understudy;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Does commands in this process as a host does them for theirs; what that declines is done with an engine of its own, as the
 * command's process does it then. Serves one data home at a time, as one test runs at a time.
 */
final class HostInProcess {
    private static @Nullable HostInProcess current;

    /** Closes the host when a test ends, before its folders are deleted. */
    static final class Closing implements AfterEachCallback {
        @Override
        public void afterEach(ExtensionContext context) {
            close();
        }
    }

    private final Path home;
    private final ResidentService service;

    private HostInProcess(Path home, Path folder, Map<String, String> variables) {
        this.home = home;
        var root =
                new RootCommand(console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), variables));
        root.home = home;
        service = called(folder, "understudy", variables, () -> new ResidentService(root));
    }

    /**
     * Does a command.
     *
     * @param words the launcher and what it is given
     */
    static synchronized Launcher.Result run(Path home, Path folder, Map<String, String> variables, List<String> words) {
        Main.quietLibraries();
        HostInProcess host = current;
        if (host == null || !host.home.equals(home)) {
            close();
            host = new HostInProcess(home, folder, variables);
            current = host;
        }
        return host.run(folder, variables, words.getFirst(), words.subList(1, words.size()));
    }

    private static synchronized void close() {
        if (current != null) current.service.close();
        current = null;
    }

    private Launcher.Result run(Path folder, Map<String, String> variables, String launcher, List<String> command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var request = new Request("", launcher, folder, false, "", variables, command);
        Optional<Integer> served =
                service.begin(request, Caller.listening(out, err)).flatMap(ResidentServer.Work::run);
        int code = served.orElseGet(() -> called(
                folder,
                launcher,
                variables,
                () -> CommandLineInterface.run(console(out, err, variables), command.toArray(String[]::new))));
        return new Launcher.Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Of a command that was declined. */
    private static final class OwnEngine implements Invocation.Host {
        @Override
        public Understudy open(RootCommand root) {
            return root.openHere(root.notices());
        }

        @Override
        public ReplRooms rooms() {
            return new ReplRooms();
        }

        @Override
        public void share(ReplRoom room) {
            // Nobody else is here.
        }
    }

    private static Console console(OutputStream out, OutputStream err, Map<String, String> variables) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                variables);
    }

    private static <T> T called(Path folder, String launcher, Map<String, String> variables, Callable<T> command) {
        var invocation = Invocation.served(
                folder,
                launcher,
                variables,
                () -> false,
                new OwnEngine(),
                Caller.listening(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
        try {
            return invocation.call(command);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
