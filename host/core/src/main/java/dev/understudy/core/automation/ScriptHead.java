package dev.understudy.core.automation;

import dev.understudy.spi.ScriptLanguage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the head, the block of metadata, of a script that has none: what its name and its text show. It asks for what is
 * written there literally and for no more, so a run may lack a grant; nothing is granted before a person approves it.
 */
final class ScriptHead {
    private static final int MAX_ID = 60;
    private static final int MAX_DESCRIPTION = 200;

    private static final Pattern PYTHON_PARAMETER = Pattern.compile(
            "\\bparams(?:\\[[\"'](?<name>[a-z]\\w*)[\"']]|\\.get\\([\"'](?<asked>[a-z]\\w*)[\"'](?:,\\s*(?<default>\"[^\"\\n]*\"|'[^'\\n]*'|[\\w.+-]+))?\\))");
    private static final Pattern JS_PARAMETER = Pattern.compile(
            "\\bparams(?:\\.(?<name>[a-z]\\w*)|\\[[\"'](?<asked>[a-z]\\w*)[\"']])(?:\\s*(?:\\?\\?|\\|\\|)\\s*(?<default>\"[^\"\\n]*\"|'[^'\\n]*'|[\\d.]+|true|false))?");
    private static final Pattern BASH_PARAMETER =
            Pattern.compile("\\$\\{?PARAM_(?<name>[A-Z][A-Z0-9_]*)(?:(?<asked>$^)|:?-(?<default>[^}]*))?");
    private static final Pattern PYTHON_WORD = Pattern.compile("\\bsys\\.argv\\[(\\d)]");
    private static final Pattern BASH_WORD = Pattern.compile("\\$(?:(\\d)|\\{(\\d)(?::?[-=?]([^}]*))?})");
    private static final Pattern PYTHON_MAIN = Pattern.compile("(?m)^def main\\(\\s*\\):");
    private static final Pattern IS_PATH = Pattern.compile(
            "(?:.*_)?(?:file|path|dir|folder|directory|source|src|dest|destination|target|input|output|archive)(?:name)?");
    private static final Pattern QUOTED_PATH = Pattern.compile("[\"'`]((?:~|/)[^\"'`\\n]*)[\"'`]");
    private static final Pattern BASH_PATH =
            Pattern.compile("(?<![\\w$}./:~*])(?:\"|')?((?:~|\\$HOME|\\$\\{HOME})?/[\\w./+@%,=:*?$\\[{}-]*)");
    private static final Pattern OF_THE_SYSTEM =
            Pattern.compile("/(?:dev|proc|sys|usr|bin|sbin|lib\\w*|opt|run|etc)(?:/.*)?|//.*|/+|~/?");
    private static final Set<String> OF_BASH = Set.of(
            ("if then else elif fi for do done while until case esac in function select time echo printf read cd set export"
                            + " local return exit test true false shift source eval trap let declare readonly unset wait"
                            + " umask type command getopts mapfile readarray break continue pushd popd shopt exec hash kill"
                            + " jobs alias builtin pwd")
                    .split(" "));
    private static final Set<String> CHANGING = Set.of(
            "mv", "rm", "mkdir", "rmdir", "touch", "tee", "gzip", "gunzip", "truncate", "chmod", "chown", "unzip");
    private static final Set<String> LAST_IS_WRITTEN = Set.of("cp", "ln", "install", "rsync");

    private static final Set<String> ON_FILES = Set.of(
            ("cp mv rm mkdir rmdir touch tee gzip gunzip chmod chown ln install rsync cat sort uniq wc head tail cut tar zip"
                            + " unzip diff ls")
                    .split(" "));

    private final String file;
    private final ScriptLanguage language;
    private final String code;
    private final List<String> searched;

    /** Where on the command line a parameter of Bash stands. */
    private final Map<String, Integer> positions = new LinkedHashMap<>();

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Set<String> reads = new LinkedHashSet<>();
    private final Set<String> writes = new LinkedHashSet<>();

    /** A parameter that the script uses; {@code standard} as TOML has it. */
    private record Parameter(String type, Optional<String> standard, String description) {}

    /**
     * A script with its new head.
     *
     * @param text the whole file
     * @param head the lines of the metadata, without comment marks
     */
    record Headed(String text, List<String> head) {
        Headed {
            head = List.copyOf(head);
        }
    }

