package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.cells.ReplSession.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BashSessionTest extends JailedTest {
    private final List<String> printed = new ArrayList<>();
    private final RunListener listener = new RunListener() {
        @Override
        public void output(OutputLine line) {
            printed.add(line.text());
        }
    };
    private BashSession session;

    @BeforeEach
    void open() throws Exception {
        session = new BashSession(runner(hidden(), 1), request(Language.BASH, ""));
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Reply type(String input) throws Exception {
        return session.evaluate(input, listener);
    }

    @Test
    void keepsVariablesFunctionsOptionsAndTheFolder() throws Exception {
        type("name='a \"b\" \\ c'; list=(1 2 3); declare -A map=([k]=v)");
        type("greet() {\n  echo \"hello $1\"\n}");
        type("cd /tmp; shopt -s nullglob; set -u; IFS=:; alias ll='ls -l'");
        assertThat(type("greet \"$name\"; echo ${#list[@]} ${map[k]} $PWD; shopt -q nullglob && echo $-"))
                .as("%s", printed)
                .isEqualTo(new Reply.Value(""));
        assertThat(printed.subList(0, 2)).containsExactly("hello a \"b\" \\ c", "3 v /tmp");
        assertThat(printed.get(2)).contains("u");
    }

    @Test
    void tellsTheStatusAndGivesItToTheNextInput() throws Exception {
        assertThat(type("(exit 3)")).isEqualTo(new Reply.Failed("it ended with status 3", ""));
        type("echo $?");
        assertThat(type("x=1; exit 4")).isEqualTo(new Reply.Failed("it ended with status 4", ""));
        type("echo $x");
        assertThat(printed).containsExactly("3", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if true; then",
                "for i in 1 2; do\necho $i",
                "echo 'open",
                "echo \"open",
                "f() {",
                "cat <<E\na",
                "x=$(",
                "echo a |",
                "true &&"
            })
    void waitsForTheRest(String beginning) throws Exception {
        assertThat(type(beginning)).isEqualTo(new Reply.Incomplete());
        assertThat(session.isUnfinished(beginning)).isTrue();
        assertThat(printed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo a", "# nothing", "if true; then echo; fi", "echo )", "}", "x=(1 2)"})
    void takesWhatIsWholeOrWrongAsItIs(String whole) throws Exception {
        assertThat(session.isUnfinished(whole)).isFalse();
    }

    @Test
    void saysErrorsWithoutThePlacesOfItsOwnScript() throws Exception {
        type("echo )");
        type("nosuch");
        assertThat(printed.getFirst()).isEqualTo("syntax error near unexpected token `)'");
        assertThat(printed).noneMatch(line -> line.contains("script.sh") || line.contains("line "));
    }

    @Test
    void namesWhatInputsHaveSet() throws Exception {
        type("fruit=apple; pick() { echo one; }");
        assertThat(session.members("")).contains("fruit", "pick");
        assertThat(session.explain("fruit")).contains("fruit: variable\n\"apple\"");
        assertThat(session.explain("pick"))
                .hasValueSatisfying(text -> assertThat(text).contains("echo one"));
        assertThat(session.explain("none")).isEmpty();
    }

    @Test
    void aLimitEndsTheInputAndKeepsWhatWasSetBefore() throws Exception {
        type("x=1");
        session.use(with(request(Language.BASH, ""), Limits.DEFAULT.withWallTime(Duration.ofMillis(500))));
        assertThat(type("x=2; while :; do :; done"))
                .isInstanceOfSatisfying(
                        Reply.Lost.class,
                        lost -> assertThat(lost.outcome()).isInstanceOf(LimitExceeded.WallTime.class));
        type("echo $x");
        assertThat(printed).containsExactly("1");
    }
}
