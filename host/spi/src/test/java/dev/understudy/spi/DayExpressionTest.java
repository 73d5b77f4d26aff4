package dev.understudy.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DayExpressionTest {
    @ParameterizedTest
    @CsvSource({
        "{today},                 2026-11-28, 2026-11-28",
        "{today:%Y%m%d},          2026-11-28, 20261128",
        "{today:%d.%m.%y},        2026-11-28, 28.11.26",
        "{yesterday},             2026-03-01, 2026-02-28",
        "{tomorrow},              2024-02-28, 2024-02-29",
        "{today-3},               2026-01-02, 2025-12-30",
        "{today+2:%Y/%m/%d},      2026-12-30, 2027/01/01",
        "{last_workday},          2026-11-30, 2026-11-27",
        "{last_workday},          2026-11-29, 2026-11-27",
        "{last_workday},          2026-11-27, 2026-11-26",
        "{month},                 2026-11-28, 2026-11",
        "{last_month:%Y%m},       2026-01-31, 202512",
        // ISO 8601: 2027-01-01 is a Friday, and so in the last week of 2026.
        "{week},                  2027-01-01, 2026-W53",
        "{last_week:W%V},         2026-11-28, W47",
        "{today:%Y-%j},           2026-12-31, 2026-365",
    })
    void isATextOfTheDay(String written, LocalDate today, String text) {
        DayExpression expression = DayExpression.parse(written).orElseThrow();
        assertThat(expression.on(today)).isEqualTo(text);
        assertThat(expression.written()).isEqualTo(written);
        assertThat(expression.hasForm(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "today",
                "{}",
                "{todya}",
                "{today:}",
                "{today:%Q}",
                "{today:x}",
                "{name}",
                "{today-}",
                "{today} ",
                "{week:%}"
            })
    void isNothingElse(String text) {
        assertThat(DayExpression.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "{today},          20261128",
        "{today},          2026-13-01",
        "{today},          ../../etc",
        "{today:%Y%m%d},   2026-11-28",
        "{week},           2026-W54",
        "{today:%d.%m.%Y}, 28x11x2026",
    })
    void hasAForm(String written, String text) {
        assertThat(DayExpression.parse(written).orElseThrow().hasForm(text)).isFalse();
    }
}
