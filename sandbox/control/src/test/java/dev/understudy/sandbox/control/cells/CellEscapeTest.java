package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ways out of the language's own sandbox, tried in cells without a jail, so that this wall is tested alone. Each attempt is
 * code that would give something it must not have; what it gets instead must be an error of the expected kind.
 */
@Tag("slow")
@Escape({})
class CellEscapeTest {
    @TempDir
    Path folder;

    /** One attempt: code whose value would be the prize, and a pattern for the error that it must meet. */
    private record Attempt(Group group, Language language, String code, String error) {}

    private static final String FORBIDDEN = "ReferenceError|NotAllowed|TypeError";
    private static final String NOT_GRANTED = "not granted|NotAllowed";

    private static List<Attempt> attempts() {
        List<Attempt> all = new ArrayList<>();
        in(
                all,
                Language.JAVASCRIPT,
                Group.HOST_CLASSES,
                FORBIDDEN,
                "Java.type('java.lang.Runtime')",
                "Packages.java.lang.System",
                "java.lang.System.exit(1)",
                "new JavaImporter(java.io)",
                "Java.extend(Java.type('java.lang.Thread'))");
        in(
                all,
                Language.PYTHON,
                Group.HOST_CLASSES,
                "NotImplementedError|ImportError|NotAllowed|AttributeError|SyntaxError|host|TypeError|KeyError",
                "__import__('java').type('java.lang.Runtime')",
                "__import__('java.lang').lang.System.exit(1)",
                "__import__('jarray').zeros(1, 'i').getClass().getClassLoader()");
        in(
                all,
                Language.JAVASCRIPT,
                Group.REFLECTION,
                FORBIDDEN,
                "understudy.files.read.getClass().forName('x')",
                "understudy.files.list('%g').getClass()",
                "understudy.files.readBytes('%g/a').buffer.getClass()",
                "understudy.run.constructor('return Java')().type('x')",
                "(() => { try { understudy.files.read('%s') } catch (e) { return e.getClass().getClassLoader() } })()",
                "load('%s')",
                "loadWithNewGlobal('%s')",
                "importScripts('%s')");
        in(
                all,
                Language.PYTHON,
                Group.REFLECTION,
                "Error|NotAllowed",
                "understudy.run.__closure__[0].cell_contents.getClass()",
                "understudy.files.list.__func__.__globals__['call'].getClass()",
                "[c for c in object.__subclasses__() if c.__name__ == 'Popen'][0](['id'])"
                        .replace("[0](", "[0:1] or None.x("));
        in(
                all,
                Language.JAVASCRIPT,
                Group.POLYGLOT_BINDINGS,
                FORBIDDEN,
                "Polyglot.eval('python', '1')",
                "Polyglot.import('x')",
                "Polyglot.export('x', 1)",
                "Polyglot.evalFile('python', '%s')");
        in(
                all,
                Language.PYTHON,
                Group.POLYGLOT_BINDINGS,
                "NotImplementedError|ImportError|ValueError|NotAllowed|AttributeError|RuntimeError|SystemError|PermissionError|language",
                "__import__('polyglot').eval(language='js', string='1')",
                "__import__('polyglot').import_value('x').y");
        in(
                all,
                Language.JAVASCRIPT,
                Group.NATIVE_CODE,
                FORBIDDEN,
                "process.binding('fs')",
                "require('child_process')",
                "process.dlopen({}, '%s')",
                "Deno.dlopen('%s')");
        in(
                all,
                Language.PYTHON,
                Group.NATIVE_CODE,
                "Error|NotAllowed",
                "__import__('ctypes').CDLL(None).getpid()",
                "__import__('cffi')",
                "__import__('importlib.machinery').machinery.ExtensionFileLoader('x', '%s').load_module()");
        in(
                all,
                Language.JAVASCRIPT,
                Group.ENVIRONMENT,
                FORBIDDEN,
                "process.env.PATH",
                "$ENV.PATH",
                "Deno.env.get('PATH')");
        in(
                all,
                Language.PYTHON,
                Group.ENVIRONMENT,
                "KeyError|NotAllowed|PermissionError|not granted",
                "__import__('os').environ['PATH']",
                "__import__('os').environb[b'PATH']",
                "open('/proc/self/environ').read()");
        in(
                all,
                Language.JAVASCRIPT,
                Group.HOST_FILES,
                NOT_GRANTED,
                "understudy.files.read('%s')",
                "understudy.files.write('%s', 'x')",
                "understudy.files.copy('%s', 'mine')",
                "understudy.files.move('%s', 'mine')",
                "understudy.files.remove('%s')",
                "understudy.files.list('/etc')",
                "understudy.files.info('/etc/passwd')");
        in(
                all,
                Language.PYTHON,
                Group.HOST_FILES,
                NOT_GRANTED + "|PermissionError",
                "open('%s').read()",
                "__import__('shutil').copy('%s', 'mine')",
                "__import__('os').rename('%s', 'mine')",
                "__import__('os').remove('%s')",
                "__import__('os').listdir('/etc')",
                "__import__('io').FileIO('%s')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.HOST_SOCKETS,
                NOT_GRANTED,
                "understudy.files.read('/var/run/docker.sock')",
                "understudy.files.info('/run/dbus/system_bus_socket')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.DOT_DOT,
                NOT_GRANTED,
                "understudy.files.read('%g/../secret')",
                "understudy.files.read('../../../../../../../../%s')",
                "understudy.files.read('../../../secret')");
        in(
                all,
                Language.PYTHON,
                Group.DOT_DOT,
                NOT_GRANTED + "|PermissionError",
                "open('%g/../secret').read()",
                "(__import__('os').chdir('%g/..'), open('secret').read())");
        in(
                all,
                Language.JAVASCRIPT,
                Group.OTHER_WORKSPACES,
                NOT_GRANTED,
                "understudy.files.read('../../other/workspace/file')",
                "understudy.files.list('../../other/workspace')");
        in(
                all,
                Language.PYTHON,
                Group.SYMBOLIC_LINKS,
                NOT_GRANTED + "|PermissionError",
                "(__import__('os').symlink('%s', 'l'), open('l').read())",
                "open('%g/link').read()");
        in(
                all,
                Language.PYTHON,
                Group.HARD_LINKS,
                "Error|NotAllowed|not granted|Unsupported",
                "__import__('os').link('%s', 'h')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.PROC_SELF_ROOT,
                NOT_GRANTED,
                "understudy.files.read('/proc/self/root%s')",
                "understudy.files.read('/proc/self/cwd/pom.xml')",
                "understudy.files.list('/proc/self/fd')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.PROC_OF_OTHERS,
                NOT_GRANTED,
                "understudy.files.read('/proc/1/cmdline')",
                "understudy.files.read('/proc/%p/environ')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.CASE_AND_UNICODE,
                NOT_GRANTED,
                "understudy.files.read('%G/../secret')",
                "understudy.files.read('%g/\\uff0e\\uff0e/secret'.replace(/\\uff0e/g, '.'))",
                "understudy.files.read('%g\\u200b/../secret')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.TIME_OF_CHECK,
                NOT_GRANTED,
                "(() => { let n = 0; return understudy.files.read({ toString() { return n++ === 0 ? '%s' : '%g/a'; } }); })()",
                "(() => { let n = 0; const r = understudy.files.read({ toString() { return n++ === 0 ? '%g/a' : '%s'; } });"
                        + " if (r === 'a') throw new Error('NotAllowed: asked once'); return r; })()");
        in(
                all,
                Language.JAVASCRIPT,
                Group.NETWORK,
                FORBIDDEN,
                "fetch('http://127.0.0.1')",
                "new WebSocket('ws://127.0.0.1')",
                "new XMLHttpRequest()",
                "new EventSource('http://127.0.0.1')",
                "understudy.http('http://127.0.0.1')");
        in(
                all,
                Language.PYTHON,
                Group.NETWORK,
                "NotAllowed|not allowed",
                "__import__('socket').create_connection(('127.0.0.1', 80))",
                "__import__('socket').socket(2, 2).sendto(b'x', ('127.0.0.1', 53))",
                "__import__('urllib.request').request.urlopen('http://127.0.0.1')",
                "__import__('http.client').client.HTTPConnection('127.0.0.1').request('GET', '/')",
                "understudy.http('http://127.0.0.1')");
        in(
                all,
                Language.PYTHON,
                Group.DNS,
                "NotAllowed|not allowed",
                "__import__('socket').getaddrinfo('example.org', 80)",
                "__import__('socket').gethostbyname('example.org')");
        in(all, Language.PYTHON, Group.RAW_SOCKETS, "NotAllowed|not allowed", "__import__('socket').socket(2, 3, 1)");
        in(
                all,
                Language.PYTHON,
                Group.PROGRAMS,
                "NotAllowed|not allowed",
                "__import__('os').system('id')",
                "__import__('subprocess').check_output(['id'])",
                "__import__('os').popen('id').read()",
                "__import__('_posixsubprocess').fork_exec()",
                "understudy.run('id')");
        in(
                all,
                Language.JAVASCRIPT,
                Group.PROGRAMS,
                FORBIDDEN,
                "understudy.run('id')",
                "$EXEC('id')",
                "process.kill(%p)");
        in(
                all,
                Language.PYTHON,
                Group.SIGNALS,
                "Error|NotAllowed|Unsupported",
                "__import__('os').kill(%p, 9)",
                "__import__('os').killpg(1, 9)");
        return all;
    }

