package dev.understudy.sandbox.cell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SuperchupuDev/tinyglobby#149 and micromatch/picomatch#196: a negated set matched exactly what it should leave out. So what
 * is right is asked of bash itself.
 */
class NamePatternTest {
    private static final List<String> NAMES = List.of(
            "keep.tmp",
            "old.tmp",
            "k",
            "1.jpg",
            "a[b",
            "a[b]",
            "ab",
            "a]",
            "]",
            "-",
            "x-y",
            "^",
            "!",
            "é.tmp",
            "Ä",
            "a b",
            "line\nbreak",
            "back\\slash",
            "*",
            "?",
            "[",
            "{a,b}",
            "a,b",
            "A",
            "z",
            "_",
            "tab\t",
            "café",
            "日本",
            ".hidden");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "?",
                "??",
                "[^k]*.tmp",
                "[!k]*",
                "[[:digit:]]*.jpg",
                "[[:alpha:]]*",
                "[^[:alpha:]]*",
                "[[:upper:]]",
                "[[:lower:][:digit:]]*",
                "a[b",
                "a[[]b*",
                "a[b]",
                "[]]",
                "[!]]",
                "[]-a]",
                "[a-c]*",
                "[c-a]",
                "[-x]*",
                "[x-]*",
                "[^^]",
                "[[:space:]]",
                "*[[:space:]]*",
                "*[[:punct:]]",
                "back\\\\slash",
                "\\*",
                "\\[",
                "[\\]]",
                "[[:nothing:]]",
                "*é*",
                "[à-ü]*",
                "caf?",
                "??",
                "{a,b}",
                "*\n*",
                "[",
                "[!",
                "[]",
                "a]",
                "[[:xdigit:]]*",
                "[[:blank:]]*",
                "*,*"
            })
    void matchesWhatBashMatches(String pattern) throws Exception {
        var matched = new ArrayList<String>();
        for (String name : NAMES)
            if (!name.startsWith(".") && NamePattern.of(pattern).matches(name)) matched.add(name);
        assertThat(matched).isEqualTo(inBash(pattern));
    }

    private static List<String> inBash(String pattern) throws Exception {
        var command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "p=$1; shift; for name; do case $name in ($p) printf '%s\\0' \"$name\";; esac; done",
                "bash",
                pattern));
        NAMES.stream().filter(name -> !name.startsWith(".")).forEach(command::add);
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process bash = builder.start();
        String names = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).isZero();
        return names.isEmpty() ? List.of() : List.of(names.split("\0"));
    }

    @Test
    void ofAHiddenNameBeginsWithADot() {
        assertThat(NamePattern.of("*").matches(".hidden")).isFalse();
        assertThat(NamePattern.of("[.]hidden").matches(".hidden")).isFalse();
        assertThat(NamePattern.of(".*").matches(".hidden")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[1].txt", "*", "a?", "{a,b}", "back\\slash", "a[b", "plain", "\\*"})
    void ofAnEscapedNameMatchesThatNameAlone(String name) {
        String escaped = NamePattern.escape(name);
        assertThat(NamePattern.isPattern(escaped)).isFalse();
        assertThat(NamePattern.alternatives(escaped)).containsExactly(escaped);
        assertThat(NamePattern.plain(escaped)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a{b,c}d|abd acd",
                "{a,b{c,d}}|a bc bd",
                "a{b}c|a{b}c",
                "{a,b}{c,d}|ac ad bc bd",
                "a{|a{",
                "}a,b{|}a,b{"
            })
    void writesOutAlternativesAsBashDoes(String pattern, String alternatives) {
        assertThat(String.join(" ", NamePattern.alternatives(pattern))).isEqualTo(alternatives);
    }
}
