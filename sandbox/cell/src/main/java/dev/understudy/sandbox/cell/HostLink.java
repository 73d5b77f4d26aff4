package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.SynchronousQueue;

/** The way to the host. The guest's thread asks and waits; the reading thread brings the answers. */
final class HostLink {
    private final Frames frames;
    private final SynchronousQueue<ToCell.Answer> answers = new SynchronousQueue<>();

    HostLink(Frames frames) {
        this.frames = frames;
    }

    /** Asks the host and waits for its answer, even when interrupted: an answer left behind would be taken for the next. */
    ToCell.Answer ask(FromCell.Ask ask) {
        send(ask);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answers.take();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Sends what needs no answer. */
    void send(FromCell message) {
        try {
            frames.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException("the host is gone", e);
        }
    }

    /** Hands an answer to the thread that waits for it. */
    void answer(ToCell.Answer answer) throws InterruptedException {
        answers.put(answer);
    }
}
