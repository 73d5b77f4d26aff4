package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.NotificationSink.Need;
import dev.understudy.spi.NotificationSink.Setting;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link NotificationSink} keeps. An implementer extends this class and gives the sink, settings with which it
 * reaches a receiver that the test runs, and what that receiver got.
 */
public abstract class NotificationSinkContract {
    /** Text that is markup, a command or a header somewhere. */
    private static final String HOSTILE =
            "\"; touch /tmp/x; $(id) `id` <b>bold</b> & 100 % \\ äöü 漢字 😀\nSubject: other\n\n-n";

    /** Returns a sink as the host would make it. */
    protected abstract NotificationSink sink();

    /** Settings that reach the test's receiver. */
    protected abstract Map<String, Object> settings();

    /** Settings that reach nobody, so that sending fails. */
    protected abstract Map<String, Object> settingsThatReachNobody();

    /** All that the receiver has got so far, one text each, in order; whatever is encoded is decoded. */
    protected abstract List<String> received() throws Exception;

    private static Notification notification(Notification.Kind kind, String title, String text) {
        return new Notification(kind, "tidy-downloads", title, text, Instant.parse("2026-11-16T09:00:00Z"));
    }

    private void send(Notification notification) throws Exception {
        try (NotificationSink.Channel channel = sink().open(settings())) {
            channel.send(notification);
        }
    }

    @ParameterizedTest
    @EnumSource
    void deliversTitleAndTextOfEveryKind(Notification.Kind kind) throws Exception {
        send(notification(kind, "Tidy downloads failed", "It said: no space left."));
        assertThat(received())
                .singleElement()
                .asString()
                .contains("Tidy downloads failed")
                .contains("It said: no space left.");
    }

    @Test
    void deliversSeveralInOrderThroughOneChannel() throws Exception {
        try (NotificationSink.Channel channel = sink().open(settings())) {
            for (int i = 1; i <= 3; i++)
                channel.send(notification(Notification.Kind.PROPOSAL_READY, "Number " + i, "text"));
        }
        List<String> received = received();
        assertThat(received).hasSize(3);
        for (int i = 1; i <= 3; i++) assertThat(received.get(i - 1)).contains("Number " + i);
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "text"})
    void takesEveryTextForTextOnly(String where) throws Exception {
        String title = where.equals("title") ? HOSTILE.lines().findFirst().orElseThrow() : "Title";
        send(notification(Notification.Kind.ROLLED_BACK, title, where.equals("text") ? HOSTILE : "Text"));
        assertThat(received())
                .singleElement()
                .asString()
                .contains("touch /tmp/x; $(id) `id`")
                .contains("äöü 漢字 😀");
    }

    @Test
    void failsWhereNobodyIsReached() throws Exception {
        Map<String, Object> nobody = settingsThatReachNobody();
        try (NotificationSink.Channel channel = sink().open(nobody)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> channel.send(notification(Notification.Kind.PROPOSAL_READY, "Title", "Text")));
        }
    }

    @Test
    void namesItselfAndItsSettingsApart() {
        assertThat(sink().name()).matches("[a-z][a-z0-9_]*");
        assertThat(sink().settings()).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(sink().settings()).extracting(Setting::allowed).noneMatch(String::isBlank);
        assertThat(settings().keySet())
                .containsAll(sink().settings().stream()
                        .filter(setting -> setting.need() == Need.REQUIRED)
                        .map(Setting::key)
                        .toList());
    }
}
