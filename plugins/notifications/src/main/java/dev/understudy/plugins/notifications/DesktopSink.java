package dev.understudy.plugins.notifications;

import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Shows a notification on the desktop: by {@code notify-send} (libnotify) where it is installed, else by macOS's
 * {@code osascript}. Title and text are passed as arguments, never as part of a script.
 */
@Extension
public final class DesktopSink implements NotificationSink {
    private static final long PATIENCE_SECONDS = 20;
    private static final int MAX_ERROR_BYTES = 2000;

    /** Its text comes as arguments, so nothing in it is taken for AppleScript. */
    private static final String APPLE_SCRIPT =
            "on run {shownTitle, shownText}\ndisplay notification shownText with title shownTitle\nend run";

    private final List<Path> programFolders;

    /** Looks for programs where the host's PATH says. */
    public DesktopSink() {
        this(folders(System.getenv().getOrDefault("PATH", "")));
    }

    DesktopSink(List<Path> programFolders) {
        this.programFolders = List.copyOf(programFolders);
    }

    private static List<Path> folders(String path) {
        var folders = new ArrayList<Path>();
        for (String folder : path.split(File.pathSeparator)) if (!folder.isEmpty()) folders.add(Path.of(folder));
        return folders;
    }

    @Override
    public String name() {
        return "desktop";
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public Channel open(Map<String, Object> settings) {
        return this::send;
    }

    private void send(Notification notification) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(notification))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new IOException("the desktop did not answer within " + PATIENCE_SECONDS + " s");
            if (process.exitValue() == 0) return;
            byte[] said = process.getInputStream().readNBytes(MAX_ERROR_BYTES);
            throw new IOException("it exited with " + process.exitValue() + ": "
                    + new String(said, StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse("no reason given"));
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(Notification notification) throws IOException {
        Path notifySend = find("notify-send");
        if (notifySend != null)
            return List.of(
                    notifySend.toString(),
                    "--app-name=Understudy",
                    "--urgency=" + urgency(notification.kind()),
                    "--",
                    notification.title(),
                    escaped(notification.text()));
        Path osascript = find("osascript");
        if (osascript != null)
            return List.of(osascript.toString(), "-e", APPLE_SCRIPT, notification.title(), notification.text());
        throw new IOException(
                "there is neither notify-send nor osascript here. Install libnotify (Debian: libnotify-bin),"
                        + " or leave notifications.desktop out");
    }

    private static String urgency(Notification.Kind kind) {
        return switch (kind) {
            case AUTOMATION_FAILING, ROLLED_BACK -> "critical";
            case PROPOSAL_READY, GRANT_ASKED, PERFORMANCE_FINDING, PLUGIN_SWITCHED_OFF -> "normal";
        };
    }

    /** The body of a desktop notification may hold markup (Desktop Notifications Specification 1.2, Markup). */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private @Nullable Path find(String program) {
        return programFolders.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
