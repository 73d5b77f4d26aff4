package dev.understudy.sandbox.cell;

import java.util.Optional;

/** What no script may do by itself, and what to say to one that tries. */
enum Forbidden {
    PROGRAMS("starting programs", "partial", "run"),
    NETWORK("network", "minimal", "http"),
    THREADS("starting threads", "", ""),
    HOST_CLASSES("reaching classes of the host", "", ""),
    OTHER_LANGUAGES("reaching other languages", "", ""),
    MODULES("loading modules by name", "", "");

    private final String act;
    private final String sufficientLevel;
    private final String properWay;

    Forbidden(String act, String sufficientLevel, String properWay) {
        this.act = act;
        this.sufficientLevel = sufficientLevel;
        this.properWay = properWay;
    }

    /** What a global name that JavaScript has elsewhere would be for. */
    static Optional<Forbidden> byJavaScriptName(String name) {
        return switch (name) {
            case "process", "child_process", "Deno", "Bun" -> Optional.of(PROGRAMS);
            case "fetch", "XMLHttpRequest", "WebSocket", "EventSource" -> Optional.of(NETWORK);
            case "Worker", "SharedWorker" -> Optional.of(THREADS);
            case "Java", "Packages", "JavaImporter", "java" -> Optional.of(HOST_CLASSES);
            case "Polyglot" -> Optional.of(OTHER_LANGUAGES);
            case "require" -> Optional.of(MODULES);
            default -> Optional.empty();
        };
    }

    /** One line for a script that tried it at a level. */
    String refusal(String isolation) {
        String start = "not allowed at isolation " + isolation + ": " + act;
        if (sufficientLevel.isEmpty()) return start + " (no isolation level allows it)";
        if (allowedAt(isolation)) return start + " in this way; use understudy." + properWay + " instead";
        return start + " (isolation " + sufficientLevel + " would allow it)";
    }

    /** Whether the level has a proper way to do it. */
    boolean allowedAt(String isolation) {
        return switch (sufficientLevel) {
            case "partial" -> !isolation.equals("full");
            case "minimal" -> isolation.equals("minimal");
            default -> false;
        };
    }
}
