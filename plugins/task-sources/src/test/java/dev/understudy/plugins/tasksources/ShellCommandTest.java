package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellCommandTest {

    private static ShellCommand parse(String text) throws UnreadableEntryException {
        return ShellCommand.parse(text, ShellSyntax.POSIX);
    }

    private static Arguments row(String command, String type, String... arguments) {
        return Arguments.of(command, type, List.of(arguments));
    }

    @Nested
    class TheType {
        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                value = {
                    "cp a b § cp",
                    "/usr/bin/git commit -m x § git commit",
                    "git -C /srv/repo -c user.name=x commit -m x § git commit",
                    "git --git-dir=/x/.git log § git log",
                    "git § git",
                    "git --version § git",
                    "docker build -t x . § docker build",
                    "docker compose -f x.yml up § docker compose",
                    "docker compose up -d § docker compose up",
                    "kubectl -n prod get pods § kubectl get",
                    "aws --profile p s3 cp a s3://b § aws s3 cp",
                    "gh pr create --fill § gh pr create",
                    "npm run build § npm run build",
                    "npm install § npm install",
                    "mvn -B -pl core verify § mvn verify",
                    "systemctl --user restart x.service § systemctl restart",
                    "sudo apt install ripgrep § sudo apt install",
                    "sudo -u postgres psql -l § sudo psql",
                    "sudo -E env PATH=/x make install § sudo env make install",
                    "time make § time make",
                    "timeout -k 5 30 curl x § timeout curl",
                    "nohup ./server.sh --port 1 & § nohup server.sh",
                    "FOO=bar BAZ='a b' make test § make test",
                    "FOO=bar § assignment",
                    "cat a.txt | sort -r | uniq -c > out § cat | sort | uniq",
                    "cd x && make -j4 || echo failed § cd && make || echo",
                    "cd a; ls § cd ; ls",
                    "(cd a && ls) § cd && ls",
                    "make && (cd b; ls) § make && cd ; ls",
                    "{ a; b; } > c § a ; b",
                    "sleep 5 & § sleep",
                    "! grep -q x y § grep",
                    "> empty.txt cat § cat",
                    "find . -name '*.java' | xargs -n 1 grep -l x § find | xargs grep",
                    "for f in *.txt; do mv \"$f\" x; done § for",
                    "ls; if true; then x; fi § ls ; if",
                    "greet() { echo hi; } § function",
                    "$EDITOR notes.txt § $EDITOR",
                    "$(brew --prefix)/bin/x y § $(brew --prefix)/bin/x",
                    "~/bin/deploy prod § deploy",
                    "python -m http.server § python",
                    "2>err ls § ls",
                    "a|b § a | b",
                    "((i++)) § ((i++))",
                    "xargs § xargs",
                })
        void isTheProgramWithItsSubcommand(String command, String type) throws UnreadableEntryException {
            assertThat(parse(command).type()).isEqualTo(type);
        }

        @Test
        void ofALongListStopsSomewhere() throws UnreadableEntryException {
            assertThat(parse("a;b;c;d;e;f;g;h;i;j").type()).isEqualTo("a ; b ; c ; d ; e ; f ; g ; h …");
        }
    }

    @Nested
    class TheArguments {
        static Stream<Arguments> commands() {
            return Stream.of(
                    row("cp ~/a.txt \"/b a/k\"", "cp", "~/a.txt", "/b a/k"),
                    row("rm -- 'it'\\''s' a\\ b", "rm", "--", "it's", "a b"),
                    row("echo \"a \\\"b\\\" \\$c \\x\"", "echo", "a \"b\" $c \\x"),
                    row("echo $'tab\\there' $'\\x41\\u00e9\\'' $'\\101'", "echo", "tab\there", "A\u00e9'", "A"),
                    row("echo a\\\nb", "echo", "ab"),
                    row("ls *.txt '*.txt' \\*.md \"a?[b]\"", "ls", "*.txt", "\\*.txt", "\\*.md", "a\\?\\[b]"),
                    row("echo '|' \"&&\" \\; '2>' x", "echo", "'|'", "\"&&\"", "\\;", "'2>'", "x"),
                    row("find . -exec rm {} \\;", "find", ".", "-exec", "rm", "{}", "\\;"),
                    row("a >out 2>>err <in", "a", ">", "out", "2>>", "err", "<", "in"),
                    row("a 2>&1 >&2 &>all", "a", "2>&", "1", ">&", "2", "&>", "all"),
                    row("a {log}>file 3<> x", "a", "{log}>", "file", "3<>", "x"),
                    row("echo 2 >f", "echo", "2", ">", "f"),
                    row("echo a2>f", "echo", "a2", ">", "f"),
                    row("cat a|sort -r", "cat | sort", "a", "|", "sort", "-r"),
                    row("a&&b;c", "a && b ; c", "&&", "b", ";", "c"),
                    row("echo $(date +\"%F %T\") `ls -l | wc`", "echo", "$(date +\"%F %T\")", "`ls -l | wc`"),
                    row("echo \"now: $(date \"+%F\")!\"", "echo", "now: $(date \"+%F\")!"),
                    row("echo $((1 + (2*3))) ${x:-a b}", "echo", "$((1 + (2*3)))", "${x:-a b}"),
                    row("diff <(sort a) >(cat)", "diff", "<(sort a)", ">(cat)"),
                    row("cp a.{txt,md} b", "cp", "a.{txt,md}", "b"),
                    row("ls a # what is here", "ls", "a"),
                    row("ls a#b", "ls", "a#b"),
                    row("rm !(*.txt|*.md)", "rm", "!(*.txt|*.md)"),
                    row("a=(1 2) ls", "ls", "a=(1 2)"),
                    row("FOO=bar make x", "make x", "FOO=bar"),
                    row("git -C d commit -m 'a b'", "git commit", "-C", "d", "-m", "a b"),
                    row("sudo -u bob apt install x", "sudo apt install", "-u", "bob", "x"),
                    row("grep '' x", "grep", "", "x"),
                    row("wc <<<\"a b\"", "wc", "<<<", "a b"),
                    row("cat <<EOF > f\na $b\n'c\nEOF", "cat", "<<", "a $b\n'c\n", ">", "f"),
                    row(
                            "cat <<-'E F' | sort\n\t\ta\n\tE F\nls",
                            "cat | sort ; ls",
                            "<<-",
                            "a\n",
                            "|",
                            "sort",
                            ";",
                            "ls"),
                    row("a <<1 <<2\nx\n1\ny\n2", "a", "<<", "x\n", "<<", "y\n"),
                    row("ls\n\npwd\n", "ls ; pwd", ";", "pwd"),
                    row("a &&\nb |\nc", "a && b | c", "&&", "b", "|", "c"),
                    row("echo \u00e9\u4e2d\ud83d\ude00", "echo", "\u00e9\u4e2d\ud83d\ude00"));
        }

        @ParameterizedTest
        @MethodSource("commands")
        void areTheWordsAfterTheType(String command, String type, List<String> arguments)
                throws UnreadableEntryException {
            ShellCommand parsed = parse(command);
            assertThat(parsed.type()).isEqualTo(type);
            assertThat(parsed.arguments()).isEqualTo(arguments);
            assertThat(parsed.open()).isFalse();
        }

        @Test
        void tellAnUnquotedOperatorFromAQuotedOne() throws UnreadableEntryException {
            assertThat(parse("grep | x").arguments())
                    .isNotEqualTo(parse("grep '|' x").arguments());
        }

        @Test
        void holdALoopAsItStands() throws UnreadableEntryException {
            assertThat(parse("for f in *.txt\ndo\n  mv \"$f\" x\ndone").arguments())
                    .containsExactly("f", "in", "*.txt", ";", "do", "mv", "$f", "x", ";", "done");
        }
    }

    @Nested
    class InFish {
        private static List<String> arguments(String command) throws UnreadableEntryException {
            return ShellCommand.parse(command, ShellSyntax.FISH).arguments();
        }

        @Test
        void parenthesesAreSubstitutions() throws UnreadableEntryException {
            assertThat(arguments("echo (date +'%F') x(pwd)y")).containsExactly("(date +'%F')", "x(pwd)y");
        }

        @Test
        void singleQuotesKnowEscapes() throws UnreadableEntryException {
            assertThat(arguments("echo 'it\\'s \\\\ \\n'")).containsExactly("it's \\ \\n");
        }
    }

    @Nested
    class WhatCannotBeRead {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "echo 'a",
                    "echo \"a",
                    "echo `ls",
                    "echo $(ls",
                    "echo ${x",
                    "a \\",
                    "echo \"$(ls\"",
                    "echo $'a"
                })
        void isIncomplete(String command) {
            assertThatThrownBy(() -> parse(command))
                    .isInstanceOfSatisfying(
                            UnreadableEntryException.class,
                            unreadable -> assertThat(unreadable.incomplete()).isTrue());
        }

        @ParameterizedTest
        @ValueSource(strings = {"# only a comment", "   ", ";", "()"})
        void holdsNoCommand(String command) {
            assertThatThrownBy(() -> parse(command)).isInstanceOf(UnreadableEntryException.class);
        }

        @Test
        void isNestedBeyondReason() {
            String command = "echo " + "\"$(".repeat(100_000);
            assertThatThrownBy(() -> parse(command)).isInstanceOf(UnreadableEntryException.class);
        }
    }
}
