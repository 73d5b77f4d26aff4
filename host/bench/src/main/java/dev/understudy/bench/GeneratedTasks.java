package dev.understudy.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;

/** JSON Lines of made-up tasks: half of them repeat in a dozen ways, half are one of a kind; the same for every run. */
final class GeneratedTasks {

    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

    private GeneratedTasks() {}

    /** Writes so many tasks, some 30 s apart. */
    static Path write(Path file, int tasks) throws IOException {
        var random = new SplittableRandom(20261116);
        long second = 0;
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < tasks; i++) {
                second += 1 + random.nextInt(60);
                writer.append("{\"task_id\":\"task-")
                        .append(Integer.toString(i))
                        .append("\",\"task_type\":\"");
                appendTask(writer, random);
                writer.append(",\"timestamp\":\"")
                        .append(START.plusSeconds(second).toString())
                        .append("\",\"duration_ms\":")
                        .append(Integer.toString(random.nextInt(20_000)))
                        .append(",\"success\":")
                        .append(random.nextInt(20) == 0 ? "false" : "true")
                        .append("}\n");
            }
        }
        return file;
    }

    private static void appendTask(BufferedWriter writer, SplittableRandom random) throws IOException {
        int number = random.nextInt(100_000);
        switch (random.nextInt(6)) {
            case 0 ->
                writer.append(
                                "file_copy\",\"description\":\"Copies a report to the backup\",\"parameters\":{\"source\":\"~/reports/")
                        .append("report-" + number)
                        .append(".pdf\",\"destination\":\"/backup/reports/report-" + number + ".pdf\"}");
            case 1 ->
                writer.append("git commit\",\"description\":\"git commit -m 'Fix " + number
                                + "'\",\"parameters\":{\"command\":")
                        .append("\"git commit -m 'Fix " + number + "'\",\"arguments\":[\"-m\",\"Fix " + number
                                + "\"]}");
            case 2 ->
                writer.append(
                                "csv_to_json\",\"description\":\"Converts the day's sales\",\"parameters\":{\"input\":\"sales/2026-")
                        .append(String.valueOf(10 + number % 3))
                        .append("-" + (10 + number % 18))
                        .append(
                                ".csv\",\"output\":\"sales/out.json\",\"columns\":[\"id\",\"amount\",\"city\"],\"header\":true}");
            case 3 ->
                writer.append(
                                "api_call\",\"description\":\"Asks for an order\",\"parameters\":{\"method\":\"GET\",\"url\":")
                        .append("\"https://shop.example.com/orders/" + number + "\",\"retries\":" + number % 4 + "}");
            case 4 ->
                writer.append("tool_" + number % 500)
                        .append("\",\"description\":\"Runs a tool on a part of the data\",\"parameters\":{\"part\":"
                                + number)
                        .append(",\"share\":0." + (1 + number % 9) + ",\"mode\":\"fast\"}");
            default ->
                writer.append("note_" + number % 50)
                        .append("\",\"description\":\"Writes down that " + number
                                + " is done\",\"parameters\":{\"text\":\"")
                        .append("Number " + number + " is done, next is " + (number + 1) + "\",\"file\":\"notes.md\"}");
        }
    }
}
