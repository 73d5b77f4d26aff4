package dev.understudy.sandbox.control.time;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a compiled zone's file says (TZif, RFC 9636): the offsets from each change on, and a rule for what comes after the
 * last. {@code /etc/localtime} is one, whatever its name.
 */
final class ZoneFile {
    private static final int MAGIC = 0x545a6966;
    private static final int HEADER_BYTES = 44;
    private static final int MAX_BYTES = 1 << 20;

    private final long[] changes;
    private final int[] offsets;
    private final int firstOffset;
    private final @Nullable ZoneRules after;

    private ZoneFile(long[] changes, int[] offsets, int firstOffset, @Nullable ZoneRules after) {
        this.changes = changes;
        this.offsets = offsets;
        this.firstOffset = firstOffset;
        this.after = after;
    }

    /** Nothing if the file is not there or is no zone. */
    static Optional<ZoneFile> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) return Optional.empty();
            return Optional.of(parse(ByteBuffer.wrap(Files.readAllBytes(file))));
        } catch (IOException | BufferUnderflowException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    private static ZoneFile parse(ByteBuffer data) throws IOException {
        Counts old = Counts.read(data);
        if (old.version == 0) return block(data, old, Integer.BYTES);
        data.position(data.position() + old.bytes(Integer.BYTES));
        ZoneFile zone = block(data, Counts.read(data), Long.BYTES);
        String rule = StandardCharsets.US_ASCII.decode(data).toString().strip();
        return new ZoneFile(
                zone.changes,
                zone.offsets,
                zone.firstOffset,
                PosixRule.parse(rule).orElse(null));
    }

    private record Counts(byte version, int isUt, int isStandard, int leaps, int times, int types, int characters) {
        static Counts read(ByteBuffer data) throws IOException {
            int start = data.position();
            if (data.getInt() != MAGIC) throw new IOException("no zone");
            byte version = data.get();
            data.position(start + HEADER_BYTES - 6 * Integer.BYTES);
            return new Counts(
                    version, data.getInt(), data.getInt(), data.getInt(), data.getInt(), data.getInt(), data.getInt());
        }

        int bytes(int timeBytes) {
            return times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + isStandard + isUt;
        }
    }

    private static ZoneFile block(ByteBuffer data, Counts counts, int timeBytes) {
        int end = data.position() + counts.bytes(timeBytes);
        long[] changes = new long[counts.times];
        for (int i = 0; i < changes.length; i++) changes[i] = timeBytes == Long.BYTES ? data.getLong() : data.getInt();
        byte[] kinds = new byte[counts.times];
        data.get(kinds);
        int[] ofKind = new int[counts.types];
        for (int i = 0; i < ofKind.length; i++) {
            ofKind[i] = data.getInt();
            data.getShort();
        }
        int[] offsets = new int[kinds.length];
        for (int i = 0; i < kinds.length; i++) offsets[i] = ofKind[kinds[i] & 0xFF];
        data.position(end);
        return new ZoneFile(changes, offsets, ofKind[0], null);
    }

    /** In seconds to the east. */
    int offsetAt(long epochSecond) {
        int found = Arrays.binarySearch(changes, epochSecond);
        int index = found >= 0 ? found : -found - 2;
        if (index == changes.length - 1 && after != null) return PosixRule.offsetAt(after, epochSecond);
        return index < 0 ? firstOffset : offsets[index];
    }
}
