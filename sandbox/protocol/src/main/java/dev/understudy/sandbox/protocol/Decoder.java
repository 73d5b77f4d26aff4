package dev.understudy.sandbox.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns the bytes of a frame into a message, or refuses them. */
final class Decoder {
    private static final ToCell.ContextChoice[] CONTEXTS = ToCell.ContextChoice.values();
    private static final ToCell.Purpose[] PURPOSES = ToCell.Purpose.values();
    private static final ToCell.FileKind[] KINDS = ToCell.FileKind.values();
    private static final ToCell.Reason[] REASONS = ToCell.Reason.values();
    private static final FromCell.Channel[] CHANNELS = FromCell.Channel.values();
    private static final FromCell.Resource[] RESOURCES = FromCell.Resource.values();
    private static final FromCell.Status[] STATES = FromCell.Status.values();
    private static final FromCell.Evaluation[] EVALUATIONS = FromCell.Evaluation.values();
    private static final FromCell.LinkChoice[] LINKS = FromCell.LinkChoice.values();
    private static final FromCell.FollowChoice[] FOLLOW = FromCell.FollowChoice.values();
    private static final FromCell.KeepChoice[] KEEP = FromCell.KeepChoice.values();
    private static final FromCell.ExistingChoice[] EXISTING = FromCell.ExistingChoice.values();

    private final byte[] body;
    private int at;

    private Decoder(byte[] body) {
        this.body = body;
    }

    static ToCell toCell(byte[] body) throws ProtocolException {
        var decoder = new Decoder(body);
        ToCell message = decoder.toCell();
        decoder.requireEnd();
        return message;
    }

    static FromCell fromCell(byte[] body) throws ProtocolException {
        var decoder = new Decoder(body);
        FromCell message = decoder.fromCell();
        decoder.requireEnd();
        return message;
    }

    private ToCell toCell() throws ProtocolException {
        int type = octet();
        return switch (type) {
            case 1 -> new ToCell.Run(integer(), text(), text(), text(), choice(CONTEXTS), terms());
            case 2 -> new ToCell.Evaluate(integer(), choice(PURPOSES), text(), terms());
            case 3 -> new ToCell.Interrupt(integer());
            case 10 -> new ToCell.Done();
            case 11 -> new ToCell.Opened(integer());
            case 12 -> new ToCell.Bytes(bytes());
            case 13 -> new ToCell.Length(number());
            case 14 -> new ToCell.Names(texts());
            case 15 -> new ToCell.Place(text());
            case 16 ->
                new ToCell.FileInfo(
                        choice(KINDS),
                        number(),
                        number(),
                        number(),
                        integer(),
                        integer(),
                        integer(),
                        text(),
                        integer());
            case 17 -> new ToCell.ProgramEnded(integer(), bytes(), bytes(), amount());
            case 18 -> new ToCell.HttpAnswer(integer(), texts(), bytes(), text());
            case 19 -> new ToCell.Refused(choice(REASONS), text());
            default -> throw new ProtocolException("a frame of unknown type " + type);
        };
    }

    private FromCell fromCell() throws ProtocolException {
        int type = octet();
        return switch (type) {
            case 40 -> new FromCell.Ready(integer());
            case 41 -> new FromCell.Output(choice(CHANNELS), bytes());
            case 42 -> new FromCell.Progress(share(), text());
            case 43 -> new FromCell.Exceeded(choice(RESOURCES), amount());
            case 44 ->
                new FromCell.Ended(integer(), choice(STATES), text(), text(), place(), place(), amount(), amount());
            case 45 -> new FromCell.Evaluated(integer(), choice(EVALUATIONS), text(), text(), amount());
            case 46 -> rows();
            case 47 -> new FromCell.Series(text(), numbers());
            case 69 -> new FromCell.Facts(text());
            case 70 -> new FromCell.Secret(text());
            case 50 -> new FromCell.Stat(text(), choice(LINKS));
            case 51 -> new FromCell.ListNames(text());
            case 52 -> new FromCell.Open(text(), modes());
            case 53 -> new FromCell.Read(integer(), amount(), chunkLength());
            case 54 -> new FromCell.Write(integer(), amount(), chunk());
            case 55 -> new FromCell.Size(integer());
            case 56 -> new FromCell.Truncate(integer(), amount());
            case 57 -> new FromCell.Close(integer());
            case 58 -> new FromCell.MakeDirectory(text());
            case 59 -> new FromCell.Delete(text());
            case 60 -> new FromCell.Move(text(), text(), choice(EXISTING));
            case 61 -> new FromCell.MakeLink(text(), text());
            case 62 -> new FromCell.ReadLink(text());
            case 63 -> new FromCell.SetAttributes(text(), number(), posixMode());
            case 64 -> new FromCell.RealPath(text());
            case 65 -> new FromCell.RunProgram(text(), texts(), bytes(), text());
            case 66 -> new FromCell.Http(text(), text(), texts(), bytes(), amount());
            case 67 -> new FromCell.Copy(text(), text(), choice(FOLLOW), choice(KEEP));
            case 68 -> new FromCell.CopyAttributes(text(), text());
            case 75 -> new FromCell.MakeName(text(), text());
            default -> throw new ProtocolException("a frame of unknown type " + type);
        };
    }

