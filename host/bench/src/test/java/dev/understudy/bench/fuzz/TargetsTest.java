package dev.understudy.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short form of {@code .ci/fuzz}: what is kept of its corpora, and inputs made of them by chance, always the same ones.
 * Whatever a fuzzer has once found lies in {@code src/test/resources/fuzz/TARGET} from then on.
 */
@Tag("slow")
class TargetsTest {
    private static final Path CORPORA =
            Path.of(System.getProperty("understudy.root"), "host/bench/src/test/resources/fuzz");
    private static final int MADE = 400;
    private static final int MOST_BYTES = 4096;
    private static final List<String> WORDS = List.of(
            "\n",
            "\0",
            "\r\n",
            "\"",
            "'",
            "[",
            "{",
            "}",
            ": ",
            "= ",
            "\\",
            "\u00e4",
            "\ud83d\ude00",
            "9223372036854775808",
            "-1",
            "1e999",
            "null",
            "%");

    static Set<String> targets() {
        return Targets.ALL.keySet();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void refusesOrReadsWhateverComes(String name) throws IOException {
        assumeTrue(
                Files.exists(Path.of(System.getProperty("understudy.dist"), "plugins")),
                "nothing is assembled yet: mvn package");
        List<byte[]> seeds = seeds(name);
        assertThat(seeds).as("seeds in " + CORPORA.resolve(name)).isNotEmpty();
        Targets.Target target = Objects.requireNonNull(Targets.ALL.get(name));
        for (byte[] seed : seeds) check(target, seed);
        var chance = new Random(name.hashCode());
        for (int i = 0; i < MADE; i++) check(target, made(seeds, chance));
    }

    @Test
    void areAllThereAre() throws IOException {
        try (Stream<Path> folders = Files.list(CORPORA)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(targets());
        }
    }

    private static void check(Targets.Target target, byte[] input) {
        assertThatCode(() -> target.fuzzerTestOneInput(input))
                .as("the input in hexadecimal: " + HexFormat.of().formatHex(input))
                .doesNotThrowAnyException();
    }

    private static List<byte[]> seeds(String name) throws IOException {
        try (Stream<Path> files = Files.list(CORPORA.resolve(name))) {
            var seeds = new ArrayList<byte[]>();
            for (Path file : files.sorted().toList()) seeds.add(Files.readAllBytes(file));
            return seeds;
        }
    }

    /** One to eight changes of a seed, of the kinds that libFuzzer makes. */
    private static byte[] made(List<byte[]> seeds, Random chance) {
        byte[] input = seeds.get(chance.nextInt(seeds.size())).clone();
        for (int changes = 1 + chance.nextInt(8); changes > 0; changes--) {
            int at = chance.nextInt(input.length + 1);
            int end = Math.min(input.length, at + 1 + chance.nextInt(16));
            input = switch (chance.nextInt(5)) {
                case 0 -> spliced(input, at, end, new byte[0]);
                case 1 -> spliced(input, at, at, Arrays.copyOfRange(input, at, end));
                case 2 ->
                    spliced(
                            input,
                            at,
                            at,
                            WORDS.get(chance.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8));
                case 3 -> {
                    byte[] other = seeds.get(chance.nextInt(seeds.size()));
                    int from = chance.nextInt(other.length + 1);
                    yield spliced(input, at, end, Arrays.copyOfRange(other, from, other.length));
                }
                default -> at < end ? spliced(input, at, at + 1, new byte[] {(byte) chance.nextInt(256)}) : input;
            };
        }
        return input.length <= MOST_BYTES ? input : Arrays.copyOf(input, MOST_BYTES);
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] middle) {
        var out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        out.writeBytes(middle);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }
}
