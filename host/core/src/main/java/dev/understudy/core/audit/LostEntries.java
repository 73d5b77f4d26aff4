package dev.understudy.core.audit;

/**
 * Entries that damage of the store has cost, as a later entry says.
 *
 * @param from the number of the first
 * @param to that of the last
 * @param said when and how the store went on, a clause
 */
record LostEntries(long from, long to, String said) {
    String text() {
        return said + "; " + entries();
    }

    String entries() {
        return (from == to ? "entry " + from : "entries " + from + " to " + to) + " of the log "
                + (from == to ? "was" : "were") + " lost with it";
    }
}
