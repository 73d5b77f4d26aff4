package dev.understudy.sandbox.control.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names are made by a shell, since Java can type only those that are UTF-8. */
class FileNamesTest {
    @TempDir
    Path folder;

    private void make(String hexName) throws IOException, InterruptedException {
        String escaped = hexName.replaceAll("..", "\\\\x$0");
        Process bash = new ProcessBuilder("bash", "-c", "printf %s content >$'" + escaped + "'")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(bash.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "626164ff2e747874", // bad\xff.txt
                "4de4727a", // März in ISO 8859-1
                "4dc3a4727a", // März in UTF-8
                "6d61cc88727a", // the same letters decomposed: another name
                "f09f9880", // an emoji
                "eda080", // a lone surrogate
                "ef9fbf", // U+F7FF itself, which stands for a byte
                "c3", // cut short
                "610a62" // a line feed
            })
    void eachNameHasATextThatLeadsBackToIt(String hexName) throws IOException, InterruptedException {
        make(hexName);
        HostFiles host = HostFiles.ofThisSystem();

        List<String> names = host.list(folder);

        assertThat(names).hasSize(1);
        assertThat(HexFormat.of().formatHex(FileNames.bytes(names.getFirst()))).isEqualTo(hexName);
        Path file = folder.resolve(names.getFirst());
        HostFiles.Opened opened = host.openRegular(file);
        try (var _ = opened.channel()) {
            assertThat(opened.status().size()).isEqualTo("content".length());
        }
        assertThat(host.status(file)).isPresent();
        assertThat(Files.readString(FileNames.onDisk(file), StandardCharsets.UTF_8))
                .isEqualTo("content");
    }

    @Test
    void aUsualPathStaysAsItIs() {
        Path path = Path.of("/home/anna/letter.txt");

        assertThat(FileNames.onDisk(path)).isSameAs(path);
        assertThat(FileNames.text(path)).isEqualTo("/home/anna/letter.txt");
    }
}
