package dev.understudy.app.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.app.resident.TerminalState.Flag;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What stty says of a terminal, and is told. */
class TerminalStateTest {
    /** As Linux has it where nobody has changed anything, with DEL for the key that erases. */
    private static final String USUAL =
            "500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0";

    /** After 'stty raw -echo'. */
    private static final String RAW =
            "0:4:bf:8a30:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0";

    private static int mode(Flag... flags) {
        int mode = 0;
        for (Flag each : flags) mode |= each.bit();
        return mode;
    }

    @Test
    void readsTheFlagsThatAreOn() {
        assertThat(new TerminalState(80, 24, USUAL).mode())
                .isEqualTo(mode(Flag.ICANON, Flag.ECHO, Flag.ISIG, Flag.IEXTEN, Flag.ICRNL, Flag.IXON, Flag.OPOST));
        assertThat(new TerminalState(80, 24, RAW).mode()).isEqualTo(mode(Flag.IEXTEN));
    }

    @Test
    void readsTheKeys() {
        assertThat(new TerminalState(80, 24, USUAL).characters()).startsWith(3, 28, 127, 21, 4, 0, 1);
        assertThat(new TerminalState(80, 24, USUAL.replace(":7f:", ":8:")).characters())
                .startsWith(3, 28, 8);
    }

    @Test
    void takesATerminalThatSpeaksOtherwiseForAUsualOne() {
        var other = new TerminalState(80, 24, "gfmt1:cflag=4b00:iflag=6b02");
        assertThat(other.mode()).isEqualTo(new TerminalState(80, 24, USUAL).mode());
        assertThat(other.characters()).isEqualTo(new TerminalState(80, 24, USUAL).characters());
    }

    @Test
    void changesOnlyWhatIsAskedFor() {
        var state = new TerminalState(80, 24, USUAL);
        assertThat(state.words(state.mode())).containsExactly(USUAL);
        assertThat(state.words(mode(Flag.ISIG, Flag.OPOST)))
                .containsExactly(
                        USUAL, "-icanon", "-echo", "isig", "-iexten", "-icrnl", "-inlcr", "-ixon", "opost", "min", "1",
                        "time", "0");
    }

    @Test
    void comesThroughTheSocketAsItWas() throws IOException {
        var state = new TerminalState(123, 45, USUAL);
        assertThat(TerminalState.decoded(state.encoded())).isEqualTo(state);
        assertThatThrownBy(() -> TerminalState.decoded("no terminal at all")).isInstanceOf(IOException.class);
    }
}
