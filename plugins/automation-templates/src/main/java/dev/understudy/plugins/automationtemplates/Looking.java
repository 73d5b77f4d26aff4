package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells commands that only look. A frequent task is not a worthwhile one: what leaves nothing behind, and what a person
 * does by hand in a program of its own, is never proposed.
 */
final class Looking {
    static final double LOOKS_ONLY = 0.6;

    /** Commands that change nothing but where the shell itself stands, and print what is there. */
    private static final Set<String> LOOKING = words(
            // names and contents of files
            "ls ll la l dir vdir exa eza lsd tree pwd cat tac nl bat batcat less more most head tail zcat zless zgrep",
            "file stat du df wc cksum sum md5sum sha1sum sha224sum sha256sum sha512sum b2sum xxd hexdump od strings",
            "realpath readlink basename dirname find fd fdfind locate mlocate plocate grep egrep fgrep rg ag ack",
            "diff cmp comm colordiff sdiff awk gawk mawk nawk jq yq xmllint column fold paste",
            // the machine and who is on it
            "ps pgrep pstree top htop btop atop glances free uptime vmstat iostat mpstat sar dmesg lsof lsblk lscpu lsusb",
            "lspci lsmod blkid findmnt uname hostname hostnamectl arch nproc who w whoami id groups last lastlog users",
            "finger last lpstat lpq date cal ncal timedatectl locale env printenv ulimit getconf getent nvidia-smi sensors acpi sw_vers",
            // the network
            "ping ping6 traceroute tracepath mtr dig host nslookup whois ifconfig netstat ss arp",
            // the shell itself
            "dirs clear reset history jobs which whereis type command hash man info help apropos whatis tldr echo printf",
            "true false test",
            // version control, containers, services and packages, asked for what is
            "git:status,log,diff,show,blame,shortlog,reflog,ls-files,ls-remote,ls-tree,rev-parse,describe,grep,help",
            "hg:status,log,diff svn:status,log,diff,info",
            "docker:ps,images,logs,inspect,stats,top,info,version,port,history,search podman:ps,images,logs,inspect",
            "docker+compose:ps,logs,config docker-compose:ps,logs,config docker+container:ls docker+image:ls",
            "kubectl:get,describe,logs,top,explain,version,cluster-info helm:list,status,history",
            "systemctl:status,list-units,is-active,is-enabled,show,list-timers journalctl service:status loginctl",
            "apt:list,search,show apt-cache:search,show,policy dnf:list,search,info brew:list,search,info,outdated",
            "pip:list,show,freeze,check pip3:list,show,freeze npm:ls,list,outdated,view,audit cargo:tree,search",
            "terraform:plan,show,output,validate aws+s3:ls gh+pr:list,view,status gh+issue:list,view tmux:ls");

    /** Commands after which only the shell itself is another. */
    private static final Set<String> OF_THE_SHELL = words(
            "cd chdir pushd popd set setenv unset unsetenv export alias unalias source . exit logout fg bg umask rehash");

    private static final Set<String> ASKS = Set.of("--help", "--version", "-help", "-version");

    private Looking() {}

