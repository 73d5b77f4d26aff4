package dev.understudy.core.plugin;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The class loaders of plugins that were unloaded, and which of them stay in memory. Safe for use by several threads.
 *
 * <p>Whether one is held is only known after a collection that frees class loaders at all, which the JVM makes when it likes.
 * So a canary goes down with each: a class loader of its own that nothing refers to. Where the collection that is asked for has
 * taken the canary, and the plugin's loader was let go before it and is still there, something refers to it. Where it has
 * left the canary, nothing is said.
 */
final class PluginRemains {
    private static final int COLLECTIONS = 5;

    private final List<Unloaded> unloaded = new ArrayList<>();

    private record Unloaded(Held plugin, WeakReference<ClassLoader> loader) {}

    /**
     * A plugin of which something has stayed.
     *
     * @param threads names of those of its threads that run; empty where something else holds it
     */
    record Held(String id, String version, String sha256, List<String> threads) {
        Held {
            threads = List.copyOf(threads);
        }

        /** As a sentence without its full stop. */
        String text() {
            String why = threads.isEmpty()
                    ? "something outside it still refers to its classes, such as a thread local, a shutdown hook or a cache"
                    : (threads.size() == 1 ? "its thread " : "its threads ")
                            + String.join(
                                    ", ",
                                    threads.stream()
                                            .map(name -> "'" + name + "'")
                                            .toList())
                            + (threads.size() == 1 ? " still runs" : " still run");
            return version + " (" + sha256.substring(0, Math.min(12, sha256.length()))
                    + ") stayed in memory when it was unloaded: " + why;
        }
    }

    /** Has a loader looked after, which its caller lets go. */
    synchronized void add(String id, String version, String sha256, ClassLoader loader) {
        unloaded.add(new Unloaded(new Held(id, version, sha256, List.of()), new WeakReference<>(loader)));
    }

    /** What became of the plugins that were unloaded: the newest that is held of each, or nothing where it is known that all have gone. */
    synchronized Map<String, List<Held>> look() {
        var found = new LinkedHashMap<String, List<Held>>();
        unloaded.forEach(each -> found.put(each.plugin().id(), List.of()));
        if (found.isEmpty() || !collected()) return Map.of();
        unloaded.removeIf(each -> each.loader().get() == null);
        for (Unloaded each : unloaded) {
            ClassLoader loader = each.loader().get();
            if (loader == null) continue;
            Held plugin = each.plugin();
            found.put(
                    plugin.id(), List.of(new Held(plugin.id(), plugin.version(), plugin.sha256(), threadsOf(loader))));
        }
        return found;
    }

    /** Whether a collection has taken what nothing refers to. */
    private static boolean collected() {
        WeakReference<ClassLoader> canary = canary();
        for (int i = 0; i < COLLECTIONS && canary.get() != null; i++) System.gc();
        return canary.get() == null;
    }

    private static WeakReference<ClassLoader> canary() {
        var loader = new Canary();
        loader.define();
        return new WeakReference<>(loader);
    }

    /** As a plugin's has, it has a class: without one it would be taken by smaller collections, which prove nothing. */
    private static final class Canary extends ClassLoader {
        Canary() {
            super(null);
        }

        void define() {
            byte[] bytes = ClassFile.of().build(ClassDesc.of("Canary"), _ -> {});
            resolveClass(defineClass("Canary", bytes, 0, bytes.length));
        }
    }

    @SuppressWarnings("ReferenceEquality") // A class loader is itself and no other.
    private static List<String> threadsOf(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == loader
                        || thread.getClass().getClassLoader() == loader)
                .map(Thread::getName)
                .sorted()
                .toList();
    }
}
