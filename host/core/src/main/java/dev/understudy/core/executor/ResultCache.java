package dev.understudy.core.executor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Promise;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives again what a script that is declared pure has returned for the same parameters. Only what succeeded, changed no
 * file and was granted nothing is kept: the promise is the author's, but what the sandbox can see it checks. A rehearsal is
 * neither kept nor answered from here, for its whole point is that the script runs.
 */
final class ResultCache implements Stage {
    /** What an entry takes beside its texts: objects of the cache, key and list. */
    private static final int ENTRY_BYTES = 300;

    private final Cache<Key, Result> results;
    private final InstantSource clock;

    /** The script's text and not its hash: it is the same text each time, so it is kept once, and compared by reference. */
    private record Key(
            String trustDomain,
            String name,
            RunRequest.Language language,
            RunRequest.ScriptRuntime runtime,
            String source,
            String parametersJson,
            IsolationLevel isolation,
            Limits limits,
            @Nullable Path packages) {
        static Key of(RunRequest request) {
            return new Key(
                    request.trustDomain(),
                    request.name(),
                    request.language(),
                    request.runtime(),
                    request.source(),
                    request.parametersJson(),
                    request.isolation(),
                    request.limits(),
                    request.grants().packages());
        }
    }

    private record Result(RunOutcome.Succeeded outcome, Tier tier, List<RunReport.OutputLine> output) {}

    ResultCache(ExecutorSettings.ResultCache settings, InstantSource clock, Ticker ticker) {
        this.clock = clock;
        results = Caffeine.newBuilder()
                .maximumWeight(settings.bytes())
                .weigher(ResultCache::bytes)
                .expireAfterWrite(settings.timeToLive())
                .ticker(ticker)
                // In the thread of the run: a pool of its own for this would be one more to watch over.
                .executor(Runnable::run)
                .build();
    }

    private static int bytes(Key key, Result result) {
        long chars = (long) key.source().length()
                + key.parametersJson().length()
                + result.outcome().resultJson().length();
        for (RunReport.OutputLine line : result.output()) chars += line.text().length() + 50;
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, 2 * chars + ENTRY_BYTES));
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        if (!isPure(call.request())) return next.run(call);
        Key key = Key.of(call.request());
        Result known = results.getIfPresent(key);
        if (known != null) return again(call, known);
        RunReport report = next.run(call);
        if (report.outcome() instanceof RunOutcome.Succeeded outcome
                && report.changes().isEmpty()) results.put(key, new Result(outcome, report.tier(), report.output()));
        return report;
    }

    static boolean isPure(RunRequest request) {
        return request.promises().contains(Promise.PURE)
                && request.mode() == RunRequest.Mode.COMMIT
                && request.grants().equals(Grants.NONE);
    }

    private RunReport again(Call call, Result known) {
        known.output().forEach(call.listener()::output);
        RunReport report = call.report(known.outcome(), known.output(), clock.instant());
        return new RunReport(
                report.runId(),
                report.outcome(),
                report.isolation(),
                known.tier(),
                report.started(),
                report.duration().isNegative() ? Duration.ZERO : report.duration(),
                List.of(),
                known.output(),
                RunReport.Usage.NONE);
    }
}
