package dev.understudy.sandbox.control.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules are those at the end of the zones' files in tzdata 2025b; the zones' own changes are the right values. */
class PosixRuleTest {
    private static final int CHANGES = 12;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EST5EDT,M3.2.0,M11.1.0 | America/New_York",
                "CET-1CEST,M3.5.0,M10.5.0/3 | Europe/Berlin",
                "AEST-10AEDT,M10.1.0,M4.1.0/3 | Australia/Sydney",
                "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0 | Australia/Lord_Howe",
                "<-04>4<-03>,M9.1.6/24,M4.1.6/24 | America/Santiago",
                "EET-2EEST,M4.5.5/0,M10.5.4/24 | Africa/Cairo"
            })
    void changesWhenTheZoneDoes(String rule, String zone) {
        ZoneRules ours = PosixRule.parse(rule).orElseThrow();
        ZoneRules theirs = ZoneId.of(zone).getRules();
        Instant at = Instant.parse("2025-01-01T00:00:00Z");
        for (int i = 0; i < CHANGES; i++) {
            assertThat(ours.nextTransition(at)).isEqualTo(theirs.nextTransition(at));
            at = theirs.nextTransition(at).getInstant();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Europe/Berlin", "EST", "EST5EDT,59,300", "EST5EDT,M13.1.0,M11.1.0", "EST99", "E5"})
    void isNoneWhereItIsNotUnderstood(String text) {
        assertThat(PosixRule.parse(text)).isEmpty();
    }
}
