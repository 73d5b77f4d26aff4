package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.sandbox.control.cells.CellInstallation;
import dev.understudy.sandbox.control.cells.CellLauncher;
import dev.understudy.sandbox.control.cells.CellOptions;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.HostServices;
import dev.understudy.sandbox.control.cells.RunFiles;
import dev.understudy.sandbox.control.files.CopyOnWriteView;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import dev.understudy.sandbox.control.http.CellHttp;
import dev.understudy.sandbox.control.http.HttpSettings;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Every operation, in every language it has, rehearsed in a real cell under its own grants and nothing beside them. */
@Tag("slow")
class ScriptsInCellsTest {
    @TempDir
    static Path root;

    private static final Set<Path> FOLDERS = new HashSet<>();

    @SuppressWarnings("NullAway.Init")
    private static CellRunner runner;

    @SuppressWarnings("NullAway.Init")
    private static ProcessStarter starter;

    @BeforeAll
    static void openRunner() throws IOException {
        starter = new ProcessStarter();
        var classPath = new ArrayList<Path>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String path = entry.replace('\\', '/');
            boolean ours = path.contains("sandbox/cell/") || path.contains("sandbox/protocol/");
            if (ours || path.contains("understudy-sandbox-") || path.contains("graalvm"))
                classPath.add(Path.of(entry).toRealPath());
        }
        // What makes cells start fast is shared with the sandbox's own tests, which take their jars in this order.
        classPath.sort(null);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path home = Files.createDirectories(root.resolve("home"));
        var files = new RehearsedFiles(
                new FileTransactions(root.resolve("data"), List.of(), 1 << 20, InstantSource.system()));
        runner = new CellRunner(
                new CellInstallation(
                        java,
                        classPath,
                        Path.of(System.getProperty("understudy.root"), "sandbox/control/target/test-cells")),
                CellLauncher.PLAIN,
                starter,
                files,
                new HostServices(HostServices.NONE.programs(), new CellHttp(HttpSettings.DEFAULT)),
                new CellOptions(1, Duration.ofMinutes(5), home, CellOptions.Preparation.OUTLIVES_HOST, _ -> {}),
                InstantSource.system(),
                new SecureRandom());
    }

    @AfterAll
    static void closeRunner() {
        runner.close();
        starter.close();
    }

    static Stream<Arguments> everyOperation() {
        return Stream.of(
                        GeneratedScriptsTest.fileOperations(),
                        GeneratedScriptsTest.dataProcessing(),
                        GeneratedScriptsTest.apiCalls())
                .flatMap(cases -> cases)
                // A jail for Bash needs more of the machine than a cell does; JailedBashIT is about it.
                .filter(each -> each.get()[1] != ScriptLanguage.BASH);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("everyOperation")
    void passTheirTests(Class<? extends AutomationTemplate> type, ScriptLanguage language, Patterns pattern)
            throws ReflectiveOperationException, IOException, InterruptedException {
        AutomationTemplate template =
                type.getConstructor(PluginContext.class).newInstance(GeneratedScriptsTest.CONTEXT);
        var draft = (Draft)
                template.propose(pattern.below(root.resolve("files").toString()).build(), new Request(language));
        TomlParseResult metadata = DraftRun.metadata(draft);
        TomlTable test =
                Objects.requireNonNull(metadata.getArrayOrEmpty("tests").getTable(0));

        RunReport report =
                runner.start(request(draft, metadata, test), RunListener.SILENT).await();

        assertThat(report.outcome()).as("%s%n%s", report, draft.fileText()).isInstanceOf(Succeeded.class);
        var changed = new LinkedHashMap<String, String>();
        for (FileChange change : report.changes())
            if (!change.directory())
                changed.put(change.path().toString(), change.kind().name().toLowerCase(Locale.ROOT));
        var expected = new LinkedHashMap<String, String>();
        for (Object each :
                test.getTableOrEmpty("expect").getArrayOrEmpty("changes").toList()) {
            var change = (TomlTable) each;
            expected.put(
                    real(Objects.requireNonNull(change.getString("path"))).toString(),
                    Objects.requireNonNull(change.getString("kind")));
        }
        if (!expected.isEmpty()) assertThat(changed).as(draft.fileText()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    private static RunRequest request(Draft draft, TomlParseResult metadata, TomlTable test) throws IOException {
        Map<String, Object> parameters = DraftRun.parameters(metadata, test);
        TomlTable grants = metadata.getTableOrEmpty("grants");
        var staged = new LinkedHashMap<Path, StagedEntry>();
        FOLDERS.clear();
        for (Object each : test.getArrayOrEmpty("files").toList()) {
            var file = (TomlTable) each;
            Path path = real(Objects.requireNonNull(file.getString("path")));
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            if (file.getBoolean("directory", () -> false)) FOLDERS.add(path);
            // What a run moves away is really there, so that the view has something of its own to take away.
            else if (draft.fileText().contains("kind = \"deleted\"")) Files.write(path, DraftRun.content(file));
            else staged.put(path, StagedEntry.of(DraftRun.content(file)));
        }
        return new RunRequest(
                draft.id(),
                "templates in " + draft.language(),
                draft.language() == ScriptLanguage.PYTHON ? RunRequest.Language.PYTHON : RunRequest.Language.JAVASCRIPT,
                draft.fileText(),
                DraftRun.json(parameters),
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.valueOf(Objects.requireNonNullElse(metadata.getString("isolation"), "full")
                        .toUpperCase(Locale.ROOT)),
                Limits.DEFAULT,
                new Grants(
                        granted(grants.getArrayOrEmpty("reads"), parameters),
                        granted(grants.getArrayOrEmpty("writes"), parameters),
                        grants.getArrayOrEmpty("hosts").toList().stream()
                                .map(String::valueOf)
                                .toList(),
                        List.of()),
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                staged,
                null,
                Set.of(),
                responses(test),
                null);
    }

    private static List<RunRequest.Response> responses(TomlTable test) {
        var responses = new ArrayList<RunRequest.Response>();
        for (Object each : test.getArrayOrEmpty("responses").toList()) {
            var response = (TomlTable) each;
            responses.add(new RunRequest.Response(
                    Objects.requireNonNull(response.getString("method")),
                    Objects.requireNonNull(response.getString("url")),
                    Math.toIntExact(Objects.requireNonNull(response.getLong("status"))),
                    Map.of(),
                    Objects.requireNonNull(response.getString("text"))));
        }
        return responses;
    }

    private static List<Path> granted(TomlArray templates, Map<String, Object> parameters) {
        var paths = new ArrayList<Path>();
        for (Object template : templates.toList()) {
            Shape shape = Shape.parse((String) template);
            Object whole = shape.wholeVariable().map(parameters::get).orElse(null);
            if (whole instanceof TomlArray list) for (Object each : list.toList()) paths.add(real((String) each));
            else {
                var values = new LinkedHashMap<String, String>();
                parameters.forEach((name, value) -> values.put(name, String.valueOf(value)));
                paths.add(real(shape.fill(values)));
            }
        }
        return paths;
    }

    private static Path real(String path) {
        Path real = path.startsWith("~/") ? root.resolve("home").resolve(path.substring(2)) : Path.of(path);
        return real.normalize();
    }

    /** Views that are never committed. */
    private record RehearsedFiles(FileTransactions transactions) implements RunFiles {
        @Override
        public Transaction open(String runId, RunRequest request) throws IOException, FileViewException {
            CopyOnWriteView view = transactions.view(
                    runId, request.grants(), request.limits(), request.stagedFiles(), Set.copyOf(FOLDERS));
            return new Transaction() {
                @Override
                public FileView view() {
                    return view;
                }

                @Override
                public List<FileChange> changes() throws IOException {
                    return view.changes().describe();
                }

                @Override
                public Optional<RunOutcome.Failed> commit() {
                    return Optional.of(new RunOutcome.Failed("these tests only rehearse", ""));
                }

                @Override
                public void close() throws IOException {
                    view.close();
                }
            };
        }
    }
}
