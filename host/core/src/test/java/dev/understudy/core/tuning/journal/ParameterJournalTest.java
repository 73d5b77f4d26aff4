package dev.understudy.core.tuning.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.sandbox.control.ProcessIdentity;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterJournalTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final ProcessIdentity US = new ProcessIdentity(4711, "100", "boot-1");

    @TempDir
    Path folder;

    private DataHome home;
    private Path settings;
    private FolderTarget target;
    private ParameterJournal journal;

    @BeforeEach
    void aMachineWithSettings() throws IOException {
        home = DataHome.open(folder.resolve("home"));
        settings = Files.createDirectory(folder.resolve("settings"));
        put("swappiness", "60");
        put("backlog", "128");
        target = new FolderTarget(settings, FolderTarget.Survival.UNTIL_RESTART);
        journal = journal(US);
    }

    private ParameterJournal journal(ProcessIdentity owner) {
        return ParameterJournal.in(home, this::find, NOON, owner, folder.resolve("run"));
    }

    private Optional<ParameterTarget> find(String name, String recipe) {
        return name.equals("folder") && recipe.isEmpty() ? Optional.of(target) : Optional.empty();
    }

    private void put(String name, String value) throws IOException {
        Files.writeString(settings.resolve(name), value + "\n");
    }

    private String get(String name) throws IOException {
        return Files.readString(settings.resolve(name)).strip();
    }

    private List<Path> sessionFiles() throws IOException {
        Path journals = home.root().resolve("parameter-journal");
        if (!Files.isDirectory(journals)) return List.of();
        try (var files = Files.list(journals)) {
            return files.sorted().toList();
        }
    }

    @Nested
    class WhenASessionEnds {
        @Test
        void everyParameterHoldsWhatItHeldAndTheJournalIsEmpty() throws Exception {
            Session session = journal.begin("a test");
            session.set(target, Map.of("swappiness", "10"));
            session.set(target, Map.of("swappiness", "20", "backlog", "4096"));
            assertThat(get("swappiness")).isEqualTo("20");

            session.close();

            assertThat(get("swappiness")).isEqualTo("60");
            assertThat(get("backlog")).isEqualTo("128");
            assertThat(session.restorations())
                    .extracting(Restoration::parameter, Restoration::before, Restoration::set, Restoration::outcome)
                    .containsExactlyInAnyOrder(
                            tuple("swappiness", "60", "20", Outcome.RESTORED),
                            tuple("backlog", "128", "4096", Outcome.RESTORED));
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void aValueThatSomebodyElseSetMeanwhileStaysAndIsReported() throws Exception {
            Session session = journal.begin("a test");
            session.set(target, Map.of("swappiness", "10", "backlog", "4096"));
            put("swappiness", "33");

            session.close();

            assertThat(get("swappiness")).isEqualTo("33");
            assertThat(get("backlog")).isEqualTo("128");
            assertThat(session.restorations())
                    .extracting(Restoration::parameter, Restoration::found, Restoration::outcome)
                    .contains(tuple("swappiness", "33", Outcome.CHANGED_BY_OTHERS));
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void theSameValueInAnotherSpellingIsStillOurs() throws Exception {
            Session session = journal.begin("a test");
            session.set(target, Map.of("swappiness", "10"));
            put("swappiness", " 10.0");
            session.close();
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void whatIsKeptStaysUntilSomebodyAsks() throws Exception {
            try (Session session = journal.begin("a test")) {
                session.set(target, Map.of("swappiness", "10", "backlog", "4096"));
                session.keep(target, Set.of("swappiness"));
            }
            assertThat(get("swappiness")).isEqualTo("10");
            assertThat(get("backlog")).isEqualTo("128");
            assertThat(journal.recover()).isEmpty();
            assertThat(journal.standing())
                    .containsExactly(new Standing(
                            "folder", "swappiness", "60", "10", "a test", NOON.instant(), Standing.State.KEPT));

            assertThat(journal.restore(Set.of("backlog"))).isEmpty();
            assertThat(journal.restore(Set.of("swappiness")))
                    .extracting(Restoration::outcome)
                    .containsExactly(Outcome.RESTORED);
            assertThat(get("swappiness")).isEqualTo("60");
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void keptChangesOfSeveralSessionsLeadBackToTheFirstValue() throws Exception {
            for (String value : List.of("10", "20", "30")) {
                try (Session session = journal.begin("a test")) {
                    session.set(target, Map.of("swappiness", value));
                    session.keep(target, Set.of("swappiness"));
                }
            }
            journal.restore(Set.of());
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void whatCannotBePutBackIsTriedAgainAtTheNextStart() throws Exception {
            Session session = journal.begin("a test");
            session.set(target, Map.of("swappiness", "10", "backlog", "4096"));
            target.refusing.add("swappiness");
            session.close();
            assertThat(session.restorations())
                    .extracting(Restoration::parameter, Restoration::outcome, Restoration::reason)
                    .contains(tuple("swappiness", Outcome.FAILED, "swappiness refuses 60"));

            target.refusing.clear();
            assertThat(journal.recover())
                    .extracting(Restoration::parameter, Restoration::outcome)
                    .containsExactly(tuple("swappiness", Outcome.RESTORED));
            assertThat(get("swappiness")).isEqualTo("60");
        }
    }

    @Nested
    class WhenAParameterIsSet {
        @Test
        void itIsInTheJournalBefore() throws Exception {
            var seen = new ArrayList<String>();
            var witness = new WitnessTarget(target, () -> {
                for (Standing each : journal.standing())
                    seen.add(each.parameter() + " was " + each.before() + ", is to be " + each.set());
            });
            Session session = journal.begin("a test");
            session.set(witness, Map.of("swappiness", "10"));
            assertThat(seen).containsExactly("swappiness was 60, is to be 10");
            session.close();
        }

        @Test
        void oneThatHoldsTheValueAlreadyIsLeftAlone() throws Exception {
            try (Session session = journal.begin("a test")) {
                assertThat(session.set(target, Map.of("swappiness", "60"))).isEqualTo(Map.of("swappiness", "60"));
            }
            assertThat(target.written).isEmpty();
        }

        @Test
        void aRefusalLeavesAllAsItWas() throws Exception {
            target.refusing.add("backlog");
            try (Session session = journal.begin("a test")) {
                assertThatThrownBy(() -> session.set(target, Map.of("backlog", "4096")))
                        .isInstanceOf(IOException.class)
                        .hasMessage("backlog refuses 4096");
            }
            assertThat(get("backlog")).isEqualTo("128");
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void aChangeBySomebodyElseMeanwhileEndsTheTuningOfThatParameter() throws Exception {
            try (Session session = journal.begin("a test")) {
                session.set(target, Map.of("swappiness", "10"));
                put("swappiness", "33");
                assertThatThrownBy(() -> session.set(target, Map.of("swappiness", "20")))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("swappiness was changed by somebody else")
                        .hasMessageContaining("33");
            }
            assertThat(get("swappiness")).isEqualTo("33");
        }

        @Test
        void oneThatAnotherLivingSessionHoldsIsRefused() throws Exception {
            try (Session first = journal.begin("a test");
                    Session second = journal.begin("another")) {
                first.set(target, Map.of("swappiness", "10"));
                assertThatThrownBy(() -> second.set(target, Map.of("swappiness", "20")))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("process 4711 is tuning it");
                second.set(target, Map.of("backlog", "4096"));
            }
            assertThat(target.written).doesNotContain("swappiness=20");
            assertThat(get("swappiness")).isEqualTo("60");
        }
    }

    @Nested
    class WhenAnotherDataHomeTunesTheSameMachine {
        @Test
        void aParameterThatItHoldsIsRefusedUntilItEnds() throws Exception {
            var elsewhere = ParameterJournal.in(
                    DataHome.open(folder.resolve("home-2")),
                    (_, _) -> Optional.of(target),
                    NOON,
                    US,
                    folder.resolve("run"));
            try (Session other = elsewhere.begin("another")) {
                try (Session session = journal.begin("a test")) {
                    session.set(target, Map.of("swappiness", "10"));
                    assertThatThrownBy(() -> other.set(target, Map.of("swappiness", "20")))
                            .isInstanceOf(UserException.class)
                            .hasMessageContaining("another data home");
                    other.set(target, Map.of("backlog", "4096"));
                }
                other.set(target, Map.of("swappiness", "20"));
            }
            assertThat(get("swappiness")).isEqualTo("60");
            assertThat(get("backlog")).isEqualTo("128");
        }
    }

    /** As a block device's scheduler does with the length of its queue. */
    @Nested
    class WhenOneParameterResetsAnother {
        @BeforeEach
        void aSchedulerThatResetsItsQueue() throws IOException {
            put("scheduler", "deadline");
            put("requests", "256");
            target.afterWrite = name -> {
                if (name.equals("scheduler")) put("requests", get("scheduler").equals("none") ? "64" : "128");
            };
        }

        @Test
        void bothAreSetWhateverTheOrder() throws Exception {
            try (Session session = journal.begin("a test")) {
                var values = new LinkedHashMap<String, String>();
                values.put("requests", "512");
                values.put("scheduler", "none");
                assertThat(session.set(target, values)).isEqualTo(values);
                assertThat(get("requests")).isEqualTo("512");
            }
        }

        @Test
        void bothArePutBackWhateverTheOrder() throws Exception {
            for (List<String> order : List.of(List.of("scheduler", "requests"), List.of("requests", "scheduler"))) {
                try (Session session = journal.begin("a test")) {
                    var values = new LinkedHashMap<String, String>();
                    for (String name : order) values.put(name, name.equals("scheduler") ? "none" : "512");
                    session.set(target, values);
                }
                assertThat(get("requests")).as("set as %s", order).isEqualTo("256");
                assertThat(get("scheduler")).isEqualTo("deadline");
            }
        }

        @Test
        void oneThatWasToStayAsItIsStaysAndIsPutBack() throws Exception {
            try (Session session = journal.begin("a test")) {
                session.set(target, Map.of("scheduler", "none", "requests", "256"));
                assertThat(get("requests")).isEqualTo("256");
                session.set(target, Map.of("requests", "32"));
            }
            assertThat(get("requests")).isEqualTo("256");
            assertThat(get("scheduler")).isEqualTo("deadline");
        }

        @Test
        void itIsNotTakenForAChangeBySomebodyElse() throws Exception {
            try (Session session = journal.begin("a test")) {
                session.set(target, Map.of("requests", "512"));
                session.set(target, Map.of("scheduler", "none"));
                assertThat(get("requests")).isEqualTo("64");
                session.set(target, Map.of("requests", "32"));
            }
            assertThat(get("requests")).isEqualTo("256");
            assertThat(get("scheduler")).isEqualTo("deadline");
        }
    }

    @Nested
    class WhenAProcessIsKilled {
        @Test
        void theNextStartPutsEverythingBack() throws Exception {
            Process victim = OtherProcess.of(Victim.class, folder).start();
            try (var out = victim.inputReader()) {
                assertThat(out.readLine()).isEqualTo("changed");
                assertThat(get("swappiness")).isEqualTo("10");
                assertThat(get("backlog")).isEqualTo("4096");
                // While it lives, nobody touches what it has changed.
                assertThat(journal.recover()).isEmpty();
                assertThat(journal.restore(Set.of())).isEmpty();
                assertThat(journal.standing())
                        .extracting(Standing::state)
                        .containsOnly(Standing.State.IN_USE)
                        .hasSize(2);
            } finally {
                victim.destroyForcibly().waitFor();
            }
            target = new FolderTarget(settings, FolderTarget.Survival.OUTLASTS_RESTART);

            assertThat(journal.recover())
                    .extracting(Restoration::parameter, Restoration::outcome)
                    .containsExactlyInAnyOrder(
                            tuple("swappiness", Outcome.RESTORED), tuple("backlog", Outcome.RESTORED));
            assertThat(get("swappiness")).isEqualTo("60");
            assertThat(get("backlog")).isEqualTo("128");
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void itsEndBySignalPutsEverythingBackAtOnce() throws Exception {
            Process victim = OtherProcess.of(Victim.class, folder).start();
            try (var out = victim.inputReader()) {
                assertThat(out.readLine()).isEqualTo("changed");
            } finally {
                victim.destroy();
                victim.waitFor();
            }
            assertThat(get("swappiness")).isEqualTo("60");
            assertThat(get("backlog")).isEqualTo("128");
        }
    }

    /** What a crash leaves, made by hand: the files of a session whose process is no more. */
    @Nested
    class WhenASessionWasCutShort {
        private static final String BEGIN =
                "{\"begin\":{\"purpose\":\"a test\",\"at\":\"2026-11-21T11:00:00Z\",\"owner\":{\"pid\":12,\"start\":\"5\",\"boot\":\"%s\"}}}\n";
        private static final String CHANGE =
                "{\"change\":{\"target\":\"folder\",\"parameter\":\"%s\",\"before\":\"%s\",\"value\":\"%s\",\"pid\":12,\"boot\":\"boot-1\"}}\n";

        private Path left(String... lines) throws IOException {
            Path file = home.folder("parameter-journal").resolve("000007.jsonl");
            return Files.writeString(file, String.join("", lines));
        }

        @ParameterizedTest
        @CsvSource({"60,UNCHANGED,60", "10,RESTORED,60", "33,CHANGED_BY_OTHERS,33"})
        void betweenTheRecordAndTheWriteItIsPutBackWhetherOrNotTheWriteWasMade(
                String found, Outcome outcome, String after) throws Exception {
            left(BEGIN.formatted("boot-1"), CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", found);
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(outcome);
            assertThat(get("swappiness")).isEqualTo(after);
            assertThat(journal.recover()).isEmpty();
        }

        @Test
        void theLastOfSeveralChangesMayNotHaveBeenMade() throws Exception {
            left(
                    BEGIN.formatted("boot-1"),
                    CHANGE.formatted("swappiness", "60", "10"),
                    CHANGE.formatted("swappiness", "10", "20"));
            put("swappiness", "10");
            journal.recover();
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void aTornLastLineCountsAsNotWrittenAndTheNextLineStandsOnItsOwn() throws Exception {
            String torn = CHANGE.formatted("backlog", "128", "4096").substring(0, 40);
            Path file = left(BEGIN.formatted("boot-1"), CHANGE.formatted("swappiness", "60", "10"), torn);
            put("swappiness", "10");
            target.refusing.add("swappiness");
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(Outcome.FAILED);
            new SessionFile(file)
                    .append(List.of(new SessionFile.Settled("folder", "swappiness", Outcome.CHANGED_BY_OTHERS)));
            assertThat(new SessionFile(file).read().changes()).isEmpty();
        }

        @Test
        void aDamagedLineDoesNotHideTheOthers() throws Exception {
            left(
                    BEGIN.formatted("boot-1"),
                    "\0\0\0\0\n",
                    "{\"change\":{\"target\":\"folder\"}}\n",
                    CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", "10");
            journal.recover();
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void aRestartOfTheMachineHasUndoneItAlready() throws Exception {
            left(BEGIN.formatted("boot-0"), CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", "10");
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(Outcome.GONE);
            assertThat(get("swappiness")).isEqualTo("10");
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void aRestartUndoesNothingThatLiesOnTheDisk() throws Exception {
            target = new FolderTarget(settings, FolderTarget.Survival.OUTLASTS_RESTART);
            left(BEGIN.formatted("boot-0"), CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", "10");
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(Outcome.RESTORED);
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void aParameterThatIsNoLongerThereIsForgotten() throws Exception {
            left(BEGIN.formatted("boot-1"), CHANGE.formatted("swappiness", "60", "10"));
            Files.delete(settings.resolve("swappiness"));
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(Outcome.GONE);
            assertThat(sessionFiles()).isEmpty();
        }

        @Test
        void itWaitsForATargetThatIsMissingNow() throws Exception {
            left(
                    BEGIN.formatted("boot-1"),
                    "{\"recipe\":{\"target\":\"folder\",\"text\":\"unknown\"}}\n",
                    CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", "10");
            assertThat(journal.recover()).extracting(Restoration::outcome).containsExactly(Outcome.FAILED);
            assertThat(journal.standing()).extracting(Standing::state).containsExactly(Standing.State.LEFT);
        }

        @Test
        void anEmptyFileIsRemoved() throws Exception {
            Path file = left();
            assertThat(journal.recover()).isEmpty();
            assertThat(file).doesNotExist();
        }

        @Test
        void aNewSessionFirstPutsItBack() throws Exception {
            left(BEGIN.formatted("boot-1"), CHANGE.formatted("swappiness", "60", "10"));
            put("swappiness", "10");
            try (Session session = journal.begin("another")) {
                assertThat(get("swappiness")).isEqualTo("60");
                session.set(target, Map.of("swappiness", "20"));
            }
            assertThat(get("swappiness")).isEqualTo("60");
        }

        @Test
        void itsFileMayEndInTheMiddleOfACharacter() throws Exception {
            Path file = left(BEGIN.formatted("boot-1"), CHANGE.formatted("swappiness", "60", "10"));
            Files.write(file, new byte[] {'{', (byte) 0xc3}, StandardOpenOption.APPEND);
            put("swappiness", "10");
            journal.recover();
            assertThat(get("swappiness")).isEqualTo("60");
        }
    }

    /** Tunes a folder of settings until it is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            var target = new FolderTarget(folder.resolve("settings"), FolderTarget.Survival.OUTLASTS_RESTART);
            var journal = ParameterJournal.in(
                    DataHome.open(folder.resolve("home")), (_, _) -> Optional.of(target), Clock.systemUTC());
            Session session = journal.begin("a test");
            session.set(target, Map.of("swappiness", "90", "backlog", "512"));
            session.set(target, Map.of("swappiness", "10", "backlog", "4096"));
            System.out.println("changed");
            Thread.currentThread().join();
        }
    }
}
