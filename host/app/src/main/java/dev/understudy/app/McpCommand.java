package dev.understudy.app;

import dev.understudy.app.mcp.McpServer;
import dev.understudy.core.Understudy;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "mcp",
        description = {
            "Serve a program that acts for you, by the Model Context Protocol over standard input and output.",
            "It can list patterns and automations, run what you have approved, read reports, ask for advice, and propose"
                    + " automations, which wait for you ('proposals'). Ends with its input."
        })
final class McpCommand implements Callable<Integer> {
    private static final String INSTRUCTIONS =
            "Understudy automates what a person repeats. You can run automations that the person has approved, and propose new"
                    + " ones: a script with metadata, grants and tests. What you propose is checked and its tests are run away"
                    + " from the person's files; then it waits for the person, and nothing comes of it before they take and"
                    + " approve it themselves. Ask them to look at it with 'understudy proposals'.";

    @ParentCommand
    RootCommand root;

    @Override
    public Integer call() throws InterruptedException {
        var ended = new CountDownLatch(1);
        // News are for the person, who does not see what is printed here.
        try (Understudy understudy = root.openWithoutNews()) {
            var server = new McpServer(
                    Version.text(),
                    INSTRUCTIONS,
                    new McpTools(understudy).all(),
                    root.console().out(),
                    System::nanoTime);
            InputStream input = Invocation.current().input();
            // A read of standard input cannot be interrupted, and so must not hold up the end.
            Thread.ofPlatform().daemon().name("mcp input").start(() -> {
                try {
                    server.serve(input);
                } catch (IOException _) {
                    // As good as its end.
                } finally {
                    ended.countDown();
                }
            });
            try (var _ = Invocation.current().ending().whenAsked(() -> {
                server.cancelAll();
                ended.countDown();
            })) {
                ended.await();
                server.awaitCalls();
            }
        }
        return ExitCode.DONE;
    }
}
