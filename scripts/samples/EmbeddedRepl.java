import dev.understudy.app.Repl;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.sandbox.Installation;
import java.nio.file.Path;
import org.jline.terminal.TerminalBuilder;

/** The REPL in a program of one's own, on its terminal. */
void main(String[] args) throws Exception {
    var installation = Installation.at(Path.of(args[0], "host/app/target/understudy"), Path.of(args[0], "templates"));
    try (var understudy = Understudy.open(installation, DataHome.open(Path.of(args[1])), Config.DEFAULT);
            var terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
        Repl.on(understudy).run(terminal);
    }
}
