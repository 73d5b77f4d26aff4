package dev.understudy.app.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The standard input of a command that is served, with a process at its other end that answers as the test wants. */
class CallerInputTest {
    private final List<Integer> asked = new ArrayList<>();

    /** Of a process whose input is a text, of which it gives at most so many bytes at once. */
    private CallerInput of(String text, int atOnce) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var self = new CompletableFuture<CallerInput>();
        var input = new CallerInput(new CallerInput.Asking() {
            private int given;

            @Override
            public void ask(Frame question) throws IOException {
                int left = bytes.length - given;
                if (question.kind() == Frame.AVAILABLE) {
                    self.join().giveAvailable(left);
                    return;
                }
                asked.add(question.number());
                int count = Math.min(Math.min(question.number(), atOnce), left);
                self.join().give(java.util.Arrays.copyOfRange(bytes, given, given + count));
                given += count;
            }
        });
        self.complete(input);
        return input;
    }

    @Test
    void isReadToItsEndAsItComes() throws IOException {
        assertThat(of("one\ntwo\n", 3).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("one\ntwo\n");
    }

    @Test
    void asksForNoMoreThanIsRead() throws IOException {
        var input = of("one two", 100);
        assertThat(input.isTouched()).isFalse();
        assertThat(input.readNBytes(3)).asString(StandardCharsets.UTF_8).isEqualTo("one");
        assertThat(asked).containsExactly(3);
        assertThat(input.isTouched()).isTrue();
    }

    @Test
    void isAtItsEndForGood() throws IOException {
        var input = of("", 100);
        assertThat(input.read()).isEqualTo(-1);
        assertThat(input.read()).isEqualTo(-1);
        assertThat(asked).hasSize(1);
    }

    @Test
    void tellsWhatCouldBeReadWithoutWaiting() throws IOException {
        var input = of("one", 2);
        assertThat(input.available()).isEqualTo(3);
        assertThat(asked).isEmpty();
        assertThat(input.await(2, 0)).isTrue();
        assertThat(input.available()).isEqualTo(2);
    }

    @Test
    void losesNothingWhereNothingComesInTime() throws IOException {
        var input = new CallerInput(_ -> {});
        assertThat(input.await(1, 1)).isFalse();
        // The process is still reading, and answers late.
        input.give("a".getBytes(StandardCharsets.UTF_8));
        assertThat(input.read()).isEqualTo('a');
    }

    @Test
    void losesNothingToAnInterruption() throws IOException {
        var input = new CallerInput(_ -> {});
        Thread.currentThread().interrupt();
        assertThatThrownBy(input::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isFalse();
        input.give("ab".getBytes(StandardCharsets.UTF_8));
        assertThat(input.read()).isEqualTo('a');
        assertThat(input.read()).isEqualTo('b');
    }

    @Test
    void endsForWhoeverWaitsWhenTheProcessHasGone() throws Exception {
        var reading = new CompletableFuture<Integer>();
        var waits = new CompletableFuture<Void>();
        var input = new CallerInput(_ -> waits.complete(null));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                reading.complete(input.read());
            } catch (IOException e) {
                reading.completeExceptionally(e);
            }
        });
        waits.join();
        input.close();
        assertThat(reading.join()).isEqualTo(-1);
    }
}
