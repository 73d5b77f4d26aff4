package dev.understudy.plugins.tasksources;

/**
 * Gives one and the same String for equal short texts that come soon after each other: a history repeats its words, and
 * kept tasks that share them need less heap.
 */
final class RecentTexts {

    private static final int SLOTS = 1 << 12;
    private static final int MAX_LENGTH = 120;

    private final String[] slots = new String[SLOTS];

    String canonical(String text) {
        if (text.length() > MAX_LENGTH) return text;
        int hash = text.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        String known = slots[slot];
        if (text.equals(known)) return known;
        slots[slot] = text;
        return text;
    }
}
