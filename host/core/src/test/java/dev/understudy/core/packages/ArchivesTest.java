package dev.understudy.core.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
    private static final String LONG = "package/" + "long/".repeat(30) + "name.js";

    @Test
    void filesOfTarsAreThereUnderTheirWholeNames() throws Exception {
        Map<String, byte[]> files = Archives.tarGz(PackageFiles.tar()
                .folder("package")
                .file("package/a.js", "a")
                .longName(LONG, "long")
                .paxName("package/grüße.js", "pax")
                .packed());
        assertThat(files).containsOnlyKeys("package/a.js", LONG, "package/grüße.js");
        assertThat(new String(files.get(LONG), UTF_8)).isEqualTo("long");
    }

    @Nested
    class Refused {
        private static void isRefused(byte[] tar, String why) {
            assertThatExceptionOfType(PackageException.class)
                    .isThrownBy(() -> Archives.tarGz(tar))
                    .withMessageContaining(why);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"../x", "package/../../x", "/etc/x", "package//x", "package/./x", "c:x", "a\\b", "a\nb"})
        void arePathsThatCouldLeadOut(String name) {
            isRefused(PackageFiles.tar().file(name, "x").packed(), "could lead out");
            isRefused(PackageFiles.tar().paxName(name, "x").packed(), "could lead out");
            assertThatExceptionOfType(PackageException.class)
                    .isThrownBy(() -> Archives.zip(PackageFiles.zip(Map.of(name, "x"))))
                    .withMessageContaining("could lead out");
        }

        @ParameterizedTest
        @ValueSource(chars = {'1', '2', '3', '4', '6'})
        void areLinksAndDevices(char type) {
            isRefused(
                    PackageFiles.tar().entry("package/l", type, "/etc/passwd").packed(), "neither a file nor a folder");
        }

        @Test
        void isWhatIsTooLargeBeforeItIsUnpacked() {
            isRefused(
                    PackageFiles.tar()
                            .zeros("package/a", Archives.MAX_BYTES + 1)
                            .packed(),
                    "MiB");
        }

        @Test
        void areTooManyFiles() {
            var tar = PackageFiles.tar();
            for (int i = 0; i <= Archives.MAX_FILES; i++) tar.file("package/" + i, "");
            isRefused(tar.packed(), "10000 files");
        }

        @Test
        void areTwoFilesUnderOneName() {
            isRefused(
                    PackageFiles.tar()
                            .file("package/a", "1")
                            .file("package/a", "2")
                            .packed(),
                    "two files named");
        }

        @Test
        void isWhatIsCutOff() {
            byte[] whole =
                    PackageFiles.tar().file("package/a.js", "a".repeat(5000)).unpacked();
            isRefused(PackageFiles.gzip(java.util.Arrays.copyOf(whole, 1024)), "damaged");
            isRefused("no archive".getBytes(UTF_8), "damaged");
        }
    }
}
