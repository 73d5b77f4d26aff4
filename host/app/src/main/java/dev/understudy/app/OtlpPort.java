package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.performance.OtlpReceiver;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where {@code up} takes traces, if it does: off where it is configured so, or where the port is taken. */
final class OtlpPort implements AutoCloseable {
    private final Console console;
    private final @Nullable OtlpReceiver receiver;
    private final @Nullable URI grpc;

    private OtlpPort(Console console, @Nullable OtlpReceiver receiver, @Nullable URI grpc) {
        this.console = console;
        this.receiver = receiver;
        this.grpc = grpc;
    }

    static OtlpPort open(Understudy understudy, Console console) {
        Config.PerformanceAnalysis config = understudy.config().performanceAnalysis();
        if (config.otlpPort() == 0) return new OtlpPort(console, null, null);
        try {
            OtlpReceiver receiver = OtlpReceiver.start(
                    config.otlpPort(),
                    understudy.performance(),
                    understudy.home().folder("traces"),
                    problem -> console.err().println("understudy: " + Console.printable(problem) + "."));
            return new OtlpPort(console, receiver, grpc(receiver, config.otlpGrpcPort(), console));
        } catch (IOException e) {
            notTaken(console, "", config.otlpPort(), "otlp_port", e);
            return new OtlpPort(console, null, null);
        }
    }

    private static @Nullable URI grpc(OtlpReceiver receiver, int port, Console console) {
        if (port == 0) return null;
        try {
            return receiver.listenForGrpc(port);
        } catch (IOException e) {
            notTaken(console, " by gRPC", port, "otlp_grpc_port", e);
            return null;
        }
    }

    private static void notTaken(Console console, String how, int port, String key, IOException why) {
        console.err()
                .println("understudy: no traces are taken" + how + ": "
                        + (why instanceof BindException || why.getCause() instanceof BindException
                                ? "port " + port + " is in use. Another program takes them, or configure"
                                        + " performance_analysis." + key + "."
                                : Console.printable(String.valueOf(why.getMessage())) + "."));
    }

    void announce() {
        if (receiver == null) return;
        String byGrpc = grpc == null ? "" : ", by gRPC " + grpc;
        console.err().println(Style.DIM.of(console, "traces (OTLP): " + receiver.address() + byGrpc));
    }

    @Override
    public void close() {
        if (receiver != null) receiver.close();
    }
}
