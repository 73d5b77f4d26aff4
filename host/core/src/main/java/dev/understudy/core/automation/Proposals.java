package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.AutomationStore.KeptAutomation;
import dev.understudy.core.automation.Proposal.Case;
import dev.understudy.core.automation.Proposal.Change;
import dev.understudy.core.automation.Proposal.Outcome;
import dev.understudy.core.automation.Proposal.Rehearsed;
import dev.understudy.core.automation.Proposal.State;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Scripts that programs hand in for a person: checked, rehearsed and kept as they are, and nothing more. Only when a person
 * takes one it becomes a version of an automation, which is rehearsed and approved like any other. Safe for use by several
 * threads and processes.
 *
 * <p>What a program hands in is rehearsed only where nothing of the person's is to be seen, since the program gets to know what
 * it printed: on files that its tests bring and on paths at which nothing is. A case that is granted more, or would really send
 * a request, is left for the person; that tells the program of a path that something is there, and nothing of what.
 */
public final class Proposals {
    /** The longest script, in characters. */
    public static final int MAX_SCRIPT_CHARACTERS = 64 << 10;

    /** Further ones of a program are refused while so many of its own wait. */
    static final int MAX_WAITING_OF_ONE = 10;

    /** Further ones are refused while so many wait, whoever they are from: a program can call itself anything. */
    static final int MAX_WAITING = 50;

    /** Within an hour, whatever became of them. */
    static final int MAX_AN_HOUR = 60;

    private static final int MAX_CASES = 20;
    private static final int MAX_LINES = 100;
    private static final int MAX_LINE = 500;
    private static final int MAX_CHANGES = 100;
    private static final int MAX_DIFF = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Config config;
    private final Database database;
    private final AuditLog audit;
    private final AutomationStore store;
    private final RunStore notices;
    private final CaseRunner caseRunner;
    private final OwnScripts.Checker checker;
    private final ScriptPackages packages;
    private final Path userHome;
    private final Clock clock;

    Proposals(
            Config config,
            Database database,
            AuditLog audit,
            AutomationStore store,
            RunStore notices,
            CaseRunner caseRunner,
            OwnScripts.Checker checker,
            ScriptPackages packages,
            Path userHome,
            Clock clock) {
        this.config = config;
        this.database = database;
        this.audit = audit;
        this.store = store;
        this.notices = notices;
        this.caseRunner = caseRunner;
        this.checker = checker;
        this.packages = packages;
        this.userHome = userHome;
        this.clock = clock;
    }

    /**
     * Takes a script in; nothing comes of it before a person has taken and approved it. The person is told.
     *
     * @param by who proposes it, as people and the log shall read it
     * @param script with metadata, grants and at least one test
     * @throws UserException with every mistake of the script; if it has no tests; or if too many proposals wait or came
     */
    public Proposal propose(String by, String script) throws InterruptedException {
        requireRoom(by);
        if (script.length() > MAX_SCRIPT_CHARACTERS)
            throw refused(
                    "it has " + script.length() + " characters, and " + MAX_SCRIPT_CHARACTERS + " are the most",
                    "Propose a shorter one");
        CheckResult check = checker.check("proposal", script);
        if (!check.mistakes().isEmpty()) throw UserException.badInput(check.mistakes());
        AutomationFile file = check.automation().orElseThrow();
        packages.requireNone(file, "The proposal is not taken in");
        List<RehearsalCase> cases =
                file.cases().stream().filter(RehearsalCase::expected).toList();
        if (cases.isEmpty())
            throw refused(
                    "it has no [[tests]], so nothing shows what it does",
                    "Write at least one, with the files it needs");
        if (cases.size() > MAX_CASES)
            throw refused("it has " + cases.size() + " tests, and " + MAX_CASES + " are the most", "Leave some out");
        if (store.find(file.id())
                .filter(each -> each.state() == AutomationState.RETIRED)
                .isPresent())
            throw refused("the automation " + file.id() + " is retired", "Propose it under another id");
        Rehearsed rehearsed = rehearse(file, cases);
        return audit.write((handle, entries) -> {
            requireRoom(handle, by);
            String sha256 = AutomationStore.sha256(script);
            handle.execute(
                    "INSERT INTO proposal (automation_id, proposed_by, proposed_at, language, script, sha256,"
                            + " rehearsal_json, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')",
                    file.id(),
                    by,
                    clock.millis(),
                    file.language().id(),
                    script,
                    sha256,
                    json(rehearsed));
            long number = handle.createQuery("SELECT last_insert_rowid()")
                    .mapTo(Long.class)
                    .one();
            entries.add(
                    AuditKind.PROPOSED,
                    file.id(),
                    Map.of("proposal", number, "by", by, "sha256", sha256, "grants", Deployments.granted(file)));
            notices.addNotice(
                    handle,
                    file.id(),
                    by + " proposes the automation " + file.id() + "; 'proposals show " + number
                            + "' shows what it would do");
            return require(handle, number);
        });
    }

