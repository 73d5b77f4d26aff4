#!/usr/bin/env bash
# Believed: the limits that a program is started with hold for what it starts: after "ulimit -Sn 256", or in a service of systemd
#   (LimitNOFILE 1024:524288 by default), scripts that a Java program runs may have 256 or 1024 files open, as those of a shell.
# Happens: the JVM raises its own soft limit to the hard one when it starts, and does not put it back for its children: a script
#   run by a Java service has half a million. Programs that close all descriptors up to the limit, or size a table by it, become
#   slow only there; those that use select(2), for whose sake the soft limit is 1024, get numbers that it cannot hold; and a soft
#   limit set around a JVM to hold its scripts holds nothing. -XX:-MaxFDLimit, or the hard limit, mends it.
# Source: Temurin 25.0.3; the option, not what follows for children, is in
#   https://docs.oracle.com/en/java/javase/25/docs/specs/man/java.html ; why 1024: http://0pointer.net/blog/file-descriptor-limits.html
# Usage: java-children-lose-soft-file-limit.sh   (JAVA_HOME: a JDK 25). Exits 1 if the behaviour is another.
set -eu
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Child.java" <<'J'
public class Child {
    public static void main(String[] arguments) throws Exception {
        var child = new ProcessBuilder("bash", "-c", "ulimit -Sn").redirectErrorStream(true).start();
        System.out.print(new String(child.getInputStream().readAllBytes()));
    }
}
J
"$java" -version 2>&1 | head -n 1
ulimit -Sn 256
ulimit -Hn 4096
shell=$(bash -c 'ulimit -Sn')
python=$(python3 -c 'import subprocess; print(subprocess.run(["bash", "-c", "ulimit -Sn"], capture_output=True, text=True).stdout.strip())')
child=$("$java" "$folder/Child.java")
kept=$("$java" -XX:-MaxFDLimit "$folder/Child.java")
printf 'soft limit 256, hard limit 4096; soft limit of a child\nof bash: %s\nof Python: %s\nof Java: %s\nof Java with -XX:-MaxFDLimit: %s\n' \
  "$shell" "$python" "$child" "$kept"
[ "$shell $python $child $kept" = "256 256 4096 256" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
