package dev.understudy.core.automation;

import dev.understudy.spi.DayExpression;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that an automation declares.
 *
 * @param fallback its default; null if a value must be given. That of a day may depend on the day of the run
 *     ({@link DayExpression}).
 * @param description one line for people; may be empty
 */
public record ScriptParameter(
        String name, ParameterType type, @Nullable Object fallback, String description) {

    /** What stands in for a value that is not given: of a day, what it is today; empty if a value must be given. */
    Optional<Object> standard(LocalDate today) {
        Optional<Object> day = day().map(expression -> expression.on(today));
        return day.isPresent() ? day : Optional.ofNullable(fallback);
    }

    /** The day that its default depends on. */
    private Optional<DayExpression> day() {
        return type == ParameterType.DATE && fallback instanceof String text
                ? DayExpression.parse(text)
                : Optional.empty();
    }

    /** Reads what a person typed; empty if it may not be held. */
    Optional<Object> parse(String text) {
        return type.parse(text).filter(this::isOfItsForm);
    }

    /** Takes a JSON value; empty if it may not be held. */
    Optional<Object> convert(Object value) {
        return type.convert(value).filter(this::isOfItsForm);
    }

    private boolean isOfItsForm(Object value) {
        return type != ParameterType.DATE || writtenDay().hasForm(String.valueOf(value));
    }

    private DayExpression writtenDay() {
        return day().orElse(ParameterType.ISO_DAY);
    }

    /** What it may hold, for messages. */
    String form() {
        return type == ParameterType.DATE
                ? type.form() + " like " + writtenDay().on(LocalDate.EPOCH)
                : type.form();
    }
}
