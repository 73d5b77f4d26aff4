package dev.understudy.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.plugin.PluginInfo.Origin;
import dev.understudy.core.plugin.PluginInfo.State;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginHostTest {
    @TempDir
    Path folder;

    private DataHome home;
    private Path builtIn;
    private Path users;

    @BeforeEach
    void makeFolders() throws IOException {
        home = DataHome.open(folder.resolve("home"));
        builtIn = Files.createDirectory(folder.resolve("plugins"));
        users = home.folder("plugins");
    }

    @Nested
    class ABuiltInJar {
        @Test
        void isStartedIfTheBuildApprovedIt() throws Exception {
            Path jar = template("greeter").write(builtIn.resolve("greeter.jar"));
            approveByBuild(jar);
            try (var host = open()) {
                assertThat(host.list())
                        .containsExactly(new PluginInfo(
                                "greeter",
                                "1.0.0",
                                State.STARTED,
                                Origin.BUILT_IN,
                                jar,
                                sha256(jar),
                                "",
                                Map.of("AutomationTemplate", List.of("greeter")),
                                "",
                                PluginInfo.Precedence.NONE));
                assertThat(host.extensions(AutomationTemplate.class))
                        .extracting(PluginHost.Provided::pluginId, PluginHost.Provided::name)
                        .containsExactly(tuple("greeter", "greeter"));
                assertThat(host.extensions(TaskSource.class)).isEmpty();
            }
        }

        @Test
        void waitsIfItsBytesAreOthers() throws Exception {
            Path jar = template("greeter").write(builtIn.resolve("greeter.jar"));
            approveByBuild(jar);
            template("greeter").manifest("Plugin-Version", "1.0.1").write(jar);
            try (var host = open()) {
                assertThat(host.list()).singleElement().returns(State.WAITING_FOR_APPROVAL, PluginInfo::state);
            }
        }

        @Test
        void isDisabledByRemovingAndBackByApproving() throws Exception {
            Path jar = template("greeter").write(builtIn.resolve("greeter.jar"));
            approveByBuild(jar);
            try (var host = open()) {
                host.remove("greeter");
                assertThat(host.list()).singleElement().returns(State.DISABLED, PluginInfo::state);
                assertThat(host.extensions(AutomationTemplate.class)).isEmpty();
                assertThat(jar).exists();
            }
            try (var host = open()) {
                assertThat(host.list()).singleElement().returns(State.DISABLED, PluginInfo::state);
                assertThat(host.approve("greeter").state()).isEqualTo(State.STARTED);
            }
        }
    }

    @Nested
    class AJarThatAPersonDropsIn {
        @Test
        void waitsAndHasRunNothing() throws Exception {
            Path trace = folder.resolve("trace");
            new PluginJar("eager").source("Eager", """
                            @Extension public class Eager implements TaskSource {
                                static { try { java.nio.file.Files.createFile(java.nio.file.Path.of("%s")); } catch (Exception e) {} }
                                public String name() { return "eager"; }
                                public String description() { return ""; }
                                public double confidence(Probe probe) { return 0; }
                                public void read(Input input, TaskSink sink) {}
                            }
                            """.formatted(trace)).write(users.resolve("eager.jar"));
            try (var host = open()) {
                assertThat(host.list()).singleElement().satisfies(info -> {
                    assertThat(info.state()).isEqualTo(State.WAITING_FOR_APPROVAL);
                    assertThat(info.reason())
                            .isEqualTo("nobody has approved these bytes; 'plugins approve eager' does");
                });
                assertThat(trace).doesNotExist();
                assertThat(host.approve("eager").state()).isEqualTo(State.STARTED);
                assertThat(trace).exists();
            }
        }

        @Test
        void staysApprovedUntilItsBytesChange() throws Exception {
            Path jar = template("greeter").write(users.resolve("greeter.jar"));
            try (var host = open()) {
                host.approve("greeter.jar");
            }
            try (var host = open()) {
                assertThat(host.list()).singleElement().returns(State.STARTED, PluginInfo::state);
                template("greeter").manifest("Plugin-Version", "2.0.0").write(jar);
                host.rescan();
                assertThat(host.list())
                        .singleElement()
                        .returns(State.WAITING_FOR_APPROVAL, PluginInfo::state)
                        .returns("2.0.0", PluginInfo::version);
                assertThat(host.extensions(AutomationTemplate.class)).isEmpty();
            }
        }

        @Test
        void isInstalledReplacedAndRemoved() throws Exception {
            Path first = template("greeter").write(folder.resolve("one.jar"));
            Path second =
                    template("greeter").manifest("Plugin-Version", "2.0.0").write(folder.resolve("two.jar"));
            try (var host = open()) {
                assertThat(host.install(first).state()).isEqualTo(State.STARTED);
                assertThat(host.install(second).version()).isEqualTo("2.0.0");
                assertThat(host.list())
                        .singleElement()
                        .returns(users.resolve("greeter-2.0.0.jar"), PluginInfo::jar)
                        .returns(State.STARTED, PluginInfo::state);
                host.remove("greeter");
                assertThat(host.list()).isEmpty();
                assertThat(users.resolve("greeter-2.0.0.jar")).doesNotExist();
                template("greeter").manifest("Plugin-Version", "2.0.0").write(users.resolve("again.jar"));
            }
        }

        @Test
        void losesItsApprovalWhenRemoved() throws Exception {
            Path jar = template("greeter").write(folder.resolve("one.jar"));
            try (var host = open()) {
                host.install(jar);
                host.remove("greeter");
                Files.copy(jar, users.resolve("again.jar"));
                host.rescan();
                assertThat(host.list()).singleElement().returns(State.WAITING_FOR_APPROVAL, PluginInfo::state);
            }
        }

        @Test
        void cannotTakeABuiltInPluginsId() throws Exception {
            approveByBuild(template("greeter").write(builtIn.resolve("greeter.jar")));
            Path jar = template("greeter").manifest("Plugin-Version", "6.6.6").write(folder.resolve("evil.jar"));
            try (var host = open()) {
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> host.install(jar))
                        .withMessage(
                                "The plugin " + jar + " cannot be installed: a built-in plugin has its id, greeter."
                                        + " Remove that one first (plugins remove greeter)");
            }
        }
    }

    // pf4j/pf4j#114, #154, #367: a version such as 1.0 is no Semantic Version, and PF4J's parser throws.
    @Nested
    class AVersionAsPeopleWriteThem {
        @ParameterizedTest
        @CsvSource({
            "1.0,>=1.0.0",
            "1,<2.0.0",
            "v1.2,>=1.1.0",
            "1.1.1.RC1,<1.1.1",
            "2024.01.05,>=2024.1.5",
            "1.0.0.Final,>=1.0.0"
        })
        void satisfiesARange(String version, String range) throws Exception {
            install(template("base").manifest("Plugin-Version", version));
            install(template("user").manifest("Plugin-Dependencies", "base@" + range));
            try (var host = open()) {
                assertThat(host.list()).extracting(PluginInfo::state).containsOnly(State.STARTED);
            }
        }

        @Test
        void thatIsNoneIsNamedAndTheRestGoesOn() throws Exception {
            install(template("base").manifest("Plugin-Version", "unspecified"));
            install(template("user").manifest("Plugin-Dependencies", "base@>=1.0.0"));
            install(template("third"));
            try (var host = open()) {
                assertThat(host.list())
                        .extracting(PluginInfo::id, PluginInfo::state)
                        .contains(
                                tuple("base", State.STARTED),
                                tuple("third", State.STARTED),
                                tuple("user", State.REFUSED));
                assertThat(host.list())
                        .filteredOn(info -> info.id().equals("user"))
                        .singleElement()
                        .returns(
                                "it needs the plugin base >=1.0.0, but here is 'unspecified', and the two cannot be compared:"
                                        + " versions are like 1.0.0, ranges like >=1.0.0 & <2.0.0",
                                PluginInfo::reason);
                host.remove("user");
            }
        }

        @Test
        void thatComesAfterAPluginWhichCannotBeLoadedIsLoaded() throws Exception {
            install(template("a-broken").manifest("Plugin-Class", "no.such.Class"));
            install(template("good"));
            try (var host = open()) {
                assertThat(host.list())
                        .extracting(PluginInfo::id, PluginInfo::state)
                        .containsExactly(tuple("a-broken", State.REFUSED), tuple("good", State.STARTED));
            }
        }

        // pf4j/pf4j#266.
        @Test
        void ofAnOptionalPluginThatIsNotThereDoesNotMatter() throws Exception {
            install(template("greeter").manifest("Plugin-Dependencies", "other?@>=9.0.0"));
            try (var host = open()) {
                assertThat(host.list()).extracting(PluginInfo::state).containsExactly(State.STARTED);
                assertThat(host.extensions(AutomationTemplate.class)).hasSize(1);
            }
        }
    }

    @Nested
    class WhatAPluginReplaces {
        private void builtIn() throws Exception {
            approveByBuild(new PluginJar("shipped")
                    .manifest("Plugin-Keeps", "kept")
                    .template("Copies", "copies", "\"built in\"")
                    .template("Kept", "kept", "\"kept\"")
                    .write(builtIn.resolve("shipped.jar")));
        }

        private static PluginJar own(String name, String marked) {
            return new PluginJar("own").source("Own", """
                    %s public class Own implements AutomationTemplate {
                        public String name() { return "%s"; }
                        public String description() { return "for tests"; }
                        public Answer propose(TaskPattern pattern, Request request) { return new Answer.NotMine("own", 0.5); }
                    }
                    """.formatted(marked, name));
        }

        private static List<String> order(PluginHost host) {
            return host.extensions(AutomationTemplate.class).stream()
                    .map(each -> each.pluginId() + ":" + each.name())
                    .toList();
        }

        @Test
        void isAskedBeforeWhatIsBuiltInUnlessItsOrdinalSaysOtherwise() throws Exception {
            builtIn();
            install(own("mine", "@Extension"));
            try (var host = open()) {
                assertThat(order(host)).containsExactly("own:mine", "shipped:copies", "shipped:kept");
                host.install(own("mine", "@Extension(ordinal = 1)").write(folder.resolve("late.jar")));
                assertThat(order(host)).containsExactly("shipped:copies", "shipped:kept", "own:mine");
            }
        }

        @Test
        void standsForTheOneOfItsNameAndIsShownToDoSo() throws Exception {
            builtIn();
            install(own("copies", "@Extension"));
            try (var host = open()) {
                assertThat(order(host)).containsExactly("own:copies", "shipped:kept");
                assertThat(host.list())
                        .extracting(
                                PluginInfo::id,
                                info -> info.precedence().overrides(),
                                info -> info.precedence().overriddenBy())
                        .containsExactly(
                                tuple("shipped", Map.of(), Map.of("copies", "own")),
                                tuple("own", Map.of("copies", "shipped"), Map.of()));
            }
        }

        @Test
        void isSwitchedOffAndOnOneByOneBuiltInOrNot() throws Exception {
            builtIn();
            install(own("copies", "@Extension"));
            try (var host = open()) {
                assertThat(host.disable("own:copies").precedence().disabled()).containsExactly("copies");
                assertThat(order(host)).containsExactly("shipped:copies", "shipped:kept");
                host.disable("shipped:copies");
                assertThat(order(host)).containsExactly("shipped:kept");
            }
            try (var host = open()) {
                host.enable("own:copies");
                assertThat(order(host)).containsExactly("own:copies", "shipped:kept");
                assertThat(host.disable("own").state()).isEqualTo(State.DISABLED);
                assertThat(host.enable("own").state()).isEqualTo(State.STARTED);
                assertThat(order(host)).containsExactly("own:copies", "shipped:kept");
                assertThatExceptionOfType(dev.understudy.core.problem.UserException.class)
                        .isThrownBy(() -> host.disable("shipped:nothing"))
                        .withMessageContaining("it provides copies, kept");
            }
        }

        @Test
        void leavesWhatReadsPeoplesOwnThingsWhenItIsSwitchedOffUnlessThatIsNamedItself() throws Exception {
            builtIn();
            try (var host = open()) {
                assertThat(host.disable("shipped").precedence().disabled()).containsExactly("copies");
                assertThat(order(host)).containsExactly("shipped:kept");
                host.disable("shipped:kept");
                assertThat(order(host)).isEmpty();
                host.enable("shipped");
                assertThat(order(host)).containsExactly("shipped:copies", "shipped:kept");
            }
        }

        @Test
        void leavesWhatReadsPeoplesOwnThingsWhenItIsRemoved() throws Exception {
            builtIn();
            try (var host = open()) {
                host.remove("shipped");
                assertThat(order(host)).containsExactly("shipped:kept");
                host.enable("shipped");
                assertThat(order(host)).containsExactly("shipped:copies", "shipped:kept");
            }
        }
    }

    // pf4j/pf4j#474, #588: libraries in a plugin look for their parts by the thread's class loader.
    @Nested
    class AServiceLoaderInAPlugin {
        private static final String FINDS =
                "java.util.stream.StreamSupport.stream(ServiceLoader.load(Codec.class).spliterator(), false).count()";

        private PluginJar withService(String body) {
            return new PluginJar("diary")
                    .source("Codec", "public interface Codec {}")
                    .source("PlainCodec", "public class PlainCodec implements Codec {}")
                    .file("META-INF/services/Codec", "PlainCodec\n")
                    .source("Diary", body);
        }

        @Test
        void findsTheProvidersInItsJar() throws Exception {
            install(withService("""
                    @Extension public class Diary implements AutomationTemplate {
                        final String name = "diary-" + %1$s;
                        public String name() { return name; }
                        public String description() { return ""; }
                        public Answer propose(TaskPattern pattern, Request request) { return new Answer.NotMine("found " + %1$s, 0.5); }
                    }
                    """.formatted(FINDS)));
            try (var host = open()) {
                var diary = host.extensions(AutomationTemplate.class).getFirst();
                ClassLoader before = Thread.currentThread().getContextClassLoader();

                assertThat(diary.name()).isEqualTo("diary-1");
                assertThat(diary.extension().propose(PATTERN, new AutomationTemplate.Request(ScriptLanguage.PYTHON)))
                        .isEqualTo(new AutomationTemplate.Answer.NotMine("found 1", 0.5));
                assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
            }
        }

        @Test
        void findsThemFromWhatTheExtensionHandsOutToo() throws Exception {
            install(withService("""
                    @Extension public class Diary implements PatternDetector {
                        public String name() { return "diary"; }
                        public Detection start(Settings settings) {
                            return new Detection() {
                                public void accept(Task task) {}
                                public List<TaskPattern> patterns(Instant now) { throw new IllegalStateException("found " + %s); }
                            };
                        }
                    }
                    """.formatted(FINDS)));
            try (var host = open()) {
                var detection = host.extensions(PatternDetector.class)
                        .getFirst()
                        .extension()
                        .start(new PatternDetector.Settings(3, Duration.ofHours(24), 100));
                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> detection.patterns(Instant.EPOCH))
                        .withMessage("found 1");
            }
        }
    }

    @Nested
    class ARefusedJar {
        // pf4j/pf4j#327, #249: javac has run no annotation processor by itself since JDK 23.
        @Test
        void hasClassesThatAreMarkedButNoIndexOfThem() throws Exception {
            template("x").withoutIndex().write(users.resolve("x.jar"));
            try (var host = open()) {
                assertThat(host.list())
                        .singleElement()
                        .returns(State.REFUSED, PluginInfo::state)
                        .extracting(PluginInfo::reason)
                        .asString()
                        .startsWith("it has no META-INF/extensions.idx, which must list Template, marked @Extension")
                        .contains("-proc:full");
            }
        }

        @Test
        void isToldAllThatItLacksAtOnceWithTheLinesToAdd() throws Exception {
            template("x")
                    .without("Plugin-Id")
                    .without("Plugin-Version")
                    .without("Plugin-Requires")
                    .withoutIndex()
                    .write(users.resolve("greeter-2.1.jar"));
            try (var host = open()) {
                assertThat(host.list().getFirst().reason())
                        .startsWith("its manifest has no Plugin-Id (add the line 'Plugin-Id: greeter');"
                                + " its manifest has no Plugin-Version (add the line 'Plugin-Version: 1.0.0');"
                                + " its manifest has no Plugin-Requires"
                                + " (add the line 'Plugin-Requires: >=1.0.0 & <2.0.0');"
                                + " it has no META-INF/extensions.idx, which must list Template");
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> host.install(users.resolve("greeter-2.1.jar")))
                        .withMessageContaining("'Plugin-Id: greeter'")
                        .withMessageContaining("extensions.idx");
            }
        }

        @Test
        void isBroken() throws Exception {
            Files.writeString(users.resolve("broken.jar"), "PK no zip at all");
            assertRefused("broken.jar", "it is broken or no jar");
        }

        @Test
        void hasNoId() throws Exception {
            template("x").without("Plugin-Id").write(users.resolve("x.jar"));
            assertRefused("x.jar", "its manifest has no Plugin-Id (add the line 'Plugin-Id: x')");
        }

        @Test
        void namesNoSpiVersion() throws Exception {
            template("x").without("Plugin-Requires").write(users.resolve("x.jar"));
            assertRefused(
                    "x.jar", "its manifest has no Plugin-Requires (add the line 'Plugin-Requires: >=1.0.0 & <2.0.0')");
        }

        @Test
        void wasBuiltForAnotherSpiVersion() throws Exception {
            template("x").manifest("Plugin-Requires", ">=2.0.0").write(users.resolve("x.jar"));
            assertRefused("x.jar", "it was built for SPI version >=2.0.0, but this host has 1.0.0");
        }

        @Test
        void hasAnIdThatLeadsElsewhere() throws Exception {
            template("x").manifest("Plugin-Id", "../../x").write(users.resolve("x.jar"));
            assertRefused("x.jar", "its Plugin-Id '../../x' is none: letters, digits, dots and hyphens are allowed");
        }

        @Test
        void hasTheIdOfAnother() throws Exception {
            install(template("x"));
            template("x").write(users.resolve("zz.jar"));
            try (var host = open()) {
                assertThat(host.list())
                        .extracting(PluginInfo::state, PluginInfo::reason)
                        .containsExactly(
                                tuple(State.STARTED, ""),
                                tuple(
                                        State.REFUSED,
                                        "another jar has its id: " + users.resolve("x-1.0.0.jar") + " is x already"));
            }
        }

        @Test
        void needsAPluginThatIsNotHere() throws Exception {
            install(template("x").manifest("Plugin-Dependencies", "absent@>=1.0.0"));
            assertRefused("x", "it needs the plugin absent, which is not started here");
        }

        @Test
        void needsAnotherVersionOfAPlugin() throws Exception {
            install(template("a"));
            install(template("x").manifest("Plugin-Dependencies", "a@>=2.0.0"));
            assertRefused("x", "it needs the plugin a >=2.0.0, but here is 1.0.0");
        }

        @Test
        void failsInItsOnlyConstructor() throws Exception {
            install(new PluginJar("x").source("Fails", """
                            @Extension public class Fails implements PatternDetector {
                                public Fails() { throw new IllegalStateException("no luck"); }
                                public String name() { return "fails"; }
                                public Detection start(Settings settings) { return null; }
                            }
                            """));
            assertRefused("x", "Fails failed in its constructor: IllegalStateException: no luck");
        }

        @Test
        void leavesTheOthersStarted() throws Exception {
            install(template("good"));
            Files.writeString(users.resolve("bad.jar"), "no");
            template("worse").manifest("Plugin-Requires", "whatever").write(users.resolve("worse.jar"));
            try (var host = open()) {
                assertThat(host.extensions(AutomationTemplate.class))
                        .extracting(PluginHost.Provided::name)
                        .containsExactly("good");
            }
        }

        private void assertRefused(String id, String reason) throws Exception {
            try (var host = open()) {
                assertThat(host.list())
                        .filteredOn(info -> info.id().equals(id))
                        .singleElement()
                        .satisfies(info -> {
                            assertThat(info.state()).isEqualTo(State.REFUSED);
                            assertThat(info.reason()).isEqualTo(reason);
                            assertThat(info.provides()).isEmpty();
                        });
            }
        }
    }

    @Nested
    class ASignedJar {
        private static final String SIGNER = "CN=A Stranger";

        private Path signed() throws Exception {
            Path jar = template("greeter").write(folder.resolve("greeter.jar"));
            Path keys = folder.resolve("keys.p12");
            tool(
                    "keytool",
                    "-genkeypair",
                    "-alias",
                    "me",
                    "-keyalg",
                    "EC",
                    "-dname",
                    SIGNER,
                    "-keystore",
                    keys.toString(),
                    "-storepass",
                    "changeit");
            tool("jarsigner", "-keystore", keys.toString(), "-storepass", "changeit", jar.toString(), "me");
            return jar;
        }

        private static void tool(String name, String... arguments) throws Exception {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        }

        private static void change(Path jar, String entry) throws IOException {
            try (var files = FileSystems.newFileSystem(jar)) {
                Files.writeString(files.getPath(entry), "changed");
            }
        }

        @Test
        void saysWhoSignedIt() throws Exception {
            try (var host = open()) {
                assertThat(host.install(signed()))
                        .returns(State.STARTED, PluginInfo::state)
                        .returns(SIGNER, PluginInfo::signer);
            }
        }

        @Test
        void isRefusedWhereItWasChangedAfterwards() throws Exception {
            Path jar = signed();
            change(jar, "META-INF/extensions.idx");
            try (var host = open()) {
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> host.install(jar))
                        .withMessageContaining("its signature does not hold: 'META-INF/extensions.idx' was changed");
            }
        }

        @Test
        void isRefusedWhereSomethingWasAdded() throws Exception {
            Path jar = signed();
            change(jar, "added.txt");
            Files.copy(jar, users.resolve("greeter.jar"));
            try (var host = open()) {
                assertThat(host.list())
                        .singleElement()
                        .returns(State.REFUSED, PluginInfo::state)
                        .satisfies(plugin ->
                                assertThat(plugin.reason()).contains("its signature does not cover 'added.txt'"));
            }
        }
    }

    @Nested
    class AnExtension {
        @Test
        void isToldItsContext() throws Exception {
            install(new PluginJar("curious").source("Curious", """
                            @Extension public class Curious implements AutomationTemplate {
                                private final String told;
                                public Curious(PluginContext context) { told = context.templateDirectories().toString(); }
                                public String name() { return "curious"; }
                                public String description() { return told; }
                                public Answer propose(TaskPattern pattern, Request request) { return null; }
                            }
                            """));
            try (var host = open()) {
                assertThat(host.extensions(AutomationTemplate.class))
                        .singleElement()
                        .returns(
                                "[/templates]", provided -> provided.extension().description());
            }
        }

        @Test
        void worksBesideOneThatFails() throws Exception {
            install(template("half").source("Fails", """
                            @Extension public class Fails implements PatternDetector {
                                public Fails() { throw new NoClassDefFoundError("Gone"); }
                                public String name() { return "fails"; }
                                public Detection start(Settings settings) { return null; }
                            }
                            """));
            try (var host = open()) {
                assertThat(host.list()).singleElement().satisfies(info -> {
                    assertThat(info.state()).isEqualTo(State.STARTED);
                    assertThat(info.provides()).isEqualTo(Map.of("AutomationTemplate", List.of("half")));
                    assertThat(info.reason()).isEqualTo("Fails failed in its constructor: NoClassDefFoundError: Gone");
                });
            }
        }

        @Test
        void seesTheJdkAndTheSpiOnly() throws Exception {
            install(new PluginJar("nosy")
                    .template("Nosy", "nosy", "Probe.tryAll()")
                    .source("Probe", """
                            class Probe {
                                static String tryAll() {
                                    var seen = new ArrayList<String>();
                                    for (String name : List.of("dev.understudy.core.problem.UserException", "dev.understudy.core.store.Database",
                                            "dev.understudy.sandbox.control.Grants", "com.fasterxml.jackson.databind.ObjectMapper",
                                            "org.sqlite.JDBC", "org.slf4j.Logger", "org.junit.jupiter.api.Test",
                                            "dev.understudy.spi.Task", "org.pf4j.Extension", "org.jspecify.annotations.Nullable",
                                            "java.sql.Connection", "java.net.http.HttpClient")) {
                                        try { Class.forName(name); seen.add(name); } catch (ClassNotFoundException e) {}
                                    }
                                    if (Probe.class.getClassLoader().getResource("db/migration/V2__automations.sql") != null) seen.add("resource");
                                    return String.join(" ", seen);
                                }
                            }
                            """));
            try (var host = open()) {
                var answer = host.extensions(AutomationTemplate.class)
                        .getFirst()
                        .extension()
                        .propose(PATTERN, new AutomationTemplate.Request(ScriptLanguage.PYTHON));
                assertThat(answer)
                        .isEqualTo(new AutomationTemplate.Answer.NotMine(
                                "dev.understudy.spi.Task org.pf4j.Extension org.jspecify.annotations.Nullable"
                                        + " java.sql.Connection java.net.http.HttpClient",
                                0.5));
            }
        }
    }

    @Nested
    class APluginThatMisbehaves {
        private final PluginGuard.Limits limits = new PluginGuard.Limits(
                Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), 3, Duration.ofMillis(300));
        private final List<PluginHost.Failure> failures = new CopyOnWriteArrayList<>();

        private PluginHost guarded(String body) throws Exception {
            install(new PluginJar("x").source("Bad", """
                    @Extension public class Bad implements AutomationTemplate {
                        public String name() { return "bad"; }
                        public String description() { return "for tests"; }
                        public Answer propose(TaskPattern pattern, Request request) { %s }
                    }
                    """.formatted(body)));
            return open(limits);
        }

        private PluginHost open(PluginGuard.Limits limits) {
            var host = PluginHost.open(builtIn, home, new PluginContext(List.of()), limits);
            host.onFailure(failures::add);
            return host;
        }

        private Throwable propose(PluginHost host) {
            var bad = host.extensions(AutomationTemplate.class).getFirst().extension();
            return catchThrowable(() -> bad.propose(PATTERN, new AutomationTemplate.Request(ScriptLanguage.PYTHON)));
        }

        @Test
        void byThrowingIsSwitchedOffAfterThreeFailuresAndStaysSo() throws Exception {
            try (var host = guarded("throw new IllegalStateException(\"no luck\");")) {
                AutomationTemplate kept =
                        host.extensions(AutomationTemplate.class).getFirst().extension();
                for (int i = 0; i < 3; i++) assertThat(propose(host)).hasMessage("no luck");

                assertThat(host.extensions(AutomationTemplate.class)).isEmpty();
                assertThat(host.list()).singleElement().satisfies(info -> {
                    assertThat(info.state()).isEqualTo(State.DISABLED);
                    assertThat(info.reason())
                            .isEqualTo("it was switched off: it has failed 3 times, at last in"
                                    + " AutomationTemplate.propose: IllegalStateException: no luck;"
                                    + " 'plugins enable x' tries it again");
                });
                assertThat(failures).extracting(PluginHost.Failure::switchedOff).containsExactly(false, false, true);
                assertThat(failures.getFirst().stack()).contains("Bad.propose");
                // Who has kept an extension calls it no more.
                assertThat(catchThrowable(kept::description)).hasMessageStartingWith("it is switched off");
            }
            try (var host = open(limits)) {
                assertThat(host.list()).singleElement().returns(State.DISABLED, PluginInfo::state);
                assertThat(host.enable("x").state()).isEqualTo(State.STARTED);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "for (long end = System.nanoTime() + 5_000_000_000L; System.nanoTime() < end; ) Thread.onSpinWait(); return null;, true",
            "try { Thread.sleep(1000000); } catch (InterruptedException e) { } return null;, false"
        })
        void bySpinningOrHangingIsSwitchedOffAtOnceAndTheCallerGoesOn(String body, boolean spins) throws Exception {
            try (var host = guarded(body)) {
                assertThat(propose(host))
                        .hasMessage("it has not answered within 0.3 s in AutomationTemplate.propose"
                                + (spins ? ", and it cannot be stopped before the host ends" : ""));
                assertThat(host.extensions(AutomationTemplate.class)).isEmpty();
                assertThat(failures).singleElement().satisfies(failure -> {
                    assertThat(failure.switchedOff()).isTrue();
                    assertThat(failure.stack()).contains("Bad.propose");
                });
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "System.exit(3);",
                    "Runtime.getRuntime().exit(3);",
                    "Runtime.getRuntime().halt(3);",
                    "try { if (request != null) System.exit(3); } finally { pattern = null; }"
                })
        void byEndingTheJvmFailsAndTheHostGoesOn(String end) throws Exception {
            try (var host = guarded(end + " return null;")) {
                assertThat(propose(host))
                        .isInstanceOf(SecurityException.class)
                        .hasMessageStartingWith("a plugin must not end the host, as");
                assertThat(failures).hasSize(1);
            }
        }

        @Test
        void byAnErrorFailsAsByAnException() throws Exception {
            try (var host = guarded("return propose(pattern, request);")) {
                assertThat(propose(host))
                        .hasMessageStartingWith("it failed in AutomationTemplate.propose: StackOverflowError");
            }
        }

        @Test
        void isLetGoByACallerWhoIsInterrupted() throws Exception {
            var patient = new PluginGuard.Limits(
                    Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), 3, Duration.ofMillis(1));
            guarded(
                            "for (long end = System.nanoTime() + 5_000_000_000L; System.nanoTime() < end; ) Thread.onSpinWait(); return null;")
                    .close();
            try (var host = open(patient)) {
                var thrown = new LinkedBlockingQueue<Throwable>();
                Thread caller = Thread.ofPlatform().start(() -> thrown.add(propose(host)));
                caller.interrupt();
                assertThat(thrown.take()).hasMessage("it was interrupted in AutomationTemplate.propose");
            }
        }

        @Test
        void inItsConstructorIsRefused() throws Exception {
            new PluginJar("x").source("Bad", """
                    @Extension public class Bad implements AutomationTemplate {
                        public Bad() { for (long end = System.nanoTime() + 5_000_000_000L; System.nanoTime() < end; ) Thread.onSpinWait(); }
                        public String name() { return "bad"; }
                        public String description() { return ""; }
                        public Answer propose(TaskPattern pattern, Request request) { return null; }
                    }
                    """).write(users.resolve("x.jar"));
            try (var host = open(limits)) {
                assertThat(host.approve("x").reason())
                        .contains("it has not answered within 0.3 s in the constructor of Bad");
            }
        }
    }

    @Nested
    class Unloading {
        @Test
        void freesTheClassLoader() throws Exception {
            install(new PluginJar("greeter")
                    .source("Own", "public class Own extends RuntimeException {}")
                    .source("Detector", """
                            @Extension public class Detector implements PatternDetector {
                                public String name() { return "fails"; }
                                public Detection start(Settings settings) { throw new Own(); }
                            }
                            """));
            try (var host = open()) {
                var loader = new WeakReference<>(ofTheExceptionFrom(host));
                host.remove("greeter");
                long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                while (loader.get() != null && System.nanoTime() < deadline) System.gc();
                assertThat(loader.get()).isNull();
            }
        }

        /** The host hands out no object of a plugin's own class, but for what it throws. */
        private static ClassLoader ofTheExceptionFrom(PluginHost host) {
            PatternDetector detector =
                    host.extensions(PatternDetector.class).getFirst().extension();
            Throwable thrown = catchThrowable(() -> detector.start(new PatternDetector.Settings(3, Duration.ZERO, 1)));
            assertThat(thrown.getClass().getSimpleName()).isEqualTo("Own");
            return thrown.getClass().getClassLoader();
        }
    }

    @Nested
    class WhatStaysInMemory {
        private static final String HOOK = "dev.understudy.test.held";

        @AfterEach
        void letItGo() {
            System.getProperties().remove(HOOK);
        }

        private static PluginJar holding(String how) {
            return new PluginJar("clings").source("Clings", """
                    @Extension public class Clings implements AutomationTemplate {
                        public Clings() { %s }
                        public String name() { return "clings"; }
                        public String description() { return "for tests"; }
                        public Answer propose(TaskPattern pattern, Request request) { return new Answer.NotMine("no", 0.5); }
                    }
                    """.formatted(how));
        }

        private Path jar(PluginJar plugin) throws Exception {
            return plugin.write(Files.createTempFile(folder, "plugin", ".jar"));
        }

        @Test
        void isNothingOfAPluginThatLetsGo() throws Exception {
            Path first = jar(template("greeter"));
            Path second = jar(template("greeter").manifest("Plugin-Version", "2.0.0"));
            try (var host = open()) {
                host.install(first);
                host.install(second);
                assertThat(host.remains()).isEmpty();
                assertThat(host.list()).singleElement().returns("", PluginInfo::reason);
            }
        }

        @Test
        void isToldWithTheThreadThatHoldsItInThisProcessAndInOthersUntilABuildLetsGo() throws Exception {
            Path first = jar(holding("""
                    Thread.ofPlatform().daemon().name("poller").start(() -> {
                        try { synchronized (System.class) { while (System.getProperty("%s") == null) System.class.wait(10); } }
                        catch (InterruptedException e) { }
                    });
                    """.formatted(HOOK)));
            Path second = jar(template("clings").manifest("Plugin-Version", "1.0.1"));
            Path third = jar(template("clings").manifest("Plugin-Version", "1.0.2"));
            String said = "1.0.0 (" + sha256(first).substring(0, 12)
                    + ") stayed in memory when it was unloaded: its thread 'poller' still runs";
            try (var host = open()) {
                host.install(first);
                host.install(second);
                assertThat(host.remains()).containsExactly("clings " + said);
                assertThat(host.list())
                        .singleElement()
                        .returns(State.STARTED, PluginInfo::state)
                        .returns(said, PluginInfo::reason);
                try (var other = open()) {
                    assertThat(other.list()).singleElement().returns(said, PluginInfo::reason);
                }
                System.setProperty(HOOK, "end");
                awaitEndOf("poller");
                host.install(third);
                assertThat(host.remains()).isEmpty();
                assertThat(host.list()).singleElement().returns("", PluginInfo::reason);
            }
        }

        /** In a method of its own, since a variable holds the thread, and the thread its class loader. */
        private static void awaitEndOf(String name) throws InterruptedException {
            for (Thread thread : Thread.getAllStackTraces().keySet())
                if (thread.getName().equals(name)) thread.join();
        }

        @Test
        void isToldWhereSomethingOfTheJdkHoldsIt() throws Exception {
            Path first = jar(holding("System.getProperties().put(\"" + HOOK + "\", this);"));
            try (var host = open()) {
                host.install(first);
                host.remove("clings");
                assertThat(host.remains())
                        .singleElement()
                        .asString()
                        .startsWith("clings 1.0.0 (")
                        .contains("something outside it still refers to its classes");
            }
        }
    }

    @Nested
    class Watching {
        @Test
        void offersANewJarAndStartsAnApprovedOne() throws Exception {
            Path jar = template("greeter").write(folder.resolve("greeter.jar"));
            var heard = new LinkedBlockingQueue<PluginInfo>();
            try (var host = open();
                    var _ = host.watch(heard::addAll)) {
                Files.copy(jar, users.resolve("greeter.jar"));
                assertThat(heard.poll(30, TimeUnit.SECONDS))
                        .returns("greeter", PluginInfo::id)
                        .returns(State.WAITING_FOR_APPROVAL, PluginInfo::state);
            }
        }

        @Test
        void saysThatPluginsHaveChangedWhenOneIsTakenAway() throws Exception {
            Path jar = template("greeter").write(users.resolve("greeter.jar"));
            var heard = new LinkedBlockingQueue<List<PluginInfo>>();
            try (var host = open();
                    var _ = host.watch(heard::add)) {
                Files.delete(jar);
                assertThat(heard.poll(30, TimeUnit.SECONDS)).isEmpty();
            }
        }
    }

    private static final TaskPattern PATTERN = new TaskPattern(
            "p",
            "repetition",
            "cp",
            3,
            Instant.EPOCH,
            Instant.EPOCH,
            Duration.ZERO,
            1,
            Map.of(),
            List.of(),
            AutomationPotential.of(3, Duration.ZERO, Duration.ZERO),
            List.of());

    private PluginHost open() {
        return PluginHost.open(builtIn, home, new PluginContext(List.of(Path.of("/templates"))));
    }

    private static PluginJar template(String id) {
        return new PluginJar(id).template("Template", id, "\"not mine\"");
    }

    private void install(PluginJar plugin) throws Exception {
        Path jar = plugin.write(Files.createTempFile(folder, "plugin", ".jar"));
        try (var host = open()) {
            host.install(jar);
        }
    }

    private void approveByBuild(Path jar) throws Exception {
        Files.writeString(builtIn.resolve("approved.sha256"), sha256(jar) + "  " + jar.getFileName() + "\n");
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
