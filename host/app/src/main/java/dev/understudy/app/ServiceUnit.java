package dev.understudy.app;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has the system start {@code up} with a person's session: a unit of systemd, or a property list of launchd. Pure text.
 *
 * <p>The jails of scripts are made of namespaces by a process of the person's own, so whatever forbids namespaces, mounts
 * or the kernel's calls for them would leave no run. Which options that are, the unit says itself.
 */
final class ServiceUnit {
    /** By which it is known as one of ours. */
    static final String MARK = "written by 'understudy service install'";

    private static final String NAME = "understudy";
    static final String SYSTEMD_NAME = NAME + ".service";
    static final String LAUNCHD_LABEL = "dev." + NAME + ".up";

    private final List<String> command;

    /** @param command the launcher, options, and {@code up} */
    ServiceUnit(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** Whether bubblewrap gets what it needs by itself, or by its file's owner. */
    enum Bubblewrap {
        UNPRIVILEGED,
        /** A bit of its file makes it root for a moment, where the kernel gives people no namespaces. */
        SET_UID
    }

    /** A unit for {@code systemctl --user}. */
    String systemd(Bubblewrap bubblewrap) {
        String hardening = switch (bubblewrap) {
            case UNPRIVILEGED -> """
                    # What is listed here was tried with the jail of scripts. NoNewPrivileges goes with it: bubblewrap needs none.
                    NoNewPrivileges=yes
                    LockPersonality=yes
                    RestrictRealtime=yes
                    RestrictSUIDSGID=yes
                    RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
                    SystemCallArchitectures=native
                    """;
            case SET_UID -> """
                    # bubblewrap is set-uid here, which NoNewPrivileges would take from it, and with that go all options that
                    # filter system calls, since for a person's own units they imply it.
                    """;
        };
        return """
                # %s
                [Unit]
                Description=Understudy: starts what you have approved, and looks for what repeats
                Documentation=man:understudy(1)
                StartLimitIntervalSec=300
                StartLimitBurst=5

                [Service]
                Type=exec
                ExecStart=%s
                # It was built when it was installed; nothing is asked at a terminal.
                Environment=UNDERSTUDY_NO_BUILD=1
                Restart=on-failure
                RestartSec=5
                # A mistake in the configuration, or what is not allowed, is no better for trying again.
                RestartPreventExitStatus=2 4
                # It lets runs under way end first; what is left then is killed with it.
                KillMode=mixed
                TimeoutStopSec=150
                # A script that ran out of memory ends alone.
                OOMPolicy=continue

                UMask=0077
                # A dump of its memory could hold a secret.
                LimitCORE=0
                %s
                # Left out on purpose, since no script could be jailed or could do its work with them:
                #   RestrictNamespaces, SystemCallFilter      the jail is made by unshare, mount and pivot_root
                #   PrivateUsers, ProtectProc, ProcSubset,
                #   ProtectKernelTunables, ProtectKernelLogs,
                #   ProtectControlGroups                      the kernel gives a jail no /proc where /proc is partly hidden
                #   ProtectSystem, ProtectHome, PrivateTmp,
                #   PrivateDevices                            what a script may touch its grants say, and you approve
                #   MemoryDenyWriteExecute                    Java compiles what it runs
                #   CapabilityBoundingSet                     a person's own units cannot drop what they do not have

                [Install]
                WantedBy=default.target
                """.formatted(MARK, systemdLine(), hardening.stripTrailing());
    }

    private String systemdLine() {
        // A program's name may hold blanks there, but no quotes, whatever stands around it.
        boolean isTaken = command.getFirst().chars().noneMatch(c -> "'\"\\".indexOf(c) >= 0);
        return Stream.concat(isTaken ? Stream.of() : Stream.of("/usr/bin/env"), command.stream())
                .map(ServiceUnit::systemdWord)
                .collect(Collectors.joining(" "));
    }

    /** In quotes, so that blanks stay; {@code %} begins a specifier of systemd's, and {@code $} a variable. */
    private static String systemdWord(String word) {
        return '"'
                + word.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%", "%%")
                        .replace("$", "$$")
                + '"';
    }

    /**
     * An agent for {@code launchctl}.
     *
     * @param log where what it says on standard error goes
     */
    String launchd(Path log) {
        String words = command.stream()
                .map(word -> "        <string>" + xml(word) + "</string>\n")
                .collect(Collectors.joining());
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <!-- %s -->
                <plist version="1.0">
                <dict>
                    <key>Label</key>
                    <string>%s</string>
                    <key>ProgramArguments</key>
                    <array>
                %s    </array>
                    <key>EnvironmentVariables</key>
                    <dict>
                        <key>UNDERSTUDY_NO_BUILD</key>
                        <string>1</string>
                    </dict>
                    <key>RunAtLoad</key>
                    <true/>
                    <key>KeepAlive</key>
                    <dict>
                        <key>SuccessfulExit</key>
                        <false/>
                    </dict>
                    <key>ThrottleInterval</key>
                    <integer>30</integer>
                    <key>ExitTimeOut</key>
                    <integer>150</integer>
                    <key>ProcessType</key>
                    <string>Background</string>
                    <key>Umask</key>
                    <integer>63</integer>
                    <key>HardResourceLimits</key>
                    <dict>
                        <key>Core</key>
                        <integer>0</integer>
                    </dict>
                    <key>StandardErrorPath</key>
                    <string>%s</string>
                </dict>
                </plist>
                """.formatted(MARK, LAUNCHD_LABEL, words, xml(log.toString()));
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