    private void requireRoom(String by) {
        database.<Boolean, RuntimeException>read(handle -> {
            requireRoom(handle, by);
            return true;
        });
    }

    private void requireRoom(Handle handle, String by) {
        if (count(handle, "state = 'waiting' AND proposed_by = ?", by) >= MAX_WAITING_OF_ONE)
            throw refused(
                    MAX_WAITING_OF_ONE + " proposals of " + by + " wait for a person already",
                    "Propose more once some were decided on");
        if (count(handle, "state = ?", State.WAITING.id()) >= MAX_WAITING)
            throw refused(
                    MAX_WAITING + " proposals wait for a person already", "Propose more once some were decided on");
        long hourAgo = clock.instant().minus(Duration.ofHours(1)).toEpochMilli();
        if (count(handle, "proposed_at > ?", hourAgo) >= MAX_AN_HOUR)
            throw refused("there were " + MAX_AN_HOUR + " proposals within the last hour", "Propose more later");
    }

    private static int count(Handle handle, String where, Object value) {
        return handle.createQuery("SELECT count(*) FROM proposal WHERE " + where)
                .bind(0, value)
                .mapTo(Integer.class)
                .one();
    }

    private static UserException refused(String why, String mend) {
        return UserException.notAllowed("The proposal is not taken in", why, mend);
    }

    // ---- rehearsal away from the person's files

    private Rehearsed rehearse(AutomationFile file, List<RehearsalCase> cases) throws InterruptedException {
        var surroundings = new Surroundings(userHome, userHome);
        var place = CaseRunner.Place.alone("proposal:" + AutomationStore.sha256(file.text()));
        var results = new ArrayList<Case>();
        for (RehearsalCase each : cases) {
            Optional<String> own = touchesOwn(file, each, place, surroundings);
            if (own.isPresent()) {
                results.add(new Case(each.name(), Outcome.LEFT, List.of(own.get()), List.of(), List.of()));
                continue;
            }
            CaseResult result = caseRunner
                    .run(file, List.of(each), place, surroundings, 1, TestListener.SILENT)
                    .cases()
                    .getFirst();
            results.add(shown(result));
        }
        return new Rehearsed(results);
    }

    /** Why a case is left for the person; empty if it can touch only what it brings itself. */
    private Optional<String> touchesOwn(
            AutomationFile file, RehearsalCase tested, CaseRunner.Place place, Surroundings surroundings) {
        RunRequest request;
        try {
            request = caseRunner.request(file, tested, place, surroundings);
        } catch (UserException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Optional<Path> own = Stream.of(
                        request.grants().reads().stream(),
                        request.grants().writes().stream(),
                        request.stagedFolders().stream())
                .flatMap(each -> each)
                .filter(path -> !isBrought(request, path))
                .findFirst();
        if (own.isPresent())
            return Optional.of(
                    "it may touch " + shown(own.get().toString())
                            + ", where something is that its test does not bring, and so is rehearsed only once a person has taken it");
        boolean network = file.isolation() == IsolationLevel.MINIMAL;
        if (network
                && (request.responses().isEmpty()
                        || !request.grants().programs().isEmpty()))
            return Optional.of("it may use the network, and so is rehearsed only once a person has taken it"
                    + " ('responses' in the test would answer its requests)");
        return Optional.empty();
    }

    /** Whether nothing of the person's is at a path, or a file of the test stands before it. */
    private static boolean isBrought(RunRequest request, Path path) {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) return true;
        // Below a folder, or behind a link, more could be seen than stands before it.
        return request.stagedFiles().containsKey(path) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private Case shown(CaseResult result) {
        RunReport report = result.report();
        return new Case(
                result.name(),
                result.verdict() == Verdict.PASSED ? Outcome.PASSED : Outcome.FAILED,
                result.problems().stream().map(this::shown).toList(),
                report.output().stream()
                        .limit(MAX_LINES)
                        .map(OutputLine::text)
                        .map(this::shown)
                        .toList(),
                report.changes().stream().limit(MAX_CHANGES).map(this::shown).toList());
    }

    private Change shown(FileChange change) {
        String diff = change.diff().orElse("");
        return new Change(
                withTilde(change.path().toString()),
                change.kind().name().toLowerCase(Locale.ROOT),
                withTilde(diff.substring(0, Math.min(diff.length(), MAX_DIFF))));
    }

    private String shown(String text) {
        return withTilde(text.substring(0, Math.min(text.length(), MAX_LINE)));
    }

    private String withTilde(String text) {
        return text.replace(userHome.toString(), "~");
    }

    // ---- a person's side

    /** Those that wait for a person, oldest first. */
    public List<Proposal> waiting() {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM proposal WHERE state = 'waiting' ORDER BY number")
                        .map((row, _) -> proposal(row))
                        .list());
    }

