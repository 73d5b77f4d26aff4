package dev.understudy.app;

import dev.understudy.core.problem.UserException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands in the help; the launcher starts the benchmarks themselves, which are not part of the application. */
@Command(name = "bench", description = "Measure how fast Understudy is here (from a source checkout).")
final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Benchmarks; without one, they are listed.")
    List<String> names = List.of();

    @Override
    public Integer call() {
        throw UserException.failed(
                "The benchmarks cannot be started",
                "they are not part of the application",
                "Use the launcher of a source checkout");
    }
}
