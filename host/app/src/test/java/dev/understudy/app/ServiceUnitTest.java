package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

class ServiceUnitTest {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    Path folder;

    /** What systemd takes for no program's name it takes as a word for one that starts it. */
    @Test
    void namesALauncherWithQuotesInItsPathThatSystemdTakes() {
        assertThat(new ServiceUnit(List.of("/a/understudy", "up")).systemd(ServiceUnit.Bubblewrap.UNPRIVILEGED))
                .contains("ExecStart=\"/a/understudy\" \"up\"");
        assertThat(new ServiceUnit(List.of("/it's/understudy", "up")).systemd(ServiceUnit.Bubblewrap.UNPRIVILEGED))
                .contains("ExecStart=\"/usr/bin/env\" \"/it's/understudy\" \"up\"");
    }

    private static List<String> settings(String unit) {
        return unit.lines()
                .filter(line -> !line.startsWith("#") && line.contains("="))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void isTakenBySystemdWithoutAWord(ServiceUnit.Bubblewrap bubblewrap) throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not installed");
        Path launcher = Files.writeString(folder.resolve("a \"launcher\" of 100% $HOME"), "#!/bin/sh\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Path unit = Files.writeString(
                folder.resolve("understudy.service"),
                new ServiceUnit(List.of(launcher.toString(), "--home", "/tmp/it's here", "up")).systemd(bubblewrap));
        var builder = new ProcessBuilder(ANALYZE.toString(), "--user", "--man=no", "verify", unit.toString());
        // In CI there is no session, and with it no such folder.
        builder.environment()
                .put(
                        "XDG_RUNTIME_DIR",
                        Files.createDirectory(folder.resolve("runtime")).toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // What it says of the machine's other units, and of a session that is not there, is not about ours.
        assertThat(said.lines().filter(line -> line.contains("understudy.service")))
                .isEmpty();
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Each of these leaves no run, or takes from scripts what a person has granted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RestrictNamespaces",
                "SystemCallFilter",
                "PrivateUsers",
                "ProtectProc",
                "ProcSubset",
                "ProtectKernelTunables",
                "ProtectSystem",
                "ProtectHome",
                "PrivateTmp",
                "MemoryDenyWriteExecute",
                "CapabilityBoundingSet"
            })
    void leavesOutWhatTheJailCannotHaveAndSaysSo(String option) {
        String unit = new ServiceUnit(List.of("/u")).systemd(ServiceUnit.Bubblewrap.UNPRIVILEGED);
        assertThat(settings(unit)).noneMatch(line -> line.startsWith(option + "="));
        assertThat(unit).contains(option);
    }

    @Test
    void givesNoNewPrivilegesUnlessBubblewrapNeedsThem() {
        var unit = new ServiceUnit(List.of("/u"));
        assertThat(settings(unit.systemd(ServiceUnit.Bubblewrap.UNPRIVILEGED)))
                .contains("NoNewPrivileges=yes", "LockPersonality=yes");
        // For a person's own units each of them implies the first.
        assertThat(settings(unit.systemd(ServiceUnit.Bubblewrap.SET_UID)))
                .noneMatch(line -> line.matches("(?:NoNew|Lock|Restrict|SystemCall).*"))
                .contains("UMask=0077", "LimitCORE=0");
    }

    @Test
    void isAPropertyListForLaunchdWithTheCommandWordByWord() throws Exception {
        String list = new ServiceUnit(List.of("/a & b/understudy", "--home", "/x <y>", "up")).launchd(Path.of("/log"));
        Node dictionary = parse(list).getElementsByTagName("dict").item(0);
        assertThat(dictionary.getTextContent().replaceAll("\\s+", " "))
                .contains(
                        "Label dev.understudy.up",
                        "ProgramArguments /a & b/understudy --home /x <y> up",
                        "StandardErrorPath /log");
    }

    private static org.w3c.dom.Document parse(String text) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        // The declaration names Apple's site, which nobody needs to ask.
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        try {
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
