package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Does one job of the host after the other, on the guest's thread. */
final class CellServer {
    private static final int SCRIPTS_KEPT = 16;

    private static final long SHORTEST_ROUND_NANOS = 50_000_000;
    private static final long LONGEST_TIMING_NANOS = 2_000_000_000;
    private static final long MOST_TIMES = 1L << 30;
    private static final int ROUNDS = 5;

    private final Language language;
    private final ContextSupply contexts;
    private final HostLink host;
    private final Meter meter;
    private final Map<String, Script> scripts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Script> eldest) {
            return size() > SCRIPTS_KEPT;
        }
    };
    private final SharedContexts shared;
    private final Object turn = new Object();
    private @Nullable Integer job;
    private volatile @Nullable GuestContext session;
    private volatile @Nullable GuestContext running;

    CellServer(Language language, ContextSupply contexts, SharedContexts shared, HostLink host, Meter meter) {
        this.language = language;
        this.contexts = contexts;
        this.shared = shared;
        this.host = host;
        this.meter = meter;
    }

    private void begin(int id) {
        synchronized (turn) {
            job = id;
        }
    }

    /** Waits for who is just ending the job, so that they end nothing that comes after it. */
    private void finish() {
        synchronized (turn) {
            job = null;
        }
    }

    void run(ToCell.Run run) throws InterruptedException {
        begin(run.id());
        Script script = script(run);
        boolean wantsShared = run.context() == ToCell.ContextChoice.SHARED;
        shared.takeExpired().forEach(contexts::dispose);
        GuestContext guest = wantsShared ? shared.take(script) : null;
        boolean reused = guest != null;
        if (guest == null) {
            if (wantsShared) shared.takeForOneMore(run.terms().memoryBytes()).forEach(contexts::dispose);
            guest = contexts.take(script);
        }
        FromCell.Ended ended = perform(run, script, guest);
        finish();
        if (wantsShared && ended.status() == FromCell.Status.SUCCEEDED) shared.keep(script, guest);
        else contexts.dispose(guest);
        host.send(ended);
        if (!reused) contexts.refill();
    }

    private Script script(ToCell.Run run) {
        return scripts.computeIfAbsent(
                run.name() + '\0' + run.source(), _ -> Script.of(language, run.name(), run.source()));
    }

    private FromCell.Ended perform(ToCell.Run run, Script script, GuestContext guest) {
        guest.begin(run.terms());
        meter.begin(run.terms(), guest.scope::programCpuNanos);
        FromCell.Status status = FromCell.Status.FAILED;
        String text;
        String detail = "";
        Failures.Place place = Failures.Place.UNKNOWN;
        running = guest;
        try {
            Value result = guest.run(script, run.parametersJson());
            text = guest.json(result, run.terms().outputBytes());
            Optional<String> failure = guest.saidToHaveFailed(result);
            guest.finish();
            guest.end();
            if (failure.isPresent()) text = failure.get();
            else status = FromCell.Status.SUCCEEDED;
        } catch (PolyglotException e) {
            // Of a guest that did not end by itself nothing more is asked but where it was.
            Failures.Failure failure = e.isInterrupted()
                    ? new Failures.Failure("interrupted", "", FromCell.Status.SPOILED, Failures.place(e, script))
                    : Failures.of(e, guest, script);
            text = failure.error();
            detail = failure.detail();
            status = failure.status();
            place = failure.place();
        } catch (ResultException e) {
            text = e.forAuthor();
        } catch (IOException e) {
            text = "writing what the script wrote did not work: " + e.getMessage();
        } catch (StackOverflowError _) {
            text = "the script called itself too deeply";
            status = FromCell.Status.SPOILED;
        } catch (UnsupportedOperationException | ClassCastException | NullPointerException e) {
            // What a language runtime throws past its own borders; who knows what it has left behind.
            text = Failures.runtimeFault(language.id(), "");
            detail = e.toString();
            status = FromCell.Status.SPOILED;
        }
        running = null;
        if (status != FromCell.Status.SUCCEEDED) endAfterFailure(guest);
        Meter.Used used = meter.end();
        return new FromCell.Ended(
                run.id(), status, text, detail, place.line(), place.column(), used.cpuNanos(), used.peakMemoryBytes());
    }

    private static void endAfterFailure(GuestContext guest) {
        try {
            guest.end();
        } catch (IOException _) {
            // The run has failed already and its files are thrown away.
        }
    }

    void evaluate(ToCell.Evaluate evaluate) throws InterruptedException {
        begin(evaluate.id());
        GuestContext guest = session;
        // Python's grammar for a prompt ends each line, and a block with an empty one.
        String typed = language == Language.PYTHON ? evaluate.input() + "\n" : evaluate.input();
        Source input = Source.newBuilder(language.id(), typed, "input")
                .interactive(language == Language.PYTHON)
                .buildLiteral();
        Script script = Script.typed(evaluate.input(), input);
        if (guest == null) {
            guest = contexts.take(Script.of(language, "input", ""));
            guest.beginSession();
            session = guest;
        }
        guest.begin(evaluate.terms());
        meter.begin(evaluate.terms(), guest.scope::programCpuNanos);
        var evaluation = FromCell.Evaluation.VALUE;
        String text = "";
        String detail = "";
        try {
            Optional<String> answer = answer(guest, evaluate, input);
            if (answer.isEmpty()) evaluation = FromCell.Evaluation.INCOMPLETE;
            text = answer.orElse("");
        } catch (PolyglotException e) {
            if (e.isIncompleteSource() || (e.isSyntaxError() && guest.isUnfinished(evaluate.input()))) {
                evaluation = FromCell.Evaluation.INCOMPLETE;
            } else if (e.isInterrupted()) {
                // Nothing more is asked of a guest that did not end by itself.
                evaluation = FromCell.Evaluation.FAILED;
                text = "interrupted";
            } else {
                evaluation = FromCell.Evaluation.FAILED;
                Failures.Failure failure = Failures.of(e, guest, script);
                text = failure.error();
                detail = failure.detail();
            }
        } catch (ResultException e) {
            evaluation = FromCell.Evaluation.FAILED;
            text = e.forAuthor();
        } catch (IOException e) {
            evaluation = FromCell.Evaluation.FAILED;
            text = "writing what was written did not work: " + e.getMessage();
        }
        guest.sendOutput();
        Meter.Used used = meter.end();
        guest.scope.end();
        finish();
        host.send(new FromCell.Evaluated(evaluate.id(), evaluation, text, detail, used.cpuNanos()));
    }

    /** What there is to say to an input; empty if it goes on in the next line. */
    private static Optional<String> answer(GuestContext guest, ToCell.Evaluate evaluate, Source input)
            throws ResultException, IOException {
        String typed = evaluate.input();
        return switch (evaluate.purpose()) {
            case ENTRY -> {
                if (guest.goesOn(typed)) yield Optional.empty();
                String shown = guest.evaluate(input).orElse("");
                guest.files.flush();
                yield Optional.of(shown);
            }
            case WHOLENESS -> guest.isUnfinished(typed) ? Optional.empty() : Optional.of("");
            case MEMBERS -> Optional.of(String.join("\n", guest.members(typed)));
            case EXPLANATION -> Optional.of(guest.explanation(typed));
            case TIMING -> Optional.of(timing(guest, typed));
        };
    }

    /** More times in a round until it takes long enough to be measured; then some rounds, of which the fastest counts. */
    private static String timing(GuestContext guest, String typed) throws ResultException, IOException {
        Value loop = guest.loop(typed);
        long begun = System.nanoTime();
        long times = 1;
        long taken = round(guest, loop, times);
        while (taken < SHORTEST_ROUND_NANOS && times < MOST_TIMES) {
            times *= taken < SHORTEST_ROUND_NANOS / 10 ? 10 : 2;
            taken = round(guest, loop, times);
        }
        var text = new StringBuilder().append(times).append('\n').append(taken);
        for (int i = 1; i < ROUNDS && System.nanoTime() - begun < LONGEST_TIMING_NANOS; i++)
            text.append('\n').append(round(guest, loop, times));
        guest.files.flush();
        return text.toString();
    }

    private static long round(GuestContext guest, Value loop, long times) throws ResultException {
        long start = System.nanoTime();
        guest.repeat(loop, times);
        return System.nanoTime() - start;
    }

    /** Asks a job to end, if it is the one under way. Called from another thread. */
    void interrupt(int id) {
        synchronized (turn) {
            GuestContext guest = running != null ? running : session;
            if (guest == null || job == null || job != id) return;
            try {
                guest.context.interrupt(Duration.ofSeconds(1));
            } catch (TimeoutException _) {
                // The host waits no longer than that either, and ends the cell.
            }
        }
    }
}
