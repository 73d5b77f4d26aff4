package dev.understudy.core.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives as registries have them, written by hand so that they can be wrong as well. */
final class PackageFiles {
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    static PackageFiles tar() {
        return new PackageFiles();
    }

    PackageFiles file(String name, String text) {
        return add(name, '0', "", text.getBytes(UTF_8));
    }

    PackageFiles folder(String name) {
        return add(name + "/", '5', "", new byte[0]);
    }

    PackageFiles entry(String name, char type, String link) {
        return add(name, type, link, new byte[0]);
    }

    PackageFiles zeros(String name, long size) {
        return add(name, '0', "", new byte[(int) size]);
    }

    /** As GNU tar writes a name of more than a hundred characters. */
    PackageFiles longName(String name, String text) {
        return add("././@LongLink", 'L', "", (name + "\0").getBytes(UTF_8)).file(name.substring(0, 99), text);
    }

    /** As pax writes a name that is not ASCII, or too long. */
    PackageFiles paxName(String name, String text) {
        byte[] value = (" path=" + name + "\n").getBytes(UTF_8);
        int length = value.length + 1;
        while (String.valueOf(length).length() + value.length != length) length++;
        byte[] record = (length + " path=" + name + "\n").getBytes(UTF_8);
        return add("PaxHeader/x", 'x', "", record).file("package/other", text);
    }

    private PackageFiles add(String name, char type, String link, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name, 100);
        put(header, 100, "0000644", 8);
        put(header, 124, String.format(Locale.ROOT, "%011o", content.length), 12);
        put(header, 136, "00000000000", 12);
        header[156] = (byte) type;
        put(header, 157, link, 100);
        put(header, 257, "ustar\00000", 8);
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte each : header) sum += each & 0xff;
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum), 8);
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    private static void put(byte[] header, int at, String text, int length) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, length));
    }

    byte[] unpacked() {
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    byte[] packed() {
        return gzip(unpacked());
    }

    static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] zip(Map<String, String> files) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue().getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
