package dev.understudy.plugins.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.testkit.NotificationSinkContract;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailSinkTest extends NotificationSinkContract {
    private static final Notification READY = new Notification(
            Notification.Kind.PROPOSAL_READY, "x", "Ready: x", "Approve it.", Instant.parse("2026-11-16T09:00:00Z"));

    @TempDir
    Path folder;

    private FakeSmtpServer server;
    private TakenPort nobody;

    @BeforeEach
    void listen() throws IOException {
        server = new FakeSmtpServer("AUTH PLAIN");
        nobody = new TakenPort();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        nobody.close();
    }

    @Override
    protected NotificationSink sink() {
        return new EmailSink(List.of(Duration.ZERO, Duration.ZERO));
    }

    @Override
    protected Map<String, Object> settings() {
        return settings("none");
    }

    private Map<String, Object> settings(String encryption) {
        return Map.of(
                "host",
                "127.0.0.1",
                "port",
                (long) server.port(),
                "encryption",
                encryption,
                "from",
                "understudy@example.org",
                "to",
                List.of("me@example.org", "You <you@example.org>"));
    }

    @Override
    protected Map<String, Object> settingsThatReachNobody() {
        var settings = new LinkedHashMap<>(settings());
        settings.put("port", (long) nobody.port());
        return settings;
    }

    @Override
    protected List<String> received() throws Exception {
        var texts = new ArrayList<String>();
        for (MimeMessage mail : mails()) texts.add(mail.getSubject() + "\n" + mail.getContent());
        return texts;
    }

    private List<MimeMessage> mails() throws Exception {
        var mails = new ArrayList<MimeMessage>();
        for (String mail : List.copyOf(server.mails))
            mails.add(new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8))));
        return mails;
    }

    private void send(Map<String, Object> settings) throws Exception {
        try (var channel = sink().open(settings)) {
            channel.send(READY);
        }
    }

    @Test
    void sendsAPlainMailFromTheSenderToEveryReceiver() throws Exception {
        send(settings());
        assertThat(server.commands)
                .contains(
                        "MAIL FROM:<understudy@example.org>", "RCPT TO:<me@example.org>", "RCPT TO:<you@example.org>");
        MimeMessage mail = mails().getFirst();
        assertThat(mail.getSubject()).isEqualTo("[Understudy] Ready: x");
        assertThat(mail.getContentType()).startsWith("text/plain");
        assertThat(mail.getSentDate()).isEqualTo(Instant.parse("2026-11-16T09:00:00Z"));
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    @Test
    void logsInWithTheFirstLineOfThePasswordFile() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\nnot this\n");
        var settings = new LinkedHashMap<>(settings());
        settings.put("user", "me");
        settings.put("password_file", file.toString());
        send(settings);
        String plain = "AUTH PLAIN ";
        assertThat(server.commands)
                .filteredOn(command -> command.startsWith(plain))
                .singleElement()
                // Who acts, who logs in, and the password, with NUL between (RFC 4616).
                .extracting(command -> new String(
                        Base64.getDecoder().decode(command.substring(plain.length())), StandardCharsets.UTF_8))
                .isEqualTo("me\0me\0s3cret");
        assertThat(server.mails).hasSize(1);
    }

    // Servers that do not know a sender yet answer 450 or 451 and take the mail the next time ("greylisting", RFC
    // 6647).
    @Test
    void sendsAgainWhatTheServerCannotTakeNow() throws Exception {
        server.answerData("451 4.7.1 try again later", "421 4.3.2 too busy");
        send(settings("none"));
        assertThat(server.mails).hasSize(1);
    }

    @Test
    void doesNotSendAgainWhatTheServerRefuses() {
        server.answerData("554 5.7.1 spam");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(settings("none")))
                .withMessage("554 5.7.1 spam");
        assertThat(server.mails).isEmpty();
    }

    @Test
    void givesUpAfterThreeTries() {
        server.answerData("451 no", "451 no", "451 no", "451 no");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(settings("none")))
                .withMessage("451 no (tried 3 times)");
    }

    @Test
    void saysNothingToAServerThatOffersNoEncryption() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "s3cret");
        var settings = new LinkedHashMap<>(settings("starttls"));
        settings.put("user", "me");
        settings.put("password_file", file.toString());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(settings))
                .withMessageContaining("STARTTLS");
        assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
        assertThat(server.mails).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            encryption | ssl       | encryption is 'ssl', but must be starttls, tls or none
            from       | nobody at | from is 'nobody at', but must be a mail address
            user       | me        | user and password_file must both be there, or none
            """)
    void refusesASettingThatDoesNotDo(String key, String value, String message) {
        var settings = new LinkedHashMap<>(settings());
        settings.put(key, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink().open(settings))
                .withMessage(message);
    }

    @Test
    void refusesToHaveNoReceiver() {
        var settings = new LinkedHashMap<>(settings());
        settings.put("to", List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink().open(settings))
                .withMessage("to is empty, but must name a receiver");
    }
}
