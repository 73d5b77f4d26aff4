package dev.understudy.bench.fuzz;

import dev.understudy.sandbox.protocol.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;

/** What a cell that guest code has taken over may write to the host, and the other way round: whole frames, strictly read. */
public final class Frames {
    private static final int BOUND = dev.understudy.sandbox.protocol.Frames.USUAL_BOUND;

    private Frames() {}

    /** Reads all frames of either direction. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        read(input, frames -> frames.readFromCell(BOUND));
        read(input, frames -> frames.readToCell(BOUND));
    }

    private interface Reading {
        Object of(dev.understudy.sandbox.protocol.Frames frames) throws IOException;
    }

    private static void read(byte[] input, Reading reading) throws IOException {
        var frames = new dev.understudy.sandbox.protocol.Frames(
                new ByteArrayInputStream(input), OutputStream.nullOutputStream());
        try {
            // Each frame takes at least its header, so the input's end comes.
            while (true) reading.of(frames);
        } catch (EOFException | ProtocolException ended) {
            // As its documentation says.
        }
    }
}
