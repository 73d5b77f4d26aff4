package dev.understudy.core.plugin;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.plugin.PluginInfo.Origin;
import dev.understudy.core.plugin.PluginInfo.State;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.watch.FolderWatch;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;
import org.pf4j.ExtensionPoint;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginState;

/**
 * Finds plugin jars, loads the approved ones and hands out their extensions. Safe for use by several threads.
 *
 * <p>Jars come from the built-in folder, whose list of approved sums the build wrote, and from the user's. A user's jar
 * is read once, its sum compared, and exactly the bytes that were compared are loaded, from a private copy: a jar that is
 * swapped between the two gains nothing, and one that is replaced while loaded breaks nothing.
 *
 * <p>Extensions that were handed out keep their plugin's class loader alive: ask again instead of keeping them.
 */
public final class PluginHost implements AutoCloseable {
    private static final long MAX_JAR_BYTES = 256L << 20;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final String DISABLED_FILE = "disabled";
    /** Jars that were switched off because they failed: sum and reason. */
    private static final String FAILED_FILE = "failed";

    /** Jars of which something stayed in memory when they were unloaded: sum, and id and what. */
    private static final String HELD_FILE = "held";

    /** When after an unloading it is looked what has stayed; at the last, no call of a plugin's can be under way any more. */
    private static final List<Duration> LOOKS =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(11));

    private static final String KEEPS = "Plugin-Keeps";

    /** The extension points that the host knows, and how each names its extensions. */
    private static final List<Point<?>> POINTS = List.of(
            new Point<>(TaskSource.class, TaskSource::name),
            new Point<>(PatternDetector.class, PatternDetector::name),
            new Point<>(AutomationTemplate.class, AutomationTemplate::name),
            new Point<>(BottleneckDetector.class, BottleneckDetector::name),
            new Point<>(DegradationPredictor.class, DegradationPredictor::name),
            new Point<>(RecommendationRule.class, RecommendationRule::name),
            new Point<>(OptimizerStrategy.class, OptimizerStrategy::name),
            new Point<>(ParameterTarget.class, ParameterTarget::name),
            new Point<>(WorkloadDetector.class, WorkloadDetector::name),
            new Point<>(NotificationSink.class, NotificationSink::name));

    private final Path builtInFolder;
    private final Path userFolder;
    private final Path copies;
    private final DataHome home;
    private final PluginContext context;
    private final JarPlugins plugins = new JarPlugins();
    private Map<Path, Entry> entries = new LinkedHashMap<>();
    /** Ids of built-in plugins, {@code ID:*} for a person's own, and {@code ID:EXTENSION}. */
    private Set<String> disabled = Set.of();

    private final PluginGuard.Limits limits;
    private final List<Consumer<Failure>> failureListeners = new CopyOnWriteArrayList<>();
    private final PluginRemains remains = new PluginRemains();

    private PluginHost(Path builtInFolder, DataHome home, PluginContext context, PluginGuard.Limits limits) {
        this.limits = limits;
        this.builtInFolder = builtInFolder;
        this.home = home;
        this.context = context;
        userFolder = home.folder("plugins");
        copies = home.folder("plugin-copies");
    }

    /**
     * Opens the host and starts all that may start.
     *
     * @param builtInFolder the distribution's plugins; may be absent
     * @param context what extensions are told
     */
    public static PluginHost open(Path builtInFolder, DataHome home, PluginContext context) {
        return open(builtInFolder, home, context, PluginGuard.Limits.USUAL);
    }

    /** As above, with other limits for a person's own plugins. */
    static PluginHost open(Path builtInFolder, DataHome home, PluginContext context, PluginGuard.Limits limits) {
        var host = new PluginHost(builtInFolder, home, context, limits);
        host.rescan();
        host.deleteOldCopies();
        return host;
    }

    /** Simple names of the interfaces that plugins may implement. */
    public static List<String> extensionPoints() {
        return POINTS.stream().map(point -> point.type().getSimpleName()).toList();
    }

    /** All jars, the built-in ones first, each folder by file name. */
    public synchronized List<PluginInfo> list() {
        return entries.values().stream().map(this::info).toList();
    }

    /**
     * What the started plugins provide for an extension point: by PF4J's ordinal, lower ones first, then a person's own
     * before the built-in ones, then in the order of {@link #list}. Of several with one name the first stands for all, so
     * that a plugin can replace what is built in; what is switched off is left out.
     */
    public synchronized <T extends ExtensionPoint> List<Provided<T>> extensions(Class<T> point) {
        return standing(point).stream()
                .map(offer -> new Provided<>(
                        offer.provided().pluginId(),
                        offer.provided().name(),
                        point.cast(offer.provided().extension())))
                .toList();
    }

    /** An extension, and the entry that it is of. */
    private record Offer(Entry entry, Loaded loaded) {
        Provided<?> provided() {
            return loaded.provided();
        }

        static final Comparator<Offer> ORDER = Comparator.comparingInt(
                        (Offer offer) -> offer.loaded().ordinal())
                .thenComparing(offer -> offer.entry().origin, Comparator.reverseOrder());
    }

    /** All that is on for an extension point, those that come first, first. */
    private List<Offer> offers(Class<?> point) {
        var offers = new ArrayList<Offer>();
        for (Entry entry : entries.values())
            for (Loaded each : entry.extensions)
                if (entry.failure().isEmpty()
                        && point.isInstance(each.provided().extension())
                        && !isOff(each.provided())) offers.add(new Offer(entry, each));
        offers.sort(Offer.ORDER);
        return offers;
    }

    private List<Offer> standing(Class<?> point) {
        var names = new HashSet<String>();
        return offers(point).stream()
                .filter(offer -> names.add(offer.provided().name()))
                .toList();
    }

    /**
     * Has a listener hear of each failure of a person's own plugin, from the thread that called it.
     *
     * @return ends that when closed
     */
    public AutoCloseable onFailure(Consumer<Failure> listener) {
        failureListeners.add(listener);
        return () -> failureListeners.remove(listener);
    }

    /**
     * A call of a person's own plugin that ended as its extension point does not know, or not at all.
     *
     * @param text what happened, beginning with "it"
     * @param stack where, in the form of a stack trace
     * @param switchedOff whether the plugin is called no more, until it is enabled again or its jar is another one
     */
    public record Failure(String pluginId, String text, String stack, boolean switchedOff) {}

    private void failed(Entry entry, Failure failure) {
        if (failure.switchedOff()) {
            try {
                changeFailed(failed -> failed.add(entry.sha256, failure.text()));
            } catch (UserException _) {
                // Then it is tried again by the next host.
            }
        }
        for (Consumer<Failure> listener : failureListeners) listener.accept(failure);
    }

    private boolean isOff(Provided<?> provided) {
        return disabled.contains(provided.pluginId() + ":" + provided.name());
    }

    /** Looks at the folders again: starts what is new and approved, unloads what is gone or was replaced. */
    public synchronized void rescan() {
        Map<Path, Entry> next = new LinkedHashMap<>();
        disabled = readDisabled();
        scan(builtInFolder, Origin.BUILT_IN, next);
        scan(userFolder, Origin.USER, next);
        unloadAllBut(next);
        refuseDuplicates(next);
        startInOrder(next);
        entries = next;
    }

    /**
     * Approves the bytes of a jar that waits, or brings a disabled plugin back.
     *
     * @param idOrJar the plugin's id, the jar's file name or its path
     */
    public synchronized PluginInfo approve(String idOrJar) {
        tryAgain(idOrJar);
        rescan();
        Entry entry = find(idOrJar);
        boolean partlyOff = entry.extensions.stream().anyMatch(each -> isOff(each.provided()));
        if (entry.state == State.DISABLED || partlyOff) {
            changeDisabled(lines -> {
                lines.remove(entry.disabledLine());
                lines.removeIf(line -> line.startsWith(entry.id + ":"));
            });
        } else if (entry.sha256.isEmpty()) {
            throw UserException.failed(
                    "The plugin " + idOrJar + " cannot be approved", entry.reason, "Mend or remove " + entry.jar);
        } else {
            changeApprovals(approvals -> approvals.add(entry.sha256, fileName(entry.jar)));
        }
        rescan();
        return info(find(entry.jar.toString()));
    }

    /**
     * Switches a plugin, or one of its extensions, off until {@link #enable}. Of a built-in one the extensions that its manifest
     * names under {@code Plugin-Keeps} stay, as they do when it is removed, unless they are named themselves.
     *
     * @param named the plugin's id, or {@code ID:EXTENSION}
     * @throws UserException if there is no such plugin or extension
     */
    public synchronized PluginInfo disable(String named) {
        if (named.indexOf(':') >= 0) return change(named, Set::add);
        rescan();
        Entry entry = find(named);
        List<String> kept = kept(entry);
        if (entry.origin != Origin.BUILT_IN || kept.isEmpty()) return change(named, Set::add);
        switchOffBut(kept, entry);
        rescan();
        return info(find(named));
    }

    private void switchOffBut(List<String> kept, Entry entry) {
        changeDisabled(lines -> {
            for (Loaded each : entry.extensions)
                if (!kept.contains(each.provided().name()))
                    lines.add(entry.id + ":" + each.provided().name());
        });
    }

    /** Brings back what {@link #disable} or, of a built-in plugin, {@link #remove} switched off. */
    public synchronized PluginInfo enable(String named) {
        int colon = named.indexOf(':');
        tryAgain(colon < 0 ? named : named.substring(0, colon));
        return change(named, Set::remove);
    }

    /** Forgets that a plugin was switched off for its failures. */
    private void tryAgain(String idOrJar) {
        rescan();
        Entry entry = find(idOrJar);
        if (ApprovalList.read(userFolder, FAILED_FILE).contains(entry.sha256))
            changeFailed(failed -> failed.remove(entry.sha256));
    }

    private PluginInfo change(String named, BiConsumer<Set<String>, String> change) {
        rescan();
        int colon = named.indexOf(':');
        if (colon < 0) {
            Entry entry = find(named);
            changeDisabled(lines -> {
                change.accept(lines, entry.disabledLine());
                // A built-in plugin that was removed may have left extensions switched off one by one.
                if (!lines.contains(entry.disabledLine())) lines.removeIf(line -> line.startsWith(entry.id + ":"));
            });
        } else {
            Entry entry = find(named.substring(0, colon));
            String name = named.substring(colon + 1);
            if (entry.state == State.STARTED
                    && entry.extensions.stream()
                            .noneMatch(each -> each.provided().name().equals(name)))
                throw UserException.badInput(
                        "The plugin " + entry.id + " has no extension " + name,
                        "it provides "
                                + String.join(
                                        ", ",
                                        entry.extensions.stream()
                                                .map(each -> each.provided().name())
                                                .toList()),
                        "Name one of them");
            changeDisabled(lines -> change.accept(lines, entry.id + ":" + name));
        }
        rescan();
        return info(find(colon < 0 ? named : named.substring(0, colon)));
    }

    /**
     * Copies a jar to the user's plugins and approves it. A plugin of the user's with the same id is replaced.
     *
     * @throws UserException if the jar is no plugin, or a built-in plugin has its id
     */
    public synchronized PluginInfo install(Path jar) {
        rescan();
        Path staged = null;
        try {
            staged = Files.createTempFile(copies, "install", ".jar");
            copyInto(staged, jar);
            PluginDescriptor descriptor = readDescriptor(staged, fileName(jar));
            String sum = sha256(staged);
            Path target = userFolder
                    .resolve(descriptor.getPluginId() + "-" + descriptor.getVersion() + ".jar")
                    .toAbsolutePath()
                    .normalize();
            for (Entry entry : entries.values()) {
                if (!entry.id.equals(descriptor.getPluginId())) continue;
                if (entry.origin == Origin.BUILT_IN && entry.state != State.DISABLED)
                    throw UserException.failed(
                            "The plugin " + jar + " cannot be installed",
                            "a built-in plugin has its id, " + entry.id,
                            "Remove that one first (plugins remove " + entry.id + ")");
                // The one of this name is replaced in one step, so that a host that watches sees no moment without it.
                if (entry.origin == Origin.USER && !entry.jar.equals(target)) Files.deleteIfExists(entry.jar);
            }
            changeApprovals(approvals -> approvals.add(sum, fileName(target)));
            if (ApprovalList.read(userFolder, FAILED_FILE).contains(sum)) changeFailed(failed -> failed.remove(sum));
            Files.move(staged, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            rescan();
            return info(find(target.toString()));
        } catch (Refusal e) {
            throw UserException.badInput(
                    "The plugin " + jar + " cannot be installed", e.reason(), "Ask its author for a mended one");
        } catch (NoSuchFileException e) {
            throw UserException.badInput(
                    "The plugin " + jar + " cannot be installed", "there is no such file", "Check the path");
        } catch (IOException e) {
            throw UserException.failed(
                    "The plugin " + jar + " cannot be installed",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Check that it is a readable file and that the data home can be written",
                    e);
        } finally {
            if (staged != null) deleteQuietly(staged);
        }
    }

    /**
     * Unloads a plugin and deletes its jar and its approval; a built-in one is disabled instead, but for the extensions
     * that its manifest names under {@code Plugin-Keeps}: those read what people have added.
     */
    public synchronized void remove(String idOrJar) {
        rescan();
        Entry entry = find(idOrJar);
        List<String> kept = kept(entry);
        if (entry.origin == Origin.BUILT_IN && !kept.isEmpty()) {
            switchOffBut(kept, entry);
        } else if (entry.origin == Origin.BUILT_IN) {
            changeDisabled(lines -> lines.add(entry.disabledLine()));
        } else {
            unload(entry);
            try {
                Files.deleteIfExists(entry.jar);
            } catch (IOException e) {
                throw UserException.failed(
                        "The plugin " + entry.jar + " cannot be removed",
                        e.getClass().getSimpleName() + " " + e.getMessage(),
                        "Delete the file by hand",
                        e);
            }
            changeApprovals(approvals -> approvals.remove(entry.sha256));
            forgetHeld(entry.id);
        }
        rescan();
    }

    /**
     * Rescans whenever the user's folder changes, and tells what is different since.
     *
     * @param listener called from the watcher's thread with each plugin that is new or in another state; with none if
     *     plugins have only gone away
     * @return ends the watch when closed
     */
    public AutoCloseable watch(Consumer<List<PluginInfo>> listener) {
        var before = new HashSet<>(list());
        var looks = new Looks(listener);
        FolderWatch watch = FolderWatch.start(userFolder, file -> fileName(file).endsWith(".jar"), () -> {
            List<PluginInfo> after;
            try {
                rescan();
                after = list();
            } catch (UserException _) {
                // The folder cannot be read just now. Whoever asks next is told so; the watch goes on.
                return;
            }
            List<PluginInfo> different =
                    after.stream().filter(info -> !before.contains(info)).toList();
            boolean same = before.equals(Set.copyOf(after));
            before.clear();
            before.addAll(after);
            if (same) return;
            listener.accept(different);
            looks.begin();
        });
        return () -> {
            watch.close();
            looks.close();
        };
    }

    /** Looks after what was unloaded while a host runs, and tells of what stays. */
    private final class Looks implements AutoCloseable {
        private final Consumer<List<PluginInfo>> listener;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("plugin remains").factory());
        private final Set<String> told = new HashSet<>();

        Looks(Consumer<List<PluginInfo>> listener) {
            this.listener = listener;
        }

        void begin() {
            for (Duration after : LOOKS) {
                boolean last = after.equals(LOOKS.getLast());
                var _ = thread.schedule(() -> look(last), after.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** Until calls must have ended, a plugin may be held by one that is under way; its own threads end with it. */
        private void look(boolean callsHaveEnded) {
            try {
                var found = new ArrayList<String>();
                for (PluginRemains.Held held : keepHeld(callsHaveEnded))
                    if (told.add(held.sha256() + held.threads())) found.add(held.id());
                List<PluginInfo> infos = list().stream()
                        .filter(info -> found.contains(info.id()))
                        .toList();
                if (!infos.isEmpty()) listener.accept(infos);
            } catch (UserException _) {
                // It cannot be written down; the next look tries again.
            }
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    /**
     * Looks whether plugins that this host has unloaded have left memory; {@link #list} says of those that have not, in this
     * and in other processes, until another build of them has. Collects garbage.
     *
     * @return one line for each that has not
     */
    public List<String> remains() {
        return keepHeld(true).stream()
                .map(held -> held.id() + " " + held.text())
                .toList();
    }

    private List<PluginRemains.Held> keepHeld(boolean callsHaveEnded) {
        var certain = new ArrayList<PluginRemains.Held>();
        remains.look().forEach((id, held) -> {
            List<PluginRemains.Held> sure = held.stream()
                    .filter(each -> callsHaveEnded || !each.threads().isEmpty())
                    .toList();
            certain.addAll(sure);
            // What may still go is neither kept nor forgotten.
            if (sure.size() < held.size()) return;
            if (sure.isEmpty()) {
                forgetHeld(id);
                return;
            }
            PluginRemains.Held newest = sure.getLast();
            changeList(HELD_FILE, kept -> {
                kept.removeNamed(id + " ");
                kept.add(newest.sha256(), id + " " + newest.text());
            });
        });
        return certain;
    }

    private void forgetHeld(String id) {
        boolean known =
                ApprovalList.read(userFolder, HELD_FILE).names().stream().anyMatch(name -> name.startsWith(id + " "));
        if (known) changeList(HELD_FILE, kept -> kept.removeNamed(id + " "));
    }

    /** What an earlier build of a plugin has left behind; empty for nothing that is known. */
    private String held(String id) {
        return ApprovalList.read(userFolder, HELD_FILE).names().stream()
                .filter(name -> name.startsWith(id + " "))
                .map(name -> name.substring(id.length() + 1))
                .findFirst()
                .orElse("");
    }

    @Override
    public synchronized void close() {
        for (Entry entry : entries.values()) unload(entry);
        entries = new LinkedHashMap<>();
    }

    private void scan(Path folder, Origin origin, Map<Path, Entry> next) {
        var builtIn = ApprovalList.read(builtInFolder);
        var user = ApprovalList.read(userFolder);
        var failed = ApprovalList.read(userFolder, FAILED_FILE);
        for (Path jar : jarsIn(folder)) {
            var entry = new Entry(jar, origin);
            next.put(jar, entry);
            try {
                Path loadable = origin == Origin.BUILT_IN ? jar : copyOf(jar);
                entry.sha256 = sha256(loadable);
                boolean approved =
                        user.contains(entry.sha256) || (origin == Origin.BUILT_IN && builtIn.contains(entry.sha256));
                PluginDescriptor descriptor = readDescriptor(loadable, fileName(jar));
                entry.descriptor = descriptor;
                entry.id = descriptor.getPluginId();
                entry.version = descriptor.getVersion();
                entry.loadable = loadable;
                entry.signer = signer(loadable);
                if (disabled.contains(entry.disabledLine())) {
                    entry.state = State.DISABLED;
                    entry.reason = "you switched it off; 'plugins enable " + entry.id + "' brings it back";
                } else if (approved && failed.contains(entry.sha256)) {
                    entry.state = State.DISABLED;
                    entry.reason = failedReason(entry.id, failed.name(entry.sha256));
                } else if (!approved) {
                    entry.state = State.WAITING_FOR_APPROVAL;
                    entry.reason = "nobody has approved these bytes; 'plugins approve " + entry.id + "' does";
                }
            } catch (Refusal e) {
                entry.refuse(e.reason());
            } catch (IOException e) {
                entry.refuse("it cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    private static String failedReason(String id, String why) {
        return "it was switched off: " + why + "; 'plugins enable " + id + "' tries it again";
    }

    /** Keeps what is loaded and unchanged; unloads the rest, and with it whatever depends on it. */
    private void unloadAllBut(Map<Path, Entry> next) {
        for (Entry old : entries.values()) {
            Entry now = next.get(old.jar);
            boolean same = now != null
                    && now.state == State.STARTED
                    && now.sha256.equals(old.sha256)
                    && old.failure().isEmpty();
            if (!same) unload(old);
        }
        for (Entry old : entries.values()) {
            Entry now = next.get(old.jar);
            if (now == null || !old.loaded) continue;
            if (plugins.getPlugin(old.id) == null) {
                old.extensions = List.of();
                continue;
            }
            now.loaded = true;
            now.guard = old.guard;
            now.extensions = old.extensions;
            now.reason = old.reason;
        }
    }

    private static void refuseDuplicates(Map<Path, Entry> next) {
        Map<String, Entry> first = new HashMap<>();
        // One that is loaded keeps its id, whatever file appears beside it.
        for (Entry entry : next.values()) if (entry.loaded) first.put(entry.id, entry);
        for (Entry entry : next.values()) {
            if (entry.state == State.REFUSED || entry.state == State.DISABLED) continue;
            Entry owner = first.putIfAbsent(entry.id, entry);
            if (owner != null && owner != entry)
                entry.refuse("another jar has its id: " + owner.jar + " is " + entry.id + " already");
        }
    }

    private void startInOrder(Map<Path, Entry> next) {
        var waiting = new ArrayList<Entry>();
        for (Entry entry : next.values()) if (entry.state == State.STARTED && !entry.loaded) waiting.add(entry);
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Entry entry : List.copyOf(waiting)) {
                if (missingDependency(entry) != null) continue;
                waiting.remove(entry);
                start(entry);
                progress = true;
            }
        }
        for (Entry entry : waiting) entry.refuse(String.valueOf(missingDependency(entry)));
    }

    private @Nullable String missingDependency(Entry entry) {
        for (PluginDependency dependency : entry.requireDescriptor().getDependencies()) {
            if (dependency.isOptional()) continue;
            var wrapper = plugins.getPlugin(dependency.getPluginId());
            String range = dependency.getPluginVersionSupport();
            if (wrapper == null || wrapper.getPluginState() != PluginState.STARTED)
                return "it needs the plugin " + dependency.getPluginId() + ", which is not started here";
            String version = wrapper.getDescriptor().getVersion();
            try {
                if (!plugins.getVersionManager().checkVersionConstraint(version, range))
                    return "it needs the plugin " + dependency.getPluginId() + " " + range + ", but here is " + version;
            } catch (RuntimeException _) {
                // The parser's own words name characters, not what is wrong.
                return "it needs the plugin " + dependency.getPluginId() + " " + range + ", but here is '" + version
                        + "', and the two cannot be compared: versions are like 1.0.0, ranges like >=1.0.0 & <2.0.0";
            }
        }
        return null;
    }

    @SuppressWarnings("CatchingUnchecked") // a plugin may throw anything
    private void start(Entry entry) {
        try {
            if (entry.origin == Origin.USER)
                entry.guard = new PluginGuard(entry.id, limits, failure -> failed(entry, failure));
            // Set before, since PF4J keeps what failed to load, and then refuses every plugin after it.
            entry.loaded = true;
            plugins.loadPlugin(entry.loadable);
            if (plugins.startPlugin(entry.id) != PluginState.STARTED) {
                Throwable failure = plugins.getPlugin(entry.id).getFailedException();
                throw new Refusal("it does not start: " + (failure == null ? "no reason given" : describe(failure)));
            }
            instantiate(entry);
        } catch (Refusal e) {
            unload(entry);
            entry.refuse(e.reason());
        } catch (Exception | LinkageError e) {
            unload(entry);
            entry.refuse("it cannot be loaded: " + describe(e));
        }
    }

    private void instantiate(Entry entry) throws Refusal {
        var extensions = new ArrayList<Loaded>();
        var problems = new ArrayList<String>();
        for (String className : plugins.getExtensionClassNames(entry.id)) {
            try {
                PluginGuard guard = entry.guard;
                Object extension = guard == null
                        ? create(entry.id, className)
                        : guard.create(className, () -> create(entry.id, className));
                int before = extensions.size();
                List<Class<?>> points = Point.typesOf(extension);
                if (!points.isEmpty()) {
                    Object called = PluginCalls.into(extension, points, guard);
                    for (Point<?> point : POINTS) {
                        String name = point.nameOf(called);
                        if (name != null)
                            extensions.add(new Loaded(
                                    new Provided<>(entry.id, name, (ExtensionPoint) called), ordinal(extension)));
                    }
                }
                if (extensions.size() == before) problems.add(className + " is no extension that this host knows");
            } catch (InvocationTargetException e) {
                problems.add(className + " failed in its constructor: " + describe(e.getCause()));
            } catch (PluginFailure e) {
                problems.add(className + ": " + e.getMessage());
            } catch (Throwable e) {
                problems.add(className + " cannot be used: " + describe(e));
            }
        }
        String reason = String.join("; ", problems);
        if (extensions.isEmpty())
            throw new Refusal(problems.isEmpty() ? "it provides nothing: no class is marked @Extension" : reason);
        entry.extensions = List.copyOf(extensions);
        entry.reason = reason;
    }

    private static int ordinal(Object extension) {
        Extension marked = extension.getClass().getAnnotation(Extension.class);
        return marked == null ? 0 : marked.ordinal();
    }

    /** Names of the extensions of a jar that stay when it is removed. */
    private static List<String> kept(Entry entry) {
        if (entry.loadable == null) return List.of();
        try (var jar = new JarFile(entry.loadable.toFile())) {
            String kept = jar.getManifest().getMainAttributes().getValue(KEEPS);
            return kept == null ? List.of() : List.of(kept.split("[,\\s]+"));
        } catch (IOException _) {
            // It was read a moment ago; gone now, it keeps nothing.
            return List.of();
        }
    }

    private Object create(String pluginId, String className) throws ReflectiveOperationException {
        ClassLoader loader = plugins.getPluginClassLoader(pluginId);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Class<?> type = loader.loadClass(className);
            for (var constructor : type.getConstructors()) {
                if (List.of(constructor.getParameterTypes()).equals(List.of(PluginContext.class)))
                    return constructor.newInstance(context);
            }
            return type.getConstructor().newInstance();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void unload(Entry entry) {
        entry.extensions = List.of();
        PluginGuard guard = entry.guard;
        if (guard != null) guard.close();
        entry.guard = null;
        if (!entry.loaded) return;
        entry.loaded = false;
        if (plugins.getPlugin(entry.id) == null) return;
        if (entry.origin == Origin.USER)
            remains.add(entry.id, entry.version, entry.sha256, plugins.getPluginClassLoader(entry.id));
        plugins.unloadPlugin(entry.id);
    }

    /** @param fileName what the jar is called where it came from */
    private PluginDescriptor readDescriptor(Path jar, String fileName) throws Refusal {
        try {
            List<String> problems = PluginManifest.problems(jar, fileName, plugins.getVersionManager());
            if (!problems.isEmpty()) throw new Refusal(String.join("; ", problems));
            return new ManifestPluginDescriptorFinder().find(jar);
        } catch (IOException | RuntimeException _) {
            throw new Refusal("it is broken or no jar");
        }
    }

    private static String signer(Path jar) throws IOException {
        try (var open = new JarFile(jar.toFile())) {
            return JarSignature.of(open).signer();
        }
    }

    private Entry find(String idOrJar) {
        Path path = Path.of(idOrJar).toAbsolutePath().normalize();
        for (Entry entry : entries.values())
            if (entry.jar.equals(path) || fileName(entry.jar).equals(idOrJar)) return entry;
        List<Entry> found = entries.values().stream()
                .filter(entry -> entry.id.equals(idOrJar))
                .toList();
        if (found.isEmpty())
            throw UserException.badInput(
                    "There is no plugin " + idOrJar,
                    "neither an id nor a jar in " + userFolder + " has this name",
                    "'plugins list' shows all");
        List<Entry> notRefused =
                found.stream().filter(entry -> entry.state != State.REFUSED).toList();
        return notRefused.isEmpty() ? found.getFirst() : notRefused.getFirst();
    }

    /** Into a file that is there already, so that it keeps its mode. */
    private static void copyInto(Path there, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(there)) {
            Files.copy(jar, out);
        }
    }

    /** Copies a user's jar to a private file named by its sum, unless it is there. */
    private Path copyOf(Path jar) throws IOException, Refusal {
        if (Files.size(jar) > MAX_JAR_BYTES) throw new Refusal("it is larger than " + (MAX_JAR_BYTES >> 20) + " MiB");
        Path staged = Files.createTempFile(copies, "copy", ".jar");
        try {
            copyInto(staged, jar);
            Path copy = copies.resolve(sha256(staged) + ".jar");
            if (Files.exists(copy) && copy.getFileName().toString().equals(sha256(copy) + ".jar")) return copy;
            Files.move(staged, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return copy;
        } finally {
            deleteQuietly(staged);
        }
    }

    /** Another process may just be loading a copy; on the systems we run on, a deleted jar that is open stays readable. */
    private synchronized void deleteOldCopies() {
        var used = new HashSet<Path>();
        for (Entry entry : entries.values()) if (entry.loadable != null) used.add(entry.loadable);
        for (Path copy : jarsIn(copies)) {
            boolean ours = fileName(copy).length() == 64 + ".jar".length();
            if (ours && !used.contains(copy)) deleteQuietly(copy);
        }
    }

    private static List<Path> jarsIn(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            fileName(file).endsWith(".jar") && !fileName(file).startsWith("."))
                    .map(file -> file.toAbsolutePath().normalize())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw UserException.failed(
                    "The plugins folder " + folder + " cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make it readable",
                    e);
        }
    }

    private void changeApprovals(Consumer<ApprovalList> change) {
        underLock(() -> {
            var approvals = ApprovalList.read(userFolder);
            change.accept(approvals);
            approvals.save();
        });
    }

    private void changeFailed(Consumer<ApprovalList> change) {
        changeList(FAILED_FILE, change);
    }

    private void changeList(String file, Consumer<ApprovalList> change) {
        underLock(() -> {
            var list = ApprovalList.read(userFolder, file);
            change.accept(list);
            list.save();
        });
    }

    private Set<String> readDisabled() {
        Path file = userFolder.resolve(DISABLED_FILE);
        try {
            return Files.exists(file) ? new LinkedHashSet<>(Files.readAllLines(file)) : new LinkedHashSet<>();
        } catch (IOException e) {
            throw UserException.failed(
                    "The list of disabled plugins " + file + " cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make it readable, or delete it",
                    e);
        }
    }

    private void changeDisabled(Consumer<Set<String>> change) {
        underLock(() -> {
            Set<String> lines = readDisabled();
            change.accept(lines);
            DataHome.createPrivateFile(userFolder.resolve(DISABLED_FILE));
            Files.write(userFolder.resolve(DISABLED_FILE), lines);
        });
    }

    private PluginInfo info(Entry entry) {
        var provides = new TreeMap<String, List<String>>();
        var overrides = new TreeMap<String, String>();
        var overriddenBy = new TreeMap<String, String>();
        for (Point<?> point : POINTS) {
            Map<String, Entry> first = new HashMap<>();
            List<String> names = new ArrayList<>();
            for (Offer offer : offers(point.type())) {
                String name = offer.provided().name();
                Entry stands = first.putIfAbsent(name, offer.entry());
                if (offer.entry() == entry) names.add(name);
                if (stands == null || stands == offer.entry()) continue;
                if (stands == entry) overrides.put(name, offer.entry().id);
                if (offer.entry() == entry) overriddenBy.put(name, stands.id);
            }
            if (!names.isEmpty()) provides.put(point.type().getSimpleName(), names);
        }
        List<String> off = entry.extensions.stream()
                .map(Loaded::provided)
                .filter(this::isOff)
                .map(Provided::name)
                .toList();
        String failure = entry.failure();
        String reason = failure.isEmpty() ? entry.reason : failedReason(entry.id, failure);
        String held = entry.origin == Origin.USER ? held(entry.id) : "";
        if (!held.isEmpty()) reason += (reason.isEmpty() ? "" : "; ") + held;
        return new PluginInfo(
                entry.id,
                entry.version,
                failure.isEmpty() ? entry.state : State.DISABLED,
                entry.origin,
                entry.jar,
                entry.sha256,
                entry.signer,
                provides,
                reason,
                new PluginInfo.Precedence(overrides, overriddenBy, off));
    }

    private void underLock(FileChange change) {
        try (var _ = home.lock("plugins", "changing the plugins", LOCK_PATIENCE)) {
            change.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserException.failed("The plugins were not changed", "the wait was interrupted", "Try again");
        } catch (IOException e) {
            throw UserException.failed(
                    "The plugins folder " + userFolder + " cannot be written",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make it writable, or name another data home with --home",
                    e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // A stray copy costs some disk and is tried again at the next start.
        }
    }

    private static String describe(@Nullable Throwable failure) {
        if (failure == null) return "no reason given";
        String message = failure.getMessage();
        return failure.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /**
     * An extension and where it comes from. What it throws is to be caught where it is called, and told by its
     * plugin's name.
     */
    public record Provided<T extends ExtensionPoint>(String pluginId, String name, T extension) {}

    /** An extension as it was loaded, with PF4J's ordinal. */
    private record Loaded(Provided<?> provided, int ordinal) {}

    private record Point<T extends ExtensionPoint>(Class<T> type, Function<T, String> name) {
        /** Those of the host's extension points that an object is one of. */
        static List<Class<?>> typesOf(Object extension) {
            var types = new ArrayList<Class<?>>();
            for (Point<?> point : POINTS) if (point.type().isInstance(extension)) types.add(point.type());
            return types;
        }

        /** The extension's name if it is one of this point. */
        @Nullable
        String nameOf(Object extension) {
            return type.isInstance(extension) ? name.apply(type.cast(extension)) : null;
        }
    }

    @FunctionalInterface
    private interface FileChange {
        void run() throws IOException;
    }

    /** Why a jar is not loaded. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private static final class Entry {
        final Path jar;
        final Origin origin;
        String id;
        String version = "";
        String sha256 = "";
        String signer = "";
        String reason = "";
        State state = State.STARTED;

        @Nullable
        PluginDescriptor descriptor;

        @Nullable
        Path loadable;

        boolean loaded;

        /** Stands between the host and a person's own plugin while it is loaded. */
        volatile @Nullable PluginGuard guard;

        List<Loaded> extensions = List.of();

        Entry(Path jar, Origin origin) {
            this.jar = jar;
            this.origin = origin;
            this.id = fileName(jar);
        }

        void refuse(String why) {
            state = State.REFUSED;
            reason = why;
        }

        /** Why it is called no more since it was loaded; empty while it is. */
        String failure() {
            PluginGuard watched = guard;
            return watched == null ? "" : watched.off();
        }

        PluginDescriptor requireDescriptor() {
            if (descriptor == null) throw new IllegalStateException("no descriptor of " + jar);
            return descriptor;
        }

        /** How the list of what is switched off names it; a person's own may have the id of a built-in one that is off. */
        String disabledLine() {
            return origin == Origin.BUILT_IN ? id : id + ":*";
        }
    }
}
