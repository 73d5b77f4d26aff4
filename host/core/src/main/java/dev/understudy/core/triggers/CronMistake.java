package dev.understudy.core.triggers;

/** What is wrong with a cron expression, in the two halves of a {@link dev.understudy.core.problem.Mistake}. */
final class CronMistake extends Exception {
    private static final long serialVersionUID = 1;

    private final String allowed;

    CronMistake(String found, String allowed) {
        super(found, null, false, false);
        this.allowed = allowed;
    }

    String found() {
        return String.valueOf(getMessage());
    }

    String allowed() {
        return allowed;
    }
}
