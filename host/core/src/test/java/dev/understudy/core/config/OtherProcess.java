package dev.understudy.core.config;

import java.nio.file.Path;
import java.util.List;

/** A second process of this test's class path. */
public final class OtherProcess {
    private OtherProcess() {}

    /** Prepares a process that runs {@code main} with one argument; its error output is the test's. */
    public static ProcessBuilder of(Class<?> main, Path argument) {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
