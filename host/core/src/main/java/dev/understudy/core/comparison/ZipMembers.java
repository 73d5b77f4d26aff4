package dev.understudy.core.comparison;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the central directory of a zip archive (PKWARE APPNOTE 6.3, 4.3.12), which has the mode and the checksum of each
 * member; the JDK's own readers give no modes.
 */
final class ZipMembers {
    private static final int END = 0x06054b50;
    private static final int ENTRY = 0x02014b50;
    private static final int END_BYTES = 22;
    private static final int UNIX = 3;
    private static final int NAMES_IN_UTF_8 = 1 << 11;

    private ZipMembers() {}

    /** @throws IOException if it is no zip archive */
    static List<Member> of(byte[] archive) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int end = archive.length - END_BYTES;
        while (end >= 0 && bytes.getInt(end) != END) end--;
        if (end < 0) throw new IOException("no zip archive");
        int count = Short.toUnsignedInt(bytes.getShort(end + 10));
        int at = bytes.getInt(end + 16);
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            if (at < 0 || at + 46 > archive.length || bytes.getInt(at) != ENTRY)
                throw new IOException("a zip archive whose directory is broken");
            int nameLength = Short.toUnsignedInt(bytes.getShort(at + 28));
            members.add(member(archive, bytes, at, nameLength));
            at += 46
                    + nameLength
                    + Short.toUnsignedInt(bytes.getShort(at + 30))
                    + Short.toUnsignedInt(bytes.getShort(at + 32));
        }
        return members;
    }

    private static Member member(byte[] archive, ByteBuffer bytes, int at, int nameLength) {
        // Archives without the flag that are written on Linux hold names in the locale's encoding, which is UTF-8.
        Charset charset = (bytes.getShort(at + 8) & NAMES_IN_UTF_8) != 0 || archive[at + 5] == UNIX
                ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1;
        String name = new String(archive, at + 46, nameLength, charset);
        int attributes = archive[at + 5] == UNIX ? bytes.getInt(at + 38) >>> 16 : 0;
        String kind = name.endsWith("/") ? "folder" : (attributes & 0170000) == 0120000 ? "link" : "file";
        long time = Integer.toUnsignedLong(bytes.getInt(at + 12));
        String digest = Integer.toUnsignedString(bytes.getInt(at + 24)) + ":"
                + HexFormat.of().toHexDigits(bytes.getInt(at + 16));
        return new Member(name, kind, attributes & 07777, time, "", kind.equals("folder") ? "" : digest);
    }
}
