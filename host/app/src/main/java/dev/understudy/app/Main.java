package dev.understudy.app;

import java.util.List;

/** Starts the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        var console = Console.ofProcess();
        // Asked for by scripts and prompts, so it must not wait for the command line to be put together.
        if (List.of(arguments).equals(List.of("--version"))) {
            console.out().println("understudy " + Version.text());
            return;
        }
        System.exit(CommandLineInterface.run(console, arguments));
    }
}
