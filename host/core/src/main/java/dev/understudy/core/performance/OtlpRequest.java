package dev.understudy.core.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** An export request of traces as it was sent. Its bytes are nobody else's. */
final class OtlpRequest {
    private static final int MAX_UNPACKED_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Form form;
    private final byte[] body;

    /** How a body is written. */
    enum Form {
        PROTOBUF('p'),
        PROTOBUF_GZIP('P'),
        JSON('j'),
        JSON_GZIP('J');

        private final byte mark;

        Form(char mark) {
            this.mark = (byte) mark;
        }

        /** How the spool names it. */
        byte mark() {
            return mark;
        }

        static Optional<Form> of(byte mark) {
            return Arrays.stream(values()).filter(form -> form.mark == mark).findFirst();
        }

        boolean isPacked() {
            return this == PROTOBUF_GZIP || this == JSON_GZIP;
        }

        boolean isBinary() {
            return this == PROTOBUF || this == PROTOBUF_GZIP;
        }
    }

    OtlpRequest(Form form, byte[] body) {
        this.form = form;
        this.body = body;
    }

    Form form() {
        return form;
    }

    byte[] body() {
        return body;
    }

    /** A request that is no export request of traces. */
    static final class Malformed extends Exception {
        Malformed() {
            super("it is no export request of traces");
        }
    }

    /** A request that unpacks to more than is taken. */
    static final class TooLarge extends Exception {}

    OtlpJson.Spans spans() throws Malformed, TooLarge {
        try {
            byte[] plain = form.isPacked() ? unpacked() : body;
            if (form.isBinary()) return OtlpProtobuf.read(plain);
            JsonNode json = JSON.readTree(plain);
            if (!json.isObject()) throw new Malformed();
            return OtlpJson.read(json);
        } catch (IOException _) {
            // Nothing is read but bytes in memory: they are no gzip, no JSON or no message.
            throw new Malformed();
        }
    }

    private byte[] unpacked() throws IOException, TooLarge {
        int limit = (int) Math.min(MAX_UNPACKED_BYTES, Runtime.getRuntime().maxMemory() / 8);
        var plain = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(body))) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                if (plain.size() + read > limit) throw new TooLarge();
                plain.write(buffer, 0, read);
            }
        }
        return plain.toByteArray();
    }
}
