package dev.understudy.app.resident;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command as a person typed it, and all of its surroundings that it can depend on.
 *
 * @param build which build of Understudy it belongs to
 * @param calledAs how the person called the launcher
 * @param folder the working folder; absolute
 * @param terminal whether a person looks and can answer
 * @param surroundings what the host must have in common with it
 * @param environment the variables of its process
 */
public record Request(
        String build,
        String calledAs,
        Path folder,
        boolean terminal,
        String surroundings,
        Map<String, String> environment,
        List<String> arguments) {
    public Request {
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
    }

    byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        var data = new DataOutputStream(bytes);
        try {
            put(data, build);
            put(data, calledAs);
            put(data, folder.toString());
            data.writeBoolean(terminal);
            put(data, surroundings);
            data.writeInt(environment.size());
            for (Map.Entry<String, String> each : environment.entrySet()) {
                put(data, each.getKey());
                put(data, each.getValue());
            }
            data.writeInt(arguments.size());
            for (String argument : arguments) put(data, argument);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static Request decoded(byte[] bytes) throws IOException {
        var data = new DataInputStream(new ByteArrayInputStream(bytes));
        String build = text(data);
        String calledAs = text(data);
        Path folder = Path.of(text(data));
        boolean terminal = data.readBoolean();
        String surroundings = text(data);
        var environment = new LinkedHashMap<String, String>();
        for (int left = data.readInt(); left > 0; left--) environment.put(text(data), text(data));
        var arguments = new ArrayList<String>();
        for (int left = data.readInt(); left > 0; left--) arguments.add(text(data));
        return new Request(build, calledAs, folder, terminal, surroundings, environment, arguments);
    }

    // DataOutputStream's own texts end at 64 KiB.
    private static void put(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static String text(DataInputStream data) throws IOException {
        int length = data.readInt();
        byte[] bytes = length < 0 ? new byte[0] : data.readNBytes(length);
        if (bytes.length != length) throw new IOException("a request that was cut off");
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