    private ScriptHead(String file, ScriptLanguage language, String code, List<String> searched) {
        this.file = file;
        this.language = language;
        this.code = code;
        this.searched = searched;
    }

    /**
     * Puts a head before a script; empty if its name does not say its language.
     *
     * @param file its name or path
     */
    static Optional<Headed> write(String file, String text) {
        String path = System.getenv("PATH");
        return write(file, text, path == null ? List.of() : List.of(path.split(File.pathSeparator)));
    }

    /** @param searched folders in which programs lie */
    static Optional<Headed> write(String file, String text, List<String> searched) {
        String name = String.valueOf(Path.of(file).getFileName());
        return OwnScripts.languageOf(name).map(language -> new ScriptHead(name, language, text, searched).headed());
    }

    private Headed headed() {
        String adapter = switch (language) {
            case PYTHON -> python();
            case JAVASCRIPT -> javascript();
            case BASH -> bash();
            case APPLESCRIPT -> "";
        };
        for (var each : parameters.entrySet())
            if (each.getValue().type().equals("path")) grant("{" + each.getKey() + "}", isWritten(each.getKey()));
        literalPaths();
        List<String> programs = language == ScriptLanguage.BASH
                ? bashPrograms()
                : named("understudy\\.run\\(\\s*[\"']([\\w.+-]+)[\"']");
        List<String> hosts = code.contains("understudy.http") ? named("https?://([\\w.-]+)") : List.of();
        List<String> secrets = language == ScriptLanguage.BASH
                ? named("\\$\\{?SECRET_([A-Z][A-Z0-9_]*)")
                : named("understudy\\.secret\\(\\s*[\"']([A-Z][A-Z0-9_]*)[\"']");
        var head = new ArrayList<String>();
        head.add("id = " + quoted(id()));
        head.add("description = " + quoted(description()));
        head.add("language = " + quoted(language.id()));
        if (!hosts.isEmpty()) head.add("isolation = \"minimal\"");
        else if (!programs.isEmpty()) head.add("isolation = \"partial\"");
        reads.removeAll(writes);
        var grants = new ArrayList<String>();
        if (!reads.isEmpty()) grants.add("reads = " + list(reads));
        if (!writes.isEmpty()) grants.add("writes = " + list(writes));
        if (!programs.isEmpty()) grants.add("programs = " + list(programs));
        if (!hosts.isEmpty()) grants.add("hosts = " + list(hosts));
        if (!secrets.isEmpty()) grants.add("secrets = " + list(secrets));
        if (!grants.isEmpty()) head.add("grants = { " + String.join(", ", grants) + " }");
        parameters.forEach((name, parameter) -> head.add("parameters." + name + " = { type = "
                + quoted(parameter.type())
                + parameter.standard().map(value -> ", default = " + value).orElse("")
                + ", description = " + quoted(parameter.description()) + " }"));
        String mark = language.lineComment();
        String block = mark + " /// automation\n"
                + head.stream().map(line -> mark + " " + line + "\n").collect(Collectors.joining())
                + mark + " ///\n";
        boolean shebang = code.startsWith("#!");
        int start = shebang ? code.indexOf('\n') + 1 : 0;
        boolean before = language == ScriptLanguage.BASH;
        String body = code.substring(start);
        String text = code.substring(0, start)
                + block
                + (before ? adapter : "")
                + body
                + (before || adapter.isEmpty() ? "" : (body.endsWith("\n") ? "" : "\n") + adapter);
        return new Headed(text, head);
    }

    private String id() {
        String name = file.substring(0, file.lastIndexOf('.'));
        String id = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        if (id.length() > MAX_ID) id = id.substring(0, MAX_ID).replaceAll("-+$", "");
        return id.isEmpty() ? "script" : id;
    }

