package dev.understudy.sandbox.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final ToCell.Terms TERMS = new ToCell.Terms("full", "/w", "/d", "/h", "/p", 1, 2, 3);

    private static byte[] written(Message message) throws IOException {
        var out = new ByteArrayOutputStream();
        new Frames(InputStream.nullInputStream(), out).write(message);
        return out.toByteArray();
    }

    private static Frames reading(byte[] bytes) {
        return new Frames(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
    }

    @Nested
    class AMessage {
        static Stream<ToCell> toCell() {
            byte[] bytes = {0, -1, 5};
            return Stream.of(
                    new ToCell.Run(7, "näme", "source", "{}", ToCell.ContextChoice.SHARED, TERMS),
                    new ToCell.Evaluate(8, ToCell.Purpose.MEMBERS, "1 + 1", TERMS),
                    new ToCell.Interrupt(7),
                    new ToCell.Done(),
                    new ToCell.Opened(9),
                    new ToCell.Bytes(bytes),
                    new ToCell.Length(-1),
                    new ToCell.Names(List.of("a", "", "日本")),
                    new ToCell.Place("/x"),
                    new ToCell.FileInfo(ToCell.FileKind.SYMBOLIC_LINK, 1, -2, 3, 0644, 33, 0, "key", 2),
                    new ToCell.ProgramEnded(1, bytes, new byte[0], 5),
                    new ToCell.HttpAnswer(404, List.of("a", "b"), bytes, "UTF-8"),
                    new ToCell.Refused(ToCell.Reason.INPUT_OUTPUT, "why"));
        }

        static Stream<FromCell> fromCell() {
            byte[] bytes = {0, -1, 5};
            return Stream.of(
                    new FromCell.Ready(1),
                    new FromCell.Output(FromCell.Channel.ERROR, bytes),
                    new FromCell.Progress(0.25, "text"),
                    new FromCell.Exceeded(FromCell.Resource.MEMORY_BYTES, 5),
                    new FromCell.Ended(1, FromCell.Status.OUT_OF_MEMORY, "text", "detail", 4, 5, 2, 3),
                    new FromCell.Evaluated(1, FromCell.Evaluation.INCOMPLETE, "text", "detail", 2),
                    new FromCell.Rows(List.of("a", "b"), List.of("1", "2", "3", "4"), 5),
                    new FromCell.Series("[1, 2]", List.of(1.0, 2.5)),
                    new FromCell.Facts("tasks"),
                    new FromCell.Secret("API_TOKEN"),
                    new FromCell.Stat("/p", FromCell.LinkChoice.NOFOLLOW),
                    new FromCell.ListNames("/p"),
                    new FromCell.Open("/p", FromCell.Open.MODE_ALL),
                    new FromCell.Read(1, 2, Frames.CHUNK_BYTES),
                    new FromCell.Write(1, 2, bytes),
                    new FromCell.Size(1),
                    new FromCell.Truncate(1, 2),
                    new FromCell.Close(1),
                    new FromCell.MakeDirectory("/p"),
                    new FromCell.Delete("/p"),
                    new FromCell.Move("/p", "/q", FromCell.ExistingChoice.REPLACE),
                    new FromCell.Copy("/p", "/q", FromCell.FollowChoice.NAMED, FromCell.KeepChoice.ALL),
                    new FromCell.CopyAttributes("/p", "/q"),
                    new FromCell.MakeLink("/p", "q"),
                    new FromCell.MakeName("/p", "/q"),
                    new FromCell.ReadLink("/p"),
                    new FromCell.SetAttributes("/p", FromCell.SetAttributes.KEEP, 0755),
                    new FromCell.RealPath("/p"),
                    new FromCell.RunProgram("ls", List.of("-l"), bytes, "/d"),
                    new FromCell.Http("GET", "http://x", List.of(), bytes, 7));
        }

        @ParameterizedTest
        @MethodSource("toCell")
        void toACellArrivesAsItWas(ToCell message) throws IOException {
            byte[] frame = written(message);
            assertThat(reading(frame).readToCell(1000))
                    .usingRecursiveComparison()
                    .isEqualTo(message);
        }

        @ParameterizedTest
        @MethodSource("fromCell")
        void fromACellArrivesAsItWas(FromCell message) throws IOException {
            byte[] frame = written(message);
            assertThat(reading(frame).readFromCell(1000))
                    .usingRecursiveComparison()
                    .isEqualTo(message);
        }

        @ParameterizedTest
        @MethodSource("fromCell")
        void cutShortIsRefusedAtEveryPlace(FromCell message) throws IOException {
            byte[] frame = written(message);
            for (int length = 5; length < frame.length; length++) {
                byte[] cut = java.util.Arrays.copyOf(frame, length);
                cut[3] = (byte) (length - 4);
                assertThatThrownBy(() -> reading(cut).readFromCell(1000)).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Nested
    class BytesThatAreNoFrame {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "00000000", // empty
                    "000003e9", // one byte beyond the bound
                    "ffffffff", // negative
                    "0000000163", // unknown type
                    "000000062800000001ff", // a byte too many
                    "000000062909000000ff", // unknown channel
                    "0000000633000000" + "01ff", // not UTF-8
                    "0000000e2a7ff8000000000000" + "0000000000", // progress that is not a number
                    "0000000a2b01ffffffffffffffff", // a negative amount
                    "0000000a3400000001" + "2f" + "00000020", // an unknown mode
                    "0000000d41000000007fffffff00000000", // a list of two thousand million texts
                    "0000002a2e" + "00000002" + "0000000161" + "0000000162" + "00000003"
                            + "000000016100000001610000000161" + "0000000000000000", // three cells in two columns
                    "000000112e" + "00000000" + "00000000" + "0000000000000000", // rows without columns
                    "000000112f" + "00000000" + "00000001" + "7ff8000000000000", // a series with what is no number
                })
        void areRefused(String hex) {
            assertThatThrownBy(() -> reading(HexFormat.of().parseHex(hex)).readFromCell(1000))
                    .isInstanceOf(ProtocolException.class);
        }

        @Test
        void areTheEndIfThereAreNone() {
            assertThatThrownBy(() -> reading(new byte[0]).readFromCell(1000)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> reading(new byte[] {0, 0, 0, 9, 1}).readFromCell(1000))
                    .isInstanceOf(EOFException.class);
        }
    }
}
