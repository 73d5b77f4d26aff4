package dev.understudy.sandbox.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** Turns messages into frames. The type bytes here and in {@link Decoder} are the same table read both ways. */
final class Encoder {
    private byte[] buffer = new byte[128];
    private int length = 4;

    private Encoder() {}

    static byte[] frame(Message message) {
        var encoder = new Encoder();
        switch (message) {
            case ToCell toCell -> encoder.toCell(toCell);
            case FromCell fromCell -> encoder.fromCell(fromCell);
        }
        return encoder.finish();
    }

    private void toCell(ToCell message) {
        switch (message) {
            case ToCell.Run run ->
                type(1).number(run.id())
                        .text(run.name())
                        .text(run.source())
                        .text(run.parametersJson())
                        .choice(run.context())
                        .terms(run.terms());
            case ToCell.Evaluate evaluate ->
                type(2).number(evaluate.id())
                        .choice(evaluate.purpose())
                        .text(evaluate.input())
                        .terms(evaluate.terms());
            case ToCell.Interrupt interrupt -> type(3).number(interrupt.id());
            case ToCell.Done _ -> type(10);
            case ToCell.Opened opened -> type(11).number(opened.handle());
            case ToCell.Bytes bytes -> type(12).bytes(bytes.value());
            case ToCell.Length size -> type(13).number(size.value());
            case ToCell.Names names -> type(14).texts(names.value());
            case ToCell.Place place -> type(15).text(place.path());
            case ToCell.FileInfo info ->
                type(16).choice(info.kind())
                        .number(info.size())
                        .number(info.modifiedNanos())
                        .number(info.createdNanos())
                        .number(info.posixMode())
                        .number(info.uid())
                        .number(info.gid())
                        .text(info.fileKey())
                        .number(info.names());
            case ToCell.ProgramEnded ended ->
                type(17).number(ended.exitCode())
                        .bytes(ended.standardOutput())
                        .bytes(ended.standardError())
                        .number(ended.cpuNanos());
            case ToCell.HttpAnswer answer ->
                type(18).number(answer.status())
                        .texts(answer.headers())
                        .bytes(answer.body())
                        .text(answer.charset());
            case ToCell.Refused refused -> type(19).choice(refused.reason()).text(refused.message());
        }
    }

    private void fromCell(FromCell message) {
        switch (message) {
            case FromCell.Ready ready -> type(40).number(ready.version());
            case FromCell.Output output -> type(41).choice(output.channel()).bytes(output.bytes());
            case FromCell.Progress progress ->
                type(42).number(Double.doubleToLongBits(progress.share())).text(progress.text());
            case FromCell.Exceeded exceeded ->
                type(43).choice(exceeded.resource()).number(exceeded.used());
            case FromCell.Ended ended ->
                type(44).number(ended.id())
                        .choice(ended.status())
                        .text(ended.text())
                        .text(ended.detail())
                        .number(ended.line())
                        .number(ended.column())
                        .number(ended.cpuNanos())
                        .number(ended.peakMemoryBytes());
            case FromCell.Evaluated evaluated ->
                type(45).number(evaluated.id())
                        .choice(evaluated.evaluation())
                        .text(evaluated.text())
                        .text(evaluated.detail())
                        .number(evaluated.cpuNanos());
            case FromCell.Rows rows ->
                type(46).texts(rows.columns()).texts(rows.cells()).number(rows.more());
            case FromCell.Series series -> type(47).text(series.text()).numbers(series.numbers());
            case FromCell.Facts facts -> type(69).text(facts.name());
            case FromCell.Secret secret -> type(70).text(secret.name());
            case FromCell.Stat stat -> type(50).text(stat.path()).choice(stat.links());
            case FromCell.ListNames list -> type(51).text(list.path());
            case FromCell.Open open -> type(52).text(open.path()).number(open.modes());
            case FromCell.Read read ->
                type(53).number(read.handle()).number(read.position()).number(read.length());
            case FromCell.Write write ->
                type(54).number(write.handle()).number(write.position()).bytes(write.bytes());
            case FromCell.Size size -> type(55).number(size.handle());
            case FromCell.Truncate truncate ->
                type(56).number(truncate.handle()).number(truncate.size());
            case FromCell.Close close -> type(57).number(close.handle());
            case FromCell.MakeDirectory make -> type(58).text(make.path());
            case FromCell.Delete delete -> type(59).text(delete.path());
            case FromCell.Move move ->
                type(60).text(move.from()).text(move.to()).choice(move.existing());
            case FromCell.MakeLink make -> type(61).text(make.link()).text(make.target());
            case FromCell.ReadLink read -> type(62).text(read.link());
            case FromCell.SetAttributes set ->
                type(63).text(set.path()).number(set.modifiedNanos()).number(set.posixMode());
            case FromCell.RealPath real -> type(64).text(real.path());
            case FromCell.RunProgram run ->
                type(65).text(run.program())
                        .texts(run.arguments())
                        .bytes(run.standardInput())
                        .text(run.directory());
            case FromCell.Copy copy ->
                type(67).text(copy.from()).text(copy.to()).choice(copy.follow()).choice(copy.keep());
            case FromCell.CopyAttributes copy -> type(68).text(copy.from()).text(copy.to());
            case FromCell.MakeName make -> type(75).text(make.name()).text(make.existing());
            case FromCell.Http http ->
                type(66).text(http.method())
                        .text(http.url())
                        .texts(http.headers())
                        .bytes(http.body())
                        .number(http.timeoutMillis());
        }
    }

    private void terms(ToCell.Terms terms) {
        text(terms.isolation())
                .text(terms.workspace())
                .text(terms.workingDirectory())
                .text(terms.home())
                .text(terms.packages())
                .number(terms.outputBytes())
                .number(terms.memoryBytes())
                .number(terms.cpuNanos());
    }

    private Encoder type(int type) {
        room(1);
        buffer[length++] = (byte) type;
        return this;
    }

    @SuppressWarnings("EnumOrdinal") // both ends are of one build, and the order is the wire format
    private Encoder choice(Enum<?> choice) {
        return type(choice.ordinal());
    }

    private Encoder number(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) buffer[length++] = (byte) (value >>> shift);
        return this;
    }

    private Encoder number(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) buffer[length++] = (byte) (value >>> shift);
        return this;
    }

    private Encoder text(String text) {
        return bytes(text.getBytes(UTF_8));
    }

    private Encoder texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    private Encoder numbers(List<Double> numbers) {
        number(numbers.size());
        numbers.forEach(number -> number(Double.doubleToLongBits(number)));
        return this;
    }

    private Encoder bytes(byte[] bytes) {
        number(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void room(int more) {
        if (buffer.length - length < more)
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, more), buffer.length * 2));
    }

    private byte[] finish() {
        int body = length - 4;
        for (int i = 0; i < 4; i++) buffer[i] = (byte) (body >>> (24 - 8 * i));
        return Arrays.copyOf(buffer, length);
    }
}
