package dev.understudy.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.OwnScripts.Adopted;
import dev.understudy.core.automation.TestAutomations;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedFoldersTest {
    @TempDir
    Path folder;

    private Database database;
    private AutomationService automations;
    private AdoptedFolders folders;
    private final List<String> adopted = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        var home = DataHome.open(folder.resolve("home"));
        database = Database.open(home.database());
        // With the sandbox off, nothing is parsed; what is told here is when a file is taken.
        automations = TestAutomations.on(database, home)
                .configured("sandbox: { enabled: false }")
                .ofAPersonAt(folder)
                .open();
        folders = newFolders();
        Files.createDirectories(folder.resolve("scripts/deep"));
    }

    private AdoptedFolders newFolders() {
        return new AdoptedFolders(List.of("~/scripts"), folder, automations.ownScripts(), this::heard, problems::add);
    }

    private void heard(Adopted each) {
        adopted.add(each.automation().id() + " " + each.automation().version());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void write(String name, String id, String body) throws IOException {
        Files.writeString(folder.resolve("scripts").resolve(name), """
                # /// automation
                # id = "%s"
                # description = "Mine."
                # language = "python"
                # ///
                %s
                """.formatted(id, body));
    }

    private void look(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) folders.look();
    }

    @Test
    void givesWhatLiesThereAndWhatComesLaterAndWhatChanges() throws Exception {
        write("a.py", "a", "one");
        look(3);
        assertThat(adopted).containsExactly("a 1");

        write("deep/b.py", "b", "one");
        write("a.py", "a", "another");
        look(3);
        assertThat(adopted).containsExactly("a 1", "a 2", "b 1");
        assertThat(problems).isEmpty();
    }

    @Test
    void takesNoFileThatStillChanges() throws Exception {
        write("a.py", "a", "one");
        look(1);
        write("a.py", "a", "one and more");
        look(1);
        assertThat(adopted).isEmpty();
        look(1);
        assertThat(adopted).containsExactly("a 1");
        assertThat(automations.script("a", 1)).contains("one and more");
    }

    @Test
    void saysOnceWhatIsWrongInAFileAndTakesItWhenItIsMended() throws Exception {
        write("a.py", "Not An Id", "one");
        look(4);
        assertThat(problems).singleElement().asString().contains("a.py was not adopted", "'id'");

        write("a.py", "a", "one");
        look(2);
        assertThat(adopted).containsExactly("a 1");
    }

    @Test
    void leavesAloneWhatIsNoScriptAndWhatIsHidden() throws Exception {
        Files.createDirectories(folder.resolve("scripts/.git"));
        write(".git/a.py", "a", "one");
        Files.writeString(folder.resolve("scripts/plain.py"), "print()");
        Files.writeString(folder.resolve("scripts/README.md"), "# /// automation\n");
        look(3);
        assertThat(adopted).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void doesNotUndoWhatWasMadeOfAnAutomationSince() throws Exception {
        write("a.py", "a", "one");
        look(2);
        automations.life().addVersion("a", "draft.py", automations.script("a", 1) + "# customised\n");

        folders = newFolders();
        look(3);
        assertThat(automations.get("a").version()).isEqualTo(2);
    }

    @Test
    void saysOnceThatAFolderIsMissingAndTakesItWhenItIsThere() throws Exception {
        Files.delete(folder.resolve("scripts/deep"));
        Files.delete(folder.resolve("scripts"));
        look(3);
        assertThat(problems).singleElement().asString().contains("automations.watch", "scripts");

        Files.createDirectories(folder.resolve("scripts"));
        write("a.py", "a", "one");
        look(2);
        assertThat(adopted).containsExactly("a 1");
    }
}
