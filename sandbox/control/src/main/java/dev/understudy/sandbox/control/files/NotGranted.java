package dev.understudy.sandbox.control.files;

import java.nio.file.Path;

/** The words in which a script hears that a path is not granted, whichever language it is in and whatever refused it. */
public enum NotGranted {
    READING("reading", "reads"),
    WRITING("writing", "writes");

    private final String doing;
    private final String grant;

    NotGranted(String doing, String grant) {
        this.doing = doing;
        this.grant = grant;
    }

    /** One line that names the path and the grant that would do. */
    public String reason(Path path) {
        return reason(path, path);
    }

    /**
     * The same for a path that leads elsewhere.
     *
     * @param asked as the script wrote it
     * @param real where it leads
     */
    String reason(Path asked, Path real) {
        String led = asked.normalize().equals(real) ? "" : ", which leads to " + CopyOnWriteView.shown(real);
        String granting = grant + " = [\""
                + CopyOnWriteView.shown(real).replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
        return "not granted: " + doing + " " + CopyOnWriteView.shown(asked) + led + " (grant it with " + granting + ")";
    }
}
