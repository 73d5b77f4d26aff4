package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.FileCommands.Reading;
import dev.understudy.plugins.automationtemplates.ShellCommand.Observed;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a recorded task on files leaves to be understood, where a shell command would say it. */
final class FileTasks {
    private static final Set<String> TAR_FORMATS = Set.of("tar", "tar_gz", "tgz", "gztar", "gz", "gzip");

    private FileTasks() {}

    /** The operation that a task which the manifest matched to another really was. */
    static Reading refine(String operation, Map<String, Value> values, TaskPattern pattern) throws NotAutomatable {
        return switch (operation) {
            case "copy_file", "move_file" -> {
                boolean rename = TaskMatcher.normal(pattern.taskType()).contains("rename");
                yield rename ? new Reading(operation, values) : intoFolder(operation, values, Observed.of(pattern));
            }
            case "pack" -> pack(values, Observed.of(pattern));
            case "decompress" -> new Reading(form(values, Observed.of(pattern)).operation, values);
            default -> new Reading(operation, values);
        };
    }

    private static Packed form(Map<String, Value> values, Observed observed) throws NotAutomatable {
        var files = new ArrayList<String>();
        if (values.get("sources") instanceof Value.Words(List<Word> words))
            for (Word word : words) files.addAll(observed.texts(word));
        return Packed.of(files);
    }

    /** A destination that has no ending where the source has one is a folder, and may be yet to be made. */
    private static Reading intoFolder(String operation, Map<String, Value> values, Observed observed) {
        if (!(values.get("source") instanceof Value.Text(Shape source))
                || !(values.get("destination") instanceof Value.Text(Shape destination)))
            return new Reading(operation, values);
        List<String> sources = observed.texts(new Word.One(source));
        boolean folder = observed.texts(new Word.One(destination)).stream()
                .allMatch(each -> FileRehearsals.looksLikeFolder(each, sources.getFirst()));
        if (!folder || sources.isEmpty()) return new Reading(operation, values);
        var into = new LinkedHashMap<String, Value>();
        into.put("sources", Value.Words.of(source));
        into.put("folder", new Value.Text(destination));
        return new Reading(operation.startsWith("copy") ? "copy_into" : "move_into", into);
    }

    private static Reading pack(Map<String, Value> values, Observed observed) throws NotAutomatable {
        if (!(values.get("archive") instanceof Value.Text(Shape archive)))
            throw NotAutomatable.mine("it does not say archive");
        var packed = new LinkedHashMap<>(values);
        Value given = packed.remove("format");
        List<String> formats =
                given instanceof Value.Text(Shape format) ? observed.texts(new Word.One(format)) : List.of();
        List<String> names = observed.texts(new Word.One(archive));
        if (formats.size() > 1 && formats.stream().distinct().count() > 1)
            throw NotAutomatable.mine("its format differs from task to task");
        String format = formats.isEmpty() ? ending(names) : TaskMatcher.normal(formats.getFirst());
        if (format.equals("zip")) return new Reading("pack_zip", packed);
        if (!TAR_FORMATS.contains(format))
            throw NotAutomatable.mine(
                    "its archive is neither zip nor tar nor tar.gz" + (format.isEmpty() ? "" : ", but " + format));
        packed.remove("recursive");
        packed.remove("links");
        packed.put("compress", Value.Text.literal(String.valueOf(!format.equals("tar"))));
        return new Reading("pack_tar", packed);
    }

    private static String ending(List<String> names) throws NotAutomatable {
        String format = "";
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            String each = lower.endsWith(".tar.gz") || lower.endsWith(".tgz") ? "tar_gz" : Paths.extension(lower);
            if (!format.isEmpty() && !format.equals(each))
                throw NotAutomatable.mine("its format differs from task to task");
            format = each;
        }
        return format.equals("gz") ? "" : format;
    }
}
