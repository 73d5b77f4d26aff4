package dev.understudy.app;

import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.ScriptLanguage;
import java.util.Arrays;
import java.util.Optional;

/** A language that the REPL speaks. */
enum ReplLanguage {
    JAVASCRIPT("js", "javascript", EntryStyle.JAVASCRIPT),
    PYTHON("python", "py", EntryStyle.PYTHON),
    BASH("bash", "sh", EntryStyle.BASH);

    private final String id;
    private final String alsoCalled;
    private final EntryStyle style;

    ReplLanguage(String id, String alsoCalled, EntryStyle style) {
        this.id = id;
        this.alsoCalled = alsoCalled;
        this.style = style;
    }

    static Optional<ReplLanguage> of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.id.equals(name) || each.alsoCalled.equals(name))
                .findFirst();
    }

    /** As metadata and prompts name it. */
    String id() {
        return id;
    }

    EntryStyle style() {
        return style;
    }

    RunRequest.Language spoken() {
        return RunRequest.Language.valueOf(name());
    }

    ScriptLanguage ofScripts() {
        return ScriptLanguage.valueOf(name());
    }
}
