package dev.understudy.plugins.notifications;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Speaks as much of SMTP (RFC 5321) as a sender of mail needs, and keeps what it is told. */
final class FakeSmtpServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final String extensions;
    /** Each line that a client sent outside of a mail. */
    final List<String> commands = Collections.synchronizedList(new ArrayList<>());
    /** Each mail as it came, dots unstuffed. */
    final List<String> mails = Collections.synchronizedList(new ArrayList<>());

    private final Queue<String> dataAnswers = new ConcurrentLinkedQueue<>();

    /** @param extensions what EHLO offers beside the name: {@code AUTH PLAIN} */
    FakeSmtpServer(String extensions) throws IOException {
        this.extensions = extensions;
        Thread.ofVirtual().start(this::listen);
    }

    /** Answers the next mails' DATA with these instead, one for each. */
    void answerData(String... answers) {
        dataAnswers.addAll(List.of(answers));
    }

    int port() {
        return listening.getLocalPort();
    }

    private void listen() {
        while (true) {
            try (Socket client = listening.accept()) {
                serve(client);
            } catch (SocketException _) {
                if (listening.isClosed()) return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket client) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        say(out, "220 fake ESMTP");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            commands.add(line);
            String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" -> say(out, extensions.isEmpty() ? "250 fake" : "250-fake\r\n250 " + extensions);
                case "AUTH" -> say(out, "235 welcome");
                case "DATA" -> {
                    say(out, "354 go on");
                    String mail = mail(lines);
                    String answer = dataAnswers.poll();
                    if (answer == null) mails.add(mail);
                    say(out, answer == null ? "250 taken" : answer);
                }
                case "QUIT" -> {
                    say(out, "221 bye");
                    return;
                }
                default -> say(out, "250 ok");
            }
        }
    }

    private static String mail(BufferedReader lines) throws IOException {
        var mail = new StringBuilder();
        for (String line = lines.readLine(); line != null && !line.equals("."); line = lines.readLine())
            mail.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        return mail.toString();
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
