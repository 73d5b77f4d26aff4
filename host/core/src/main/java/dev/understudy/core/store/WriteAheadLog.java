package dev.understudy.core.store;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExclusiveFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log that a crash has left beside a store, looked at before SQLite does: SQLite takes a log with a damaged
 * header for an empty one, and one that is damaged further on for one that ends there, and says a word of neither. Of one
 * that was removed, SQLite's index of it ({@code -shm}) still tells how much stood in it and nowhere else.
 *
 * <p>The formats are those of SQLite's "Database File Format", section 4, and "WAL-mode File Format", sections 2.1 and 2.3.
 */
final class WriteAheadLog {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int FORMAT = 3_007_000;

    /** With checksums over little-endian words, which is what SQLite writes on x86 and ARM. */
    private static final int MAGIC = 0x377f0682;

    /** With checksums over big-endian words: none that was written here, so it is left to SQLite. */
    private static final int FOREIGN_MAGIC = 0x377f0683;

    private static final int PAGE_BYTES = 4096;

    /** More than a store of ours ever has: 4 GiB. */
    private static final int MAX_PAGES = 1 << 20;

    /** A log of more is not held in memory: ten times what SQLite lets one grow to before it saves it. */
    private static final int MAX_FRAMES = 10_000;

    private static final int INDEX_HEADER_BYTES = 48;
    private static final int INDEX_BYTES = 136;
    private static final String DAMAGED = ".damaged-";

    private final Path store;
    private final Path log;
    private final Path index;

    WriteAheadLog(Path store) {
        this.store = store;
        log = Salvage.beside(store, "-wal");
        index = Salvage.beside(store, "-shm");
    }

    /**
     * Whether somebody has removed the log beneath a process that goes on writing to it. Only that process can still bring what
     * it holds into the store; a new log beside it would destroy the store.
     */
    boolean isTakenFromItsUser() throws IOException {
        return isRemoved() && Salvage.isInUse(store);
    }

    /** SQLite makes the log before its index and removes it after: the one without the other is never its doing. */
    private boolean isRemoved() {
        // Twice, since another process may close the store, and a third one open it, between two looks.
        for (int i = 0; i < 2; i++) if (Files.notExists(index) || Files.exists(log)) return false;
        return true;
    }

    /**
     * Puts right what can be: a header is computed anew from what follows it; of a log that is damaged further on all that can be
     * read counts where what cannot was written again later, else the part before the damage does, and what is behind it is
     * brought together row by row ({@link Salvage}). What is given up is kept beside the store.
     *
     * @param told takes what is to be said, a clause for people, before anything is changed
     * @return whether something was changed
     */
    boolean mend(Path told) throws IOException {
        if (!isLeftOver() || plan().isEmpty()) return false;
        // Of several processes that start after a crash one does this, and the others find it done.
        try (ExclusiveFile _ = ExclusiveFile.take(Salvage.beside(store, ".mending"))) {
            Optional<Plan> plan = isLeftOver() ? plan() : Optional.empty();
            if (plan.isEmpty()) return false;
            carryOut(plan.get(), told);
            return true;
        }
    }

    private boolean isLeftOver() throws IOException {
        boolean any = Files.exists(index) || (Files.exists(log) && Files.size(log) > 0);
        return any && Files.exists(store) && !Salvage.isInUse(store);
    }

    /**
     * What to do about a log.
     *
     * @param header to write over its own; null if that is whole
     * @param keptFrames how many of its frames, from the first on, still count
     * @param rewritten the frames that count instead, as a log of its own; null if it is only cut off
     * @param frames how many there are; more than are kept are put aside
     * @param lost how many pages were written to it and are nowhere else; empty if that is not known
     * @param gaps how many of these are followed by later ones that are whole
     */
    private record Plan(
            @Nullable ByteBuffer header,
            long keptFrames,
            @Nullable ByteBuffer rewritten,
            long frames,
            Optional<Long> lost,
            long gaps,
            boolean removed) {
        static Plan ofCut(
                @Nullable ByteBuffer header, long keptFrames, long frames, Optional<Long> lost, boolean removed) {
            return new Plan(header, keptFrames, null, frames, lost, 0, removed);
        }
    }

