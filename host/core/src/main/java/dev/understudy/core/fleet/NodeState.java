package dev.understudy.core.fleet;

import dev.understudy.sandbox.control.jail.Mechanisms;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a host says of itself, again and again while it is there.
 *
 * @param id derived from its key
 * @param instance its process
 * @param name for people
 * @param languages that it runs, as {@link Publication#language} has them
 * @param isolation the ids of the levels that it can give
 * @param slots how many runs it does at once
 * @param running how many it does now
 * @param protocol up to which it understands others
 */
public record NodeState(
        String id,
        String instance,
        String name,
        List<String> labels,
        List<String> languages,
        List<String> isolation,
        int slots,
        int running,
        int protocol) {
    public NodeState {
        labels = List.copyOf(labels);
        languages = List.copyOf(languages);
        isolation = List.copyOf(isolation);
    }

    /**
     * This process, as what was tried on its machine has shown it.
     *
     * @param id of the host
     */
    public static NodeState of(String id, List<String> labels, Mechanisms mechanisms, int slots) {
        List<String> isolation = mechanisms.levels().entrySet().stream()
                .filter(level -> level.getValue().available())
                .map(level -> level.getKey().id())
                .sorted()
                .toList();
        return new NodeState(
                id,
                UUID.randomUUID().toString(),
                machineName(),
                labels,
                knownLanguages(),
                isolation,
                slots,
                0,
                FleetRequest.PROTOCOL);
    }

    private static List<String> knownLanguages() {
        var languages = new ArrayList<String>();
        for (ScriptLanguage each : ScriptLanguage.values())
            if (each != ScriptLanguage.APPLESCRIPT
                    || System.getProperty("os.name").startsWith("Mac")) languages.add(each.id());
        if (isOnPath("python3")) languages.add(ScriptLanguage.PYTHON.id() + "-native");
        if (isOnPath("node")) languages.add(ScriptLanguage.JAVASCRIPT.id() + "-native");
        return languages;
    }

    private static boolean isOnPath(String program) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/bin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String machineName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unnamed");
        }
    }

    NodeState running(int count) {
        return new NodeState(id, instance, name, labels, languages, isolation, slots, count, protocol);
    }

    /** Whether it can do what a queue asks for. */
    public boolean honours(QueueName queue) {
        return languages.contains(queue.language())
                && isolation.contains(queue.isolation().id())
                && switch (queue.place()) {
                    case QueueName.Anywhere _ -> true;
                    case QueueName.Labelled labelled -> labels.contains(labelled.label());
                    case QueueName.On on -> on.node().equals(id);
                };
    }
}
