package dev.understudy.sandbox.control.conformance;

import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;

/** What runs scripts: the rows of the matrix. */
enum GuestRuntime {
    JAVASCRIPT_CELL("JavaScript (cell)", Language.JAVASCRIPT, ScriptRuntime.POLYGLOT),
    PYTHON_CELL("Python (cell)", Language.PYTHON, ScriptRuntime.POLYGLOT),
    BASH("Bash", Language.BASH, ScriptRuntime.NATIVE),
    PYTHON_NATIVE("Python (native)", Language.PYTHON, ScriptRuntime.NATIVE),
    JAVASCRIPT_NATIVE("JavaScript (native)", Language.JAVASCRIPT, ScriptRuntime.NATIVE);

    final String title;
    final Language language;
    final ScriptRuntime runtime;

    GuestRuntime(String title, Language language, ScriptRuntime runtime) {
        this.title = title;
        this.language = language;
        this.runtime = runtime;
    }

    boolean isCell() {
        return runtime == ScriptRuntime.POLYGLOT;
    }

    /** A whole script that does this. */
    String script(String body) {
        return switch (language) {
            case JAVASCRIPT -> "function execute(params) {\n" + body + "\n}";
            case PYTHON -> "def execute(params):\n" + body.indent(4);
            case BASH, APPLESCRIPT -> body;
        };
    }

    /** A script that does nothing but succeed. */
    String harmless() {
        return script(language == Language.BASH ? "printf 1 >\"$RESULT\"" : "return 1");
    }
}