    /**
     * One proposal.
     *
     * @throws UserException if there is none of this number
     */
    public Proposal get(long number) {
        return database.read(handle -> require(handle, number));
    }

    /** Its script, read. */
    public AutomationFile read(Proposal proposal) {
        return AutomationFile.parse("proposal " + proposal.number(), proposal.script(), config.sandbox());
    }

    /** Who proposed a version of an automation; empty if nobody did. */
    public Optional<String> proposerOf(String automationId, int version) {
        return database.read(handle -> proposerOf(handle, automationId, version));
    }

    static Optional<String> proposerOf(Handle handle, String automationId, int version) {
        return handle.createQuery("SELECT proposed_by FROM proposal WHERE automation_id = ? AND version = ?")
                .bind(0, automationId)
                .bind(1, version)
                .mapTo(String.class)
                .findFirst();
    }

    /** The text that its script would take the place of: the newest version of the automation, or nothing. */
    public String before(Proposal proposal) {
        return store.find(proposal.automationId())
                .map(each -> store.script(each.id(), each.version()))
                .orElse("");
    }

    /**
     * Makes a proposal a version of its automation, exactly as it was handed in: a draft, which runs only once it was
     * rehearsed and approved.
     *
     * @param by the person, for the log
     * @throws UserException if it waits no more, its automation is retired, or there are too many
     */
    public Automation take(long number, String by) {
        Proposal proposal = get(number);
        requireWaiting(proposal);
        AutomationFile file = read(proposal);
        int max = config.automationCreation().maxAutomations();
        KeptAutomation kept = store.keepProposed(file, proposal, by, max);
        return switch (kept.kept()) {
            case CREATED, UPDATED -> Objects.requireNonNull(kept.automation());
            case UNCHANGED ->
                throw notTaken(
                        number,
                        "the newest version of " + file.id() + " is the same",
                        "'proposals reject " + number + "' puts it away");
            case RETIRED ->
                throw notTaken(
                        number,
                        "its automation " + file.id() + " is retired",
                        "'proposals reject " + number + "' puts it away");
            case TOO_MANY ->
                throw notTaken(
                        number,
                        "there are " + max + " automations already (max_automations)",
                        "Retire one or raise the limit");
        };
    }

    /** Puts a proposal away. */
    public Proposal reject(long number, String by) {
        return audit.write((handle, entries) -> {
            Proposal proposal = require(handle, number);
            requireWaiting(proposal);
            decide(handle, number, State.REJECTED, null, clock);
            entries.add(
                    AuditKind.PROPOSAL_REJECTED,
                    proposal.automationId(),
                    Map.of("proposal", number, "by", by, "proposedBy", proposal.by()));
            return require(handle, number);
        });
    }

    static void decide(Handle handle, long number, State state, @Nullable Integer version, Clock clock) {
        int decided = handle.execute(
                "UPDATE proposal SET state = ?, decided_at = ?, version = ? WHERE number = ? AND state = 'waiting'",
                state.id(),
                clock.millis(),
                version,
                number);
        // Another process was faster.
        if (decided == 0) throw notTaken(number, "it was decided on meanwhile", "Nothing is to be done");
    }

    private static void requireWaiting(Proposal proposal) {
        if (proposal.state() != State.WAITING)
            throw notTaken(proposal.number(), "it was " + proposal.state().id() + " already", "Nothing is to be done");
    }

    private static UserException notTaken(long number, String why, String mend) {
        return UserException.notAllowed("The proposal " + number + " is left as it is", why, mend);
    }

    private static Proposal require(Handle handle, long number) {
        return handle.createQuery("SELECT * FROM proposal WHERE number = ?")
                .bind(0, number)
                .map((row, _) -> proposal(row))
                .findOne()
                .orElseThrow(() -> UserException.badInput(
                        "There is no proposal " + number,
                        "none was handed in under this number",
                        "'proposals' lists them"));
    }

    private static Proposal proposal(ResultSet row) throws SQLException {
        return new Proposal(
                row.getLong("number"),
                row.getString("automation_id"),
                row.getString("proposed_by"),
                Instant.ofEpochMilli(row.getLong("proposed_at")),
                row.getString("script"),
                row.getString("sha256"),
                rehearsed(row.getString("rehearsal_json")),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                AutomationStore.number(row, "version").map(Long::intValue));
    }

    private static String json(Rehearsed rehearsed) {
        try {
            return JSON.writeValueAsString(rehearsed.cases());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    private static Rehearsed rehearsed(String json) {
        try {
            return new Rehearsed(List.of(JSON.readValue(json, Case[].class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rehearsal is stored as JSON", e);
        }
    }
}
