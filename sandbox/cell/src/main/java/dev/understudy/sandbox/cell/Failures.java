package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell.Status;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;

/**
 * Turns what a guest threw into one line for people and the guest's own stack. What it says is decided by type and place, never
 * by text; only whether the process is still fit has no other sign.
 */
final class Failures {
    private static final int MAX_FRAMES = 20;
    private static final int LONGEST_LINE_CHARS = 2000;

    /** Globals that scripts know from browsers and Node, and that a cell does not have. */
    private static final Set<String> LACKING = Set.of(
            "URL",
            "URLSearchParams",
            "Buffer",
            "Blob",
            "File",
            "FormData",
            "Headers",
            "Request",
            "Response",
            "AbortController",
            "AbortSignal",
            "Event",
            "EventTarget",
            "MessageChannel",
            "BroadcastChannel",
            "ReadableStream",
            "WritableStream",
            "TransformStream",
            "CompressionStream",
            "DecompressionStream",
            "crypto",
            "navigator",
            "WebAssembly",
            "module",
            "exports",
            "__dirname",
            "__filename",
            "global");

    private Failures() {}

    /** How a script failed, and what that says of the process. */
    record Failure(String error, String detail, Status status, Place place) {
        Failure(String error, String detail, Status status) {
            this(error, detail, status, Place.UNKNOWN);
        }

        Failure(String error, String detail) {
            this(error, detail, Status.FAILED);
        }
    }

    /** A place in the script, counted from 1; zeros if it is not known. */
    record Place(int line, int column) {
        static final Place UNKNOWN = new Place(0, 0);
    }

    static Failure of(PolyglotException e, GuestContext guest, Script script) {
        Failure failure = explained(e, guest, script);
        return new Failure(failure.error(), failure.detail(), failure.status(), place(e, script));
    }

