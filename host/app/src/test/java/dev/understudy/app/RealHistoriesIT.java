package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.spi.testkit.UnixUserHistory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The histories of four real Unix users, learnt from end to end. The golden copy beside this class holds what repeats most
 * in each, and what became of it, so that a change of judgement shows as a difference to read.
 */
@ExtendWith(HostInProcess.Closing.class)
class RealHistoriesIT {
    private static final int SHOWN = 10;

    @TempDir
    Path folder;

    @Test
    void endInAListThatMakesSense() throws IOException {
        Path data = Path.of(System.getProperty(
                "understudy.data", Launcher.ROOT.resolve("../shared/data").toString()));
        assumeTrue(Files.isDirectory(data.resolve("unix-users")), "the real histories are not on this machine");
        var learnt = new StringBuilder();
        for (int user = 0; user < 4; user++) {
            var understudy = new Launcher(folder.resolve("user" + user), folder).inThisProcess();
            String tokens =
                    Files.readString(data.resolve("unix-users/user" + user + ".txt"), StandardCharsets.ISO_8859_1);
            Path history = understudy.file("bash_history_" + user, UnixUserHistory.toShellHistory(tokens));
            // Estimated time stamps follow the file's own, and recency follows them: neither may depend on today.
            var result = understudy.run("learn", history.toString(), "--json");
            assertThat(result.exitCode()).as(result.err()).isZero();
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.at("/patterns").size())
                    .as("patterns of user " + user)
                    .isGreaterThan(20);
            learnt.append("user").append(user).append('\n');
            for (String line : most(json)) learnt.append("  ").append(line).append('\n');
        }
        assertThat(learnt.toString()).isEqualTo(resource("real-histories.txt"));
    }

    /**
     * Two histories written by hand: a data engineer's bash history of ten working days, and a web developer's zsh history
     * of three weeks, both of Berlin. A person would say "yes, that" of the first ten (issue 12).
     */
    @Test
    void findTheRoutinesOfTwoWorkingPeople() throws IOException {
        var learnt = new StringBuilder();
        for (String name : List.of("data-engineer.bash_history", "web-developer.zsh_history")) {
            var understudy = new Launcher(folder.resolve("home of " + name), folder, Map.of("TZ", "Europe/Berlin"));
            Path history = understudy.file(name, resource("histories/" + name));
            var result = understudy.run("learn", history.toString(), "--json");
            assertThat(result.exitCode()).as(result.err()).isZero();
            learnt.append(name).append('\n');
            for (String line : most(new ObjectMapper().readTree(result.out())))
                learnt.append("  ").append(line).append('\n');
        }
        assertThat(learnt.toString()).isEqualTo(resource("believable-histories.txt"));
    }

    /** The patterns with the highest potential, and what became of each. */
    private static List<String> most(JsonNode json) {
        var lines = new ArrayList<String>();
        for (JsonNode pattern : json.at("/patterns")) {
            if (lines.size() == SHOWN) break;
            String id = pattern.at("/id").asText();
            String became = "?";
            for (JsonNode rejected : json.at("/rejected"))
                if (rejected.at("/patternId").asText().equals(id))
                    became = rejected.at("/reason").asText();
            for (JsonNode automation : json.at("/automations"))
                if (automation.at("/patternId").asText().equals(id))
                    became = "automation " + automation.at("/id").asText();
            lines.add(pattern.at("/occurrences").asInt() + " × " + shape(pattern) + when(pattern.at("/recurrence"))
                    + ": " + became);
        }
        return lines;
    }

    private static String shape(JsonNode pattern) {
        if (!pattern.has("steps")) return words(pattern);
        var steps = new StringJoiner(" → ");
        for (JsonNode step : pattern.at("/steps")) steps.add(words(step));
        return steps.toString();
    }

    private static String words(JsonNode pattern) {
        var words = new StringBuilder(pattern.at("/taskType").asText());
        for (JsonNode word : pattern.at("/parameters/arguments"))
            words.append(' ').append(word.asText());
        return words.toString();
    }

    /** The proposed start, or on how many days. */
    private static String when(JsonNode recurrence) {
        if (recurrence.isMissingNode()) return "";
        return " (" + recurrence.at("/cron").asText(recurrence.at("/days").asText() + " days") + ")";
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = RealHistoriesIT.class.getResourceAsStream(name)) {
            return resource == null ? "" : new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
