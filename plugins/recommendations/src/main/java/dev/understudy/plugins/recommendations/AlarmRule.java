package dev.understudy.plugins.recommendations;

/**
 * When somebody is told of what is unusual.
 *
 * @param surprise from which on, as of {@link StreamingAnomalies.Verdict}; positive
 * @param pause for so many values after an alarm there is no other; at least 0
 */
public record AlarmRule(double surprise, int pause) {
    /** Chosen on the open series; {@code understudy bench degradation} says what others would have chosen for them. */
    public static final AlarmRule USUAL = new AlarmRule(2.2, 120);

    /** What is a hundred times less likely than all since the last alarm is told in spite of the pause. */
    private static final double FAR_MORE = 2;

    public AlarmRule {
        if (!(surprise > 0) || pause < 0)
            throw new IllegalArgumentException("must be positive and not negative: " + surprise + ", " + pause);
    }

    /**
     * Whether a value raises an alarm.
     *
     * @param found how surprising it is
     * @param since how many values ago the last alarm was
     * @param strongest the greatest surprise from that alarm on, up to the value before this
     */
    public boolean raises(double found, long since, double strongest) {
        return found >= (since > pause ? surprise : Math.max(surprise, strongest + FAR_MORE));
    }
}
