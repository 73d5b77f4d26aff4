package dev.understudy.plugins.recommendations;

import java.util.Locale;

/** How figures read in a description. */
final class Text {
    private Text() {}

    /** Three significant digits, without an exponent. */
    static String figure(double value) {
        if (value == 0) return "0";
        int digits = Math.clamp(2 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 6);
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return figure(100 * share) + " %";
    }

    /** A duration in the unit that suits it. */
    static String millis(double millis) {
        if (millis < 1000) return figure(millis) + " ms";
        if (millis < 120_000) return figure(millis / 1000) + " s";
        return figure(millis / 60_000) + " min";
    }

    /** A value with its unit; milliseconds in the unit that suits them. */
    static String value(double value, String unit) {
        if (unit.equals("ms")) return millis(value);
        return unit.isEmpty() ? figure(value) : figure(value) + " " + unit;
    }
}
