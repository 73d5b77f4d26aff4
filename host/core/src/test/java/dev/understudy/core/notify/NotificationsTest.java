package dev.understudy.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.config.Config;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();

    private Notifications open(String yaml, NotificationSink... sinks) {
        List<Provided<NotificationSink>> provided = java.util.Arrays.stream(sinks)
                .map(sink -> new Provided<>("plugin", sink.name(), sink))
                .toList();
        return Notifications.open(Config.parse("config.yaml", yaml).notifications(), provided, problems::add);
    }

    private static Notification notification(Notification.Kind kind) {
        return new Notification(kind, "tidy", "Title", "Text", Instant.EPOCH);
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return String.valueOf(queue.poll(20, TimeUnit.SECONDS));
    }

    @Nested
    class ASink {
        @Test
        void isToldOnlyOfTheEventsThatItsSectionNames() throws InterruptedException {
            String yaml = "notifications: { a: { events: [rolled_back] }, b: {} }";
            try (Notifications notifications = open(yaml, sink("a"), sink("b"))) {
                notifications.tell(notification(Notification.Kind.PROPOSAL_READY));
                assertThat(next(sent)).isEqualTo("b PROPOSAL_READY");
                notifications.tell(notification(Notification.Kind.ROLLED_BACK));
                assertThat(List.of(next(sent), next(sent))).containsExactlyInAnyOrder("a ROLLED_BACK", "b ROLLED_BACK");
            }
        }

        @Test
        void thatFailsIsNamedAndStopsNeitherItselfNorOthers() throws InterruptedException {
            NotificationSink failing = new FakeSink("bad", _ -> {
                throw new IOException("the server answered 500");
            });
            NotificationSink broken = new FakeSink("worse", _ -> {
                throw new NoClassDefFoundError("jakarta/mail/Session");
            });
            try (Notifications notifications =
                    open("notifications: { bad: {}, worse: {}, good: {} }", failing, broken, sink("good"))) {
                for (int i = 0; i < 2; i++) {
                    notifications.tell(notification(Notification.Kind.ROLLED_BACK));
                    assertThat(next(sent)).isEqualTo("good ROLLED_BACK");
                    assertThat(List.of(next(problems), next(problems)))
                            .containsExactlyInAnyOrder(
                                    "the notification sink bad of the plugin plugin failed: the server answered 500",
                                    "the notification sink worse of the plugin plugin failed: jakarta/mail/Session");
                }
            }
        }

        @Test
        void thatIsSlowDelaysNobodyAndLosesWhatItCannotTake() throws InterruptedException {
            var release = new CountDownLatch(1);
            NotificationSink slow = new FakeSink("slow", _ -> release.await());
            try (Notifications notifications = open("notifications: { slow: {}, good: {} }", slow, sink("good"))) {
                for (int i = 0; i < 120; i++) {
                    notifications.tell(notification(Notification.Kind.ROLLED_BACK));
                    assertThat(next(sent)).isEqualTo("good ROLLED_BACK");
                }
                assertThat(next(problems))
                        .isEqualTo("the notification sink slow of the plugin plugin is too slow: 'Title' was dropped");
                release.countDown();
            }
        }
    }

    @Nested
    class Mistakes {
        @Test
        void ofAllSectionsAreReportedAtOnceWithTheirPlaces() {
            String yaml = """
                    notifications:
                      mail: {}
                      a:
                        number: many
                        lst: [x]
                      broken: { number: 1 }
                    """;
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> open(yaml, sink("a"), new BrokenSink()))
                    .satisfies(e -> assertThat(e.mistakes())
                            .extracting(Mistake::toString)
                            .containsExactly(
                                    "config.yaml:2:3: 'notifications.mail' is unknown, known here are a, broken.",
                                    "config.yaml:4:5: 'notifications.a.number' is 'many', but must be a number of things.",
                                    "config.yaml:5:5: 'notifications.a.lst' is unknown, known here are events, number,"
                                            + " list; did you mean 'list'?",
                                    "config.yaml:6:3: 'notifications.broken' cannot be used: number is 1, but must be 2,"
                                            + " mend it, or leave the section out."));
        }

        @Test
        void namesTheEventsThatThereAre() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> Config.parse("config.yaml", "notifications: { a: { events: [all] } }"))
                    .withMessage(
                            "config.yaml:1:32: 'notifications.a.events' holds 'all', but must be a list of"
                                    + " automation_failing, grant_asked, performance_finding, plugin_switched_off, proposal_ready, rolled_back.");
        }

        @Test
        void namesWhatIsMissing() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> open("notifications: { broken: {} }", new BrokenSink()))
                    .withMessage(
                            "config.yaml:1:18: 'notifications.broken.number' is missing, and must be a number of things.");
        }
    }

    private NotificationSink sink(String name) {
        return new FakeSink(name, notification -> sent.add(name + " " + notification.kind()));
    }

    private record FakeSink(String name, Channel channel) implements NotificationSink {
        @Override
        public List<Setting> settings() {
            return List.of(
                    new Setting("number", Type.INTEGER, Need.OPTIONAL, "a number of things"),
                    new Setting("list", Type.TEXTS, Need.OPTIONAL, "things"));
        }

        @Override
        public Channel open(Map<String, Object> settings) {
            return channel;
        }
    }

    private record BrokenSink() implements NotificationSink {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public List<Setting> settings() {
            return List.of(new Setting("number", Type.INTEGER, Need.REQUIRED, "a number of things"));
        }

        @Override
        public Channel open(Map<String, Object> settings) {
            throw new IllegalArgumentException("number is " + settings.get("number") + ", but must be 2");
        }
    }
}
