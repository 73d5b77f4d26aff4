package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stands in for a cell that was taken over: tries what the jail around it must refuse, one line for each try. */
final class JavaInJail {
    private JavaInJail() {}

    private interface Try {
        Object make() throws IOException;
    }

    public static void main(String[] arguments) {
        Path secret = Path.of(arguments[0]);
        tell("home", () -> Files.writeString(Path.of(System.getenv("HOME"), "scratch"), "x"));
        tell("read", () -> Files.readString(secret));
        tell("write", () -> Files.writeString(secret.resolveSibling("new"), "x"));
        tell("own jar", () -> Files.writeString(Path.of(arguments[1], "planted"), "x"));
        tell("socket", () -> new ServerSocket(0));
        tell("program", () -> new ProcessBuilder("/usr/bin/id").start());
        tell("host", JavaInJail::otherProcesses);
        tell("environment", () -> System.getenv("SECRET_OF_THE_HOST") == null ? fail() : "seen");
    }

    private static Object otherProcesses() throws IOException {
        String[] names = Path.of("/proc").toFile().list((_, name) -> name.matches("\\d+"));
        return names != null && names.length > 4 ? "seen" : fail();
    }

    private static Object fail() throws IOException {
        throw new IOException("nothing to see");
    }

    private static void tell(String name, Try attempt) {
        try {
            System.out.println(name + ": " + (attempt.make() == null ? "nothing" : "done"));
        } catch (IOException refused) {
            System.out.println(name + ": refused");
        }
    }
}
