package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppleScriptCommandTest {
    private final AppleScriptCommand command = new AppleScriptCommand(
            AppleScriptCommand.Programs.OF_THE_SYSTEM,
            Path.of("/w/script.scpt"),
            Path.of("/w"),
            List.of(Path.of("/Users/me/a \")(allow default)")),
            List.of(Path.of("/Users/me/out")),
            List.of("{\"a\":1}"));

    @Test
    void passesPathsAsParametersSoThatNoneAltersTheProfile() {
        assertThat(command.command())
                .startsWith("/usr/bin/sandbox-exec", "-p", command.profile())
                .containsSequence("-D", "READ0=/Users/me/a \")(allow default)")
                .containsSequence("-D", "WRITE0=/Users/me/out")
                .endsWith("/usr/bin/osascript", "/w/script.scpt", "{\"a\":1}");
        assertThat(command.profile()).doesNotContain("allow default").doesNotContain("/Users");
    }

    @Test
    void deniesByDefaultAndTheNetworkAndOtherApplications() {
        assertThat(command.profile())
                .startsWith("(version 1)\n(deny default)\n")
                .contains("(allow file-read* (subpath (param \"READ0\")))")
                .contains("(allow file-read* file-write* (subpath (param \"WRITE0\")))")
                .endsWith("(deny network*)\n(deny appleevent-send)\n");
    }
}
