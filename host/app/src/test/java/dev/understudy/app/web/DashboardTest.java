package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.understudy.app.KeptAutomations;
import dev.understudy.app.web.RunningDashboard.Answer;
import dev.understudy.app.web.RunningDashboard.Event;
import dev.understudy.app.web.RunningDashboard.Listener;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.automation.RunLog;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programming interface of a real host in this process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardTest {
    /** On the hour, so that it is known which hours there are; not long ago, since some tests record what ends now. */
    private static Instant hour;

    private static RunningDashboard host;
    private static KeptAutomations automations;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, InterruptedException {
        host = new RunningDashboard(
                folder,
                "dashboard: { port: 0 }\ntriggers: { webhook_port: 0 }\nautomation_creation: { test_before_deploy: false }\n");
        hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(5));
        automations = new KeptAutomations(folder.resolve("home"));
        var executions = new ArrayList<WorkflowExecution>();
        for (int i = 0; i < 60; i++) executions.add(execution("checkout", i, hour.plusSeconds(60L * i), 100, 300));
        for (int i = 0; i < 30; i++)
            executions.add(execution("GET /users/100%", i, hour.plusSeconds(3600 + 60L * i), 50, 50));
        host.understudy.performance().recordExecutions(executions);
        host.understudy.automations().proposals().propose("mcp client 'test'", """
                # /// automation
                # id = "proposed"
                # description = "A test's."
                # language = "bash"
                # [[tests]]
                # name = "works"
                # expect = { success = true }
                # ///
                echo proposed
                """);
    }

    @AfterAll
    static void stop() {
        host.close();
        assertThat(host.problems).isEmpty();
    }

    /** Two steps, one after the other, each at half of one processor; one of twenty fails. */
    private static WorkflowExecution execution(String workflow, int number, Instant start, long first, long second) {
        Instant middle = start.plusMillis(first);
        Instant end = middle.plusMillis(second);
        var state = number % 20 == 19 ? ExecutionState.FAILED : ExecutionState.SUCCEEDED;
        return new WorkflowExecution(
                workflow + " " + number + " " + start,
                workflow,
                start,
                end,
                state,
                List.of(
                        new StepExecution(
                                "a", start, middle, ExecutionState.SUCCEEDED, Map.of(), new ResourceUse(50, 20)),
                        new StepExecution("b", middle, end, state, Map.of(), new ResourceUse(50, 40))));
    }

    private static JsonNode row(JsonNode rows, String key, String value) {
        return StreamSupport.stream(rows.spliterator(), false)
                .filter(each -> each.path(key).asText().equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError(value + " is not in " + rows));
    }

    private static AuditEntry newest(String automation) {
        return host.understudy
                .automations()
                .audit()
                .newest(Optional.of(automation), 1)
                .getFirst();
    }

    /** What a person does with an automation beside deciding about it (issue 14). */
    @Nested
    class OfRunsAndTriggers {
        private void deploy(String id, String metadata, String script) {
            automations.keep(id, "A test's.", metadata, script);
            assertThat(host.post("/api/automations/" + id + "/approve", "{}").status())
                    .isEqualTo(200);
        }

        @Test
        void adoptsAScriptThatAPersonBrings() {
            Answer adopted = host.post(
                    "/api/automations", "{\"name\":\"hello.sh\",\"text\":\"echo \\\"hello $PARAM_WHOM\\\"\\n\"}");
            assertThat(adopted.status()).isEqualTo(200);
            assertThat(adopted.json().path("id").asText()).isEqualTo("hello");
            assertThat(adopted.json().path("state").asText()).isEqualTo("draft");
            assertThat(adopted.json().path("change").asText()).isEqualTo("new");
            assertThat(adopted.json().path("head").toString()).contains("whom");
            assertThat(host.post("/api/automations", "{\"name\":\"../hello.sh\",\"text\":\"\"}")
                            .status())
                    .isEqualTo(400);
        }

        @Test
        void runsOneNowAndTellsAllOfTheRun() {
            deploy("now", "parameters.whom = { type = \"string\" }\n", "echo \"hello $PARAM_WHOM\"\n");
            assertThat(host.post("/api/automations/now/run", "{}").status()).isEqualTo(400);
            try (RunningDashboard.Listener listener = host.listen()) {
                Answer started = host.post("/api/automations/now/run", "{\"parameters\":{\"whom\":\"Ada\"}}");
                assertThat(started.status()).isEqualTo(202);
                String id = started.json().path("id").asText();
                JsonNode told = listener.await("run", id).data();
                while (!told.path("phase").asText().equals("ended"))
                    told = listener.await("run", id).data();
                JsonNode run = host.get("/api/runs/" + id);
                assertThat(run.path("automationId").asText()).isEqualTo("now");
                assertThat(run.path("cause").asText()).isEqualTo("dashboard");
                assertThat(run.path("endedAt").isTextual()).isTrue();
                assertThat(run.at("/parameters/whom").asText()).isEqualTo("Ada");
                assertThat(run.path("log").findValuesAsText("kind")).containsExactly("run_started", "run_ended");
                assertThat(run.path("undoable").asBoolean()).isFalse();
                // Where this machine has a jail.
                if (run.path("outcome").asText().equals("succeeded"))
                    assertThat(run.at("/output/0/text").asText()).isEqualTo("hello Ada");
                Answer undone = host.post("/api/runs/" + id + "/undo", "{}");
                assertThat(undone.status()).isEqualTo(400);
                assertThat(undone.json().path("error").asText()).contains("cannot be undone");
            }
            assertThat(host.ask("/api/runs/none").status()).isEqualTo(404);
        }

        /** Issue 17: a program starts runs and reads what they gave. */
        @Nested
        class ForPrograms {
            private JsonNode ended(String runId) {
                return host.get("/api/runs/" + runId + "/result?wait_seconds=60");
            }

            private static long begun(String automation) {
                return host.understudy.automations().audit().newest(Optional.of(automation), 100).stream()
                        .filter(RunLog::isStart)
                        .count();
            }

            @Test
            void startsARunAndGivesItsResult() {
                deploy("asked", "parameters.whom = { type = \"string\" }\n", "echo '{\"sum\": 3}' >\"$RESULT\"\n");

                Answer started = host.request("a", "{\"automation\":\"asked\",\"parameters\":{\"whom\":\"Ada\"}}");
                assertThat(started.status()).isEqualTo(202);
                assertThat(started.json().path("repeated").asBoolean()).isFalse();
                String id = started.json().path("id").asText();
                JsonNode result = ended(id);
                assertThat(OfTheDescription.violations(host.get("/api/openapi.json"), "/api/runs/{id}/result", result))
                        .isEmpty();
                assertThat(result.path("state").asText()).as(result.toString()).isIn("succeeded", "refused");
                assertThat(host.get("/api/runs/" + id).path("cause").asText()).isEqualTo("api");
            }

            @Test
            void theSameKeyIsTheSameRunAndNeverASecond() throws Exception {
                deploy("once", "", "echo once\n");

                var asked = new ArrayList<Future<Answer>>();
                try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < 8; i++)
                        asked.add(many.submit(() -> host.request("b", "{\"automation\":\"once\"}")));
                }
                var ids = new TreeSet<String>();
                var statuses = new ArrayList<Integer>();
                for (var each : asked) {
                    ids.add(each.get().json().path("id").asText());
                    statuses.add(each.get().status());
                }
                assertThat(ids).hasSize(1);
                assertThat(statuses).containsOnlyOnce(202).containsOnly(200, 202);
                ended(ids.first());
                assertThat(host.request("b", "{\"automation\":\"once\"}")
                                .json()
                                .path("repeated")
                                .asBoolean())
                        .isTrue();
                assertThat(begun("once")).isEqualTo(1);
            }

            @Test
            void aKeyThatWasUsedForSomethingElseIsAMistake() {
                deploy("other", "parameters.n = { type = \"integer\", default = 1 }\n", "echo other\n");
                assertThat(host.request("c", "{\"automation\":\"other\"}").status())
                        .isEqualTo(202);

                Answer refused = host.request("c", "{\"automation\":\"other\",\"parameters\":{\"n\":2}}");
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.json().path("detail").asText()).contains("used for another");
            }

            @Test
            void whatIsNotApprovedDoesNotRunAndLeavesTheKeyUnused() {
                automations.keep("unapproved", "A test's.", "", "echo no\n");
                assertThat(host.request("d", "{\"automation\":\"unapproved\"}").status())
                        .isEqualTo(409);
                assertThat(host.request("d", "{\"automation\":\"nobody\"}").status())
                        .isEqualTo(400);
                assertThat(begun("unapproved")).isZero();

                assertThat(host.post("/api/automations/unapproved/approve", "{}")
                                .status())
                        .isEqualTo(200);
                assertThat(host.request("d", "{\"automation\":\"unapproved\"}").status())
                        .isEqualTo(202);
            }

            @Test
            void wrongRequestsAreNamed() {
                assertThat(host.post("/api/runs", "{\"automation\":\"once\"}")
                                .json()
                                .path("detail")
                                .asText())
                        .contains("Idempotency-Key");
                assertThat(host.request("e", "{}").json().path("detail").asText())
                        .contains("'automation'");
                assertThat(host.request("e", "{\"automation\":\"once\",\"parameters\":[1]}")
                                .status())
                        .isEqualTo(400);
                assertThat(host.request("x".repeat(201), "{\"automation\":\"once\"}")
                                .status())
                        .isEqualTo(400);
                assertThat(host.ask("/api/runs/none/result").status()).isEqualTo(404);
            }
        }

        @Test
        void stopsTriggersAndStartsThemAgain() {
            deploy("timed", "triggers = [{ cron = \"0 9 * * *\" }]\n", "echo timed\n");
            JsonNode paused = host.post("/api/triggers/timed/pause", "{}").json();
            assertThat(row(paused.path("triggers"), "automationId", "timed")
                            .path("pausedSince")
                            .isTextual())
                    .isTrue();
            assertThat(newest("timed").kind()).isEqualTo("triggers_paused");
            JsonNode resumed = host.post("/api/triggers/timed/resume", "{}").json();
            assertThat(row(resumed.path("triggers"), "automationId", "timed")
                            .path("pausedSince")
                            .isNull())
                    .isTrue();
            assertThat(newest("timed").kind()).isEqualTo("triggers_resumed");
            assertThat(host.post("/api/triggers/none/pause", "{}").status()).isEqualTo(404);
        }
    }

    @Nested
    class OfAnalytics {
        @Test
        void saysHowAllWorkflowsAre() {
            JsonNode analytics = host.get("/api/analytics");
            JsonNode health = analytics.path("system_health");
            assertThat(health.path("active_workflows").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(health.path("optimizations_applied").asInt()).isZero();
            JsonNode checkout = row(analytics.path("top_workflows"), "workflow", "checkout");
            assertThat(checkout.path("executions").asInt()).isEqualTo(60);
            assertThat(checkout.path("mean_ms").asDouble()).isCloseTo(400, within(1.0));
            assertThat(checkout.path("success_rate").asDouble()).isCloseTo(57.0 / 60, within(1e-9));
            assertThat(checkout.path("score").asDouble()).isEqualTo(100);
            assertThat(analytics.path("bottleneck_workflows")).isEmpty();
            // 60 executions of 400 ms in the first hour; 30 of 100 ms in the second.
            JsonNode performance = analytics.at("/trends/performance/0");
            assertThat(performance.path("executions").asLong()).isGreaterThanOrEqualTo(60);
            assertThat(analytics.at("/trends/effectiveness")).isEmpty();
        }

        @Test
        void cutsThePeriodThatIsAskedForIntoHours() {
            JsonNode trends = host.get("/api/analytics?period=24h").path("trends");
            JsonNode first = row(trends.path("performance"), "at", hour.toString());
            assertThat(first.path("executions").asInt()).isEqualTo(60);
            assertThat(first.path("mean_ms").asDouble()).isCloseTo(400, within(1.0));
            JsonNode efficiency = row(trends.path("resource_efficiency"), "at", hour.toString());
            // Half a processor for 400 ms; the mean of 20 % and 40 %.
            assertThat(efficiency.path("cpu_ms_per_execution").asDouble()).isCloseTo(200, within(1e-6));
            assertThat(efficiency.path("memory_percent").asDouble()).isCloseTo(30, within(1e-6));
        }

        @Test
        void isMadeAnewWhenExecutionsWereRecorded() {
            host.get("/api/analytics?period=7d");
            try (Listener listener = host.listen()) {
                host.understudy
                        .performance()
                        .recordExecutions(List.of(execution("later", 0, hour.plusSeconds(7300), 10, 10)));
                int found = 0;
                while (found == 0) {
                    listener.await("analytics");
                    for (JsonNode each : host.get("/api/workflows?period=7d").path("workflows"))
                        if (each.path("workflow").asText().equals("later")) found++;
                }
            }
        }

        @Test
        void showsOneWorkflowWhateverItsName() {
            JsonNode workflow = host.get("/api/workflows/GET%20%2Fusers%2F100%25");
            assertThat(workflow.path("workflow").asText()).isEqualTo("GET /users/100%");
            assertThat(workflow.at("/executions/count").asInt()).isEqualTo(30);
            assertThat(workflow.path("steps")).hasSize(2);
            assertThat(workflow.at("/trend/0/executions").asInt()).isEqualTo(30);
            // Step b takes no longer than a, and both have a trend of their own.
            assertThat(workflow.path("step_trends").findValuesAsText("step")).containsExactlyInAnyOrder("a", "b");
            assertThat(workflow.at("/step_trends/0/trend/0/executions").asInt()).isEqualTo(30);
            assertThat(host.ask("/api/workflows/GET%20%2Fusers%2F100%25?period=90d")
                            .status())
                    .isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"/api/workflows/none", "/api/automations/none", "/api/automations/..%2F..", "/api/none"})
        void whatIsNotThereIsNotFound(String path) {
            Answer answer = host.ask(path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().path("error").asText()).isNotBlank();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/api/analytics?period=5y",
                    "/api/runs?limit=0",
                    "/api/runs?limit=many",
                    "/api/audit?limit=1000000",
                    "/api/audit?before=-1",
                    "/api/recommendations?limit=99999999999999999999"
                })
        void aWrongParameterIsNamed(String path) {
            Answer answer = host.ask(path);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("detail").asText()).contains("must be");
        }
    }

    @Nested
    class OfAutomations {
        private JsonNode state(String id) {
            return row(host.get("/api/automations").path("automations"), "id", id)
                    .path("state");
        }

        @Test
        void oneIsApprovedAndTheLogSaysWhere() {
            automations.keep("tidy", "A test\'s.", "grants = { reads = [\"~/in\"] }\n", "echo tidy\n");
            JsonNode detail = host.get("/api/automations/tidy");
            assertThat(detail.path("state").asText()).isEqualTo("draft");
            assertThat(detail.path("script").asText()).endsWith("echo tidy\n");
            assertThat(detail.at("/grants/reads/0").asText()).isEqualTo("~/in");
            assertThat(detail.path("versions")).hasSize(1);

            Answer answer = host.post("/api/automations/tidy/approve", "{}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("state").asText()).isEqualTo("deployed");
            assertThat(newest("tidy"))
                    .returns("deployed", AuditEntry::kind)
                    .satisfies(entry ->
                            assertThat(entry.details().path("by").asText()).isEqualTo("dashboard"));
            assertThat(host.understudy.automations().audit().verify(Map.of()).isIntact())
                    .isTrue();
        }

        @Test
        void oneIsRejected() {
            automations.keep("useless", "A test\'s.", "", "echo useless\n");
            Answer answer = host.post("/api/automations/useless/reject", "{\"note\":\" not worth it \"}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(state("useless").asText()).isEqualTo("rejected");
            assertThat(newest("useless").details().path("by").asText()).isEqualTo("dashboard");
            assertThat(newest("useless").details().path("reason").asText()).isEqualTo("not worth it");
        }

        @Test
        void oneThatRunsIsSuspendedAndRetiredButNotRejected() {
            automations.keep("daily", "A test\'s.", "", "echo daily\n");
            assertThat(host.post("/api/automations/daily/suspend", "").status()).isEqualTo(409);
            host.post("/api/automations/daily/approve", "");
            Answer rejected = host.post("/api/automations/daily/reject", "{}");
            assertThat(rejected.status()).isEqualTo(409);
            assertThat(rejected.json().path("remedy").asText()).contains("suspend", "retire");
            assertThat(host.post("/api/automations/daily/rollback", "{}").status())
                    .isEqualTo(409);
            assertThat(state("daily").asText()).isEqualTo("deployed");

            host.post("/api/automations/daily/suspend", "{}");
            assertThat(state("daily").asText()).isEqualTo("suspended");
            assertThat(newest("daily").details().path("reason").asText()).isEqualTo("in the dashboard");
            host.post("/api/automations/daily/retire", "{}");
            assertThat(state("daily").asText()).isEqualTo("retired");
            assertThat(host.post("/api/automations/daily/approve", "{}").status())
                    .isEqualTo(409);
        }

        @Test
        void whatAProgramHasProposedIsShownWithItsProposerAndIsNoneOfThem() {
            JsonNode proposed = host.get("/api/proposals").at("/proposals/0");
            assertThat(proposed.path("proposedBy").asText()).isEqualTo("mcp client 'test'");
            assertThat(proposed.path("diff").asText()).contains("+echo proposed");
            assertThat(host.ask("/api/automations/proposed").status()).isEqualTo(404);
        }

        @Test
        void whatAProgramHasProposedIsTakenAsADraftOrRejected() throws InterruptedException {
            String script = """
                    # /// automation
                    # id = "%s"
                    # description = "A test's."
                    # language = "bash"
                    # [[tests]]
                    # name = "works"
                    # expect = { success = true }
                    # ///
                    echo '{"success": true}' > "$RESULT"
                    """;
            var proposals = host.understudy.automations().proposals();
            long wanted =
                    proposals.propose("a program", script.formatted("wanted")).number();
            long unwanted = proposals
                    .propose("a program", script.formatted("not-wanted"))
                    .number();
            Answer taken = host.post("/api/proposals/" + wanted + "/take", "{}");
            assertThat(taken.status()).isEqualTo(200);
            assertThat(taken.json().at("/rehearsal/passed").asInt()).isEqualTo(1);
            assertThat(state("wanted").asText()).isEqualTo("rehearsed");
            assertThat(host.get("/api/automations/wanted").path("proposedBy").asText())
                    .isEqualTo("a program");
            assertThat(host.post("/api/proposals/" + wanted + "/take", "{}").status())
                    .isEqualTo(409);
            assertThat(host.post("/api/proposals/" + unwanted + "/reject", "{}").status())
                    .isEqualTo(200);
            assertThat(host.ask("/api/automations/not-wanted").status()).isEqualTo(404);
            assertThat(newest("not-wanted").details().path("by").asText()).isEqualTo("dashboard");
            assertThat(host.post("/api/proposals/x/take", "{}").status()).isEqualTo(404);
        }

        @Test
        void noneIsDecidedOnThatIsNotThere() {
            assertThat(host.post("/api/automations/none/approve", "{}").status())
                    .isEqualTo(404);
        }

        @Test
        void adviceThatIsNotGivenIsNotAccepted() {
            assertThat(host.post("/api/recommendations/none/accept", "{}").status())
                    .isEqualTo(404);
        }
    }

    @Nested
    class OfRuns {
        @Test
        void thoseOfAnyProcessAreToldAsTheyGo() {
            var audit = host.understudy.automations().audit();
            try (Listener listener = host.listen()) {
                audit.add(
                        AuditKind.RUN_STARTED,
                        "report",
                        Map.of("run", "r-1", "version", 2, "mode", "commit", "by", "cron 0 9 * * *"));
                Event started = listener.await("run", "r-1");
                assertThat(started.data().path("phase").asText()).isEqualTo("started");
                assertThat(started.data().path("automationId").asText()).isEqualTo("report");
                JsonNode live = row(host.get("/api/runs").path("runs"), "id", "r-1");
                assertThat(live.path("endedAt").isNull()).isTrue();
                assertThat(live.path("cause").asText()).isEqualTo("cron 0 9 * * *");

                audit.add(
                        AuditKind.RUN_ENDED,
                        "report",
                        Map.of("run", "r-1", "outcome", "succeeded", "durationMillis", 120, "changed", 3));
                Event ended = listener.await("run", "r-1");
                assertThat(ended.data().path("phase").asText()).isEqualTo("ended");
                assertThat(ended.data().path("outcome").asText()).isEqualTo("succeeded");
                JsonNode done = row(host.get("/api/runs").path("runs"), "id", "r-1");
                assertThat(done.path("durationMillis").asInt()).isEqualTo(120);
                assertThat(done.path("changes").asInt()).isEqualTo(3);
                assertThat(host.text("/metrics", "text/plain"))
                        .contains("understudy_runs_total{outcome=\"succeeded\"} 1.0")
                        .contains("understudy_run_duration_seconds_bucket{le=\"0.5\"} 1");
            }
        }

        @Test
        void aListHoldsNoMoreThanIsAskedFor() {
            var audit = host.understudy.automations().audit();
            for (int i = 0; i < 3; i++)
                audit.add(AuditKind.RUN_STARTED, "", Map.of("run", "many-" + i, "mode", "rehearse", "by", "person"));
            JsonNode runs = host.get("/api/runs?limit=2").path("runs");
            assertThat(runs).hasSize(2);
            assertThat(runs.at("/0/id").asText()).isEqualTo("many-2");
            assertThat(runs.at("/0/automationId").isNull()).isTrue();
        }
    }

    @Nested
    class OfTheAuditLog {
        @Test
        void isReadPageByPage() {
            var audit = host.understudy.automations().audit();
            for (int i = 0; i < 3; i++) audit.add(AuditKind.PLUGIN_APPROVED, "", Map.of("plugin", "p" + i));
            JsonNode page = host.get("/api/audit?limit=2").path("entries");
            assertThat(page).hasSize(2);
            long last = page.at("/1/number").asLong();
            JsonNode next = host.get("/api/audit?limit=1&before=" + last).path("entries");
            assertThat(next.at("/0/number").asLong()).isEqualTo(last - 1);
        }
    }

    @Nested
    class OfEvents {
        private static EngineEvent problem(String text) {
            return new EngineEvent(hour, EngineEvent.Kind.PROBLEM, "report", text, Map.of("k", "v"));
        }

        @Test
        void whatHappensIsTold() {
            try (Listener listener = host.listen()) {
                host.dashboard.happened(problem("<b>full</b>"));
                JsonNode data = listener.await("event").data();
                assertThat(data.path("event").asText()).isEqualTo("problem");
                assertThat(data.path("text").asText()).isEqualTo("<b>full</b>");
                assertThat(data.path("details").path("k").asText()).isEqualTo("v");
            }
        }

        @Test
        void whatWasMissedIsToldFirst() {
            String lastId;
            try (Listener listener = host.listen()) {
                host.dashboard.happened(problem("before"));
                lastId = listener.await("event").id();
            }
            host.dashboard.happened(problem("meanwhile"));
            try (Listener listener = host.listenAgain(lastId)) {
                assertThat(listener.await("event").data().path("text").asText()).isEqualTo("meanwhile");
            }
            try (Listener listener = host.listenAgain("elsewhere-1")) {
                listener.await("gap");
            }
        }

        @Test
        void theMachineIsSampled() {
            try (Listener listener = host.listen()) {
                JsonNode series = listener.await("metric").data().path("series");
                assertThat(series.at("/heapBytes/at")).isNotEmpty();
                assertThat(host.get("/api/live").at("/series/heapBytes/value")).isNotEmpty();
            }
        }

        @Test
        void stepsThatEndNowAreLivePoints() {
            try (Listener listener = host.listen()) {
                listener.await("metric");
                host.understudy
                        .performance()
                        .recordExecutions(
                                List.of(execution("live", 0, Instant.now().minusSeconds(1), 40, 60)));
                JsonNode series = listener.await("metric").data().path("series");
                while (!series.has("step/live/b"))
                    series = listener.await("metric").data().path("series");
                assertThat(series.at("/step~1live~1b/value/0").asDouble()).isEqualTo(60);
                assertThat(series.at("/execution~1live/value/0").asDouble()).isEqualTo(100);
            }
        }
    }

    @Nested
    class OfMetrics {
        @Test
        void haveTheNamesAndTypesThatPrometheusReads() {
            host.get("/api/analytics");
            String text = host.text("/metrics", "text/plain");
            assertThat(text)
                    .contains("understudy_build_info{version=\"1.2.3\"} 1")
                    .contains("# TYPE understudy_events_total counter")
                    .contains("understudy_automations{state=\"retired\"}")
                    .contains("understudy_workflow_executions{workflow=\"checkout\"} 60.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(host.text("/metrics", "application/openmetrics-text; version=1.0.0"))
                    .endsWith("# EOF\n");
        }

        @Test
        void nameNoMoreWorkflowsThanTheirBound() {
            var executions = new ArrayList<WorkflowExecution>();
            for (int i = 0; i < 3 * Metrics.MAX_WORKFLOWS; i++)
                executions.add(execution("w" + i, 0, hour.plusSeconds(7200 + i), 1, 1));
            host.understudy.performance().recordExecutions(executions);
            try (Listener listener = host.listen()) {
                while (host.get("/api/workflows").path("workflows").size() < executions.size())
                    listener.await("analytics");
            }
            assertThat(host.text("/metrics", "text/plain").lines())
                    .filteredOn(line -> line.startsWith("understudy_workflow_score{"))
                    .hasSize(Metrics.MAX_WORKFLOWS);
        }
    }

    @Nested
    class OfTheDescription {
        @Test
        void namesEveryRouteAndNoOther() {
            var described = new TreeSet<String>();
            host.get("/api/openapi.json")
                    .path("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .fieldNames()
                            .forEachRemaining(method -> described.add(method + " " + path.getKey())));
            var routes = new TreeSet<String>();
            for (Route each : host.dashboard.routes())
                // Pages are for people.
                if (!each.path().equals("/") && !each.path().equals("/<path>"))
                    routes.add(each.method().name().toLowerCase(java.util.Locale.ROOT) + " " + each.path());
            assertThat(described).isEqualTo(routes);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/api/session",
                    "/api/live",
                    "/api/analytics",
                    "/api/workflows",
                    "/api/workflows/{name}",
                    "/api/recommendations",
                    "/api/automations",
                    "/api/automations/{id}",
                    "/api/patterns",
                    "/api/proposals",
                    "/api/runs",
                    "/api/runs/{id}",
                    "/api/triggers",
                    "/api/tuning",
                    "/api/plugins",
                    "/api/audit"
                })
        void holdsForWhatIsAnswered(String path) {
            automations.keep("described", "A test\'s.", "triggers = [{ cron = \"0 9 * * *\" }]\n", "echo described\n");
            host.post("/api/automations/described/approve", "{}");
            host.understudy
                    .automations()
                    .audit()
                    .add(AuditKind.RUN_STARTED, "", Map.of("run", "described", "mode", "rehearse", "by", "person"));
            JsonNode description = host.get("/api/openapi.json");
            JsonNode answer = host.get(path.replace("{name}", "checkout").replace("{id}", "described"));
            assertThat(answer).isNotEmpty();
            assertThat(violations(description, path, answer)).isEmpty();
            // The check itself would notice.
            ObjectNode broken = answer.deepCopy();
            broken.remove(List.copyOf(broken.properties()).getFirst().getKey());
            assertThat(violations(description, path, broken)).isNotEmpty();
        }

        private static List<String> violations(JsonNode description, String path, JsonNode answer) {
            ObjectNode schema = description
                    .path("paths")
                    .path(path)
                    .at("/get/responses/200/content/application~1json/schema")
                    .deepCopy();
            schema.set("components", description.path("components"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(answer)
                    .stream()
                    .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                    .toList();
        }
    }

    @Nested
    class WhenItCannotOpen {
        @Test
        void aTakenPortIsSaidInOneLineAndTheRestGoesOn(@TempDir Path folder) throws IOException, InterruptedException {
            int port = host.address().getPort();
            try (var second = new RunningDashboard(folder, "dashboard: { port: " + port + " }\n")) {
                assertThat(second.link).isEmpty();
                assertThat(second.problems).singleElement().asString().contains("127.0.0.1:" + port, "dashboard.port");
            }
        }

        @Test
        void oneThatIsSwitchedOffSaysNothing(@TempDir Path folder) throws IOException, InterruptedException {
            try (var off = new RunningDashboard(folder, "dashboard: { enabled: false }\n")) {
                assertThat(off.link).isEmpty();
                assertThat(off.problems).isEmpty();
                assertThat(folder.resolve("home/dashboard.token")).doesNotExist();
            }
        }
    }
}
