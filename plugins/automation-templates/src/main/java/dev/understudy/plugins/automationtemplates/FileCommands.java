package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.ShellCommand.Arguments;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code cp}, {@code mv}, {@code rm}, {@code mkdir}, {@code tar}, {@code zip}, {@code gzip} and what unpacks as operations on files. */
final class FileCommands {

    /** The operation's id, and what the command gives for its parameters. */
    record Reading(String operation, Map<String, Value> values) {}

    static final Set<String> PROGRAMS =
            Set.of("cp", "mv", "rm", "mkdir", "tar", "zip", "gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz");

    private final ShellCommand command;

    private FileCommands(ShellCommand command) {
        this.command = command;
    }

    static Reading read(TaskPattern pattern) throws NotAutomatable {
        ShellCommand command = ShellCommand.read(pattern);
        if (command.output().isPresent() || command.input().isPresent())
            throw NotAutomatable.mine("it redirects the input or output of " + command.program());
        var commands = new FileCommands(command);
        return switch (command.program()) {
            case "cp" -> commands.copy();
            case "mv" -> commands.transfer("move", commands.moveArguments(), false);
            case "rm" -> commands.delete();
            case "mkdir" -> commands.makeFolders();
            case "tar" -> commands.tar();
            case "zip" -> commands.zip();
            case "gzip" -> commands.gzip();
            case "gunzip" -> commands.decompress(Packed.GZIP, commands.unpacking("kfvqn"));
            case "bzip2" -> commands.onlyUnpacking(Packed.BZIP2, "kfvqsz123456789");
            case "bunzip2" -> commands.decompress(Packed.BZIP2, commands.unpacking("kfvqs"));
            case "xz" -> commands.onlyUnpacking(Packed.XZ, "kfvqze0123456789");
            case "unxz" -> commands.decompress(Packed.XZ, commands.unpacking("kfvq"));
            default -> throw new IllegalArgumentException("no file program: " + command.program());
        };
    }

    private Reading copy() throws NotAutomatable {
        Arguments arguments = command.arguments(
                "fvrRpadPLH",
                "t",
                Map.of(
                        "force", 'f',
                        "verbose", 'v',
                        "recursive", 'r',
                        "archive", 'a',
                        "no-dereference", 'P',
                        "dereference", 'L',
                        "preserve", 'p',
                        "target-directory=", 't'));
        boolean recursive = arguments.has('r') || arguments.has('R') || arguments.has('a');
        Reading reading = transfer("copy", arguments, recursive);
        reading.values().put("follow", Value.Text.literal(follow(arguments, recursive)));
        reading.values()
                .put(
                        "keep",
                        Value.Text.literal(arguments.has('a') ? "all" : arguments.has('p') ? "attributes" : "content"));
        return reading;
    }

    /** Which links cp copies as what they lead to: without -r all, with it none. */
    private static String follow(Arguments arguments, boolean recursive) throws NotAutomatable {
        boolean none = arguments.has('P') || arguments.has('d') || arguments.has('a');
        if ((none ? 1 : 0) + (arguments.has('L') ? 1 : 0) + (arguments.has('H') ? 1 : 0) > 1)
            throw NotAutomatable.mine("of its options for links the last would win");
        if (arguments.has('L')) return "all";
        if (none) return "none";
        return arguments.has('H') || !recursive ? "named" : "none";
    }

    /** What {@code cp} and {@code mv} share: one source and a name, or sources and a folder. */
    private Reading transfer(String verb, Arguments arguments, boolean recursive) throws NotAutomatable {
        List<Word> operands = arguments.operands();
        int sources = arguments.value('t').isPresent() ? operands.size() : operands.size() - 1;
        if (sources < 1) throw NotAutomatable.mine(command.program() + " names no source and destination");
        Shape target = arguments.value('t').isPresent()
                ? command.path(arguments.value('t').get())
                : single(operands.getLast());
        if (command.hasWildcard(new Word.One(target)))
            throw NotAutomatable.mine("its destination is a pattern of file names");
        var values = new LinkedHashMap<String, Value>();
        for (Word word : operands.subList(0, sources))
            for (String text : command.observed().texts(word))
                if (Paths.name(text).equals(".") || Paths.name(text).equals(".."))
                    throw NotAutomatable.mine("it names a whole folder by dots");
        Word first = operands.getFirst();
        if (sources == 1
                && arguments.value('t').isEmpty()
                && first instanceof Word.One
                && !command.hasWildcard(first)) {
            values.put("source", new Value.Text(single(first)));
            values.put("destination", new Value.Text(target));
            return new Reading(recursive ? verb + "_folder" : verb + "_file", values);
        }
        values.put("sources", new Value.Words(command.paths(operands.subList(0, sources))));
        values.put("folder", new Value.Text(target));
        values.put("create_folder", Value.Text.literal("false"));
        if (verb.equals("copy")) values.put("recursive", Value.Text.literal(String.valueOf(recursive)));
        return new Reading(verb + "_into", values);
    }