    /** The script's first words about itself. */
    private String description() {
        for (String line : code.lines().limit(30).toList()) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#!") || text.matches("#\\s*(?:-\\*-|vim:).*")) continue;
            Matcher comment = Pattern.compile("(?:#+|//+|--|/\\*+|\\*|\"\"\"|''')\\s*(.*?)\\s*(?:\\*/|\"\"\"|''')?")
                    .matcher(text);
            if (!comment.matches()) break;
            String said = comment.group(1).replaceAll("[\\p{Cntrl}]", " ").strip();
            if (said.isEmpty()) continue;
            return said.length() <= MAX_DESCRIPTION ? said : said.substring(0, MAX_DESCRIPTION - 1) + "…";
        }
        return "Adopted from " + file + ".";
    }

    // ---- parameters

    private String python() {
        parameters(PYTHON_PARAMETER);
        boolean called =
                Pattern.compile("(?m)^(?:async )?def execute\\(").matcher(code).find();
        if (called || !PYTHON_MAIN.matcher(code).find()) return "";
        // What the person started as a program has its work in main(), and its words in sys.argv.
        var words = positions(PYTHON_WORD);
        words.forEach((_, name) -> parameters.putIfAbsent(name, parameter(name, Optional.empty())));
        String given = words.values().stream()
                .map(name -> ", str(params[\"" + name + "\"])")
                .collect(Collectors.joining());
        return """


                # Written by Understudy, so that it runs as an automation.
                def execute(params):
                    import sys
                    sys.argv = [%s%s]
                    code = main()
                    return {"success": code is None or code == 0 or code is True}
                """.formatted(quoted(file), given);
    }

    private String javascript() {
        parameters(JS_PARAMETER);
        return "";
    }

    private String bash() {
        parameters(BASH_PARAMETER);
        var words = positions(BASH_WORD);
        if (words.isEmpty()) return "";
        Matcher use = BASH_WORD.matcher(outsideFunctions());
        var standards = new TreeMap<Integer, String>();
        while (use.find())
            if (use.group(3) != null
                    && !use.group(3).contains("$")
                    && use.group().contains("-"))
                standards.putIfAbsent(
                        Integer.parseInt(use.group(2)), use.group(3).replaceAll("^[\"']|[\"']$", ""));
        words.forEach((position, name) -> positions.put(name, position));
        words.forEach((position, name) -> parameters.putIfAbsent(
                name,
                parameter(name, Optional.ofNullable(standards.get(position)).map(ScriptHead::quoted))));
        return "set -- "
                + words.values().stream()
                        .map(name -> "\"$PARAM_" + name.toUpperCase(Locale.ROOT) + "\"")
                        .collect(Collectors.joining(" "))
                + " # Written by Understudy: its words, from its parameters.\n";
    }

    private void parameters(Pattern uses) {
        Matcher use = uses.matcher(code);
        while (use.find()) {
            String name = use.group("name") == null ? use.group("asked") : use.group("name");
            name = name.toLowerCase(Locale.ROOT);
            Optional<String> standard =
                    Optional.ofNullable(use.group("default")).flatMap(this::literal);
            Parameter before = parameters.get(name);
            if (before != null && (before.standard().isPresent() || standard.isEmpty())) continue;
            parameters.put(name, parameter(name, standard));
        }
    }

    /** A default as TOML has it; empty if it is no plain value. */
    private Optional<String> literal(String text) {
        if (text.matches("\"[^\"\\\\]*\"|'[^'\\\\]*'"))
            return Optional.of(quoted(text.substring(1, text.length() - 1)));
        if (text.matches("-?(?:0|[1-9]\\d{0,17})(?:\\.\\d+)?")) return Optional.of(text);
        if (text.matches("(?i)true|false") && language != ScriptLanguage.BASH)
            return Optional.of(text.toLowerCase(Locale.ROOT));
        return language == ScriptLanguage.BASH && !text.contains("$") ? Optional.of(quoted(text)) : Optional.empty();
    }

    private Parameter parameter(String name, Optional<String> standard) {
        String value = standard.orElse("");
        String type = "string";
        if (value.matches("true|false")) type = "boolean";
        else if (value.matches("-?\\d+")) type = "integer";
        else if (value.matches("-?\\d+\\.\\d+")) type = "number";
        else if (IS_PATH.matcher(name).matches() || namesFile(name) || value.matches("\"(?:~|/).*")) type = "path";
        else if (value.isEmpty()
                && Pattern.compile("\\bint\\(\\s*params\\[[\"']" + name + "[\"']]")
                        .matcher(code)
                        .find()) type = "integer";
        return new Parameter(type, standard, "What the script reads as " + name + ".");
    }

    /** The words on the command line from the first to the last that is used, by name where the script gives them one. */
    private Map<Integer, String> positions(Pattern uses) {
        String text = language == ScriptLanguage.BASH ? outsideFunctions() : code;
        var names = new TreeMap<Integer, String>();
        Matcher use = uses.matcher(text);
        while (use.find()) {
            int position = Integer.parseInt(use.group(1) == null ? use.group(2) : use.group(1));
            if (position == 0) continue;
            String line = text.substring(text.lastIndexOf('\n', use.start()) + 1, use.start());
            Matcher assigned = Pattern.compile(
                            "\\s*(?:readonly |declare |export )?([A-Za-z]\\w*)\\s*=\\s*[\"']?(?:Path\\()?")
                    .matcher(line);
            if (assigned.matches()) names.put(position, assigned.group(1).toLowerCase(Locale.ROOT));
            else names.putIfAbsent(position, "argument_" + position);
        }
        if (!names.isEmpty())
            for (int position = 1; position < names.lastKey(); position++)
                names.putIfAbsent(position, "argument_" + position);
        return names;
    }

    /** In a function of Bash, {@code $1} is its own. */
    private String outsideFunctions() {
        return code.replaceAll("(?ms)^\\s*(?:function\\s+)?[\\w-]+\\s*(?:\\(\\))?\\s*\\{\\s*$.*?^\\s*}\\s*$", "")
                .replaceAll("(?m)^\\s*#.*$", "");
    }

    // ---- grants

    private void grant(String path, boolean written) {
        (written ? writes : reads).add(path);
    }

    private void literalPaths() {
        boolean bash = language == ScriptLanguage.BASH;
        for (String line : code.lines().toList()) {
            if (line.strip().startsWith(language.lineComment())) continue;
            Matcher found = (bash ? BASH_PATH : QUOTED_PATH).matcher(line);
            while (found.find()) {
                String path = found.group(1).replaceFirst("^\\$\\{?HOME}?", "~");
                Matcher open = Pattern.compile("[*?\\[{}$%]").matcher(path);
                if (open.find()) path = path.substring(0, Math.max(0, path.lastIndexOf('/', open.start())));
                path = path.replaceAll("(?<=.)/+$", "");
                if (path.isEmpty() || OF_THE_SYSTEM.matcher(path).matches() || path.contains("/../")) continue;
                Matcher assigned = Pattern.compile("\\s*(?:const |let |var |local |readonly )?(\\w+)\\s*=.*")
                        .matcher(line);
                boolean written = writesAt(line, found.start(1), found.end(1))
                        || (assigned.matches() && isUsedForWriting(assigned.group(1)));
                grant(path, written);
            }
        }
    }

    /** How Bash reads a parameter: by its own name, by the variable that got it, by its place. */
    private String inBash(String parameter) {
        return "(?i)\\$\\{?(?:PARAM_" + parameter + "|" + parameter
                + (positions.containsKey(parameter) ? "|" + positions.get(parameter) : "") + ")\\b";
    }

    /** Whether Bash gives it to a program that works on files, or redirects to or from it. */
    private boolean namesFile(String parameter) {
        if (language != ScriptLanguage.BASH) return false;
        for (String line : outsideFunctions().lines().toList()) {
            Matcher found = Pattern.compile(inBash(parameter)).matcher(line);
            while (found.find()) {
                String before = line.substring(0, found.start());
                String[] commands = before.split("&&|\\|\\||[;|]", -1);
                String program = commands[commands.length - 1].strip().split("\\s+")[0];
                boolean whole = before.matches(".*[\\s\"<>]");
                if (whole && (before.matches(".*[<>]\\s*\"?") || ON_FILES.contains(program))) return true;
            }
        }
        return false;
    }

    private boolean isWritten(String parameter) {
        if (parameter.matches("(?:.*_)?(?:dest|destination|target|output|archive)(?:_?\\w*)?")) return true;
        String use = switch (language) {
            case PYTHON -> "params(?:\\[[\"']" + parameter + "[\"']]|\\.get\\([\"']" + parameter + "[\"'][^)]*\\))";
            case JAVASCRIPT -> "params\\." + parameter + "\\b";
            case BASH -> inBash(parameter);
            case APPLESCRIPT -> Pattern.quote(parameter);
        };
        if (isUsed(use)) return true;
        Matcher alias = Pattern.compile("(\\w+)\\s*=\\s*\\W*" + use).matcher(code);
        while (alias.find()) if (isUsedForWriting(alias.group(1))) return true;
        return isUsedForWriting(parameter);
    }

    private boolean isUsedForWriting(String name) {
        return isUsed(
                language == ScriptLanguage.BASH
                        ? "\\$\\{?" + Pattern.quote(name) + "\\b"
                        : "\\b" + Pattern.quote(name) + "\\b(?!\\s*=[^=])");
    }

    private boolean isUsed(String use) {
        for (String line : code.lines().toList()) {
            if (line.strip().startsWith(language.lineComment())) continue;
            Matcher found = Pattern.compile(use).matcher(line);
            while (found.find()) if (writesAt(line, found.start(), found.end())) return true;
        }
        return false;
    }

    /** Whether what stands at a place of a line is a file that the line changes. */
    private boolean writesAt(String line, int start, int end) {
        String before = line.substring(0, start);
        String after = line.substring(end);
        if (language == ScriptLanguage.BASH) {
            if (before.matches(".*(?<!2)>{1,2}\\s*[\"']?")) return true;
            String[] commands = before.split("&&|\\|\\||[;|]", -1);
            String[] words = commands[commands.length - 1].strip().split("\\s+");
            String rest = after.split("&&|\\|\\||[;|>]", -1)[0];
            if (CHANGING.contains(words[0]) || (words[0].equals("sed") && before.contains(" -i"))) return true;
            if (LAST_IS_WRITTEN.contains(words[0])) return !rest.strip().matches("\\S*\\s+\\S+.*");
            return words[0].equals("tar")
                    && words.length > 1
                    && words[words.length - 1].matches("-?[A-Za-z]*c[A-Za-z]*f[\"']?|--file");
        }
        String call = before.replaceFirst("[\"'`\\s]*(?:os\\.path\\.expanduser\\(|Path\\(|[\"'`])*$", "");
        if (call.matches(
                ".*(?:files\\.(?:write|append|remove|mkdir|move)|os\\.(?:remove|unlink|mkdir|makedirs|rename|replace|rmdir|utime|chmod)|shutil\\.(?:move|rmtree)|(?:write|append|unlink|rm|mkdir|rename)(?:File)?(?:Sync)?)\\(\\s*"))
            return true;
        if (call.matches(
                ".*(?:files\\.(?:copy|move)|shutil\\.(?:copy\\w*|move)|os\\.(?:rename|replace)|copyFile(?:Sync)?)\\(.*,\\s*"))
            return true;
        if (call.matches(".*\\bopen\\(\\s*") && after.matches("[\"'`)]*\\s*,\\s*[\"'](?:[waxb]*[wax]|r\\+).*"))
            return true;
        return after.matches("[\"'`]?\\)*\\.(?:write_text|write_bytes|unlink|mkdir|rename|touch)\\(.*");
    }

    private List<String> bashPrograms() {
        var functions = new LinkedHashSet<String>();
        Matcher defined =
                Pattern.compile("(?m)^\\s*(?:function\\s+)?([\\w-]+)\\s*\\(\\)").matcher(code);
        while (defined.find()) functions.add(defined.group(1));
        var programs = new LinkedHashSet<String>();
        // What is quoted is no command, unless it is substituted.
        String plain = code.replaceAll("(?m)(?:^|\\s)#.*$", "").replaceAll("'[^'\\n]*'", "''");
        Matcher command = Pattern.compile(
                        "(?m)(?:^|[;|&(`]|\\$\\(|\\b(?:then|do|else|if|while|until|!|time|xargs|sudo|exec|nohup|env)\\s)\\s*(?:[A-Za-z_]\\w*=\\S*\\s+)*([a-z][\\w.+-]*)(?=\\s|$|[;|&)`])")
                .matcher(plain);
        for (int from = 0; command.find(from); from = command.end(1)) {
            String name = command.group(1);
            boolean known = OF_BASH.contains(name) || functions.contains(name);
            if (!known && isThere(name)) programs.add(name);
        }
        return List.copyOf(programs);
    }

    private boolean isThere(String program) {
        return searched.stream().anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, program)));
    }

    private List<String> named(String pattern) {
        var names = new LinkedHashSet<String>();
        Matcher found = Pattern.compile(pattern).matcher(code);
        while (found.find()) names.add(found.group(1));
        return List.copyOf(names);
    }

    private static String list(Iterable<String> texts) {
        var items = new ArrayList<String>();
        for (String text : texts) items.add(quoted(text));
        return "[" + String.join(", ", items) + "]";
    }

    /** A basic string of TOML escapes as JSON does. */
    private static String quoted(String text) {
        return AutomationFile.json(text);
    }
}
