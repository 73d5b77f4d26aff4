#!/usr/bin/env bash
# Believed: the byte order mark of UTF-16, UTF-32 and utf-8-sig stands once at the beginning of a file, in however many pieces
#   the text is written: codecs.getincrementalencoder is there to keep it so, and files opened as text use it.
# Happens: GraalPy puts one before each piece for UTF-16 and UTF-32 (not for utf-8-sig): each write of a csv.writer, each print,
#   each encode() of an incremental encoder begins with one. Read again it is an invisible U+FEFF at the start of every record
#   but the first, by which "id" is no longer "id"; a file that is written in one piece is right, so that small tests pass.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/codecs.html#codecs.IncrementalEncoder
# Usage: graalpy-mark-before-each-piece.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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
import codecs, csv

for encoding in ("utf-16", "utf-32", "utf-8-sig"):
    with open("rows.csv", "w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([["id", "of"], ["7", "x"], ["8", "y"]])
    with open("rows.csv", encoding=encoding) as file:
        read = ascii(file.read())
    encoder = codecs.getincrementalencoder(encoding)()
    print(encoding, read, [len(encoder.encode("a")) for _ in range(3)])
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
[ "$graalpy" = "utf-16 'id,of\n\ufeff7,x\n\ufeff8,y\n' [4, 4, 4]
utf-32 'id,of\n\ufeff7,x\n\ufeff8,y\n' [8, 8, 8]
utf-8-sig 'id,of\n7,x\n8,y\n' [4, 1, 1]" ] && [ "$cpython" = "utf-16 'id,of\n7,x\n8,y\n' [4, 2, 2]
utf-32 'id,of\n7,x\n8,y\n' [8, 4, 4]
utf-8-sig 'id,of\n7,x\n8,y\n' [4, 1, 1]" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