    private ToCell.Terms terms() throws ProtocolException {
        return new ToCell.Terms(text(), text(), text(), text(), text(), number(), number(), number());
    }

    private double share() throws ProtocolException {
        double share = Double.longBitsToDouble(number());
        if (!(share >= 0 && share <= 1)) throw new ProtocolException("a progress of " + share);
        return share;
    }

    private int modes() throws ProtocolException {
        int modes = integer();
        if ((modes & ~FromCell.Open.MODE_ALL) != 0) throw new ProtocolException("unknown modes " + modes);
        return modes;
    }

    private int posixMode() throws ProtocolException {
        int mode = integer();
        if (mode < FromCell.SetAttributes.KEEP_MODE || mode > 07777) throw new ProtocolException("a mode of " + mode);
        return mode;
    }

    private int chunkLength() throws ProtocolException {
        int length = integer();
        if (length < 0 || length > Frames.CHUNK_BYTES) throw new ProtocolException("a chunk of " + length + " bytes");
        return length;
    }

    private byte[] chunk() throws ProtocolException {
        byte[] chunk = bytes();
        if (chunk.length > Frames.CHUNK_BYTES) throw new ProtocolException("a chunk of " + chunk.length + " bytes");
        return chunk;
    }

    private FromCell.Rows rows() throws ProtocolException {
        var rows = new FromCell.Rows(texts(), texts(), amount());
        if (rows.columns().isEmpty() || rows.cells().size() % rows.columns().size() != 0)
            throw new ProtocolException(
                    rows.cells().size() + " cells in " + rows.columns().size() + " columns");
        return rows;
    }

    private List<Double> numbers() throws ProtocolException {
        int count = integer();
        if (count < 0 || count > (body.length - at) / 8) throw new ProtocolException("a list of " + count + " numbers");
        var numbers = new ArrayList<Double>(count);
        for (int i = 0; i < count; i++) {
            double number = Double.longBitsToDouble(number());
            if (!Double.isFinite(number)) throw new ProtocolException("a number that is none");
            numbers.add(number);
        }
        return numbers;
    }

    /** A line or a column, or 0. */
    private int place() throws ProtocolException {
        int place = integer();
        if (place < 0) throw new ProtocolException("a place of " + place);
        return place;
    }

    /** A number that counts something. */
    private long amount() throws ProtocolException {
        long amount = number();
        if (amount < 0) throw new ProtocolException("a negative amount, " + amount);
        return amount;
    }

    private int octet() throws ProtocolException {
        require(1);
        return body[at++] & 0xff;
    }

    private <E> E choice(E[] values) throws ProtocolException {
        int ordinal = octet();
        if (ordinal >= values.length) throw new ProtocolException("choice " + ordinal + " of " + values.length);
        return values[ordinal];
    }

    private int integer() throws ProtocolException {
        require(4);
        int value = 0;
        for (int i = 0; i < 4; i++) value = (value << 8) | (body[at++] & 0xff);
        return value;
    }

    private long number() throws ProtocolException {
        require(8);
        long value = 0;
        for (int i = 0; i < 8; i++) value = (value << 8) | (body[at++] & 0xff);
        return value;
    }

    private byte[] bytes() throws ProtocolException {
        int length = length();
        byte[] bytes = Arrays.copyOfRange(body, at, at + length);
        at += length;
        return bytes;
    }

    private String text() throws ProtocolException {
        int length = length();
        try {
            // A fresh decoder reports what is malformed; new String would replace it, and two spellings would be one.
            String text =
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(body, at, length)).toString();
            at += length;
            return text;
        } catch (CharacterCodingException _) {
            throw new ProtocolException("a text that is not UTF-8");
        }
    }

    private List<String> texts() throws ProtocolException {
        int count = integer();
        // Each text takes four bytes at least, so a count beyond that is a lie that must not reserve memory.
        if (count < 0 || count > (body.length - at) / 4) throw new ProtocolException("a list of " + count + " texts");
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) texts.add(text());
        return texts;
    }

    private int length() throws ProtocolException {
        int length = integer();
        require(length);
        return length;
    }

    private void require(int bytes) throws ProtocolException {
        if (bytes < 0 || bytes > body.length - at)
            throw new ProtocolException("a field of " + Integer.toUnsignedString(bytes) + " bytes where "
                    + (body.length - at) + " are left");
    }

    private void requireEnd() throws ProtocolException {
        if (at != body.length) throw new ProtocolException((body.length - at) + " bytes after the end of a message");
    }
}
