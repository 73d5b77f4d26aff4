package dev.understudy.core.tuning.process;

import java.io.IOException;
import java.util.BitSet;
import java.util.StringJoiner;

/** Cores as Linux writes them: {@code 0-3,8}. */
final class CpuList {
    /** More than any Linux is built for. */
    private static final int MOST = 1 << 16;

    private CpuList() {}

    static BitSet parse(String text) throws IOException {
        var cpus = new BitSet();
        for (String part : text.strip().split(",")) {
            String[] ends = part.split("-", 2);
            int first = number(ends[0], text);
            int last = ends.length == 2 ? number(ends[1], text) : first;
            if (last < first) throw wrong(text);
            cpus.set(first, last + 1);
        }
        return cpus;
    }

    static String text(BitSet cpus) {
        var text = new StringJoiner(",");
        for (int first = cpus.nextSetBit(0); first >= 0; ) {
            int end = cpus.nextClearBit(first);
            text.add(end - first == 1 ? Integer.toString(first) : first + "-" + (end - 1));
            first = cpus.nextSetBit(end);
        }
        return text.toString();
    }

    private static int number(String text, String whole) throws IOException {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) >= MOST) throw wrong(whole);
        return Integer.parseInt(text);
    }

    private static IOException wrong(String text) {
        return new IOException("'" + text + "' is no list of cores like 0-3,8");
    }
}
