package dev.understudy.sandbox.control.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.sandbox.control.files.HostFiles.Pinned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostFilesTest {
    @TempDir
    Path folder;

    private Path real;
    private Path link;

    static Stream<HostFiles> ways() {
        return Stream.of(HostFiles.ofThisSystem(), new CheckedHostFiles());
    }

    @BeforeEach
    void makeALinkedFolder() throws IOException {
        folder = folder.toRealPath();
        real = Files.createDirectory(folder.resolve("real"));
        Files.writeString(real.resolve("f"), "text");
        Files.createDirectory(real.resolve("sub"));
        link = Files.createSymbolicLink(folder.resolve("link"), real);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void followNoLinkInAnyName(HostFiles host) throws Exception {
        Path toFile = Files.createSymbolicLink(folder.resolve("to-file"), real.resolve("f"));
        assertThat(host.status(link.resolve("f"))).isEmpty();
        assertThat(host.status(link.resolve("sub/none"))).isEmpty();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.openRegular(link.resolve("f")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.openRegular(toFile));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.list(link));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.list(link.resolve("sub")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.pin(link));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> host.pinForAttributes(toFile));
        assertThat(host.status(link).map(HostStatus::kind)).contains(FileView.Kind.SYMBOLIC_LINK);
        assertThat(host.readLink(link)).isEqualTo(real);
        assertThat(host.list(real)).containsExactlyInAnyOrder("f", "sub");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void sayThatNothingHasANameThatNothingCanHave(HostFiles host) throws Exception {
        Path tooLong = real.resolve("n".repeat(256));
        assertThat(host.status(tooLong)).isEmpty();
        assertThat(host.status(tooLong.resolve("f"))).isEmpty();
        assertThat(host.status(real.resolve("n".repeat(255)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void doNotBlockOnAPipe(HostFiles host) throws Exception {
        Path pipe = folder.resolve("pipe");
        Assumptions.assumeThat(
                        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .as("mkfifo is there")
                .isZero();
        assertThatExceptionOfType(HostFiles.NotRegularException.class).isThrownBy(() -> host.openRegular(pipe));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noticeOrOutliveAFolderThatIsSwappedWhilePinned(HostFiles host) throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Pinned pinned = host.pin(real)) {
            Files.move(real, folder.resolve("aside"));
            Files.createSymbolicLink(real, other);
            try {
                boolean sameFolder = Files.exists(pinned.child("f"));
                pinned.verify();
                assertThat(sameFolder).isTrue();
            } catch (IOException noticed) {
                assertThat(host).isInstanceOf(CheckedHostFiles.class);
            }
        }
    }
}
