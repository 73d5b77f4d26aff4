package dev.understudy.core.automation;

/**
 * Who does something to an automation, and why; the log has both.
 *
 * @param by a person, a program, or which rule of the host
 * @param reason a few words
 */
public record Actor(String by, String reason) {
    /** The one who sits here. */
    public static final Actor PERSON = byHand("person");

    /** Somebody who was asked for no reason. */
    public static Actor byHand(String by) {
        return new Actor(by, "by hand");
    }
}
