package dev.understudy.core.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values from PEP 440 ("Version specifiers") and PEP 508. */
class PythonRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"          | 1.0 2!0 2013.1        | 1.0a1 1.0.dev3",
                "~=2.2         | 2.2 2.2.post3 2.9     | 2.1 3.0 2.3a1",
                "~=1.4.5       | 1.4.5 1.4.9           | 1.4.4 1.5.0",
                "==3.1         | 3.1 3.1.0 3.1+local   | 3.1.1 3.1.dev1",
                "==3.1.*       | 3.1 3.1.2 3.1.post1   | 3.2 3.10",
                "!=1.5.*       | 1.4 1.6               | 1.5 1.5.2",
                ">=1.0,<2      | 1.0 1.9.9             | 0.9 2.0 2.0rc1",
                ">1.7          | 1.7.1 1.8             | 1.7 1.7.0.post1",
                ">1.7.post2    | 1.7.1 1.7.0.post3     | 1.7.0.post2 1.7.0",
                ">=1.0rc1      | 1.0rc1 1.0rc2 1.0     | 1.0b1",
            })
    void allowsWhatItsLanguageSays(String range, String allowed, String refused) {
        PythonRange parsed = PythonRange.parse(range);
        assertThat(allowed.split(" ")).allMatch(each -> parsed.allows(version(each)));
        assertThat(refused.split(" ")).noneMatch(each -> parsed.allows(version(each)));
    }

    private static PythonVersion version(String text) {
        return PythonVersion.parse(text).orElseThrow();
    }

    /** PEP 440, "Summary of permitted suffixes and relative ordering". */
    @Test
    void versionsAreInTheOrderOfTheSpecification() {
        assertThat(Stream.of(
                                "1.0.dev456",
                                "1.0a1",
                                "1.0a2.dev456",
                                "1.0a12.dev456",
                                "1.0a12",
                                "1.0b1.dev456",
                                "1.0b2",
                                "1.0b2.post345.dev456",
                                "1.0b2.post345",
                                "1.0rc1.dev456",
                                "1.0rc1",
                                "1.0",
                                "1.0.post456.dev34",
                                "1.0.post456",
                                "1.0.15",
                                "1.1.dev1",
                                "1!0.1")
                        .map(PythonRangeTest::version))
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1.0 | v1.0.0", "1.0a1 | 1.0-alpha.1", "1.0rc1 | 1.0.c1", "1.0.post4 | 1.0-4", "1.1.dev0 | 1.1-DEV"
            })
    void spellingsOfOneVersionAreOne(String one, String other) {
        assertThat(version(one)).isEqualTo(version(other)).isEqualByComparingTo(version(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "~=1", ">=1.*", "=>1", "==a"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PythonRange.parse(text));
    }

    @Test
    void aRequirementHasANameExtrasARangeAndAMarker() {
        assertThat(Requirement.parse("Some_Thing.x[b, A] (>=1.0, !=1.5) ; python_version < '3'"))
                .isEqualTo(new Requirement("some-thing-x", Set.of("a", "b"), ">=1.0, !=1.5", "python_version < '3'"));
        assertThat(Requirement.parse("x==1.2")).isEqualTo(new Requirement("x", Set.of(), "==1.2", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x y", "x @ https://a/b.whl", "x>=", "x; python", "-x", "x>1; os_name = 'a'", "../x"})
    void whatIsNoRequirementIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Requirement.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "python_version >= '3.8'                                     | true",
                "python_version < \"3.9\"                                    | false",
                "sys_platform == 'win32' or os_name == 'posix'               | true",
                "sys_platform == 'win32' or os_name == 'posix' and python_version < '3' | false",
                "(sys_platform == 'win32' or os_name == 'posix') and python_version > '3' | true",
                "platform_python_implementation == 'CPython'                 | false",
                "'linux' in sys_platform                                     | true",
                "sys_platform not in 'win32, cygwin'                         | true",
                "extra == 'colour'                                           | true",
                "extra == 'other'                                            | false",
                "extra != 'other' and extra == 'colour'                      | true",
            })
    void markersAreAnsweredForCells(String marker, boolean holds) {
        assertThat(Marker.holds(marker, Set.of("colour"))).isEqualTo(holds);
    }
}
