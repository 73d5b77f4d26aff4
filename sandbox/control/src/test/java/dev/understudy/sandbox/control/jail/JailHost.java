package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.files.FileTransactions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** A host of its own, to be killed: runs without end what it was given, and says when that is at work. */
final class JailHost {
    private JailHost() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int runsBeforeServer = Integer.parseInt(arguments[1]);
        try (var starter = new ProcessStarter();
                var runner = new JailRunner(
                        Jail.open(folder.resolve("jail"), starter),
                        new CommittedFiles(new FileTransactions(
                                folder.resolve("data"), List.of(), 64L << 20, InstantSource.system())),
                        List.of(),
                        JailedTest.HOME,
                        InstantSource.system(),
                        new SplittableRandom(7),
                        runsBeforeServer)) {
            var request = JailedTest.request(
                    Language.BASH, "(trap '' HUP TERM; while :; do :; done) & echo at work; while :; do :; done");
            RunReport report = runner.start(request, new RunListener() {
                        @Override
                        public void output(RunReport.OutputLine line) {
                            System.out.println(line.text());
                        }
                    })
                    .await();
            System.out.println(report.outcome());
        }
    }
}