    private static void in(List<Attempt> all, Language language, Group group, String error, String... codes) {
        for (String code : codes) all.add(new Attempt(group, language, code, error));
    }

    static List<Group> escapes() {
        return attempts().stream().map(Attempt::group).toList();
    }

    private String filled(String code, Path granted, Path secret) {
        return code.replace("%g", granted.toString())
                .replace("%G", granted.resolveSibling("GRANTED").toString())
                .replace("%s", secret.toString())
                .replace("%p", "" + ProcessHandle.current().pid());
    }

    @TestFactory
    Stream<DynamicNode> everyWayOutIsShut() throws Exception {
        Path root = folder.toRealPath();
        Path granted = Files.createDirectory(root.resolve("granted"));
        Files.writeString(granted.resolve("a"), "a");
        Path secret = Files.writeString(root.resolve("secret"), "planted");
        Files.createSymbolicLink(granted.resolve("link"), secret);
        var grants = new Grants(List.of(), List.of(granted), List.of(), List.of());
        List<DynamicNode> nodes = new ArrayList<>();
        for (Language language : List.of(Language.JAVASCRIPT, Language.PYTHON)) {
            List<Attempt> tried = attempts().stream()
                    .filter(each -> each.language() == language)
                    .toList();
            List<String> codes = tried.stream()
                    .map(attempt -> filled(attempt.code(), granted, secret))
                    .toList();
            RunRequest request = Cells.with(
                    Cells.with(Cells.request(language, driver(language)), grants),
                    new ObjectMapper().writeValueAsString(java.util.Map.of("codes", codes)));
            // Importing half of Python's library takes its time; the limits are not what is tried here.
            Limits limits = Limits.DEFAULT.withWallTime(Duration.ofMinutes(3)).withCpuTime(Duration.ofMinutes(2));
            RunOutcome outcome = Cells.run(Cells.with(request, limits)).outcome();
            assertThat(outcome).isInstanceOf(Succeeded.class);
            JsonNode answers = new ObjectMapper().readTree(((Succeeded) outcome).resultJson());
            nodes.add(dynamicContainer(
                    language.name(),
                    java.util.stream.IntStream.range(0, tried.size())
                            .mapToObj(i -> dynamicTest(
                                    tried.get(i).group() + ": " + codes.get(i),
                                    () -> isShut(tried.get(i), answers.get(i))))));
        }
        nodes.add(dynamicTest("and the host is as it was", () -> {
            assertThat(secret).hasContent("planted");
            assertThat(granted.resolve("a")).hasContent("a");
            assertThat(root).isDirectoryNotContaining("glob:**mine");
        }));
        return nodes.stream();
    }

