package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard of {@code understudy up}, as a person sees and uses it in Chromium. Screenshots are left in target/screenshots. */
@Tag("slow")
class DashboardBrowserIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCREENSHOTS = Launcher.ROOT.resolve("host/app/target/screenshots");

    /** Text of a script that would do something if it were ever taken for a part of the page. */
    private static final String HOSTILE = "<img src=x onerror=window.caught=1>";

    @TempDir
    static Path folder;

    private static Launcher understudy;
    private static Path inbox;
    private static UpProcess up;
    private static Browser browser;
    private static URI link;

    @BeforeAll
    static void fillADataHomeAndStart() throws IOException {
        assumeTrue(Browser.installed().isPresent(), "Chromium is not installed");
        Path work = Files.createDirectory(folder.resolve("work"));
        inbox = Files.createDirectory(work.resolve("inbox"));
        understudy = new Launcher(folder.resolve("home"), work);
        Path config = folder.resolve("user/.config/understudy/config.yaml");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "triggers: { webhook_port: 0 }\ndashboard: { port: 0 }\n");

        var automations = new KeptAutomations(folder.resolve("home"));
        for (String id : List.of("greet", "unwanted", "left-alone"))
            automations.keep(
                    id,
                    "Writes a greeting " + HOSTILE,
                    """
                    triggers = [{ cron = "0 9 * * MON" }]
                    grants = { writes = ["%s"] }
                    parameters.name = { type = "string", default = "Ada" }
                    [[tests]]
                    name = "observed 2026-11-16"
                    params = { name = "Grace" }
                    files = [ { path = "%1$s/greeting.txt", text = "before\\n" } ]
                    expect = { success = true }
                    """.formatted(work.resolve(id)),
                    "printf '%s\\n' \"Hello $PARAM_NAME " + HOSTILE + "\" >'" + work.resolve(id) + "/greeting.txt'\n");
        automations.deploy(
                "hostile",
                "triggers = [{ path = \"" + inbox + "\", pattern = \"*.csv\", settle = \"100ms\" }]\n"
                        + "parameters.file = { type = \"path\", default = \"none\" }\n",
                "echo '{\"success\":false,\"error\":\"" + HOSTILE + "\"}' >\"$RESULT\"\n");
        for (String id : List.of("greet", "unwanted", "left-alone")) {
            Files.createDirectory(work.resolve(id));
            assertSucceeded(understudy.run("rehearse", id));
        }
        assertSucceeded(understudy.run("workflows", "import", executions().toString()));
        assertSucceeded(understudy.run("import", twoWeeksOfMornings().toString()));
        up = UpProcess.start(understudy);
        link = URI.create(up.awaitOnStandardError("dashboard: ").strip());
        browser = Browser.start();
        browser.open(link);
        browser.await("document.querySelector('main')?.dataset.shown === 'overview'");
    }

    @AfterAll
    static void end() throws IOException {
        if (browser != null) browser.close();
        if (up != null) up.close();
    }

    @BeforeEach
    void look() {
        browser.resize(1280, 900);
        browser.prefer("light");
        browser.forget(link);
        browser.takeErrors();
    }

    @AfterEach
    void seeThatNothingWentWrong() {
        assertThat(browser.takeErrors()).isEmpty();
        assertThat(browser.evaluate("window.caught === undefined && document.querySelector('main img') === null")
                        .asBoolean())
                .as("no text of a script became a part of the page")
                .isTrue();
    }

    private static void assertSucceeded(Launcher.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    /** A workflow whose steps run one after the other in either order, over a day. */
    private static Path executions() throws IOException {
        var lines = new ArrayList<String>();
        Instant first = Instant.now().minus(Duration.ofDays(1));
        for (int i = 0; i < 60; i++) {
            Instant start = first.plus(Duration.ofMinutes(20L * i));
            lines.add("""
                    {"id":"%d","workflow":"ci <b>build</b>","start":"%s","end":"%s","steps":[%s,%s]}""".formatted(
                            i,
                            start,
                            start.plusMillis(1500),
                            step(i % 2 == 0 ? "lint" : "test", start, 0, 700),
                            step(i % 2 == 0 ? "test" : "lint", start, 700, 1500)));
        }
        return Files.write(folder.resolve("executions.jsonl"), lines);
    }

    /** A command of each working day of two weeks at about nine, and others at other times. */
    private static Path twoWeeksOfMornings() throws IOException {
        var lines = new ArrayList<String>();
        LocalDate monday = LocalDate.now(ZoneId.systemDefault())
                .minusWeeks(2)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        for (int day = 0; day < 12; day++) {
            LocalDate date = monday.plusDays(day);
            if (date.getDayOfWeek().getValue() > 5) continue;
            for (String each : List.of(
                    "08:5" + day % 5 + ":00 load-orders --all",
                    "11:1" + day % 7 + ":00 make part" + day,
                    "1" + (3 + day % 4) + ":30:00 make other" + day)) {
                String[] parts = each.split(" ", 2);
                lines.add("#"
                        + date.atTime(LocalTime.parse(parts[0]))
                                .atZone(ZoneId.systemDefault())
                                .toEpochSecond());
                lines.add(parts[1]);
            }
        }
        return Files.write(folder.resolve("bash_history"), lines);
    }

    private static String step(String name, Instant start, int from, int to) {
        return "{\"name\":\"%s\",\"start\":\"%s\",\"end\":\"%s\"}"
                .formatted(name, start.plusMillis(from), start.plusMillis(to));
    }

    /** Opens a page anew and waits until it shows its data. */
    private static void open(String page) {
        browser.open(URI.create("about:blank"));
        browser.open(link.resolve("/#/" + page));
        String name = page.isEmpty() ? "overview" : page.split("/", -1)[0];
        browser.await("document.querySelector('main')?.dataset.shown === '" + name + "'");
    }

    private static String state(String id) throws IOException {
        return JSON.readTree(understudy.run("automations", "show", id, "--json").out())
                .path("state")
                .asText();
    }

    private static boolean evaluate(String expression) {
        return browser.evaluate(expression).asBoolean();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                     | ci <b>build</b>
                    approvals              | left-alone
                    automations            | hostile
                    automations/left-alone | Writes a greeting <img src=x onerror=window.caught=1>
                    runs                   | Ended
                    workflows              | ci <b>build</b>
                    workflows/ci%20%3Cb%3Ebuild%3C%2Fb%3E | lint
                    tuning                 | Nothing has been tuned yet
                    plugins                | task-sources
                    audit                  | rehearsed
                    nowhere                | There is nothing at this address
                    """)
    void eachPageShowsItsDataInBothThemesAndOnNarrowScreens(String page, String text) {
        String name = page.isEmpty() ? "overview" : page.split("[/%]")[0] + (page.contains("/") ? "-one" : "");
        for (String scheme : List.of("light", "dark"))
            for (int width : new int[] {1280, 360}) {
                browser.prefer(scheme);
                browser.resize(width, width == 360 ? 740 : 900);
                browser.open(URI.create("about:blank"));
                browser.open(link.resolve("/#/" + page));
                browser.awaitText("main", text);
                browser.await("document.getElementById('connection').dataset.state === 'open'");
                if (page.isEmpty()) browser.await("document.querySelectorAll('.uplot').length > 0");
                browser.screenshot(SCREENSHOTS.resolve(name + "-" + scheme + "-" + width + ".png"));
                assertThat(evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as("fits into %d pixels", width)
                        .isTrue();
                assertThat(evaluate("document.querySelectorAll('main h1').length === 1"))
                        .isTrue();
                assertThat(evaluate(DARK)).isEqualTo(scheme.equals("dark"));
            }
    }

    private static final String DARK =
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part < 100)";

    @Nested
    class AProposal {
        @Test
        void showsItsScriptAndWhatItsRehearsalChanged() {
            open("approvals");
            String proposal = "article[data-id='left-alone']";
            if (!evaluate("document.querySelector(\"" + proposal + " > details\").open"))
                browser.click(proposal + " summary");
            browser.awaitText(proposal + " .diff", "+Hello Grace " + HOSTILE);
            assertThat(browser.text(proposal + " .diff .removed")).contains("-before");
            assertThat(browser.text(proposal + " .grants")).contains("work/left-alone", "no host", "no program");
            browser.click(proposal + " [data-key='script-left-alone'] > summary");
            browser.awaitText(proposal + " .script", "printf '%s\\n'");
        }

        @Test
        void isApprovedOnceAPersonHasSeenWhatItMayDo() throws IOException {
            open("approvals");
            browser.click("[data-key='approve-greet']");
            browser.awaitText("dialog", "Let greet run?");
            assertThat(browser.text("dialog .grants"))
                    .contains("work/greet", "no host", "no program", "cron 0 9 * * MON");
            browser.screenshot(SCREENSHOTS.resolve("approve.png"));
            browser.click("dialog .primary");

            browser.await("document.querySelector('dialog') === null");
            browser.await("document.querySelector(\"article[data-id='greet']\") === null");
            browser.awaitText("#announcer", "greet");
            assertThat(state("greet")).isEqualTo("deployed");
        }

        @Test
        void isRejected() throws IOException {
            open("approvals");
            browser.click("[data-key='reject-unwanted']");
            browser.awaitText("dialog", "Reject unwanted?");
            browser.click("dialog .danger");

            browser.await("document.querySelector(\"article[data-id='unwanted']\") === null");
            assertThat(state("unwanted")).isEqualTo("rejected");
        }

        @Test
        void staysAsItIsIfThePersonThinksAgain() throws IOException {
            open("approvals");
            browser.click("[data-key='approve-left-alone']");
            browser.awaitText("dialog", "Let left-alone run?");
            browser.press("Enter");
            browser.await("document.querySelector('dialog') === null");
            browser.click("[data-key='approve-left-alone']");
            browser.awaitText("dialog", "Let left-alone run?");
            browser.press("Escape");
            browser.await("document.querySelector('dialog') === null");

            assertThat(evaluate("document.activeElement.dataset.key === 'approve-left-alone'"))
                    .as("the focus is back where it was")
                    .isTrue();
            assertThat(state("left-alone")).isEqualTo("rehearsed");
        }
    }

    /** What comes back by the calendar is shown with its usual hour and days, and why (issue 12). */
    @Nested
    class ARoutine {
        @Test
        void isShownWithItsUsualTimeAndItsEvidence() {
            open("approvals");
            browser.awaitText("main", "Routines");
            browser.awaitText("main", "weekdays ~08:5");
            browser.awaitText("main", "on 10 of 10 days on which anything was done, most within");
            browser.awaitText("main", "* * MON-FRI");
            browser.screenshot(SCREENSHOTS.resolve("routines.png"));
        }
    }

    @Nested
    class ARun {
        @Test
        void appearsWithoutReloadAndItsOutputStaysText() throws IOException {
            open("runs");
            browser.await("document.getElementById('connection').dataset.state === 'open'");
            browser.evaluate("window.opened = 1");
            Files.writeString(inbox.resolve("a.csv"), "a,b\n");

            browser.awaitText("main tbody", HOSTILE);
            assertThat(browser.text("main tbody")).contains("hostile", "failed");
            browser.awaitText("#announcer", "hostile");
            assertThat(evaluate("window.opened === 1")).isTrue();
            browser.screenshot(SCREENSHOTS.resolve("runs-hostile.png"));
        }
    }

    @Nested
    class ByKeyboard {
        @Test
        void theContentIsOneStepAway() {
            open("");
            browser.press("Tab");
            assertThat(evaluate("document.activeElement.id === 'skip'")).isTrue();
            browser.press("Enter");
            assertThat(evaluate("document.activeElement.id === 'main'")).isTrue();
            assertThat(evaluate("location.hash === '#/'")).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            "o, overview",
            "p, approvals",
            "a, automations",
            "r, runs",
            "w, workflows",
            "t, tuning",
            "l, plugins",
            "u, audit"
        })
        void everyPageIsTwoLettersAway(String letter, String page) {
            open(page.equals("audit") ? "plugins" : "audit");
            browser.press("g", letter);
            browser.await("document.querySelector('main').dataset.shown === '" + page + "'");
            assertThat(evaluate("document.activeElement.id === 'main'")).isTrue();
            assertThat(browser.text("nav [aria-current=page]")
                            .lines()
                            .findFirst()
                            .orElse(""))
                    .isEqualTo(browser.text("main h1"));
        }

        @Test
        void theKeysAreListed() {
            open("approvals");
            browser.press("?");
            browser.awaitText("dialog", "Approve the proposal that has the focus");
            browser.screenshot(SCREENSHOTS.resolve("keys.png"));
            browser.press("Escape");
            browser.await("document.querySelector('dialog') === null");
        }

        @Test
        void aProposalIsReachedAndAsksBack() {
            open("approvals");
            browser.press("j");
            String id = browser.evaluate("document.activeElement.closest('article').dataset.id")
                    .asText();
            assertThat(evaluate("document.activeElement.matches(':focus-visible')"))
                    .isTrue();
            browser.press("a");
            browser.awaitText("dialog", "Let " + id + " run?");
            browser.press("Escape");
            browser.await("document.querySelector('dialog') === null");
        }

        @Test
        void aTableIsSorted() {
            open("plugins");
            browser.evaluate("document.querySelector('th button.sort').focus()");
            browser.press("Enter");
            assertThat(browser.evaluate("document.querySelector('th').getAttribute('aria-sort')")
                            .asText())
                    .isEqualTo("ascending");
            browser.press("Enter");
            assertThat(browser.evaluate("document.querySelector('th').getAttribute('aria-sort')")
                            .asText())
                    .isEqualTo("descending");
            assertThat(texts("main tbody tr td:first-child")).isSortedAccordingTo((a, b) -> b.compareTo(a));
        }

        private List<String> texts(String selector) {
            var texts = new ArrayList<String>();
            for (JsonNode each : browser.evaluate("[...document.querySelectorAll(%s)].map((each) => each.innerText)"
                    .formatted(Browser.quoted(selector)))) texts.add(each.asText());
            return texts;
        }

        @Test
        void singleLettersCanBeSwitchedOff() {
            open("plugins");
            browser.press("?");
            browser.awaitText("dialog", "Single letters act");
            browser.click("dialog input");
            browser.press("Escape");
            browser.await("document.querySelector('dialog') === null");
            browser.press("g", "u", "?");
            browser.awaitText("dialog", "Single letters act");
            assertThat(evaluate("location.hash === '#/plugins'")).isTrue();
            browser.press("Escape");
        }
    }

    @Nested
    class TheTheme {
        @Test
        void thatWasChosenStays() {
            open("");
            browser.click("#theme");
            browser.click("#theme");
            assertThat(evaluate(DARK)).isTrue();
            open("");
            assertThat(evaluate(DARK)).isTrue();
            assertThat(browser.text("#theme")).isEqualTo("Theme: dark");
        }
    }

    @Nested
    class Advice {
        @Test
        void isAccepted() {
            open("workflows");
            browser.click("[data-accept]");
            browser.awaitText("dialog", "Accept this recommendation?");
            browser.click("dialog .primary");
            browser.awaitText("main", "What followed advice has brought");
            browser.awaitText("main", "too early");
        }
    }

    @Nested
    class WhenTheHostIsGone {
        @Test
        void aBannerSaysSoUntilItIsBack() throws IOException {
            var first = new PointServer(50);
            int port = first.address().getPort();
            try {
                browser.open(first.address());
                browser.awaitText("main", "No executions of workflows are known yet.");
                assertThat(browser.text("main .command")).isEqualTo("understudy workflows import FILE");
                browser.await("document.getElementById('connection').dataset.state === 'open'");
            } finally {
                first.close();
            }
            browser.awaitText("#banner", "The connection to Understudy is lost.");
            browser.screenshot(SCREENSHOTS.resolve("connection-lost.png"));
            try (var _ = new PointServer(50, port)) {
                browser.click("#banner button");
                browser.await("document.getElementById('banner').hidden");
            }
            browser.open(link);
            browser.await("document.querySelector('main')?.dataset.shown === 'overview'");
            // That it could not connect was logged by the browser itself.
            browser.takeErrors();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1100, 360})
    void theReportIsReadableOnScreenAndPaper(int width) throws IOException {
        Launcher.Result report = understudy.run("report", "--format", "html");
        assertSucceeded(report);
        Path page = Files.writeString(folder.resolve("report.html"), report.out());
        browser.resize(width, 900);
        browser.open(page.toUri());
        browser.awaitText("h1", "Workflows");
        assertThat(evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isTrue();
        browser.screenshot(SCREENSHOTS.resolve("report-" + width + ".png"));
        if (width == 1100) browser.print(SCREENSHOTS.resolve("report.pdf"));
        browser.open(link);
        browser.await("document.querySelector('main')?.dataset.shown === 'overview'");
    }
}