    /** Reads {@code program program:sub,sub program+group:sub}. */
    static Set<String> words(String... lines) {
        return Arrays.stream(lines)
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .flatMap(Looking::types)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> types(String word) {
        int colon = word.indexOf(':');
        String program = (colon < 0 ? word : word.substring(0, colon)).replace('+', ' ');
        return colon < 0
                ? Stream.of(program)
                : Arrays.stream(word.substring(colon + 1).split(",")).map(sub -> program + " " + sub);
    }

    /** Whether tasks of a pattern of single tasks only look, or are done by hand. */
    static boolean only(TaskPattern pattern) {
        return notMine(pattern).relevance() == LOOKS_ONLY;
    }

    /** The answer to a command that is none of a template's programs. */
    static NotAutomatable notMine(TaskPattern pattern) {
        String type = pattern.taskType().strip();
        if (ShellCommand.is(pattern) && isPipelineThatLooks(pattern))
            return new NotAutomatable(type + " only looks: it changes nothing", LOOKS_ONLY);
        if (ShellCommand.is(pattern)) {
            try {
                ShellCommand command = ShellCommand.read(pattern);
                if (command.output().isEmpty() && looks(command))
                    return new NotAutomatable(type + " only looks: it changes nothing", LOOKS_ONLY);
            } catch (NotAutomatable e) {
                if (LOOKING.contains(type)) return new NotAutomatable(String.valueOf(e.getMessage()), LOOKS_ONLY);
                // Behind the 'cd' come the commands that matter.
                if (OF_THE_SHELL.contains(type)) return e;
            }
            if (OF_THE_SHELL.contains(type))
                return new NotAutomatable(type + " changes only the shell in which it is typed", LOOKS_ONLY);
            if (ByHand.is(pattern))
                return new NotAutomatable(type + " is worked with by hand, step by step", LOOKS_ONLY);
        }
        String reaching = ShellCommand.is(pattern) ? Reaching.why(pattern) : "";
        return reaching.isEmpty()
                ? new NotAutomatable("no template knows how to do '" + type + "'", NotAutomatable.ANOTHER_FIELD)
                : new NotAutomatable(reaching, NotAutomatable.OUT_OF_REACH);
    }

    /** Whether each program of a pipeline only looks, and nothing is written at its end. */
    private static boolean isPipelineThatLooks(TaskPattern pattern) {
        String[] programs = pattern.taskType().strip().split(" \\| ");
        return programs.length > 1
                && LOOKING.containsAll(List.of(programs))
                && pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> words
                && words.stream().map(String::valueOf).noneMatch(word -> word.matches("[0-9]*>+.*|tee"));
    }

    /** By what the program always does, or by what these arguments ask of it. */
    private static boolean looks(ShellCommand command) {
        String type = command.program().strip();
        if (type.equals("find") || type.equals("fd")) return !hasWord(command, FIND_ACTIONS);
        if (LOOKING.contains(type)) return true;
        if (hasWord(command, Pattern.compile(ASKS.stream().map(Pattern::quote).collect(Collectors.joining("|")))))
            return true;
        Pattern asking = ASKING.get(type);
        return asking != null && (hasWord(command, asking) || (command.words().isEmpty() && ALONE.contains(type)));
    }

    private static final Pattern FIND_ACTIONS =
            Pattern.compile("-delete|-exec|-execdir|-ok|-okdir|-fprint.*|-fls|-x|-X|--exec|--exec-batch");

    /** Programs that look when one of their words says so. */
    private static final Map<String, Pattern> ASKING = Map.ofEntries(
            Map.entry("crontab", Pattern.compile("-l")),
            Map.entry("dpkg", Pattern.compile("-[lLsS]|--list|--status|--listfiles")),
            Map.entry("rpm", Pattern.compile("-q.*")),
            Map.entry("pacman", Pattern.compile("-Q.*|-Ss|-Si")),
            Map.entry("unzip", Pattern.compile("-[lvtZ]")),
            Map.entry("mount", Pattern.compile("-l")),
            Map.entry("ip", Pattern.compile("a|addr|address|r|route|link|neigh")),
            Map.entry("git branch", Pattern.compile("-[arv]+|-vv|-l|--list|--all|--show-current|--contains|--merged")),
            Map.entry("git remote", Pattern.compile("-v|show|get-url")),
            Map.entry("git stash", Pattern.compile("list|show")),
            Map.entry("git tag", Pattern.compile("-l|--list")),
            Map.entry("git config", Pattern.compile("-l|--list|--get.*")),
            Map.entry("make", Pattern.compile("-n|--dry-run|help")));

    /** Of these, those that look when nothing follows them. */
    private static final Set<String> ALONE = Set.of("mount", "git branch", "git remote", "git tag", "ip");

    private static boolean hasWord(ShellCommand command, Pattern pattern) {
        return command.words().stream()
                .flatMap(word -> word instanceof Word.One(Shape shape) && shape.isConstant()
                        ? Stream.of(shape.fill(Map.of()))
                        : Stream.<String>empty())
                .anyMatch(text -> pattern.matcher(text).matches());
    }
}
