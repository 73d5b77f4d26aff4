#!/usr/bin/env bash
# Believed: a virtual thread may read from a process for as long as it likes; where the read holds the carrier, the scheduler
#   makes another ("the effect of capturing the OS thread is compensated for by temporarily expanding parallelism", JEP 444).
# Happens: the carriers that it adds end after 30 seconds without work, and are never made again while the first are held. As
#   many silent processes as there are processors, half a minute in which every virtual thread waits, and none ever runs
#   again: a latch that is counted down then wakes nobody. At once after the start all is well, so that no test shows it.
# Source: seen on the JDK named below (Temurin 25.0.3), reading Process.getErrorStream(); https://openjdk.org/jeps/444
# Usage: java-process-pipes-keep-carriers.sh   (JAVA_HOME: a JDK 25; takes a minute). Exits 1 if the behaviour is another.
set -eu
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Carriers.java" <<'J'
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class Carriers {
    public static void main(String[] arguments) throws Exception {
        var processes = new ArrayList<Process>();
        for (int i = 0; i < 2; i++) {
            var process = new ProcessBuilder("sleep", "300").start();
            processes.add(process);
            Thread.ofVirtual().start(() -> {
                try {
                    process.getErrorStream().read();
                } catch (java.io.IOException ended) {
                    // As it should, in the end.
                }
            });
        }
        System.out.println("at once: " + runs());
        Thread.sleep(45_000);
        System.out.println("after 45 idle seconds: " + runs());
        processes.forEach(Process::destroyForcibly);
    }

    private static boolean runs() throws InterruptedException {
        var latch = new CountDownLatch(1);
        Thread.ofVirtual().start(latch::countDown);
        return latch.await(10, TimeUnit.SECONDS);
    }
}
J
"$java" -version 2>&1 | head -n 1
said=$("$java" -Djdk.virtualThreadScheduler.parallelism=2 "$folder/Carriers.java")
printf 'two processors, two virtual threads reading; does a third run?\n%s\n' "$said"
[ "$said" = $'at once: true\nafter 45 idle seconds: false' ] && echo "as stated" || { echo DIFFERENT; exit 1; }
