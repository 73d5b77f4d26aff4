package dev.understudy.sandbox.control.tester;

import java.util.Locale;

/**
 * Whether an automation's tests let it be deployed.
 *
 * @param result of its tests
 * @param minSuccessRate from 0 to 1
 */
public record Validation(SuiteResult result, double minSuccessRate) {
    /** As configured where nothing else is. */
    public static final double DEFAULT_MIN_SUCCESS_RATE = 0.9;

    public Validation {
        if (!(minSuccessRate >= 0 && minSuccessRate <= 1))
            throw new IllegalArgumentException("minSuccessRate must be from 0 to 1, was " + minSuccessRate);
    }

    /** Whether enough cases passed. A suite without cases shows nothing, so it does not. */
    public boolean deployable() {
        return !result.cases().isEmpty() && result.successRate() >= minSuccessRate;
    }

    /** One line for people that says why or why not. */
    public String explanation() {
        if (result.cases().isEmpty()) return "there are no test cases, so nothing shows that it works";
        return String.format(
                Locale.ROOT,
                "%d of %d cases passed (%.1f %%, at least %.1f %% needed)",
                result.passed(),
                result.cases().size(),
                100 * result.successRate(),
                100 * minSuccessRate);
    }
}
