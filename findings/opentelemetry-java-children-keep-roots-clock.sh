#!/usr/bin/env bash
# Believed: a span is stamped with the time of the clock at which it was started; spans of one trace can be compared with those of
#   another, with logs, and with the spans that other processes add to the same trace.
# Happens: OpenTelemetry's SDK for Java reads the clock once for a trace within the process, at its local root, and adds to that
#   what System.nanoTime() says has passed; all spans below have it from their parent. What the clock does meanwhile reaches none
#   of them: after a laptop was asleep for eight hours under an open "workflow" span (on Linux nanoTime stands still then) its next
#   steps are stamped eight hours too early, before the answers of the servers that they call, and every other trace is right. So
#   too after the clock was set, and with a root that lives for days and a clock that is slewed. Only a new root is right again.
# Source: opentelemetry-sdk 1.68.0 (Maven Central), with a clock in place of the sleep;
#   https://opentelemetry.io/docs/specs/otel/trace/api/#timestamp ; https://man7.org/linux/man-pages/man2/clock_gettime.2.html
# Usage: opentelemetry-java-children-keep-roots-clock.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.opentelemetry</groupId><artifactId>opentelemetry-sdk</artifactId><version>1.68.0</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Asleep.java" <<'J'
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import java.time.Instant;

public class Asleep {
    private static Instant clock = Instant.parse("2026-11-02T08:00:00Z");
    private static long nanoTime = 0;

    public static void main(String[] arguments) {
        var provider = SdkTracerProvider.builder().setClock(new Clock() {
            @Override
            public long now() {
                return clock.getEpochSecond() * 1_000_000_000L;
            }

            @Override
            public long nanoTime() {
                return nanoTime;
            }
        }).addSpanProcessor(new Telling()).build();
        var tracer = provider.get("x");
        Span workflow = tracer.spanBuilder("workflow").startSpan();
        awake(Duration.ofMinutes(10));
        clock = clock.plus(Duration.ofHours(8));
        tracer.spanBuilder("next step of it").setParent(Context.root().with(workflow)).startSpan();
        tracer.spanBuilder("another workflow").startSpan();
        awake(Duration.ofMinutes(5));
        workflow.end();
    }

    private static void awake(Duration time) {
        clock = clock.plus(time);
        nanoTime += time.toNanos();
    }

    private static final class Telling implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            tell("started at ", span, span.toSpanData().getStartEpochNanos());
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            tell("ended at ", span, span.toSpanData().getEndEpochNanos());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }

        private static void tell(String what, ReadableSpan span, long nanos) {
            System.out.println(span.getName() + " " + what + clock + ", stamped " + Instant.ofEpochSecond(0, nanos));
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "opentelemetry-sdk 1.68.0, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" -cp "$(cat "$folder/path")" "$folder/Asleep.java" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "workflow started at 2026-11-02T08:00:00Z, stamped 2026-11-02T08:00:00Z
next step of it started at 2026-11-02T16:10:00Z, stamped 2026-11-02T08:10:00Z
another workflow started at 2026-11-02T16:10:00Z, stamped 2026-11-02T16:10:00Z
workflow ended at 2026-11-02T16:15:00Z, stamped 2026-11-02T08:15:00Z" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
