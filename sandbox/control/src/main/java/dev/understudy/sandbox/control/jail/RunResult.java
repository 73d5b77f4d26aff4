package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells from what a jailed run left behind how it ended. Everything it left is untrusted: files are opened without
 * following links and read within limits, and a run that lies about itself spoils only its own outcome.
 */
final class RunResult {
    /** Where the script finds the name of its result file. */
    static final Path INSIDE = JailKit.RESULT_FOLDER.resolve("result.json");

    private static final String DENIED = "denied";
    private static final int MAX_DENIED_BYTES = 400;
    private static final String UNNOTICED = "unnoticed";
    private static final int MAX_UNNOTICED_BYTES = 8 << 10;
    private static final int DETAIL_LINES = 20;

    private static final int FILE_SIZE_SIGNAL = 128 + 25;
    private static final int CPU_SIGNAL = 128 + 24;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** As Bash begins what it says of a script that it reads from a file. */
    private static final Pattern OWN_PLACE = Pattern.compile(
            Pattern.quote(JailKit.PROGRAM_FOLDER.resolve("script.sh") + ": line ") + "(\\d{1,9}): (.*)");

    private final Path folder;
    private final Limits limits;
    private final Language language;
    private int line;

    RunResult(Path folder, Limits limits, Language language) {
        this.folder = folder;
        this.limits = limits;
        this.language = language;
    }

    RunOutcome outcome(RunWatch.Ending ending) {
        if (ending.stopped().isPresent()) return ending.stopped().get();
        try {
            Optional<byte[]> result = read(INSIDE.getFileName().toString(), limits.outputBytes());
            if (ending.exitCode() != 0) return failure(ending, result);
            return result.map(this::succeeded).orElse(new RunOutcome.Succeeded("{}"));
        } catch (TooLarge large) {
            return new LimitExceeded.Output(limits.outputBytes(), large.bytes);
        } catch (IOException unreadable) {
            return new RunOutcome.Failed("its result could not be read: " + unreadable.getMessage(), "");
        }
    }

    /** The line of the script at which it failed; 0 if that is not known. Asked when the outcome is. */
    int line() {
        return line;
    }

    /** Commands that failed in a rehearsal while the script went on, one line each. */
    List<OutputLine> unnoticed() throws IOException {
        try {
            return read(UNNOTICED, MAX_UNNOTICED_BYTES)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> new OutputLine(OutputLine.UNNOTICED, line))
                            .toList())
                    .orElse(List.of());
        } catch (TooLarge large) {
            return List.of(new OutputLine(OutputLine.UNNOTICED, "so many that they fill " + large.bytes + " bytes"));
        }
    }

    private RunOutcome succeeded(byte[] result) {
        try {
            JsonNode json = JSON.readTree(result);
            if (json.isMissingNode()) return new RunOutcome.Succeeded("{}");
            if (json.path("success").isBoolean() && !json.path("success").asBoolean())
                return new RunOutcome.Failed(
                        json.path("error").asText("it returned success: false"),
                        json.path("detail").asText(""));
            // A driver writes numbers as its language and the cells do; what Bash wrote may go over many lines.
            return new RunOutcome.Succeeded(
                    language == Language.BASH ? json.toString() : new String(result, StandardCharsets.UTF_8));
        } catch (JsonProcessingException broken) {
            return new RunOutcome.Failed("its result is not JSON: " + broken.getOriginalMessage(), "");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private RunOutcome failure(RunWatch.Ending ending, Optional<byte[]> result) throws IOException, TooLarge {
        String said = ending.output().stream()
                .filter(line -> line.channel().equals("stderr"))
                .map(OutputLine::text)
                .collect(Collectors.joining("\n"));
        Optional<RunOutcome> limit = limit(ending, said);
        if (limit.isPresent()) return limit.get();
        List<String> denied = read(DENIED, MAX_DENIED_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
        if (!denied.isEmpty()) {
            if (denied.size() > 1 && denied.get(1).matches("\\d{1,9}")) line = Integer.parseInt(denied.get(1));
            return new RunOutcome.Failed(denied.getFirst(), said);
        }
        if (result.isPresent() && succeeded(result.get()) instanceof RunOutcome.Failed failed)
            return toldLimit(result.get(), ending).orElse(failed);
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        String last = lines.isEmpty() ? "" : ": " + inScript(lines.getLast());
        return new RunOutcome.Failed(
                "it ended with status " + ending.exitCode() + last,
                lines.stream().skip(Math.max(0, lines.size() - DETAIL_LINES)).collect(Collectors.joining("\n")));
    }

    /** What Bash says of a line of the script, as other languages say it; anything else as it is. */
    private String inScript(String said) {
        Matcher matcher = OWN_PLACE.matcher(said);
        if (!matcher.matches()) return said;
        line = Integer.parseInt(matcher.group(1));
        return matcher.group(2) + " (line " + line + ")";
    }

    /** The limit that a runtime's driver names, for which it had the error's type. */
    private Optional<RunOutcome> toldLimit(byte[] result, RunWatch.Ending ending) throws IOException {
        return switch (JSON.readTree(result).path("limit").asText("")) {
            case "memory" -> Optional.of(memory(ending));
            case "open files" -> Optional.of(openFiles(ending));
            case "disk" -> Optional.of(disk(ending));
            case "processes" -> Optional.of(processes(ending));
            default -> Optional.empty();
        };
    }

    /**
     * The kernel's own limits end a call, not a run, and only the script hears why. So where a script failed and said
     * the C library's words for such a limit (its language is fixed by the jail), that limit is what ended it.
     */
    private Optional<RunOutcome> limit(RunWatch.Ending ending, String said) {
        if (ending.exitCode() == FILE_SIZE_SIGNAL || said.contains("File too large")) return Optional.of(disk(ending));
        if (ending.exitCode() == CPU_SIGNAL)
            return Optional.of(
                    new LimitExceeded.CpuTime(limits.cpuTime(), ending.usage().cpuTime()));
        if (said.contains("Too many open files") || said.contains("EMFILE: too many open files"))
            return Optional.of(openFiles(ending));
        if (said.contains("Cannot allocate memory")
                || said.contains(": cannot allocate ")
                || said.contains("JavaScript heap out of memory")) return Optional.of(memory(ending));
        if (said.contains("Resource temporarily unavailable") || said.contains("Cannot fork"))
            return Optional.of(processes(ending));
        return Optional.empty();
    }

    private RunOutcome disk(RunWatch.Ending ending) {
        return new LimitExceeded.Disk(
                limits.diskBytes(), Math.max(limits.diskBytes(), ending.usage().diskBytes()));
    }

    private RunOutcome openFiles(RunWatch.Ending ending) {
        return new LimitExceeded.OpenFiles(
                limits.openFiles(), Math.max(limits.openFiles(), ending.usage().openFiles()));
    }

    private RunOutcome memory(RunWatch.Ending ending) {
        return new LimitExceeded.Memory(
                limits.memoryBytes(),
                Math.max(limits.memoryBytes(), ending.usage().peakMemoryBytes()));
    }

    private RunOutcome processes(RunWatch.Ending ending) {
        return new LimitExceeded.Processes(
                limits.processes(), Math.max(limits.processes(), ending.usage().processes()));
    }

    private static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;
        private final long bytes;

        TooLarge(long bytes) {
            this.bytes = bytes;
        }
    }

    private Optional<byte[]> read(String name, long maxBytes) throws IOException, TooLarge {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        long size = Files.size(file);
        if (size > maxBytes) throw new TooLarge(size);
        try (InputStream stream = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(stream.readNBytes(Math.toIntExact(size)));
        }
    }
}
