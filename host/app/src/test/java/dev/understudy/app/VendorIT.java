package dev.understudy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code understudy vendor}: a script's packages are fetched, locked, and go with it (issue 17). */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class VendorIT {
    private static final String SCRIPT = """
            // /// automation
            // id = "pad"
            // description = "Pads."
            // language = "js"
            // RUNTIME
            // dependencies = ["npm:pad@^1"]
            //
            // [[tests]]
            // name = "pads"
            // expect = { result = { padded = "1:x" } }
            // ///
            const pad = require('pad');
            function execute() { return { padded: pad('x') }; }
            """;

    @TempDir
    Path folder;

    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final HttpServer registry;
    private Launcher understudy;
    private Path work;

    VendorIT() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        work = Path.of("/");
        understudy = new Launcher(work, work);
    }

    @BeforeEach
    void open() throws Exception {
        work = Files.createDirectory(folder.toRealPath().resolve("work"));
        registry.createContext("/", exchange -> {
            byte[] body = answers.getOrDefault(exchange.getRequestURI().getRawPath(), new byte[0]);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
        String address = "http://127.0.0.1:" + registry.getAddress().getPort();
        Path config =
                Files.createDirectories(folder.resolve("config/understudy")).resolve("config.yaml");
        Files.writeString(config, "packages: { npm_registry: \"" + address + "/\" }\n");
        understudy = new Launcher(
                        folder.resolve("understudy"),
                        work,
                        Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString()))
                .inThisProcess();
        publish(address, "1.0.0", "module.exports = (text) => '1:' + text;");
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    /** As npm packs and publishes it, by the system's own tar. */
    private void publish(String address, String version, String code) throws Exception {
        Path pack = Files.createDirectories(folder.resolve("published/package"));
        Files.writeString(pack.resolve("package.json"), "{\"name\": \"pad\", \"version\": \"" + version + "\"}");
        Files.writeString(pack.resolve("index.js"), code);
        Path archive = folder.resolve("published/pad.tgz");
        assertThat(new ProcessBuilder(
                                "tar",
                                "-czf",
                                archive.toString(),
                                "-C",
                                archive.resolveSibling("").toString(),
                                "package")
                        .start()
                        .waitFor())
                .isZero();
        byte[] bytes = Files.readAllBytes(archive);
        answers.put("/pad-" + version + ".tgz", bytes);
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-512").digest(bytes));
        answers.put("/pad", """
                {"name": "pad", "dist-tags": {"latest": "%1$s"}, "versions": {"%1$s": {"name": "pad", "version": "%1$s",
                 "dist": {"tarball": "%2$s/pad-%1$s.tgz", "integrity": "sha512-%3$s"}}}}
                """.formatted(version, address, hash).getBytes(UTF_8));
    }

    /** No host serves it: others would wait while it fetches. */
    private Launcher.Result vendor(String... files) {
        return understudy
                .inProcesses()
                .run(Stream.concat(Stream.of("vendor"), Stream.of(files)).toArray(String[]::new));
    }

    private Path script(String runtime) {
        return understudy.file(
                "pad.js", SCRIPT.replace("// RUNTIME\n", runtime.isEmpty() ? "" : "// " + runtime + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "runtime = \"native\"", "isolation = \"partial\"", "isolation = \"minimal\""})
    void whatIsFetchedIsFoundByRunsAndTestsAtEachLevelAndInBothRuntimes(String more) {
        script(more);
        var before = understudy.run("run", "pad.js");
        assertThat(before).returns(2, Launcher.Result::exitCode);
        assertThat(before.err()).contains("pad.js.packages.lock is not there").contains("'vendor ");
        var fetched = vendor("pad.js");
        assertThat(fetched.err()).isEmpty();
        assertThat(fetched.out()).contains("pad.js: pad 1.0.0 (1 fetched)");
        assertThat(vendor("pad.js").out()).contains("nothing had to be fetched");
        var run = understudy.run("run", "pad.js");
        assertThat(run.err()).doesNotContain("rror");
        assertThat(run.out()).contains("{\"padded\":\"1:x\"}");
        assertThat(understudy.run("test", "pad.js").out()).contains("1 of 1 cases passed");
    }

    @Test
    void aRunIsRefusedInOneLineWhereAFileOfThemWasChanged() throws Exception {
        script("");
        vendor("pad.js");
        Files.writeString(work.resolve("node_modules/pad/index.js"), "module.exports = () => 'evil';");
        var run = understudy.run("run", "pad.js");
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("node_modules/pad/index.js is not what was locked: its hash differs");
    }

    @Test
    void anAutomationCarriesItsPackagesWithEachVersion() throws Exception {
        script("");
        assertThat(understudy.run("adopt", "pad.js").err()).contains("is not there");
        vendor("pad.js");
        assertThat(understudy.run("adopt", "pad.js").exitCode()).isZero();
        understudy.run("rehearse", "pad");
        assertThat(understudy.run("automations", "approve", "pad").exitCode()).isZero();

        // What lies beside the file changes, and then is another version of the package; what was approved stays.
        String address = "http://127.0.0.1:" + registry.getAddress().getPort();
        publish(address, "1.1.0", "module.exports = (text) => '2:' + text;");
        assertThat(vendor("pad.js", "--upgrade").out()).contains("pad 1.1.0");
        assertThat(understudy.run("run", "pad.js").out()).contains("2:x");
        assertThat(understudy.run("run", "pad").out()).contains("1:x");
        assertThat(understudy.run("adopt", "pad.js").out()).contains("pad");
        assertThat(understudy.run("run", "pad").out())
                .as("the new version waits")
                .contains("1:x");

        // Exported, they lie beside the file, and adopting it again changes nothing.
        assertThat(understudy.run("automations", "export", "pad", "out").exitCode())
                .isZero();
        assertThat(work.resolve("out/node_modules/pad/index.js")).content().contains("2:");
        assertThat(understudy.run("run", "out/pad.js").out()).contains("2:x");
        var again = understudy.run("automations", "export", "pad", "out");
        assertThat(again.exitCode()).isZero();
        assertThat(understudy.run("adopt", "out/pad.js", "--json").out()).contains("none");
    }

    @Test
    void badInputIsOneLine() {
        understudy.file(
                "count.sh", "# /// automation\n# id = \"a\"\n# description = \"b\"\n# language = \"bash\"\n# ///\n");
        assertThat(vendor("count.sh"))
                .returns(2, Launcher.Result::exitCode)
                .satisfies(result -> assertThat(result.errorLines())
                        .singleElement()
                        .asString()
                        .contains("bash"));
        assertThat(vendor("absent.js"))
                .returns(2, Launcher.Result::exitCode)
                .satisfies(result -> assertThat(result.errorLines()).hasSize(1));
        understudy.file("pad.js", SCRIPT.replace("// RUNTIME\n", "").replace("npm:pad@^1", "absent"));
        assertThat(vendor("pad.js"))
                .returns(1, Launcher.Result::exitCode)
                .satisfies(result -> assertThat(result.errorLines())
                        .singleElement()
                        .asString()
                        .contains("/absent is not there"));
        understudy.file("pad.js", SCRIPT.replace("// RUNTIME\n", "").replace("npm:pad@^1", "git+https://x/y"));
        assertThat(understudy.run("check", "pad.js"))
                .returns(2, Launcher.Result::exitCode)
                .satisfies(
                        result -> assertThat(result.err()).contains("pad.js:5:").contains("dependencies"));
    }

    /** The ready-made example whose package lies beside it. */
    @Test
    void theSampleInPythonFindsWhatLiesBesideIt() throws Exception {
        copySamples();
        assertThat(understudy.run("test", "packages/words.py").out()).contains("1 of 1 cases passed");
        assertThat(understudy.run("adopt", "packages/words.py").exitCode()).isZero();
        assertThat(understudy.run("rehearse", "words").out()).contains("1 of 1");
    }

    private void copySamples() throws IOException {
        Path samples = Launcher.ROOT.resolve("scripts/samples/packages");
        try (Stream<Path> all = Files.walk(samples)) {
            for (Path each : all.toList()) {
                Path to = work.resolve("packages")
                        .resolve(samples.relativize(each).toString());
                if (Files.isDirectory(each)) Files.createDirectories(to);
                else Files.copy(each, Objects.requireNonNull(to), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
