#!/usr/bin/env bash
# Believed: os.umask(mask) sets the mask of the process and answers the one before, which is how a script puts it back
#   ("old = os.umask(0o077) … os.umask(old)"), and how one learns the mask at all, as there is no call that only asks.
# Happens: GraalPy embedded without its native backend (contexts with IOAccess and nothing else) answers with what it was just
#   given. Putting the mask back sets the strict one once more, without a word, and the familiar "mask = os.umask(0);
#   os.umask(mask)", which pip has, too, learns 0 and leaves 0: all that is made from then on can be written by everybody.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/os.html#os.umask
# Usage: graalpy-umask-answers-new-mask.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
set -eu
version=25.2.4
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.graalvm.polyglot</groupId><artifactId>polyglot</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.graalvm.python</groupId><artifactId>python-language</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.graalvm.python</groupId><artifactId>python-resources</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/script.py" <<'P'
import os

os.umask(0o022)
before = os.umask(0o077)
print("set 077 after 022, answered", oct(before))
os.umask(before)
print("put back, and asked by os.umask(0):", oct(os.umask(0)))
P
cat >"$folder/Run.java" <<'J'
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

public class Run {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        try (Context context = Context.newBuilder("python")
                .allowIO(IOAccess.ALL)
                .currentWorkingDirectory(folder)
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            context.eval(Source.newBuilder("python", folder.resolveSibling("script.py").toFile()).build());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalPy $version, $("$java" -version 2>&1 | head -n 1), $(python3 --version)"
mkdir "$folder/graalpy" "$folder/cpython"
graalpy=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Run.java" "$folder/graalpy" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
cpython=$(cd "$folder/cpython" && python3 ../script.py)
printf 'GraalPy:\n%s\nCPython:\n%s\n' "$graalpy" "$cpython"
[ "$graalpy" = "set 077 after 022, answered 0o77
put back, and asked by os.umask(0): 0o0" ] && [ "$cpython" = "set 077 after 022, answered 0o22
put back, and asked by os.umask(0): 0o22" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
