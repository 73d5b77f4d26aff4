package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "attach",
        description = {
            "Join a REPL that is open in the host: its variables, grants and changes are yours, too.",
            "It goes on until the last has left it. 'host status' numbers those that are open."
        })
final class AttachCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "NUMBER", arity = "0..1", description = "Which (default: the one that was begun last).")
    @Nullable
    Integer number;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<ReplRooms> rooms = Invocation.current().rooms();
        if (rooms.isEmpty())
            throw UserException.failed(
                    "There is no REPL to join",
                    "no host serves this data home, or it serves another terminal's surroundings",
                    "Begin one: " + root.commandPrefix() + " host start, then repl");
        try (Understudy understudy = root.open()) {
            var repl = new ReplOnEngine(understudy, root.commandPrefix(), () -> join(rooms.get()));
            return repl.run(root.console(), Invocation.current());
        }
    }

    private ReplRoom join(ReplRooms rooms) {
        Integer wanted = number;
        return (wanted == null ? rooms.join() : rooms.join(wanted))
                .orElseThrow(() -> UserException.failed(
                        wanted == null ? "There is no REPL to join" : "There is no REPL " + wanted + " to join",
                        wanted == null ? "none is open in the host" : "none of that number is open in the host",
                        "Begin one with " + root.commandPrefix() + " repl; 'host status' lists them"));
    }
}
