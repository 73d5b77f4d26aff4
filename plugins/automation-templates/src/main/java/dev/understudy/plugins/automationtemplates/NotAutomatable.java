package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate.Answer.NotMine;

/** Ends the reading of a pattern with the reason why it becomes no automation. */
final class NotAutomatable extends Exception {
    private static final long serialVersionUID = 1;

    /** Of another field altogether. */
    static final double ANOTHER_FIELD = 0.0;

    /** Of no template's field, with a reason that says more than that. */
    static final double OUT_OF_REACH = 0.2;

    /** Mine, but it would not be done exactly as the person did it. */
    static final double MINE = 0.95;

    private static final int MAX_REASON = 200;

    private final double relevance;

    NotAutomatable(String reason, double relevance) {
        super(oneLine(reason), null, false, false);
        this.relevance = relevance;
    }

    // Reasons name types and parameters, which may hold anything.
    private static String oneLine(String reason) {
        String line = reason.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
        return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON - 1) + "…";
    }

    static NotAutomatable mine(String reason) {
        return new NotAutomatable(reason, MINE);
    }

    double relevance() {
        return relevance;
    }

    NotMine answer() {
        return new NotMine(String.valueOf(getMessage()), relevance);
    }
}
