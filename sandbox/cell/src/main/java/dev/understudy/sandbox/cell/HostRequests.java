package dev.understudy.sandbox.cell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * What a script asks of the world outside its files: programs and HTTP. The host decides; the levels are answered here
 * first, in the words that all languages use.
 */
final class HostRequests {
    private final RunScope scope;
    private final GuestFiles files;

    /** The request was refused or did not work; {@code kind} is what the prelude makes an error of. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final String kind;
        private final String reason;

        RefusedException(String kind, String reason) {
            super(reason);
            this.kind = kind;
            this.reason = reason;
        }

        String kind() {
            return kind;
        }

        String reason() {
            return reason;
        }
    }

    HostRequests(RunScope scope, GuestFiles files) {
        this.scope = scope;
        this.files = files;
    }

    /** The level of the run under way; while none is, nothing is allowed. */
    String isolation() {
        return scope.active() ? scope.terms().isolation() : "full";
    }

    /** Arguments: program, its arguments, the folder to start in, input as text or as buffer, offset and length. */
    ProxyArray run(Path directory, Value... arguments) throws IOException, RefusedException {
        requireLevel(Forbidden.PROGRAMS);
        var ask = new FromCell.RunProgram(
                arguments[1].asString(), texts(arguments[2]), body("input", 4, arguments), directory.toString());
        // What the script has written must be there for the program, and what it has read ahead may be stale after.
        files.flush();
        ToCell.Answer answer = scope.host().ask(ask);
        files.forgetAhead();
        if (!(answer instanceof ToCell.ProgramEnded ended)) throw refused(answer);
        scope.addProgramCpu(ended.cpuNanos());
        return ProxyArray.fromArray(
                ended.exitCode(), new String(ended.standardOutput(), UTF_8), new String(ended.standardError(), UTF_8));
    }

    /** Arguments: method, URL, headers, timeout in milliseconds, body as text or as buffer, offset and length. */
    ProxyArray http(Value... arguments) throws RefusedException {
        requireLevel(Forbidden.NETWORK);
        long timeout = arguments[4].asLong();
        if (timeout < 0) throw new RefusedException("INVALID", "a timeout must be a positive number of seconds");
        var ask = new FromCell.Http(
                arguments[1].asString(),
                arguments[2].asString(),
                texts(arguments[3]),
                body("body", 5, arguments),
                timeout);
        ToCell.Answer answer = scope.host().ask(ask);
        if (!(answer instanceof ToCell.HttpAnswer response)) throw refused(answer);
        return ProxyArray.fromArray(
                response.status(),
                ProxyArray.fromArray(response.headers().toArray()),
                new String(response.body(), charset(response.charset())),
                ByteBuffer.wrap(response.body()));
    }

    /** What the host knows of itself under a name, as JSON. */
    String facts(String name) throws RefusedException {
        ToCell.Answer answer = scope.host().ask(new FromCell.Facts(name));
        if (!(answer instanceof ToCell.Bytes(byte[] json))) throw refused(answer);
        return new String(json, UTF_8);
    }

    /** The value of a secret that the run was granted. */
    String secret(String name) throws RefusedException {
        ToCell.Answer answer = scope.host().ask(new FromCell.Secret(name));
        if (!(answer instanceof ToCell.Bytes(byte[] value))) throw refused(answer);
        return new String(value, UTF_8);
    }

    private void requireLevel(Forbidden act) throws RefusedException {
        if (!act.allowedAt(isolation())) throw new RefusedException("NOT_ALLOWED", act.refusal(isolation()));
    }

    private static RefusedException refused(ToCell.Answer answer) {
        if (answer instanceof ToCell.Refused refused)
            return new RefusedException(
                    refused.reason() == ToCell.Reason.NOT_GRANTED
                            ? "NOT_ALLOWED"
                            : refused.reason().name(),
                    refused.message());
        throw new IllegalStateException(
                "an answer of the wrong kind: " + answer.getClass().getSimpleName());
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return UTF_8;
        }
    }

    private static byte[] body(String what, int at, Value... arguments) throws RefusedException {
        byte[] bytes;
        if (arguments[at].isString()) {
            bytes = arguments[at].asString().getBytes(UTF_8);
        } else {
            bytes = new byte[arguments[at + 2].asInt()];
            arguments[at].readBuffer(arguments[at + 1].asLong(), bytes, 0, bytes.length);
        }
        if (bytes.length > Frames.BODY_BYTES)
            throw new RefusedException(
                    "INVALID",
                    "the " + what + " has " + bytes.length + " bytes, and at most " + Frames.BODY_BYTES
                            + " are allowed");
        return bytes;
    }

    static List<String> texts(Value list) {
        var texts = new ArrayList<String>();
        for (long i = 0; i < list.getArraySize(); i++)
            texts.add(list.getArrayElement(i).asString());
        return texts;
    }
}
