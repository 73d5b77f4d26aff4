#!/usr/bin/env bash
# Believed: truncate(n) sets the size of a file to n bytes; a file that was shorter is filled up with zeros, as os.truncate,
#   os.ftruncate and the truncate() of file objects do in CPython on every system that it runs on.
# Happens: in GraalPy embedded without its native backend (contexts with IOAccess and nothing else) they only ever shorten.
#   A file that is to become longer stays as it is; file.truncate(n) answers n all the same, and nothing is raised.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/os.html#os.truncate, https://docs.python.org/3/library/io.html#io.IOBase.truncate
# Usage: graalpy-truncate-never-lengthens.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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

with open("a", "w") as file:
    file.write("xy")
os.truncate("a", 5)
with open("b", "w+b") as file:
    file.write(b"xy")
    answer = file.truncate(7)
descriptor = os.open("c", os.O_CREAT | os.O_RDWR)
os.ftruncate(descriptor, 6)
os.close(descriptor)
print("os.truncate to 5:", os.stat("a").st_size, "/ file.truncate to 7 answers", answer, "and leaves", os.stat("b").st_size,
      "/ os.ftruncate to 6:", os.stat("c").st_size)
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
[ "$graalpy" = "os.truncate to 5: 2 / file.truncate to 7 answers 7 and leaves 2 / os.ftruncate to 6: 0" ] &&
  [ "$cpython" = "os.truncate to 5: 5 / file.truncate to 7 answers 7 and leaves 7 / os.ftruncate to 6: 6" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
