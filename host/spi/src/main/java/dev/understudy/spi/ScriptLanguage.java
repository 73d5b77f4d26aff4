package dev.understudy.spi;

/** A language in which automations are written. */
public enum ScriptLanguage {
    JAVASCRIPT("js", "js", "//"),
    PYTHON("python", "py", "#"),
    BASH("bash", "sh", "#"),
    APPLESCRIPT("applescript", "applescript", "--");

    private final String id;
    private final String fileExtension;
    private final String lineComment;

    ScriptLanguage(String id, String fileExtension, String lineComment) {
        this.id = id;
        this.fileExtension = fileExtension;
        this.lineComment = lineComment;
    }

    /** The name in an automation's metadata and in the configuration. */
    public String id() {
        return id;
    }

    /** The file name extension, without a dot. */
    public String fileExtension() {
        return fileExtension;
    }

    /** What starts a comment that ends with its line. */
    public String lineComment() {
        return lineComment;
    }
}
