import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.Drafter.Creation.Created;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** From repetition to automation in twenty lines: records, finds, writes, rehearses, approves, runs, reports. */
void main(String[] args) throws Exception {
    var files = Path.of(args[2]);
    var installation = Installation.at(Path.of(args[0], "host/app/target/understudy"), Path.of(args[0], "templates"));
    try (var understudy = Understudy.open(installation, DataHome.open(Path.of(args[1])), Config.DEFAULT)) {
        for (int day = 1; day <= 5; day++) {
            var parameters = Map.<String, Object>of("source", files + "/report-" + day + ".csv", "destination", files + "/kept/report-" + day + ".csv");
            var time = Instant.now().minus(Duration.ofHours(6 - day));
            understudy.recordTask(new Task("copy " + day, "file_copy", "", parameters, time, Duration.ofSeconds(20), true));
        }
        var automations = understudy.automations();
        for (var pattern : understudy.patterns()) {
            IO.println(pattern.occurrences() + " times, potential " + Math.round(100 * pattern.potential().total()) + " %");
            if (!(automations.drafter().create(pattern) instanceof Created created)) continue;
            String id = created.automation().id();
            var rehearsal = automations.rehearsals().rehearse(id);
            IO.println(id + ": " + rehearsal.passed() + " of " + rehearsal.total() + " cases");
            automations.life().approve(id, Actor.PERSON);
            var values = Map.of(pattern.variables().getFirst().name(), "6");
            IO.println(automations.runs().start(id, RunOrder.of(values, RunRequest.Mode.COMMIT, files)).await().outcome());
        }
        IO.println(understudy.report());
    }
}
