package dev.understudy.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8LocaleTest {
    @TempDir
    Path locales;

    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectory(locales.resolve(name));
        Files.createFile(folder.resolve("LC_CTYPE"));
        return folder;
    }

    @Test
    void isThePlainOneWhereTheSystemHasIt() throws IOException {
        Path plain = folder("C.utf8");
        folder("de_DE.utf8");

        assertThat(Utf8Locale.in(Map.of("LANG", "de_DE.UTF-8"), locales))
                .isEqualTo(new Utf8Locale(Map.of("LANG", "C.UTF-8"), List.of(plain)));
    }

    /** So that sorting stays by code: a learnt 'sort' must not come to mean another order. */
    @Test
    void elseTakesTheHostsOwnForCharactersAlone() throws IOException {
        Path german = folder("de_DE.utf8");
        Path archive = Files.createFile(locales.resolve("locale-archive"));

        assertThat(Utf8Locale.in(Map.of("LANG", "C", "LC_ALL", "de_DE.UTF-8"), locales))
                .isEqualTo(new Utf8Locale(Map.of("LANG", "C", "LC_CTYPE", "de_DE.UTF-8"), List.of(archive, german)));
    }

    @Test
    void needsNoFilesWhereThereAreNone() {
        assertThat(Utf8Locale.in(Map.of("LANG", "de_DE.ISO-8859-1"), locales.resolve("none")))
                .isEqualTo(new Utf8Locale(Map.of("LANG", "C.UTF-8"), List.of()));
    }
}
