package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokenTest {
    @TempDir
    Path folder;

    @Test
    void isMadeOnceForItsOwnerAlone() throws IOException {
        DataHome home = DataHome.open(folder);
        String token = AccessToken.read(home);
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(AccessToken.read(home)).isEqualTo(token);
        assertThat(Files.readString(AccessToken.file(home))).isEqualTo(token + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(AccessToken.file(home))))
                .isEqualTo("rw-------");
    }

    @Test
    void isMadeAnewWhereOthersCouldReadIt() throws IOException {
        DataHome home = DataHome.open(folder);
        String token = AccessToken.read(home);
        Files.setPosixFilePermissions(AccessToken.file(home), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(AccessToken.read(home)).matches("[0-9a-f]{64}").isNotEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(AccessToken.file(home))))
                .isEqualTo("rw-------");
    }

    @Test
    void isMadeAnewWhereTheFileHoldsSomethingElse() throws IOException {
        DataHome home = DataHome.open(folder);
        AccessToken.read(home);
        Files.writeString(AccessToken.file(home), "secret");
        assertThat(AccessToken.read(home)).matches("[0-9a-f]{64}");
    }
}
