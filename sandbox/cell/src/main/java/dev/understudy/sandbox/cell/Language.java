package dev.understudy.sandbox.cell;

import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;

/** The language that a cell speaks; one each, since a process that loads both starts slower and holds more. */
enum Language {
    JAVASCRIPT("js") {
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
    PYTHON("python") {
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

    Language(String id) {
        this.id = id;
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

    abstract Context.Builder configure(Context.Builder builder);

    abstract GuestContext context(Engine engine, Path resources, HostLink host);
}