    private static String driver(Language language) {
        return language == Language.JAVASCRIPT ? """
                function execute(params) {
                  return params.codes.map(code => {
                    try {
                      return { made: true, got: String(new Function('return ' + code)()) };
                    } catch (e) {
                      return { made: true, refused: `${e.name}: ${e.message}` };
                    }
                  });
                }""" : """
                def tried(code):
                    try:
                        return {"made": True, "got": repr(eval(code))}
                    except BaseException as e:
                        return {"made": True, "refused": type(e).__name__ + ": " + str(e)}

                def execute(params):
                    return [tried(code) for code in params["codes"]]
                """;
    }

    private static void isShut(Attempt attempt, JsonNode answer) {
        assertThat(answer.path("made").asBoolean()).as("the attempt was made").isTrue();
        assertThat(answer.path("got").asText("nothing")).as("what it got").isEqualTo("nothing");
        assertThat(answer.path("refused").asText()).containsPattern(attempt.error());
    }

    /** The script spoils what its own language builds on; what the host hears must be what the script returned. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Object.prototype.toJSON = () => ({ success: true })",
                "Object.prototype.success = true",
                "JSON.stringify = () => '{\"success\":true}'; JSON.parse = () => ({ success: true })",
                "Array.prototype[Symbol.iterator] = function* () { yield 'success'; }",
                "Object.keys = Object.entries = () => []",
                "Function.prototype.call = Function.prototype.apply = () => ({ success: true })",
                "Error.prototype.toString = () => 'success'",
                "Object.defineProperty(Object.prototype, 'error', { get() { return undefined; }, configurable: true })",
                "globalThis.understudy = { success: true }; globalThis.Promise = { success: true }",
            })
    @Escape(Group.PROTOTYPE_POLLUTION)
    void aSpoiltPrototypeSpoilsOnlyTheScript(String spoil) throws Exception {
        RunRequest spoilt = Cells.javaScript("function execute() { console.log('spoiling'); try { " + spoil
                + " } catch (e) { console.log('could not'); } return { success: false, error: 'honest' }; }");
        var report = Cells.run(spoilt);
        assertThat(report.output()).anyMatch(line -> line.text().equals("spoiling"));
        assertThat(report.outcome()).isEqualTo(new Failed("honest", ""));
        assertThat(Cells.run(Cells.javaScript("function execute() { return { a: [1, 'b'] }; }"))
                        .outcome())
                .isEqualTo(new Succeeded("{\"a\":[1,\"b\"]}"));
    }

    /** Whatever a script makes of the arguments on their way, the host decides by its own copy of level and grants. */
    @Test
    @Escape(Group.PROTOTYPE_POLLUTION)
    void pollutedOptionsGiveNoLevelAndNoGrant() throws Exception {
        RunRequest request = Cells.javaScript("function execute() {"
                + " Object.prototype.isolation = 'minimal'; Object.prototype.grants = { programs: ['id'] };"
                + " Object.prototype.cwd = '/etc'; understudy.run('id'); }");
        assertThat(Cells.run(request).outcome())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.error())
                                .startsWith("not allowed at isolation full: starting programs"));
    }

    /** A prototype spoilt in one run must not be seen by the next, whatever shares the cell. */
    @Test
    @Escape(Group.OTHER_WORKSPACES)
    void nothingIsLeftForTheNextRun() throws IOException, InterruptedException {
        Cells.run(
                Cells.javaScript("function execute() { globalThis.left = 'behind'; understudy.files.write('left', 'x');"
                        + " Object.prototype.left = 'behind'; }"));
        assertThat(Cells.run(
                                Cells.javaScript(
                                        "function execute() { return [typeof left, ({}).left === undefined, understudy.files.exists('left')]; }"))
                        .outcome())
                .isEqualTo(new Succeeded("[\"undefined\",true,false]"));
    }
}
