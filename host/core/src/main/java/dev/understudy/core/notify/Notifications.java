package dev.understudy.core.notify;

import dev.understudy.core.config.NearestWord;
import dev.understudy.core.config.SinkSection;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The configured sinks, each with a thread of its own: none waits for another, and nobody waits for any. Safe for use by
 * several threads.
 */
public final class Notifications implements AutoCloseable {
    /** How many wait for a slow sink; more are dropped, and that is said. */
    private static final int MAX_WAITING = 100;

    private final List<Sink> sinks;

    private Notifications(List<Sink> sinks) {
        this.sinks = sinks;
    }

    /**
     * Opens the sinks that the configuration names.
     *
     * @param problems hears one line about each delivery that failed; called by several threads
     * @throws UserException with every mistake of the sections
     */
    public static Notifications open(
            List<SinkSection> sections, List<Provided<NotificationSink>> provided, Consumer<String> problems) {
        var mistakes = new ArrayList<Mistake>();
        var sinks = new ArrayList<Sink>();
        Map<String, Provided<NotificationSink>> byName =
                provided.stream().collect(Collectors.toMap(Provided::name, each -> each, (first, _) -> first));
        for (SinkSection section : sections) {
            Provided<NotificationSink> sink = byName.get(section.sink());
            if (sink == null) mistakes.add(unknown(section, byName.keySet()));
            else open(section, sink, mistakes, problems, sinks);
        }
        var opened = new Notifications(sinks);
        if (mistakes.isEmpty()) {
            sinks.forEach(Sink::start);
            return opened;
        }
        opened.close();
        throw UserException.badInput(mistakes);
    }

    private static void open(
            SinkSection section,
            Provided<NotificationSink> sink,
            List<Mistake> mistakes,
            Consumer<String> problems,
            List<Sink> sinks) {
        int before = mistakes.size();
        try {
            Map<String, Object> settings =
                    new SinkSettings(section, sink.extension().settings(), mistakes).read();
            if (mistakes.size() == before)
                sinks.add(new Sink(sink, section.kinds(), sink.extension().open(settings), problems));
        } catch (RuntimeException | LinkageError e) {
            mistakes.add(new Mistake(
                    section.file(),
                    section.line(),
                    section.column(),
                    "notifications." + section.sink(),
                    "cannot be used: " + describe(e),
                    "mend it, or leave the section out"));
        }
    }

    private static Mistake unknown(SinkSection section, Set<String> known) {
        String allowed = known.isEmpty()
                ? "no plugin here has a notification sink"
                : "known here are " + String.join(", ", known.stream().sorted().toList())
                        + NearestWord.to(section.sink(), known)
                                .map(word -> "; did you mean '" + word + "'?")
                                .orElse("");
        return new Mistake(
                section.file(),
                section.line(),
                section.column(),
                "notifications." + section.sink(),
                "is unknown",
                allowed);
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return (message == null || message.isBlank() ? failure.getClass().getSimpleName() : message)
                .replaceAll("\\R+", " ");
    }

    /** Tells every sink that wants to hear of this kind; returns at once. */
    public void tell(Notification notification) {
        for (Sink sink : sinks) sink.offer(notification);
    }

    /** Ends the sinks; what waits is not delivered. */
    @Override
    public void close() {
        for (Sink sink : sinks) sink.close();
    }

    private static final class Sink {
        private final Provided<NotificationSink> provided;
        private final Set<Notification.Kind> kinds;
        private final NotificationSink.Channel channel;
        private final Consumer<String> problems;
        private final BlockingQueue<Notification> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
        private final Thread thread;

        Sink(
                Provided<NotificationSink> provided,
                Set<Notification.Kind> kinds,
                NotificationSink.Channel channel,
                Consumer<String> problems) {
            this.provided = provided;
            this.kinds = kinds;
            this.channel = channel;
            this.problems = problems;
            thread = Thread.ofPlatform()
                    .daemon()
                    .name("notify " + provided.name())
                    .unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        void offer(Notification notification) {
            if (!kinds.contains(notification.kind())) return;
            if (!waiting.offer(notification)) problem("is too slow: '" + notification.title() + "' was dropped");
        }

        private void run() {
            try {
                while (true) deliver(waiting.take());
            } catch (InterruptedException _) {
                // Closed.
            }
        }

        private void deliver(Notification notification) throws InterruptedException {
            try {
                channel.send(notification);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | LinkageError e) {
                problem("failed: " + describe(e));
            }
        }

        private void problem(String what) {
            problems.accept(
                    "the notification sink " + provided.name() + " of the plugin " + provided.pluginId() + " " + what);
        }

        void close() {
            thread.interrupt();
            try {
                channel.close();
            } catch (RuntimeException | LinkageError e) {
                problem("failed to close: " + describe(e));
            }
        }
    }
}
