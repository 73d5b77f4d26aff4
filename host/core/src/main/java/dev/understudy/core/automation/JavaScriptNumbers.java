package dev.understudy.core.automation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Finds whole numbers that JavaScript would round in silence: its numbers are exact up to 2**53 only. */
final class JavaScriptNumbers {
    private JavaScriptNumbers() {}

    /** The first whole number in a plain value, or in what it holds, that has no exact form in JavaScript. */
    static Optional<BigInteger> inexact(Object value) {
        return switch (value) {
            case Long number -> inexact(BigInteger.valueOf(number));
            case BigInteger number ->
                Double.isInfinite(number.doubleValue())
                                || new BigDecimal(number.doubleValue()).compareTo(new BigDecimal(number)) != 0
                        ? Optional.of(number)
                        : Optional.empty();
            case Collection<?> items -> first(items);
            case Map<?, ?> fields -> first(fields.values());
            default -> Optional.empty();
        };
    }

    private static Optional<BigInteger> first(Collection<?> values) {
        return values.stream()
                .flatMap(value -> value == null ? Optional.<BigInteger>empty().stream() : inexact(value).stream())
                .findFirst();
    }
}
