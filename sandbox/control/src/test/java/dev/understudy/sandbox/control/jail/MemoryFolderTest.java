package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryFolderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0 | true",
                // Docker's default, in which no script could start what it has written.
                "shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k 0 0 | false",
                "/dev/vda1 /dev/shm ext4 rw 0 0 | false",
                "tmpfs /run tmpfs rw 0 0 | false",
            })
    void isOnlyWhereTheSharedMemoryIsMountedAsUsual(String mount, boolean expected) {
        assertThat(MemoryFolder.isOrdinaryMemory("proc /proc proc rw 0 0\n" + mount + "\n"))
                .isEqualTo(expected);
    }

    @Test
    void isJudgedByTheMountThatCoversTheOthers() {
        assertThat(MemoryFolder.isOrdinaryMemory("tmpfs /dev/shm tmpfs rw 0 0\nnone /dev/shm tmpfs rw,noexec 0 0\n"))
                .isFalse();
    }
}
