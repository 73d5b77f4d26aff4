package dev.understudy.core.plugin;

import dev.understudy.core.plugin.PluginHost.Failure;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the host and one plugin of a person's own. Each call is made on a thread of the plugin's, so that one
 * that hangs or spins holds up nobody for longer than its limit. A plugin that does not end is switched off at once, since
 * its thread cannot be stopped; one that throws what its extension point does not know, after some times. Safe for use by
 * several threads.
 */
final class PluginGuard implements AutoCloseable {
    /**
     * What a plugin may do.
     *
     * @param call how long a call may take
     * @param longCall how long one may take that waits for others: sending a message, setting a parameter
     * @param reading how long reading one input may take
     * @param failures after how many it is switched off
     * @param ending how long an interrupted call has to end
     */
    record Limits(Duration call, Duration longCall, Duration reading, int failures, Duration ending) {
        static final Limits USUAL = new Limits(
                Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), 3, Duration.ofSeconds(1));
    }

    /** Extension points whose calls may be answered by refusing an argument or a state: that is no failure. */
    private static final Set<Class<?>> REFUSING = Set.of(
            NotificationSink.class, ParameterTarget.class, OptimizerStrategy.class, OptimizerStrategy.Search.class);

    private final String pluginId;
    private final Limits limits;
    private final Consumer<Failure> heard;
    private final ExecutorService threads;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile String off = "";

    /** @param heard is told of each failure, from the caller's thread */
    PluginGuard(String pluginId, Limits limits, Consumer<Failure> heard) {
        this.pluginId = pluginId;
        this.limits = limits;
        this.heard = heard;
        var factory = Thread.ofPlatform().daemon().name("plugin " + pluginId).factory();
        threads = Executors.newCachedThreadPool(factory);
    }

    /** Why the plugin is called no more; empty while it is. */
    String off() {
        return off;
    }

    /** Makes a call of the plugin's, and throws what it throws. */
    @Nullable
    Object call(Method method, Callable<@Nullable Object> call) throws Throwable {
        return call(name(method), limit(method), call, failure -> isKnown(failure, method));
    }

    /** Has the plugin make an extension. */
    Object create(String className, Callable<@Nullable Object> call) throws Throwable {
        Object made = call("the constructor of " + className, limits.call(), call, _ -> true);
        if (made == null) throw new IllegalStateException("a constructor made nothing: " + className);
        return made;
    }

    private interface Known {
        boolean test(Throwable failure);
    }

    private @Nullable Object call(String name, Duration limit, Callable<@Nullable Object> call, Known known)
            throws Throwable {
        if (!off.isEmpty()) throw new PluginFailure("it is switched off: " + off);
        var running = new Running(call);
        threads.execute(running);
        try {
            if (!running.ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) throw late(name, limit, running);
        } catch (InterruptedException e) {
            running.interrupt();
            running.ended.await(limits.ending().toNanos(), TimeUnit.NANOSECONDS);
            Thread.currentThread().interrupt();
            throw new PluginFailure("it was interrupted in " + name);
        }
        Throwable thrown = running.thrown;
        if (thrown == null) return running.result;
        if (known.test(thrown) || isOfTheHost(thrown)) throw thrown;
        String text = text(name, thrown);
        boolean enough = failures.incrementAndGet() == limits.failures();
        if (enough) off = "it has failed " + limits.failures() + " times, at last in " + text;
        heard.accept(new Failure(pluginId, enough ? off : "it failed in " + text, stack(thrown), enough));
        // Callers catch what a plugin may throw, and no errors.
        throw thrown instanceof Error ? new PluginFailure("it failed in " + text) : thrown;
    }

    private PluginFailure late(String name, Duration limit, Running running) throws InterruptedException {
        String stack = running.stack();
        running.interrupt();
        boolean ended = running.ended.await(limits.ending().toNanos(), TimeUnit.NANOSECONDS);
        off = "it has not answered within " + seconds(limit) + " s in " + name
                + (ended ? "" : ", and it cannot be stopped before the host ends");
        heard.accept(new Failure(pluginId, off, stack, true));
        return new PluginFailure(off);
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0
                ? Long.toString(limit.toSeconds())
                : Double.toString(limit.toMillis() / 1e3);
    }

    private Duration limit(Method method) {
        Class<?> of = method.getDeclaringClass();
        if (of == TaskSource.class && method.getName().equals("read")) return limits.reading();
        if (of == ParameterTarget.class || of == NotificationSink.Channel.class) return limits.longCall();
        return limits.call();
    }

    private static boolean isKnown(Throwable failure, Method method) {
        if (Arrays.stream(method.getExceptionTypes()).anyMatch(type -> type.isInstance(failure))) return true;
        return REFUSING.contains(method.getDeclaringClass())
                && (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException);
    }

    /** What the host throws while a plugin calls it, as for a disk that is full, is no fault of the plugin's. */
    private static boolean isOfTheHost(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                .findFirst()
                .filter(name -> name.startsWith("dev.understudy.core."))
                .isPresent();
    }

    private static String name(Method method) {
        Class<?> of = method.getDeclaringClass();
        Class<?> outer = of.getEnclosingClass();
        return (outer == null ? "" : outer.getSimpleName() + ".") + of.getSimpleName() + "." + method.getName();
    }

    private static String text(String name, Throwable thrown) {
        String message = thrown.getMessage();
        return name + ": " + thrown.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    /** As text, since the exception may hold the plugin's classes. */
    private static String stack(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Lets the threads end; one that spins goes on, and keeps the plugin's classes. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Running implements Runnable {
        private final Callable<@Nullable Object> call;
        private final CountDownLatch ended = new CountDownLatch(1);
        private @Nullable Thread thread;
        private @Nullable Object result;
        private @Nullable Throwable thrown;

        Running(Callable<@Nullable Object> call) {
            this.call = call;
        }

        @Override
        public void run() {
            begin();
            try {
                result = call.call();
            } catch (Throwable e) {
                thrown = e;
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
        }

        private synchronized void end() {
            thread = null;
            // The thread is used again: an interrupt that came late is not for its next call.
            Thread.interrupted();
            ended.countDown();
        }

        synchronized void interrupt() {
            if (thread != null) thread.interrupt();
        }

        synchronized String stack() {
            if (thread == null) return "";
            var text = new StringBuilder();
            for (StackTraceElement each : thread.getStackTrace())
                text.append("\tat ").append(each).append('\n');
            return text.toString();
        }
    }
}