    /** Where in the script it happened: of calls within it the innermost. */
    static Place place(PolyglotException e, Script script) {
        if (e.isSyntaxError() && inScript(e.getSourceLocation(), script)) return place(e.getSourceLocation(), script);
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (frame.isGuestFrame() && inScript(frame.getSourceLocation(), script))
                return place(frame.getSourceLocation(), script);
        }
        return Place.UNKNOWN;
    }

    /** In the author's text: what was put before its first line does not count. */
    private static Place place(SourceSection section, Script script) {
        int column = section.getStartColumn();
        if (section.getStartLine() == 1
                && !script.module().equals(script.plain())
                && section.getSource().equals(script.plain()))
            column = Math.max(1, column - Script.JAVASCRIPT_HEAD.length());
        return new Place(section.getStartLine(), column);
    }

    private static Failure explained(PolyglotException e, GuestContext guest, Script script) {
        String detail = stack(e);
        if (e.isSyntaxError() && inScript(e.getSourceLocation(), script))
            return new Failure(syntaxError(e, script), detail);
        if (e.isExit()) return new Failure("the script called exit instead of returning", detail);
        if (e.isResourceExhausted()) return new Failure("the script called itself too deeply", detail, Status.SPOILED);
        if (e.isInternalError() || e.isHostException())
            return new Failure(
                    runtimeFault(script.plain().getLanguage(), withLine("", e, script, "")),
                    firstLine(e) + "\n" + detail,
                    isLinkageError(e) ? Status.SPOILED : Status.FAILED);
        Value thrown = e.getGuestObject();
        String type = typeName(thrown);
        if (type.equals("MemoryError")) return new Failure("out of memory", detail, Status.OUT_OF_MEMORY);
        if (thrown != null && guest.isNotAllowed(thrown))
            return new Failure(withLine(firstLine(e), e, script, "NotAllowed: "), detail);
        if (type.equals("ReferenceError") && e.getSourceLocation() != null) {
            Optional<Forbidden> forbidden = Forbidden.byJavaScriptName(
                    e.getSourceLocation().getCharacters().toString());
            if (forbidden.isPresent())
                return new Failure(
                        withLine(forbidden.get().refusal(guest.scope.terms().isolation()), e, script, ""), detail);
            String name = e.getSourceLocation().getCharacters().toString();
            if (LACKING.contains(name))
                return new Failure(
                        withLine(name + " is not there in a cell; runtime = \"native\" has it", e, script, ""), detail);
        }
        String refusal = guest.scope.lastRefusal();
        String message = firstLine(e);
        if (refusal != null && isRefusal(thrown, type)) message = refusal;
        String causes = thrown == null ? "" : guest.causes(thrown);
        return new Failure(
                withLine(message, e, script, "") + causes,
                detail,
                isTooDeep(type, message) ? Status.SPOILED : Status.FAILED);
    }

    /** What the runtime itself could not do; the script is not to blame, and elsewhere it may run. */
    static String runtimeFault(String language, String where) {
        return "a fault of the language runtime, not of the script" + where + "; runtime = \"native\" runs it under "
                + (language.equals("js") ? "Node" : "CPython") + " instead";
    }

    /** Where an error is, in lines. */
    static int line(PolyglotException e) {
        return e.getSourceLocation() == null ? 0 : e.getSourceLocation().getStartLine();
    }

    /**
     * Whether the stack overflowed: a class of Java's that was being initialized at that moment stays broken for good. What
     * a script says here of its own accord costs it a cell, and nothing else.
     */
    private static boolean isTooDeep(String type, String message) {
        return type.equals("RecursionError")
                || (type.equals("RangeError") && message.contains("Maximum call stack size exceeded"));
    }

    /** Whether such a class was met; of an error in the runtime no more is told than its text. */
    private static boolean isLinkageError(PolyglotException e) {
        String line = firstLine(e);
        return line.contains("NoClassDefFoundError") || line.contains("ExceptionInInitializerError");
    }

    /** Whether it is what each language makes of a path that is not granted. */
    private static boolean isRefusal(Value thrown, String type) {
        return type.equals("PermissionError")
                || (type.equals("FileError")
                        && isText(thrown, "code")
                        && thrown.getMember("code").asString().equals("NOT_GRANTED"));
    }

    private static String typeName(Value thrown) {
        if (thrown == null) return "";
        Value meta = thrown.getMetaObject();
        return meta == null ? "" : meta.getMetaSimpleName();
    }

    private static String firstLine(PolyglotException e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) return "the script failed without a message";
        String line = message.lines().findFirst().orElse(message);
        return line.length() > LONGEST_LINE_CHARS ? line.substring(0, LONGEST_LINE_CHARS) + "…" : line;
    }

    private static String withLine(String message, PolyglotException e, Script script, String prefix) {
        String text = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (frame.isGuestFrame() && inScript(frame.getSourceLocation(), script))
                return text + " (line " + frame.getSourceLocation().getStartLine() + ")";
        }
        return text;
    }

    private static String syntaxError(PolyglotException e, Script script) {
        SourceSection place = e.getSourceLocation();
        Place counted = place(place, script);
        int line = counted.line();
        String message = firstLine(e);
        Value thrown = e.getGuestObject();
        if (thrown != null && isText(thrown, "msg")) {
            message = thrown.getMember("msg").asString();
        } else {
            // JavaScript puts "SyntaxError: name:line:column " before the message; people get the place once.
            String mark = script.name() + ":" + line + ":";
            int start = message.indexOf(mark);
            int blank = start < 0 ? -1 : message.indexOf(' ', start + mark.length());
            if (blank >= 0) message = message.substring(blank + 1);
        }
        return "syntax error in line " + line + ", column " + counted.column() + ": " + message;
    }

    private static boolean isText(Value thrown, String member) {
        return thrown.hasMember(member) && thrown.getMember(member).isString();
    }

    private static boolean inScript(SourceSection section, Script script) {
        return section != null && section.getSource().getName().equals(script.name());
    }

    private static String stack(PolyglotException e) {
        var lines = new StringJoiner("\n");
        int frames = 0;
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (!frame.isGuestFrame() || frame.getSourceLocation() == null) continue;
            if (frame.getSourceLocation().getSource().isInternal()) continue;
            if (++frames > MAX_FRAMES) {
                lines.add("  …");
                break;
            }
            String function =
                    frame.getRootName() == null || frame.getRootName().isEmpty() ? "(top level)" : frame.getRootName();
            lines.add("  at " + function + " ("
                    + frame.getSourceLocation().getSource().getName() + ":"
                    + frame.getSourceLocation().getStartLine() + ")");
        }
        return lines.toString();
    }
}
