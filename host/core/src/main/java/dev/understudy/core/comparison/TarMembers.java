package dev.understudy.core.comparison;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Reads the headers of a tar archive: ustar (POSIX.1-1988), the extended headers of POSIX.1-2001 (pax) and GNU's long
 * names, as both GNU tar and Python's tarfile write them.
 */
final class TarMembers {
    private static final int BLOCK = 512;

    private TarMembers() {}

    /** @throws IOException if it is no tar archive */
    static List<Member> of(byte[] archive) throws IOException {
        var members = new ArrayList<Member>();
        Map<String, String> extended = new LinkedHashMap<>();
        int at = 0;
        while (at + BLOCK <= archive.length && archive[at] != 0) {
            long size = number(archive, at + 124, 12);
            char type = (char) archive[at + 156];
            String data = extended.getOrDefault("size", "");
            if (!data.isEmpty()) size = Long.parseLong(data);
            int from = at + BLOCK;
            if (size < 0 || size > archive.length - from) throw new IOException("a tar archive that is cut off");
            byte[] bytes = Arrays.copyOfRange(archive, from, from + Math.toIntExact(size));
            at = from + Math.toIntExact((size + BLOCK - 1) / BLOCK * BLOCK);
            switch (type) {
                case 'x' -> extended.putAll(records(bytes));
                case 'L' -> extended.put("path", text(bytes, 0, bytes.length));
                case 'K' -> extended.put("linkpath", text(bytes, 0, bytes.length));
                case 'g' -> {}
                default -> {
                    members.add(member(archive, from - BLOCK, type, bytes, extended));
                    extended.clear();
                }
            }
        }
        return members;
    }

    private static Member member(byte[] archive, int at, char type, byte[] bytes, Map<String, String> extended)
            throws IOException {
        String prefix = text(archive, at + 257, 5).equals("ustar") && archive[at + 262] == 0
                ? text(archive, at + 345, 155)
                : "";
        String own = text(archive, at, 100);
        String name = extended.getOrDefault("path", prefix.isEmpty() ? own : prefix + "/" + own);
        String target = extended.getOrDefault("linkpath", text(archive, at + 157, 100));
        String time = extended.get("mtime");
        long seconds = time == null ? number(archive, at + 136, 12) : (long) Math.floor(Double.parseDouble(time));
        String kind = switch (type) {
            case '0', 0 -> "file";
            case '2' -> "link";
            case '5' -> "folder";
            default -> "member of type " + type;
        };
        int mode = Math.toIntExact(number(archive, at + 100, 8)) & 07777;
        return new Member(name, kind, mode, seconds, target, kind.equals("file") ? digest(bytes) : "");
    }

    static String digest(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return bytes.length + ":" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Records of an extended header: {@code LENGTH NAME=VALUE\n}. */
    private static Map<String, String> records(byte[] bytes) {
        var records = new LinkedHashMap<String, String>();
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            while (bytes[blank] != ' ') blank++;
            int length = Integer.parseInt(new String(bytes, at, blank - at, StandardCharsets.US_ASCII));
            String record = new String(bytes, blank + 1, length - (blank - at) - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            records.put(record.substring(0, equals), record.substring(equals + 1));
            at += length;
        }
        return records;
    }

    private static String text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) end++;
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    /** In octal digits, or in binary where the first bit is set (GNU). */
    private static long number(byte[] bytes, int at, int length) throws IOException {
        if ((bytes[at] & 0x80) != 0) {
            long value = bytes[at] == (byte) 0xFF ? -1 : 0;
            for (int i = at + 1; i < at + length; i++) value = (value << 8) | (bytes[i] & 0xFF);
            return value;
        }
        String digits = text(bytes, at, length).strip();
        if (!digits.matches("[0-7]*")) throw new IOException("no tar archive");
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }
}
