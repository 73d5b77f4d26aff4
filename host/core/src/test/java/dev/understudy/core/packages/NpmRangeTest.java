package dev.understudy.core.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values from node-semver's README, "Advanced Range Syntax" and "Prerelease Tags". */
class NpmRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "\"\"            ; 0.0.0 1.2.3 99.0.0  ; 1.0.0-a",
                "*               ; 0.0.0 1.2.3         ; 1.0.0-a",
                "1.2.3           ; 1.2.3               ; 1.2.4 1.2.3-a",
                "=v1.2.3         ; 1.2.3               ; 1.2.4",
                "1.x             ; 1.0.0 1.9.9         ; 0.9.9 2.0.0 2.0.0-a",
                "1.2             ; 1.2.0 1.2.9         ; 1.1.9 1.3.0",
                "~1.2.3          ; 1.2.3 1.2.9         ; 1.2.2 1.3.0",
                "~1              ; 1.0.0 1.9.0         ; 2.0.0",
                "^1.2.3          ; 1.2.3 1.9.0         ; 1.2.2 2.0.0 2.0.0-a",
                "^0.2.3          ; 0.2.3 0.2.9         ; 0.2.2 0.3.0 1.0.0",
                "^0.0.3          ; 0.0.3               ; 0.0.4 0.1.0",
                "^0.0            ; 0.0.0 0.0.9         ; 0.1.0",
                "^0.x            ; 0.0.0 0.9.9         ; 1.0.0",
                "^1.2.3-beta.2   ; 1.2.3-beta.4 1.2.3 1.3.0 ; 1.2.3-beta.1 1.2.4-beta.2",
                ">=1.2.7 <1.3.0  ; 1.2.7 1.2.99        ; 1.2.6 1.3.0 1.1.0",
                ">= 1.2          ; 1.2.0 2.0.0         ; 1.1.9",
                ">1.2            ; 1.3.0               ; 1.2.0 1.2.9",
                "<=1.2           ; 1.2.9 0.1.0         ; 1.3.0",
                "<2              ; 1.9.9               ; 2.0.0 2.0.0-a",
                "1.2.7 || >=1.2.9 <2.0.0 ; 1.2.7 1.2.9 1.4.6 ; 1.2.8 2.0.0",
                "1.2.3 - 2.3.4   ; 1.2.3 2.3.4         ; 1.2.2 2.3.5",
                "1.2 - 2.3       ; 1.2.0 2.3.9         ; 2.4.0",
                ">1.2.3-alpha.3  ; 1.2.3-alpha.7 3.4.5 ; 3.4.5-alpha.9",
            })
    void allowsWhatItsLanguageSays(String range, String allowed, String refused) {
        NpmRange parsed = NpmRange.parse(range);
        assertThat(allowed.split(" ")).allMatch(each -> parsed.allows(version(each)));
        assertThat(refused.split(" ")).noneMatch(each -> parsed.allows(version(each)));
    }

    private static NpmVersion version(String text) {
        return NpmVersion.parse(text).orElseThrow();
    }

    /** Semantic Versioning 2.0.0, section 11. */
    @Test
    void versionsAreInTheOrderOfTheSpecification() {
        assertThat(Stream.of(
                                "1.0.0-alpha",
                                "1.0.0-alpha.1",
                                "1.0.0-alpha.beta",
                                "1.0.0-beta",
                                "1.0.0-beta.2",
                                "1.0.0-beta.11",
                                "1.0.0-rc.1",
                                "1.0.0",
                                "2.0.0",
                                "2.1.0",
                                "2.1.1")
                        .map(NpmRangeTest::version))
                .isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"git+https://x/y", "file:../x", "1.2.3.4", "latest!", "^a"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NpmRange.parse(text));
    }
}
