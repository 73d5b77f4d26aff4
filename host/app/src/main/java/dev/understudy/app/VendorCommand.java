package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.packages.Packages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "vendor",
        description = {
            "Fetch the packages that script files name in their dependencies, and lock them by hash.",
            "They are laid beside the script (node_modules, vendor) with FILE.packages.lock; only pure packages are taken.",
            "Of a script that names none, what lies there is locked."
        })
final class VendorCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scripts in JavaScript or Python.")
    List<Path> files = List.of();

    @Option(
            names = "--upgrade",
            description = "Take the newest versions that the dependencies allow, also where others are locked.")
    boolean upgrade;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    private record Done(String file, Packages.Vendored vendored) {}

    @Override
    public Integer call() throws InterruptedException {
        var done = new ArrayList<Done>();
        try (Understudy understudy = root.open();
                var progress = new Progress(root.console())) {
            for (Path file : files) {
                var vendored = understudy
                        .automations()
                        .packages()
                        .vendor(
                                Invocation.current().path(file),
                                upgrade ? Packages.Versions.NEWEST : Packages.Versions.LOCKED,
                                progress::step);
                done.add(new Done(Invocation.current().typed(file), vendored));
            }
        }
        if (json) printJson(done);
        else done.forEach(this::print);
        return ExitCode.DONE;
    }

    private void print(Done each) {
        Packages.Vendored vendored = each.vendored();
        String fetched = vendored.fetched() == 0 ? "nothing had to be fetched" : vendored.fetched() + " fetched";
        root.console()
                .out()
                .println(Console.printable(
                        each.file() + ": " + String.join(", ", vendored.packages()) + " (" + fetched + ")"));
        root.console()
                .out()
                .println(Style.DIM.of(
                        root.console(),
                        Console.printable("  in " + vendored.folder() + ", locked by " + vendored.lock())));
    }

    private void printJson(List<Done> done) {
        var array = Json.MAPPER.createArrayNode();
        for (Done each : done) {
            var object = array.addObject()
                    .put("file", each.file())
                    .put("fetched", each.vendored().fetched())
                    .put("folder", each.vendored().folder().toString())
                    .put("lock", each.vendored().lock().toString())
                    .put("sha256", each.vendored().sha256());
            each.vendored().packages().forEach(object.putArray("packages")::add);
        }
        Json.print(root.console(), array);
    }
}
