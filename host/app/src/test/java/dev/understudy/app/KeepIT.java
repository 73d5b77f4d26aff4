package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for a person, as they type it: secrets in runs of real scripts, a backup taken beside a host, a restore. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class KeepIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VALUE = "hunter2-\"q\"-\u00fc";

    @TempDir
    Path folder;

    private Launcher understudy;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work")).toRealPath();
        understudy = new Launcher(
                        folder.resolve("understudy"),
                        work,
                        Map.of("DBUS_SESSION_BUS_ADDRESS", "", "XDG_RUNTIME_DIR", ""))
                .inThisProcess();
    }

    private Launcher.Result run(String... arguments) {
        Launcher.Result result = understudy.run(arguments);
        said.add(String.join(" ", arguments) + "\n" + result.out() + result.err());
        return result;
    }

    private void set(String name, String value) {
        Launcher.Result kept = understudy.inProcesses().type(value + "\n", "secrets", "set", name);
        assertThat(kept.exitCode()).as(kept.err()).isZero();
        said.add(kept.out() + kept.err());
    }

    private void nothingHolds(String text) throws IOException {
        assertThat(said).allSatisfy(each -> assertThat(each).doesNotContain(text));
        // What the person's own file held before a run changed it, undo must give back as it was.
        Path undo = understudy.home().resolve("undo");
        try (Stream<Path> all = Files.walk(understudy.home())) {
            for (Path each : all.filter(file -> Files.isRegularFile(file) && !file.startsWith(undo))
                    .toList())
                assertThat(new String(Files.readAllBytes(each), StandardCharsets.UTF_8).contains(text))
                        .as(each + " holds " + text)
                        .isFalse();
        }
    }

    private void script(String name, String language, String more, String body) {
        String mark = language.equals("js") ? "//" : "#";
        String head = """
                %1$s /// automation
                %1$s id = "%2$s"
                %1$s description = "Says what it knows."
                %1$s language = "%3$s"
                %1$s grants = { writes = ["~/out.txt"], secrets = ["API_TOKEN"] }
                %4$s%1$s [[tests]]
                %1$s name = "with the stand-in"
                %1$s expect = { success = true }
                %1$s ///
                """.formatted(mark, name.replace('.', '-'), language, more);
        understudy.file(name, head + body);
    }

    private void scripts() {
        script("ask.py", "python", "", """
                def execute(params):
                    token = understudy.secret("API_TOKEN")
                    print("it is", token)
                    understudy.log.info("logged " + token)
                    understudy.progress(0.5, "sends " + token)
                    understudy.files.write("~/out.txt", "token=" + token + "\\n")
                    return {"success": True, "token": token, "length": len(token)}
                """);
        script("ask.js", "js", "", """
                function execute(params) {
                  const token = understudy.secret('API_TOKEN');
                  console.log(`it is ${token}`);
                  throw new Error(`401 for ${token}`);
                }
                """);
        script("ask.sh", "bash", "", """
                echo "it is $SECRET_API_TOKEN"
                echo "token=$SECRET_API_TOKEN" >~/out.txt
                printf '{"success":true,"length":%d}' "${#SECRET_API_TOKEN}" >"$RESULT"
                """);
        script("native.py", "python", "# runtime = \"native\"\n", """
                def execute(params):
                    import os
                    token = understudy.secret("API_TOKEN")
                    print("it is", token)
                    return {"success": os.environ["SECRET_API_TOKEN"] == token, "length": len(token)}
                """);
    }

    @Test
    void aSecretReachesTheScriptsThatWereGrantedItAndNothingElse() throws Exception {
        scripts();
        Path out = folder.resolve("user/out.txt");
        Files.createDirectories(out.getParent());
        Launcher.Result missing = run("run", "ask.py");
        assertThat(missing.exitCode()).isEqualTo(4);
        assertThat(missing.err()).contains("there is no secret API_TOKEN").contains("understudy secrets set API_TOKEN");

        set("API_TOKEN", VALUE);
        assertThat(run("secrets", "list", "--json").out()).contains("\"API_TOKEN\"");

        // Its own way to say it in a message about a mistake is not to repeat it.
        Launcher.Result argument = run("secrets", "set", "OTHER", "a-value-as-an-argument");
        assertThat(argument.exitCode()).isEqualTo(2);
        assertThat(argument.err()).contains("a value was given as an argument").doesNotContain("a-value-as");

        // The tests of a script know the stand-in only.
        assertThat(run("run", "ask.py", "--dry-run").out()).contains("stand-in-for-API_TOKEN");
        assertThat(out).doesNotExist();

        Launcher.Result python = run("run", "ask.py", "--json");
        assertThat(python.exitCode()).as(python.err()).isZero();
        assertThat(JSON.readTree(python.out()).toString())
                .contains("<secret>")
                .contains("\"length\":" + VALUE.length());
        assertThat(out).hasContent("token=" + VALUE);
        Launcher.Result javaScript = run("run", "ask.js");
        assertThat(javaScript.exitCode()).isEqualTo(1);
        assertThat(javaScript.err()).contains("401 for <secret>");
        Launcher.Result bash = run("run", "ask.sh");
        assertThat(bash.exitCode()).as(bash.err()).isZero();
        assertThat(bash.out() + bash.err()).contains("it is <secret>").contains("\"length\":" + VALUE.length());
        Launcher.Result nativePython = run("run", "native.py");
        assertThat(nativePython.exitCode()).as(nativePython.err()).isZero();
        assertThat(nativePython.out()).contains("\"length\":" + VALUE.length());

        // As an automation: its evidence, its approval, its runs and all that tells of them.
        assertThat(run("adopt", "ask.sh").exitCode()).isZero();
        assertThat(run("automations", "approve", "ask-sh").exitCode()).isZero();
        assertThat(run("run", "ask-sh", "--json").exitCode()).isZero();
        assertThat(run("automations", "show", "ask-sh").out()).contains("may know", "API_TOKEN");
        run("automations", "show", "ask-sh", "--json");
        run("automations", "export", "ask-sh", "exported");
        run("runs", "--json");
        run("test", "--history");
        run("report", "--format", "json");
        run("report", "--format", "html");
        run("undo", "--list");
        assertThat(run("log", "--json", "--limit", "100").out()).contains("\"secret_set\"", "\"API_TOKEN\"");
        assertThat(run("log", "--verify").exitCode()).isZero();
        for (String form : List.of("hunter2", "\\u00fc-")) nothingHolds(form);

        assertThat(run("secrets", "remove", "API_TOKEN").exitCode()).isZero();
        assertThat(run("run", "ask-sh").exitCode()).isEqualTo(4);
    }

    @Test
    void aScriptWithoutTheGrantIsToldWhatWouldAllowIt() {
        for (String language : List.of("python", "js"))
            understudy.file("curious." + (language.equals("js") ? "js" : "py"), (language.equals("js") ? """
                    // /// automation
                    // id = "curious"
                    // description = "Asks for more."
                    // language = "js"
                    // ///
                    function execute() { return { token: understudy.secret('API_TOKEN') }; }
                    """ : """
                    # /// automation
                    # id = "curious"
                    # description = "Asks for more."
                    # language = "python"
                    # ///
                    def execute(params):
                        return {"token": understudy.secret("API_TOKEN")}
                    """));
        set("API_TOKEN", VALUE);
        for (String file : List.of("curious.py", "curious.js")) {
            Launcher.Result refused = run("run", file);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains(
                            "not allowed: secret 'API_TOKEN' is not granted; grants.secrets = [\"API_TOKEN\"] would allow it");
        }
    }

    @Test
    void aBackupTakenBesideAHostGivesAnotherDataHomeTheApprovedAutomation() throws Exception {
        understudy.file("greet.sh", """
                # /// automation
                # id = "greet"
                # description = "Greets."
                # language = "bash"
                # [[tests]]
                # expect = { success = true }
                # ///
                echo '{"success":true,"hello":"you"}' >"$RESULT"
                """);
        // One that this process had open could not be replaced.
        Launcher processes = understudy.inProcesses();
        assertThat(processes.run("adopt", "greet.sh").exitCode()).isZero();
        assertThat(processes.run("automations", "approve", "greet").exitCode()).isZero();
        assertThat(processes.run("host", "start").exitCode()).isZero();
        Launcher.Result backup;
        try {
            backup = processes.run("backup", "kept.zip");
            assertThat(backup.exitCode()).as(backup.err()).isZero();
            assertThat(backup.out()).contains("1 script", "restore --check kept.zip");
            // The host is asked to end first, and what is there is not touched all the same.
            Launcher.Result refused = processes.run("restore", "kept.zip");
            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused.errorLines()).singleElement().asString().contains("is there already", "--force");
        } finally {
            processes.run("host", "stop");
        }

        Launcher other = new Launcher(folder.resolve("other"), folder.resolve("work"));
        assertThat(other.run("restore", "--check", "kept.zip").out()).contains("Each file is as it was written");
        Launcher.Result restored = other.run("restore", "kept.zip");
        assertThat(restored.exitCode()).as(restored.err()).isZero();
        Launcher inProcess = other.inThisProcess();
        assertThat(inProcess.run("run", "greet").out()).contains("\"hello\":\"you\"");
        assertThat(inProcess.run("log", "--verify").exitCode()).isZero();
        assertThat(inProcess.run("log", "--limit", "50").out()).contains("restored", "approved");
    }
}
