package dev.understudy.core.fleet;

/**
 * An entry of the fleet's audit journal.
 *
 * @param kind one word
 * @param node that tells it
 * @param text one line for people
 */
public record FleetEvent(String kind, String node, String text, long atMillis) {}
