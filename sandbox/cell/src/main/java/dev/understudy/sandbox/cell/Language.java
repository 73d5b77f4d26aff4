package dev.understudy.sandbox.cell;

import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;

/** The language that a cell speaks; one each, since a process that loads both starts slower and holds more. */
enum Language {
    JAVASCRIPT("js", 3) {
        @Override
        Context.Builder configure(Context.Builder builder) {
            return builder.option("js.esm-eval-returns-exports", "true")
                    .option("js.unhandled-rejections", "handler")
                    .option("js.text-encoding", "true")
                    .option("js.performance", "true");
        }

        @Override
        GuestContext context(Engine engine, Path resources, HostLink host) {
            return new JavaScriptContext(engine, resources, host);
        }
    },
    PYTHON("python", 1) {
        @Override
        Context.Builder configure(Context.Builder builder) {
            return builder;
        }

        @Override
        GuestContext context(Engine engine, Path resources, HostLink host) {
            return new PythonContext(engine, resources, host);
        }
    };

    private final String id;
    private final int contextsReady;

    Language(String id, int contextsReady) {
        this.id = id;
        this.contextsReady = contextsReady;
    }

    static Language of(String id) {
        for (Language language : values()) {
            if (language.id.equals(id)) return language;
        }
        throw new IllegalArgumentException("no language named " + id);
    }

    /** The polyglot name. */
    String id() {
        return id;
    }

    /** How many contexts to hold ready: JavaScript's are cheap and bursts come; a Python context holds 20 MB. */
    int contextsReady() {
        return contextsReady;
    }

    abstract Context.Builder configure(Context.Builder builder);

    abstract GuestContext context(Engine engine, Path resources, HostLink host);
}
