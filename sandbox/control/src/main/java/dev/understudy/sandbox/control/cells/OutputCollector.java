package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.protocol.FromCell;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cuts what a cell prints into lines and counts its bytes. */
final class OutputCollector {
    /** A million empty lines are a mebibyte of output, but would be a hundred of objects. */
    private static final int MAX_LINES = 100_000;

    private final RunListener listener;
    private final Map<FromCell.Channel, ByteArrayOutputStream> unfinished = new EnumMap<>(FromCell.Channel.class);
    private final List<OutputLine> lines = new ArrayList<>();
    private final long limit;
    private long bytes;

    /** @param limit how many bytes are kept and told; the rest is only counted */
    OutputCollector(RunListener listener, long limit) {
        this.listener = listener;
        this.limit = limit;
    }

    void add(FromCell.Output output) {
        int within = Math.clamp(limit - bytes, 0, output.bytes().length);
        byte[] chunk = Arrays.copyOf(output.bytes(), within);
        bytes += output.bytes().length;
        ByteArrayOutputStream line = unfinished.computeIfAbsent(output.channel(), _ -> new ByteArrayOutputStream());
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] != '\n') continue;
            line.write(chunk, start, i - start);
            finish(output.channel(), line);
            start = i + 1;
        }
        line.write(chunk, start, chunk.length - start);
    }

    /** Counts bytes that a program gave to the script. */
    void count(long more) {
        bytes += more;
    }

    /** Ends lines that no line feed ended. */
    void end() {
        unfinished.forEach((channel, line) -> {
            if (line.size() > 0) finish(channel, line);
        });
    }

    private void finish(FromCell.Channel channel, ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.endsWith("\r")) text = text.substring(0, text.length() - 1);
        var finished = new OutputLine(channel.name().toLowerCase(Locale.ROOT), text);
        if (lines.size() < MAX_LINES) lines.add(finished);
        else if (lines.size() == MAX_LINES)
            lines.add(new OutputLine("warn", "more than " + MAX_LINES + " lines; the rest is not kept"));
        listener.output(finished);
    }

    long bytes() {
        return bytes;
    }

    List<OutputLine> lines() {
        return List.copyOf(lines);
    }
}
