package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.SandboxPolicy;

/**
 * A cell: {@code serve js|python READY SHARED MILLIS} answers the host on standard input and output until that closes, with
 * so many contexts ready for a first run, and so many kept for the next run of the same script for so long; {@code train
 * js|python} goes through a few runs alone, for an AOT cache; {@code unpack DIRECTORY} writes the languages' resources.
 */
public final class CellMain {
    /** Interpreters recurse on the Java stack, several frames a call of the guest's. */
    private static final long GUEST_STACK_BYTES = 16L << 20;

    private static final int BOUND_FROM_HOST = 256 << 20;

    private CellMain() {}

    public static void main(String[] arguments) throws Exception {
        InputStream in = new FileInputStream(FileDescriptor.in);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        // Whatever prints by itself, the runtime included, must not end up between the frames.
        System.setIn(InputStream.nullInputStream());
        System.setOut(System.err);
        switch (arguments[0]) {
            case "serve" ->
                serve(
                        Language.of(arguments[1]),
                        new Frames(in, out),
                        Integer.parseInt(arguments[2]),
                        new SharedContexts(Integer.parseInt(arguments[3]), Long.parseLong(arguments[4])));
            case "train" -> Training.run(Language.of(arguments[1]), resources());
            case "unpack" -> Training.unpack(Path.of(arguments[1]));
            default -> throw new IllegalArgumentException("no such work: " + arguments[0]);
        }
    }

    static Engine engine(Language language) {
        PrintStream log = new PrintStream(System.err, true, java.nio.charset.StandardCharsets.UTF_8);
        return Engine.newBuilder(language.id())
                .sandbox(SandboxPolicy.CONSTRAINED)
                .in(InputStream.nullInputStream())
                .out(log)
                .err(log)
                .logHandler(log)
                .option("engine.WarnInterpreterOnly", "false")
                .build();
    }

    private static Path resources() throws IOException {
        String path = System.getProperty("polyglot.engine.resourcePath");
        if (path == null) throw new IllegalStateException("polyglot.engine.resourcePath is not set");
        return Path.of(path).toRealPath();
    }

    /** Serves until the host closes its end; then the process ends at once, whatever the guest is doing. */
    static void serve(Language language, Frames frames, int ready, SharedContexts shared)
            throws IOException, InterruptedException {
        var host = new HostLink(frames);
        // The first context is made on a thread of its own, so all that needs none is done meanwhile.
        var contexts = new ContextSupply(language, engine(language), resources(), host, ready);
        var meter = new Meter(host);
        var server = new CellServer(language, contexts, shared, host, meter);
        BlockingQueue<ToCell> jobs = new LinkedBlockingQueue<>();
        meter.start();
        var guest = new Thread(null, () -> work(server, contexts, host, jobs), "guest", GUEST_STACK_BYTES);
        guest.setDaemon(true);
        guest.start();
        try {
            while (true) {
                switch (frames.readToCell(BOUND_FROM_HOST)) {
                    case ToCell.Run run -> jobs.add(run);
                    case ToCell.Evaluate evaluate -> jobs.add(evaluate);
                    case ToCell.Interrupt interrupt ->
                        Thread.ofPlatform().daemon().start(() -> server.interrupt(interrupt.id()));
                    case ToCell.Answer answer -> host.answer(answer);
                }
            }
        } catch (EOFException _) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void work(CellServer server, ContextSupply contexts, HostLink host, BlockingQueue<ToCell> jobs) {
        try {
            contexts.awaitFirst();
            host.send(new FromCell.Ready(Frames.VERSION));
            while (true) {
                switch (jobs.take()) {
                    case ToCell.Run run -> server.run(run);
                    case ToCell.Evaluate evaluate -> server.evaluate(evaluate);
                    case ToCell other -> throw new IllegalStateException("no job: " + other);
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // A bug of the cell's own: the host sees the end and the reason on standard error.
            e.printStackTrace();
            Runtime.getRuntime().halt(70);
        }
    }
}
