#!/usr/bin/env bash
# Believed: os.link(src, dst) gives the file src the second name dst, in every Python.
# Happens: in GraalPy embedded without its native backend (contexts with IOAccess and nothing else) it can never succeed. It asks
#   the file system for a link called src that leads to dst, the two taken for each other, and so says that the file which
#   is to get a second name is itself in the way (FileExistsError, although dst is free); where src is not there it gives up
#   before. pathlib's hardlink_to, which calls it, fails in the same way. Programs that fall back to copying do so silently.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/os.html#os.link
# Usage: graalpy-hard-links-always-fail.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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
import os, pathlib

open("old", "w").close()
for call in (lambda: os.link("old", "new"), lambda: os.link("missing", "free"), lambda: pathlib.Path("third").hardlink_to("old")):
    try:
        call()
        print("done", end="; ")
    except OSError as e:
        print(type(e).__name__, end="; ")
print(*sorted(name for name in os.listdir() if os.stat(name).st_nlink > 1))
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
[ "$graalpy" = "FileExistsError; FileNotFoundError; FileExistsError; " ] &&
  [ "$cpython" = "done; FileNotFoundError; done; new old third" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
