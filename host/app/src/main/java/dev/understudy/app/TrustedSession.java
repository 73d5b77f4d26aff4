package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.ReplSession;
import dev.understudy.sandbox.protocol.TrustedLanguage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A session in this very process, which is no sandbox: its {@code understudy} is the engine itself, and it can do what this
 * process can. Only {@code repl --trusted} makes one, at a terminal.
 */
final class TrustedSession implements ReplSession {
    private final URLClassLoader jars;
    private final TrustedLanguage language;
    private final Lines out = new Lines("stdout");
    private final Lines err = new Lines("stderr");

    private TrustedSession(URLClassLoader jars, TrustedLanguage language) {
        this.jars = jars;
        this.language = language;
    }

    /** @throws UserException if the installation lacks the language */
    static TrustedSession open(Understudy understudy, Installation installation) throws IOException {
        var urls = new ArrayList<URL>();
        for (Path jar : installation.cellClassPath()) urls.add(url(jar));
        // The host has none of the languages; their jars are those of its cells.
        var jars = new URLClassLoader(urls.toArray(URL[]::new), TrustedLanguage.class.getClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(jars);
            TrustedLanguage language = ServiceLoader.load(TrustedLanguage.class, jars)
                    .findFirst()
                    .orElseThrow(() -> UserException.failed(
                            "There is no trusted REPL",
                            "the installation's cell has no language for it",
                            "Build it again: mvn package -DskipTests"));
            var session = new TrustedSession(jars, language);
            language.open(understudy, session.out, session.err);
            return session;
        } catch (RuntimeException e) {
            jars.close();
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path always has a URL: " + jar, e);
        }
    }

    @Override
    public Reply evaluate(String input, RunListener listener) {
        out.to(listener);
        err.to(listener);
        TrustedLanguage.Answer answer = language.evaluate(input);
        out.end();
        err.end();
        return switch (answer.kind()) {
            case VALUE -> new Reply.Value(answer.text());
            case UNFINISHED -> new Reply.Incomplete();
            case FAILED -> new Reply.Failed(answer.text(), "");
        };
    }

    @Override
    public boolean isUnfinished(String input) {
        return language.isUnfinished(input);
    }

    @Override
    public List<String> members(String path) {
        return language.members(path);
    }

    @Override
    public Optional<String> explain(String path) {
        return Optional.of(language.explanation(path)).filter(text -> !text.isEmpty());
    }

    @Override
    public Timed time(String input, RunListener listener) {
        long start = System.nanoTime();
        Reply reply = evaluate(input, listener);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return reply instanceof Reply.Value ? new Timed.Done(new Timing(1, List.of(took))) : new Timed.Not(reply);
    }

    /** Neither limits nor grants hold here. */
    @Override
    public State use(RunRequest request) {
        return State.KEPT;
    }

    @Override
    public void interrupt() {
        language.interrupt();
    }

    @Override
    public void close() throws IOException {
        try (jars) {
            language.close();
        }
    }

    /** Gives on what is printed, line by line. */
    private static final class Lines extends OutputStream {
        private final String channel;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private RunListener listener = RunListener.SILENT;

        Lines(String channel) {
            this.channel = channel;
        }

        synchronized void to(RunListener other) {
            listener = other;
        }

        @Override
        public synchronized void write(int each) {
            if (each == '\n') give();
            else line.write(each);
        }

        synchronized void end() {
            if (line.size() > 0) give();
        }

        private void give() {
            listener.output(new OutputLine(channel, line.toString(StandardCharsets.UTF_8)));
            line.reset();
        }
    }
}
