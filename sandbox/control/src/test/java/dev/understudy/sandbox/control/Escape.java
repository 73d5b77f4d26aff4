package dev.understudy.sandbox.control;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that try to get out of the sandbox, by what they go for. {@code mvn -Dgroups=escape} runs them all.
 *
 * <p>Each run of a marked method is one attempt in each of its groups. A class whose attempts are data is marked itself,
 * and its static method {@code escapes} gives the group of each.
 */
@Tag("escape")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Escape {
    Group[] value();

    /** What an attempt goes for. */
    enum Group {
        HOST_CLASSES,
        REFLECTION,
        POLYGLOT_BINDINGS,
        PROTOTYPE_POLLUTION,
        DOT_DOT,
        SYMBOLIC_LINKS,
        HARD_LINKS,
        PROC_SELF_ROOT,
        CASE_AND_UNICODE,
        TIME_OF_CHECK,
        NATIVE_CODE,
        ENVIRONMENT,
        OTHER_WORKSPACES,
        HOST_FILES,
        HOST_SOCKETS,
        PROC_OF_OTHERS,
        PTRACE,
        SIGNALS,
        KEYRINGS,
        NETWORK,
        DNS,
        RAW_SOCKETS,
        SET_UID,
        MOUNTING,
        NAMESPACES,
        IO_URING,
        TERMINAL_INJECTION,
        CORE_DUMPS,
        MALFORMED_FRAMES,
        HUGE_FRAMES,
        OUT_OF_ORDER_FRAMES,
        PROGRAMS,
        KERNEL,
        LIMITS
    }
}
