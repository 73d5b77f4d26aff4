#!/usr/bin/env bash
# Believed: what a Python script writes to a file that it leaves open is there at the latest when the interpreter ends, as
#   open(name, "w").write(text) has always done: CPython closes what nothing refers to any more, and flushes the rest at its end.
# Happens: GraalPy does neither. The text stays in the buffer of an object that the collector takes some day, a later open() of
#   the same script reads an empty file, and closing the context leaves it empty. No warning, no error. Above 8 KiB the first
#   part is there. A ZIP that zipfile.ZipFile began lacks its directory in the same way.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/functions.html#open leaves open when a file is closed
# Usage: graalpy-files-left-open-stay-empty.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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
cat >"$folder/left.py" <<'P'
import os, zipfile

open("plain.txt", "w").write("text")
print("read again:", repr(open("plain.txt").read()))
zipfile.ZipFile("a.zip", "w").writestr("a.txt", "text")
kept = open("kept.txt", "w")
kept.write("text")
P
cat >"$folder/Left.java" <<'J'
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

public class Left {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        try (Context context = Context.newBuilder("python")
                .allowIO(IOAccess.ALL)
                .currentWorkingDirectory(folder)
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            context.eval(Source.newBuilder("python", folder.resolveSibling("left.py").toFile()).build());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalPy $version, $("$java" -version 2>&1 | head -n 1), $(python3 --version)"
mkdir "$folder/graalpy" "$folder/cpython"
seen() {
  cd "$1"
  printf 'afterwards: plain.txt %s, kept.txt %s bytes, a.zip %s\n' "$(stat -c %s plain.txt)" "$(stat -c %s kept.txt)" \
    "$(python3 -m zipfile -t a.zip >/dev/null 2>&1 && echo whole || echo "no ZIP")"
}
graalpy=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Left.java" "$folder/graalpy" 2>"$folder/log" && seen "$folder/graalpy") || { cat "$folder/log"; exit 1; }
cpython=$(cd "$folder/cpython" && python3 ../left.py && seen "$folder/cpython")
printf 'GraalPy:\n%s\nCPython:\n%s\n' "$graalpy" "$cpython"
[ "$graalpy" = "read again: ''
afterwards: plain.txt 0, kept.txt 0 bytes, a.zip no ZIP" ] && [ "$cpython" = "read again: 'text'
afterwards: plain.txt 4, kept.txt 4 bytes, a.zip whole" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