    private Arguments moveArguments() throws NotAutomatable {
        return command.arguments("fv", "t", Map.of("force", 'f', "verbose", 'v', "target-directory=", 't'));
    }

    private Reading delete() throws NotAutomatable {
        Arguments arguments = command.arguments("fvrR", "", Map.of("force", 'f', "verbose", 'v', "recursive", 'r'));
        var values = new LinkedHashMap<String, Value>();
        values.put("paths", new Value.Words(requireAny(arguments)));
        values.put("recursive", truth(arguments.has('r') || arguments.has('R')));
        values.put("ignore_missing", truth(arguments.has('f')));
        return new Reading("delete", values);
    }

    private Reading makeFolders() throws NotAutomatable {
        Arguments arguments = command.arguments("pv", "", Map.of("parents", 'p', "verbose", 'v'));
        for (Word word : arguments.operands())
            if (command.hasWildcard(word)) throw NotAutomatable.mine("it makes a folder by a pattern of names");
        var values = new LinkedHashMap<String, Value>();
        values.put("folders", new Value.Words(requireAny(arguments)));
        values.put("ignore_existing", truth(arguments.has('p')));
        return new Reading("make_folders", values);
    }

    private Reading tar() throws NotAutomatable {
        List<Word> words = new ArrayList<>(command.words());
        // The first word of tar may be a bundle of options without a dash.
        if (!words.isEmpty()
                && words.getFirst() instanceof Word.One(Shape first)
                && first.isConstant()
                && !first.literalStart().startsWith("-"))
            words.set(0, new Word.One(Shape.literal("-").plus(first)));
        Arguments arguments = command.withWords(words)
                .arguments(
                        "cxzv",
                        "fC",
                        Map.of(
                                "create",
                                'c',
                                "extract",
                                'x',
                                "get",
                                'x',
                                "gzip",
                                'z',
                                "verbose",
                                'v',
                                "file=",
                                'f',
                                "directory=",
                                'C'));
        if (arguments.has('c') == arguments.has('x')) throw NotAutomatable.mine("tar without c packs nothing");
        Shape archive = arguments.value('f').orElseThrow(() -> NotAutomatable.mine("tar without f names no archive"));
        Shape folder = arguments.value('C').isPresent()
                ? command.path(arguments.value('C').get())
                : command.folder();
        if (arguments.has('x')) return untar(arguments, archive, folder);
        var values = new LinkedHashMap<String, Value>();
        values.put("archive", new Value.Text(command.path(archive)));
        values.put("sources", new Value.Words(command.in(folder).paths(arguments.operands())));
        if (!folder.isEmpty()) values.put("folder", new Value.Text(folder));
        values.put("compress", truth(arguments.has('z')));
        return new Reading("pack_tar", values);
    }

    private Reading untar(Arguments arguments, Shape archive, Shape folder) throws NotAutomatable {
        if (!arguments.operands().isEmpty()) throw NotAutomatable.mine("it takes only some files out of its archive");
        if (folder.isEmpty()) throw NotAutomatable.mine("the folder in which it unpacks is not recorded");
        for (String name : command.observed().texts(new Word.One(archive)))
            if (!name.matches(".*\\.(tar|tar\\.gz|tgz)"))
                throw NotAutomatable.mine("its archive is neither tar nor tar.gz by its name");
        var values = new LinkedHashMap<String, Value>();
        values.put("archive", new Value.Text(command.path(archive)));
        values.put("folder", new Value.Text(folder));
        return new Reading("unpack_tar", values);
    }

