package dev.understudy.core.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives as GNU tar and Info-ZIP write them, read by members. */
class ArchivesTest {
    private static final Instant MODIFIED = Instant.parse("2023-07-08T09:10:12Z");

    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        Path file = Files.writeString(folder.resolve("in/a ä.txt"), "text\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
        Files.createSymbolicLink(folder.resolve("in/link"), Path.of("nowhere"));
        Files.writeString(folder.resolve("in/" + "long".repeat(40)), "");
    }

    @Test
    void ofTarHoldNamesModesTimesAndLinks() throws Exception {
        byte[] archive = packed("a.tar", "tar", "cf", "a.tar", "in");
        assertThat(TarMembers.of(archive))
                .contains(new Member(
                        "in/a ä.txt",
                        "file",
                        0600,
                        MODIFIED.getEpochSecond(),
                        "",
                        TarMembers.digest("text\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .extracting(Member::name, Member::kind, Member::target)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("in/link", "link", "nowhere"),
                        org.assertj.core.groups.Tuple.tuple("in/" + "long".repeat(40), "file", ""));
        assertThat(Contents.difference("a.tar", archive, packed("b.tar", "tar", "--format=pax", "-cf", "b.tar", "in")))
                .isEmpty();
    }

    @Test
    void ofZipHoldModes() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zip")), "zip is not installed");
        byte[] archive = packed("a.zip", "zip", "-qr", "a.zip", "in");
        Files.setPosixFilePermissions(folder.resolve("in/a ä.txt"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(Contents.difference("a.zip", archive, packed("b.zip", "zip", "-qr", "b.zip", "in")))
                .hasValue(new Contents.Difference(", member in/a ä.txt", "mode 0600", "mode 0644"));
    }

    private byte[] packed(String archive, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return Files.readAllBytes(folder.resolve(archive));
    }
}