    private Optional<Plan> plan() throws IOException {
        Optional<Index> known = Index.of(index);
        if (isRemoved()) {
            long lost = known.map(Index::onlyInLog).orElse(0L);
            return lost == 0 ? Optional.empty() : Optional.of(Plan.ofCut(null, 0, 0, Optional.of(lost), true));
        }
        if (Files.notExists(log)) return Optional.empty();
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long possible = Math.max(0, channel.size() - HEADER_BYTES) / (FRAME_HEADER_BYTES + PAGE_BYTES);
            ByteBuffer header = read(channel, 0, HEADER_BYTES);
            int magic = header.remaining() < HEADER_BYTES ? 0 : header.getInt(0);
            if (magic == FOREIGN_MAGIC) return Optional.empty();
            ByteBuffer mended = isWhole(header) ? null : mendedHeader(channel);
            ByteBuffer valid = mended != null ? mended : header;
            if (!isWhole(valid)) return withoutHeader(known, possible);
            if (valid.getInt(8) != PAGE_BYTES) return Optional.empty();
            Optional<Index> own = known.filter(each -> each.isOf(valid));
            Optional<Plan> around = aroundTheDamage(channel, valid, own, possible);
            if (around.isPresent()) return around;
            return plan(mended, Frames.of(channel, valid, possible), own, possible);
        }
    }

    private static Optional<Plan> withoutHeader(Optional<Index> known, long possible) {
        Optional<Long> lost = known.map(Index::onlyInLog);
        boolean harmless = lost.isPresent() ? lost.get() == 0 : possible == 0;
        return harmless ? Optional.empty() : Optional.of(Plan.ofCut(null, 0, possible, lost, false));
    }

    private static Optional<Plan> plan(
            @Nullable ByteBuffer mended, Frames frames, Optional<Index> known, long possible) {
        long written = known.map(Index::frames).orElse(frames.known());
        if (written <= frames.committed())
            return mended == null
                    ? Optional.empty()
                    : Optional.of(Plan.ofCut(mended, possible, possible, Optional.of(0L), false));
        long stored = known.map(Index::stored).orElse(0L);
        // Pages of the log's whole part would hide newer ones that the store has already.
        long kept = stored > frames.committed() ? 0 : frames.committed();
        return Optional.of(
                Plan.ofCut(mended, kept, possible, Optional.of(written - Math.max(stored, frames.committed())), false));
    }

    /** What to do where transactions that are whole follow behind a damaged page; empty if none does. */
    private static Optional<Plan> aroundTheDamage(
            FileChannel channel, ByteBuffer header, Optional<Index> known, long possible) throws IOException {
        if (possible > MAX_FRAMES) return Optional.empty();
        List<Frame> frames = Frame.all(channel, header, possible);
        int last = -1;
        for (Frame frame : frames) if (frame.whole && frame.endsTransaction()) last = frame.number;
        int end = last;
        List<Frame> damaged = frames.stream()
                .filter(frame -> !frame.whole && frame.number < end)
                .toList();
        boolean mended = frames.stream().anyMatch(frame -> frame.mended && frame.number <= end);
        if (damaged.isEmpty() && !mended) return Optional.empty();
        long stored = known.map(Index::stored).orElse(0L);
        Set<Integer> inStore = new HashSet<>();
        long gaps = 0;
        for (Frame frame : damaged) {
            boolean again = frames.stream()
                    .anyMatch(later -> later.whole
                            && later.number > frame.number
                            && later.number <= end
                            && later.page() == frame.page());
            if (again) continue;
            if (frame.number <= stored) inStore.add(frame.page());
            else gaps++;
        }
        ByteBuffer log = ByteBuffer.allocate(HEADER_BYTES + end * (FRAME_HEADER_BYTES + PAGE_BYTES));
        log.put(header.duplicate().rewind());
        var sum = new Checksum(header.getInt(24), header.getInt(28));
        for (Frame frame : frames) {
            // Of a page whose newest copy is in the store already the log's older ones would hide that.
            if (frame.whole && frame.number <= end && !inStore.contains(frame.page())) frame.append(log, header, sum);
        }
        long written = Math.max(known.map(Index::frames).orElse(0L), end);
        return Optional.of(new Plan(null, 0, log.flip(), possible, Optional.of(gaps + written - end), gaps, false));
    }

    /**
     * A page as it stands in a log.
     *
     * @param whole whether it is what was written; if not, only its header may be read
     * @param mended whether it is so only once something in its header was computed anew
     */
    private record Frame(int number, ByteBuffer bytes, boolean whole, boolean mended) {
        /** All that a log holds; those of an earlier log behind its end are not whole. */
        static List<Frame> all(FileChannel channel, ByteBuffer header, long possible) throws IOException {
            List<Frame> frames = new ArrayList<>();
            var before = new Checksum(header.getInt(24), header.getInt(28));
            // What the one before sums up to, if that is not what stands there.
            Checksum summedUp = before;
            for (int i = 1; i <= possible; i++) {
                long at = HEADER_BYTES + (i - 1L) * (FRAME_HEADER_BYTES + PAGE_BYTES);
                ByteBuffer bytes = WriteAheadLog.read(channel, at, FRAME_HEADER_BYTES + PAGE_BYTES);
                boolean own = bytes.getLong(8) == header.getLong(16);
                Checksum sum = before.with(bytes);
                boolean whole = own && sum.is(bytes, 16);
                if (!whole && own && summedUp.with(bytes).is(bytes, 16)) {
                    // Of the one before only its own sum was damaged.
                    Frame earlier = frames.removeLast();
                    frames.add(new Frame(earlier.number, earlier.bytes, true, true));
                    whole = true;
                }
                boolean mended = !whole && mendHeader(bytes, before, header);
                frames.add(new Frame(i, bytes, whole || mended, mended));
                summedUp = sum;
                before = new Checksum(bytes.getInt(16), bytes.getInt(20));
            }
            return frames;
        }

        /** Page and size from the sums before and behind, where these and the page are whole. */
        private static boolean mendHeader(ByteBuffer bytes, Checksum before, ByteBuffer log) {
            var behind = new Checksum(bytes.getInt(16), bytes.getInt(20));
            behind.takeBack(bytes, FRAME_HEADER_BYTES, PAGE_BYTES);
            int page = Integer.reverseBytes(behind.first - before.first - before.second);
            int size = Integer.reverseBytes(behind.second - before.second - behind.first);
            // What comes out of a damaged page is any number.
            if (page <= 0 || page > MAX_PAGES || size < 0 || size > MAX_PAGES) return false;
            bytes.putInt(0, page).putInt(4, size).putLong(8, log.getLong(16));
            return true;
        }

        int page() {
            return bytes.getInt(0);
        }

        boolean endsTransaction() {
            return bytes.getInt(4) != 0;
        }

        /** Writes it behind others, by whose sum its own is computed anew. */
        void append(ByteBuffer log, ByteBuffer header, Checksum sum) {
            sum.add(bytes, 0, 8);
            sum.add(bytes, FRAME_HEADER_BYTES, PAGE_BYTES);
            ByteBuffer frame = bytes.duplicate().rewind();
            int at = log.position();
            log.put(frame);
            log.putLong(at + 8, header.getLong(16)).putInt(at + 16, sum.first).putInt(at + 20, sum.second);
        }
    }

    private void carryOut(Plan plan, Path told) throws IOException {
        boolean givesUp = !plan.removed() && plan.keptFrames() < plan.frames();
        ByteBuffer rewritten = plan.rewritten();
        Path aside = Salvage.beside(
                log,
                DAMAGED
                        + Instant.now()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .replace(":", ""));
        tell(told, said(plan, givesUp ? Optional.of(aside) : Optional.empty()));
        if (givesUp) forgetEarlier();
        if (givesUp && plan.keptFrames() == 0 && rewritten == null)
            Files.move(log, aside, StandardCopyOption.ATOMIC_MOVE);
        else if (givesUp) {
            DataHome.createPrivateFile(aside);
            Files.copy(log, aside, StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(log)) {
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                if (plan.header() != null) channel.write(plan.header().rewind(), 0);
                if (givesUp) channel.truncate(HEADER_BYTES + plan.keptFrames() * (FRAME_HEADER_BYTES + PAGE_BYTES));
                if (rewritten != null) while (rewritten.hasRemaining()) channel.write(rewritten, rewritten.position());
                channel.force(true);
            }
        }
        // Pages of different moments are no store, but most rows can be read in them.
        if (plan.gaps() > 0) DataHome.createPrivateFile(Salvage.mark(store));
        // SQLite makes it anew from the log.
        Files.deleteIfExists(index);
    }

    private static void tell(Path told, String text) throws IOException {
        DataHome.createPrivateFile(told);
        Files.writeString(told, text);
    }

    private String said(Plan plan, Optional<Path> aside) {
        String what = "the store's write-ahead log " + log.getFileName()
                + (plan.removed()
                        ? " was removed after a crash, as was found on "
                        : " was damaged after a crash, as was found on ")
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String lost = plan.gaps() > 0
                ? "; " + plan.lost().orElse(plan.gaps()) + (plan.lost().orElse(plan.gaps()) == 1 ? " page" : " pages")
                        + " of it cannot be read, and what is before and behind is kept as far as it can be"
                : cutOff(plan);
        return what
                + lost
                + aside.map(path -> "; the damaged one is kept in " + path).orElse("");
    }

    private static String cutOff(Plan plan) {
        return plan.lost()
                .map(pages -> pages == 0
                        ? "; nothing was lost"
                        : "; what was written last" + (pages == 1 ? " (1 page)" : " (" + pages + " pages)")
                                + " was lost with it, and all before it is kept")
                .orElse("; what was written last may be lost with it, and all before it is kept");
    }

    private void forgetEarlier() throws IOException {
        Path parent = log.toAbsolutePath().getParent();
        if (parent == null) throw new IOException(log + " lies in no folder");
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(parent, log.getFileName() + DAMAGED + "*")) {
            for (Path each : earlier) Files.deleteIfExists(each);
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {}
        return buffer.flip();
    }

    private static boolean isWhole(ByteBuffer header) {
        if (header.remaining() < HEADER_BYTES || header.getInt(0) != MAGIC || header.getInt(4) != FORMAT) return false;
        var sum = new Checksum(0, 0);
        sum.add(header, 0, 24);
        return sum.is(header, 24);
    }

    /**
     * The header that the first frame must have followed. A frame holds the checksum of all before it and of itself, and sums
     * can be taken back: what remains is the header's own checksum, and of its fields only one is not known otherwise.
     */
    private static @Nullable ByteBuffer mendedHeader(FileChannel channel) throws IOException {
        ByteBuffer frame = read(channel, HEADER_BYTES, FRAME_HEADER_BYTES + PAGE_BYTES);
        if (frame.remaining() < FRAME_HEADER_BYTES + PAGE_BYTES) return null;
        var sum = new Checksum(frame.getInt(16), frame.getInt(20));
        sum.takeBack(frame, FRAME_HEADER_BYTES, PAGE_BYTES);
        sum.takeBack(frame, 0, 8);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(0, MAGIC).putInt(4, FORMAT).putInt(8, PAGE_BYTES);
        header.putInt(16, frame.getInt(8)).putInt(20, frame.getInt(12));
        header.putInt(24, sum.first).putInt(28, sum.second);
        sum.takeBack(header, 16, 8);
        var before = new Checksum(0, 0);
        before.add(header, 0, 8);
        header.putInt(12, Integer.reverseBytes(sum.second - before.second - sum.first));
        return isWhole(header) ? header : null;
    }

    /** SQLite's, over pairs of little-endian words; "Database File Format", section 4.2. */
    private static final class Checksum {
        private int first;
        private int second;

        Checksum(int first, int second) {
            this.first = first;
            this.second = second;
        }

        void add(ByteBuffer bytes, int from, int length) {
            ByteBuffer words = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = from; at < from + length; at += 8) {
                first += words.getInt(at) + second;
                second += words.getInt(at + 4) + first;
            }
        }

        /** The sum of what this is the sum of and a frame behind it. */
        Checksum with(ByteBuffer frame) {
            var sum = new Checksum(first, second);
            sum.add(frame, 0, 8);
            sum.add(frame, FRAME_HEADER_BYTES, PAGE_BYTES);
            return sum;
        }

        void takeBack(ByteBuffer bytes, int from, int length) {
            ByteBuffer words = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = from + length - 8; at >= from; at -= 8) {
                second -= words.getInt(at + 4) + first;
                first -= words.getInt(at) + second;
            }
        }

        boolean is(ByteBuffer bytes, int at) {
            return bytes.getInt(at) == first && bytes.getInt(at + 4) == second;
        }
    }

    /**
     * The frames of a log.
     *
     * @param committed how many are whole, from the first on to the end of the last transaction
     * @param known how many there were for certain: more than that where a transaction follows after one that is damaged. The
     *     last one may just not have been written whole, which a power cut does.
     */
    private record Frames(long committed, long known) {
        static Frames of(FileChannel channel, ByteBuffer header, long possible) throws IOException {
            var sum = new Checksum(header.getInt(24), header.getInt(28));
            long committed = 0;
            long known = 0;
            int endsBehindDamage = 0;
            boolean whole = true;
            for (long i = 1; i <= possible; i++) {
                ByteBuffer frame = read(
                        channel,
                        HEADER_BYTES + (i - 1) * (FRAME_HEADER_BYTES + PAGE_BYTES),
                        FRAME_HEADER_BYTES + PAGE_BYTES);
                // Of what was written before the log was begun again, older salts stand behind its end.
                boolean ofThisLog = frame.getLong(8) == header.getLong(16);
                sum.add(frame, 0, 8);
                sum.add(frame, FRAME_HEADER_BYTES, PAGE_BYTES);
                boolean fits = ofThisLog && sum.is(frame, 16);
                whole &= fits;
                boolean endsTransaction = ofThisLog && frame.getInt(4) != 0;
                if (whole && endsTransaction) committed = i;
                if (!whole && endsTransaction && ++endsBehindDamage > 1 && fits) known = i;
                if (!fits) sum = new Checksum(frame.getInt(16), frame.getInt(20));
            }
            return new Frames(committed, Math.max(committed, known));
        }
    }

    /**
     * What SQLite's index knew of the log when the last process ended.
     *
     * @param frames how many were written to the log
     * @param stored how many of them were taken over into the store
     * @param salts by which the log is known
     */
    private record Index(long frames, long stored, long salts) {
        static Optional<Index> of(Path file) throws IOException {
            if (Files.notExists(file)) return Optional.empty();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer bytes = read(channel, 0, INDEX_BYTES).order(ByteOrder.nativeOrder());
                boolean whole = bytes.remaining() == INDEX_BYTES
                        && bytes.getInt(0) == FORMAT
                        && bytes.get(12) == 1
                        // It stands there twice, so that a half-written one shows.
                        && bytes.slice(0, INDEX_HEADER_BYTES)
                                .equals(bytes.slice(INDEX_HEADER_BYTES, INDEX_HEADER_BYTES));
                if (!whole) return Optional.empty();
                return Optional.of(new Index(
                        Integer.toUnsignedLong(bytes.getInt(16)),
                        Integer.toUnsignedLong(bytes.getInt(96)),
                        bytes.order(ByteOrder.BIG_ENDIAN).getLong(32)));
            }
        }

        long onlyInLog() {
            return Math.max(0, frames - stored);
        }

        boolean isOf(ByteBuffer header) {
            return salts == header.getLong(16);
        }
    }
}
