package dev.understudy.plugins.notifications;

import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Sends a notification as a plain text mail by SMTP. With {@code encryption: starttls} (the default) or {@code tls},
 * nothing is said to a server that offers no encryption or whose certificate does not fit its name. Where the server cannot be reached, or
 * says that it cannot take the mail now (4xx, RFC 5321, section 4.2.1), it is sent again after two seconds, half a minute and five
 * minutes: servers that know a sender not yet take a mail at its second try only.
 */
@Extension
public final class EmailSink implements NotificationSink {
    private static final String TIMEOUT_MILLIS = "15000";
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(5));

    private final Tries tries;

    public EmailSink() {
        this(PAUSES);
    }

    /** @param pauses before each further try */
    EmailSink(List<Duration> pauses) {
        tries = new Tries(pauses);
    }

    /** How the connection is protected, and its usual port. */
    private enum Encryption {
        STARTTLS(587),
        TLS(465),
        NONE(25);

        final int port;

        Encryption(int port) {
            this.port = port;
        }
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting("host", Type.TEXT, Need.REQUIRED, "the name of the SMTP server"),
                new Setting("port", Type.INTEGER, Need.OPTIONAL, "a port from 1 to 65535"),
                new Setting("encryption", Type.TEXT, Need.OPTIONAL, "starttls, tls or none"),
                new Setting("user", Type.TEXT, Need.OPTIONAL, "the name to log in with"),
                new Setting("password_file", Type.TEXT, Need.OPTIONAL, "a file whose first line is the password"),
                new Setting("from", Type.TEXT, Need.REQUIRED, "the sender's address"),
                new Setting("to", Type.TEXTS, Need.REQUIRED, "the receivers' addresses"));
    }

    @Override
    public Channel open(Map<String, Object> settings) {
        String host = String.valueOf(settings.get("host"));
        Encryption encryption = encryption(String.valueOf(settings.getOrDefault("encryption", "starttls")));
        long port = settings.get("port") instanceof Long number ? number : encryption.port;
        if (port < 1 || port > 65_535)
            throw new IllegalArgumentException("port is " + port + ", but must be from 1 to 65535");
        var to = new ArrayList<InternetAddress>();
        if (settings.get("to") instanceof List<?> receivers)
            for (Object receiver : receivers) to.add(address("to", String.valueOf(receiver)));
        if (to.isEmpty()) throw new IllegalArgumentException("to is empty, but must name a receiver");
        String user = (String) settings.get("user");
        String passwordFile = (String) settings.get("password_file");
        if ((user == null) != (passwordFile == null))
            throw new IllegalArgumentException("user and password_file must both be there, or none");
        Session session = Session.getInstance(properties(host, port, encryption, user != null));
        return new Smtp(session, address("from", String.valueOf(settings.get("from"))), to, user, passwordFile, tries);
    }

    private static Encryption encryption(String text) {
        return switch (text) {
            case "starttls" -> Encryption.STARTTLS;
            case "tls" -> Encryption.TLS;
            case "none" -> Encryption.NONE;
            default ->
                throw new IllegalArgumentException("encryption is '" + text + "', but must be starttls, tls or none");
        };
    }

    private static InternetAddress address(String key, String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(key + " is '" + text + "', but must be a mail address", e);
        }
    }

    private static Properties properties(String host, long port, Encryption encryption, boolean login) {
        String protocol = encryption == Encryption.TLS ? "smtps" : "smtp";
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        String prefix = "mail." + protocol + ".";
        properties.setProperty(prefix + "host", host);
        properties.setProperty(prefix + "port", Long.toString(port));
        properties.setProperty(prefix + "auth", Boolean.toString(login));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(encryption == Encryption.STARTTLS));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(encryption == Encryption.STARTTLS));
        for (String timeout : List.of("connectiontimeout", "timeout", "writetimeout"))
            properties.setProperty(prefix + timeout, TIMEOUT_MILLIS);
        return properties;
    }

    private record Smtp(
            Session session,
            InternetAddress from,
            List<InternetAddress> to,
            @Nullable String user,
            @Nullable String passwordFile,
            Tries tries)
            implements Channel {
        @Override
        public void send(Notification notification) throws IOException, InterruptedException {
            tries.send(() -> post(notification));
        }

        private void post(Notification notification) throws IOException {
            try (Transport transport = session.getTransport()) {
                try {
                    MimeMessage message = message(notification);
                    if (user == null || passwordFile == null) transport.connect();
                    else transport.connect(user, password(passwordFile));
                    transport.sendMessage(message, message.getAllRecipients());
                } catch (MessagingException e) {
                    String problem = String.valueOf(e.getMessage()).strip();
                    // Its parts say less: of a message with several receivers each has an exception, and an answer, of
                    // its own.
                    int answer = transport instanceof SMTPTransport smtp ? smtp.getLastReturnCode() : 0;
                    boolean passes = e instanceof MailConnectException || answer / 100 == 4;
                    throw passes ? new IOException(problem, e) : new Tries.Rejected(problem, e);
                }
            } catch (MessagingException e) {
                throw new Tries.Rejected(String.valueOf(e.getMessage()).strip(), e);
            }
        }

        private MimeMessage message(Notification notification) throws MessagingException {
            var message = new MimeMessage(session);
            message.setFrom(from);
            message.setRecipients(Message.RecipientType.TO, to.toArray(InternetAddress[]::new));
            message.setSubject("[Understudy] " + notification.title(), StandardCharsets.UTF_8.name());
            message.setText(notification.text() + "\n", StandardCharsets.UTF_8.name());
            message.setSentDate(Date.from(notification.at()));
            // Keeps holiday answers away (RFC 3834, section 5).
            message.setHeader("Auto-Submitted", "auto-generated");
            message.setHeader("X-Understudy-Event", notification.kind().id());
            return message;
        }

        /** Read for each mail, so that a changed password counts. */
        private static String password(String path) throws IOException {
            Path file = Path.of(path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path);
            return Files.readString(file).lines().findFirst().orElse("");
        }
    }
}
