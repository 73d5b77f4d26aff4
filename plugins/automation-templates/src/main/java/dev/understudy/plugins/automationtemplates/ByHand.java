package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells programs in which a person works for as long as they run from the same programs that are given their work on the
 * command line: {@code psql} is a conversation, {@code psql -c 'vacuum'} is none.
 */
final class ByHand {
    /** Programs that always wait for a person. */
    private static final Set<String> ALWAYS = Set.of(
            ("nano pico micro joe code subl atom gedit kate helix hx mc ranger nnn rlogin telnet elm pine alpine su passwd"
                            + " screen mosh irssi weechat links talk write dbx xdvi gs ghostview netscape firefox open xdg-open")
                    .split(" "));

    /** Programs that wait for a person unless one of their words says what to do. */
    private static final Map<String, Pattern> UNLESS_TOLD = unlessTold();

    /** Interpreters, which wait for a person only where they are given nothing. */
    private static final Set<String> ALONE = Set.of(
            "python python2 python3 node ruby perl php lua bash sh zsh fish ksh dash irb ghci jshell ipython julia R octave bc dc"
                    .split(" "));

    /** Programs of which a second word that is no option is the work to be done: {@code ssh host command}. */
    private static final Map<String, String> TOLD_BY_SECOND_WORD = Map.of(
            "ssh", "-p -i -l -o -L -R -D -J -F -c -m -b -E -S -W",
            "sqlite3", "-separator -cmd -init -newline -nullvalue",
            "redis-cli", "-h -p -n -a -u --user --pass");

    /** What starts a program elsewhere, and whether that is a shell to work in. */
    private static final Set<String> ELSEWHERE = Set.of(
            "docker exec",
            "docker run",
            "docker attach",
            "docker compose exec",
            "docker compose run",
            "docker-compose exec",
            "docker-compose run",
            "podman exec",
            "podman run",
            "nerdctl exec",
            "kubectl exec",
            "kubectl run",
            "kubectl attach",
            "oc exec",
            "oc rsh");

    private static final Pattern BOTH = Pattern.compile("-(it|ti)[a-z]*");
    private static final Set<String> INPUT = Set.of("-i", "--stdin", "--interactive");
    private static final Set<String> TERMINAL = Set.of("-t", "--tty");
    private static final Set<String> SHELLS =
            Set.of("bash", "sh", "zsh", "ash", "fish", "psql", "mysql", "redis-cli", "python", "python3");

    private ByHand() {}

    private static Map<String, Pattern> unlessTold() {
        var told = new HashMap<String, Pattern>();
        told.put("psql", Pattern.compile("-[A-Za-z0-9]*[cfl].*|--(command|file|list)(=.*)?"));
        Pattern execute = Pattern.compile("-[A-Za-z]*e.*|--execute(=.*)?");
        told.put("mysql", execute);
        told.put("mariadb", execute);
        Pattern eval = Pattern.compile("--eval(=.*)?|-f|--file(=.*)?|.*\\.js");
        told.put("mongo", eval);
        told.put("mongosh", eval);
        told.put("sftp", Pattern.compile("-b.*"));
        told.put("gdb", Pattern.compile("-batch|--batch|-p"));
        told.put("lldb", Pattern.compile("-b|--batch"));
        Pattern silently = Pattern.compile("-es|-Es|-c|\\+.*|--headless|-S");
        for (String editor : List.of("vi", "vim", "nvim")) told.put(editor, silently);
        told.put("emacs", Pattern.compile("-batch|--batch"));
        told.put("ed", Pattern.compile("-s"));
        Pattern dump = Pattern.compile("-dump.*|-source");
        for (String browser : List.of("lynx", "w3m")) told.put(browser, dump);
        Pattern subject = Pattern.compile("-s.*|--subject.*");
        for (String mailer : List.of("mail", "mailx", "mutt")) told.put(mailer, subject);
        told.put("ftp", Pattern.compile("-s:.*"));
        told.put("tmux new", Pattern.compile("-d"));
        return told;
    }

    /** Whether the tasks of a pattern wait for a person. */
    static boolean is(TaskPattern pattern) {
        String type = pattern.taskType().strip();
        var words = new ArrayList<String>();
        if (pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> all)
            for (Object word : all) words.add(String.valueOf(word));
        // What comes from a file or a pipe is typed by nobody.
        if (words.contains("<") || words.contains("<<") || words.contains("<<<") || type.contains(" | ")) return false;
        if (ALWAYS.contains(type) || type.equals("tmux attach") || type.equals("tmux a")) return true;
        if (ALONE.contains(type)) return words.isEmpty();
        Pattern told = UNLESS_TOLD.get(type);
        if (told != null)
            return words.stream().noneMatch(word -> told.matcher(word).matches());
        String valued = TOLD_BY_SECOND_WORD.get(type);
        if (valued != null) return operands(words, Set.of(valued.split(" "))) < (type.equals("redis-cli") ? 1 : 2);
        if (!ELSEWHERE.contains(type)) return false;
        if (!words.isEmpty() && SHELLS.contains(words.getLast())) return true;
        boolean both = words.stream().anyMatch(word -> BOTH.matcher(word).matches());
        return both
                || (words.stream().anyMatch(INPUT::contains) && words.stream().anyMatch(TERMINAL::contains));
    }

    /** How many words are neither options nor their values. */
    private static int operands(List<String> words, Set<String> optionsWithValue) {
        int operands = 0;
        for (int at = 0; at < words.size(); at++) {
            if (optionsWithValue.contains(words.get(at))) at++;
            else if (!words.get(at).startsWith("-")) operands++;
        }
        return operands;
    }
}
