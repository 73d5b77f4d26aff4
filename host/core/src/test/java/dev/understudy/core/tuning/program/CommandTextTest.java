package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.problem.UserException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CommandTextTest {
    private static final List<String> NAMES = List.of("vm.x", "mode");
    private static final Map<String, String> VALUES = Map.of("vm.x", "7", "mode", "a; rm -rf '$HOME'");

    private static CommandText text(String text) {
        return CommandText.of("objective", text, NAMES);
    }

    @Nested
    class WithPlaceholders {
        @Test
        void isStartedWordByWordWithoutAShell() {
            assertThat(text("run --x={vm.x} 'two words' \"{mode}\" \\{esc} {other}")
                            .argv(VALUES))
                    .containsExactly("run", "--x=7", "two words", "a; rm -rf '$HOME'", "{esc}", "{other}");
        }

        @Test
        void refusesWhatOnlyAShellUnderstands() {
            assertThatThrownBy(() -> text("run {vm.x} | tail -1"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the shell's '|'");
            assertThatThrownBy(() -> text("run {vm.x} \"$HOME\"")).isInstanceOf(UserException.class);
            assertThat(text("run {vm.x} '$HOME|'").argv(VALUES)).containsExactly("run", "7", "$HOME|");
        }

        @Test
        void isPrintedSoThatAShellReadsTheSameWords() {
            assertThat(text("run {mode}").line(VALUES)).isEqualTo("run 'a; rm -rf '\\''$HOME'\\'''");
        }
    }

    @Nested
    class WithoutPlaceholders {
        @Test
        void isTheShellsAndHasItsValuesInTheEnvironment() {
            assertThat(text("a | awk '{print}'").argv(VALUES)).containsExactly("/bin/sh", "-c", "a | awk '{print}'");
            assertThat(CommandText.variables(Map.of("vm.x", "7"))).isEqualTo(Map.of("PARAM_VM_X", "7"));
            assertThat(text("make").line(Map.of("vm.x", "7"))).isEqualTo("PARAM_VM_X=7 make");
            assertThat(text("a | b").line(Map.of("vm.x", "7"))).isEqualTo("PARAM_VM_X=7 sh -c 'a | b'");
        }
    }
}
