package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.performance.OtlpReceiver;
import java.io.IOException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** Where {@code up} takes traces, if it does: off where it is configured so, or where the port is taken. */
final class OtlpPort implements AutoCloseable {
    private final Console console;
    private final @Nullable OtlpReceiver receiver;

    private OtlpPort(Console console, @Nullable OtlpReceiver receiver) {
        this.console = console;
        this.receiver = receiver;
    }

    static OtlpPort open(Understudy understudy, Console console) {
        int port = understudy.config().performanceAnalysis().otlpPort();
        if (port == 0) return new OtlpPort(console, null);
        try {
            return new OtlpPort(
                    console,
                    OtlpReceiver.start(
                            port,
                            understudy.performance(),
                            understudy.home().folder("traces"),
                            problem -> console.err().println("understudy: " + Console.printable(problem) + ".")));
        } catch (IOException e) {
            console.err()
                    .println("understudy: no traces are taken: "
                            + (e instanceof BindException
                                    ? "port " + port + " is in use. Another program takes them, or"
                                            + " configure performance_analysis.otlp_port."
                                    : Console.printable(String.valueOf(e.getMessage())) + "."));
            return new OtlpPort(console, null);
        }
    }

    void announce() {
        if (receiver != null) console.err().println(Style.DIM.of(console, "traces (OTLP): " + receiver.address()));
    }

    @Override
    public void close() {
        if (receiver != null) receiver.close();
    }
}