    private Reading zip() throws NotAutomatable {
        Arguments arguments = command.arguments(
                "rqvy", "", Map.of("recurse-paths", 'r', "quiet", 'q', "verbose", 'v', "symlinks", 'y'));
        if (arguments.operands().size() < 2) throw NotAutomatable.mine("zip names no archive and files");
        Shape archive = single(arguments.operands().getFirst());
        if (Paths.extension("x" + archive.literalEnd()).isEmpty()) {
            if (!archive.isConstant() && archive.literalEnd().isEmpty())
                for (String text : command.observed().texts(new Word.One(archive)))
                    if (!text.endsWith(".zip"))
                        throw NotAutomatable.mine("zip adds .zip to some of its archives' names and not to others");
            if (!archive.literalEnd().isEmpty()) archive = archive.plus(Shape.literal(".zip"));
        }
        var values = new LinkedHashMap<String, Value>();
        values.put("archive", new Value.Text(archive));
        List<Word> files = arguments.operands().subList(1, arguments.operands().size());
        values.put("sources", new Value.Words(command.paths(files)));
        if (!command.folder().isEmpty()) values.put("folder", new Value.Text(command.folder()));
        values.put("recursive", truth(arguments.has('r')));
        values.put("links", truth(arguments.has('y')));
        return new Reading("pack_zip", values);
    }

    private Reading gzip() throws NotAutomatable {
        Arguments arguments = command.arguments(
                "dkfvqnN123456789",
                "",
                Map.of(
                        "decompress",
                        'd',
                        "uncompress",
                        'd',
                        "keep",
                        'k',
                        "force",
                        'f',
                        "verbose",
                        'v',
                        "quiet",
                        'q',
                        "best",
                        '9',
                        "fast",
                        '1'));
        if (arguments.has('d')) {
            if (arguments.has('N')) throw NotAutomatable.mine("gzip -d -N takes the name from what is packed");
            return decompress(Packed.GZIP, arguments);
        }
        var values = new LinkedHashMap<String, Value>();
        values.put("sources", new Value.Words(requireAny(arguments)));
        values.put("keep", truth(arguments.has('k')));
        values.put("overwrite", truth(arguments.has('f')));
        for (char level = '1'; level <= '9'; level++)
            if (arguments.has(level)) values.put("level", Value.Text.literal(String.valueOf(level)));
        return new Reading("compress", values);
    }

    private Arguments unpacking(String flags) throws NotAutomatable {
        return command.arguments(
                "d" + flags,
                "",
                Map.of("decompress", 'd', "uncompress", 'd', "keep", 'k', "force", 'f', "verbose", 'v', "quiet", 'q'));
    }

    /** The programs that pack by default, for which there is no script. */
    private Reading onlyUnpacking(Packed form, String flags) throws NotAutomatable {
        Arguments arguments = unpacking(flags);
        if (!arguments.has('d') || arguments.has('z'))
            throw new NotAutomatable(
                    "no template knows how to pack with " + command.program(), NotAutomatable.ANOTHER_FIELD);
        return decompress(form, arguments);
    }

    private Reading decompress(Packed form, Arguments arguments) throws NotAutomatable {
        for (Word word : requireAny(arguments))
            for (String file : command.observed().texts(word))
                if (!form.isEnding(file))
                    throw NotAutomatable.mine("the names of its files do not say that " + command.program()
                            + " unpacks them, as .gz, .bz2 and .xz do");
        var values = new LinkedHashMap<String, Value>();
        values.put("sources", new Value.Words(requireAny(arguments)));
        values.put("keep", truth(arguments.has('k')));
        values.put("overwrite", truth(arguments.has('f')));
        return new Reading(form.operation, values);
    }

    private List<Word> requireAny(Arguments arguments) throws NotAutomatable {
        if (arguments.operands().isEmpty()) throw NotAutomatable.mine(command.program() + " names no file");
        return command.paths(arguments.operands());
    }

    private static Value truth(boolean truth) {
        return Value.Text.literal(String.valueOf(truth));
    }

    private Shape single(Word word) throws NotAutomatable {
        if (word instanceof Word.One(Shape shape)) return command.path(shape);
        throw NotAutomatable.mine("how many files it takes varies where one is expected");
    }
}
