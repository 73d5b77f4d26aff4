#!/usr/bin/env bash
# Believed: the JDK's AOT cache (JEP 483, 514) holds every class that the training run loaded from the class path, so that the
#   start of a command line tool, most of which is its library for options, comes out of the cache.
# Happens: classes in the format of Java 5 or older, which are verified by inference, are not archived. The training run says so,
#   in a warning for each among those for what it left out for good reasons; the run with the cache says nothing and takes them
#   from the jar. picocli 4.7.7 is compiled for Java 5 as a whole: of the more than a hundred of its classes that a program with
#   one option loads, none comes out of the cache. A library that stays compatible with old JVMs costs most where the cache was to
#   help; what mends it on one's own side is to make it load less (only the command that is called).
# Source: picocli 4.7.7 (Maven Central), JDK 25 (Temurin 25.0.3): "Skipping …: Old class has been linked".
# Usage: aot-cache-leaves-out-old-classes.sh   (JAVA_HOME: a JDK 25). Exits 1 if the behaviour is another.
set -eu
home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
curl -sSfO https://repo1.maven.org/maven2/info/picocli/picocli/4.7.7/picocli-4.7.7.jar
echo 'f86e30fffd10d2b13b8caa8d4b237a7ee61f2ffccf5b1941de718b765d235bf8  picocli-4.7.7.jar' | sha256sum -c --quiet
cat >Tool.java <<'J'
import picocli.CommandLine;

@CommandLine.Command(name = "tool")
public class Tool implements Runnable {
    @CommandLine.Option(names = "--times")
    int times = 1;

    public void run() {
        System.out.println("done " + times);
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Tool()).execute(arguments));
    }
}
J
"$home/bin/javac" -proc:none -cp picocli-4.7.7.jar Tool.java
"$home/bin/jar" cf tool.jar Tool.class
"$home/bin/java" -version 2>&1 | head -n 1
path=tool.jar:picocli-4.7.7.jar
"$home/bin/java" -XX:AOTCacheOutput=tool.aot -cp $path Tool --times 2 >training.log 2>&1
"$home/bin/java" -XX:AOTCache=tool.aot -Xlog:class+load:file=loaded.log -cp $path Tool --times 2
count() { grep -c "$1" loaded.log || true; }
old=$(unzip -p picocli-4.7.7.jar picocli/CommandLine.class | od -An -tu1 -j7 -N1 | tr -d ' ')
own=$(count '\bTool source: shared objects file')
cached=$(count ' picocli\..* source: shared objects file')
loaded=$(count ' picocli\..* source: .*picocli-4.7.7.jar')
printf 'class file version of picocli: %s\nthe tool out of the cache: %s\npicocli out of the cache: %s\npicocli out of its jar: %s\n' "$old" "$own" "$cached" "$loaded"
printf 'warnings of old classes while training: %s\n' "$(grep -c 'Skipping picocli/.*Old class has been linked' training.log || true)"
[ "$old" = 49 ] && [ "$own" = 1 ] && [ "$cached" = 0 ] && [ "$loaded" -gt 50 ] && echo "as stated" || { echo DIFFERENT; exit 1; }
