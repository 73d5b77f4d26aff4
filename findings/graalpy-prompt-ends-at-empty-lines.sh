#!/usr/bin/env bash
# Believed: an interactive Source takes what Python takes as one statement of a prompt, so that a function pasted as a whole is one:
#   CPython's compile(text, name, "single") reads empty lines within a block and goes on; only a person's own keyboard ends one so.
# Happens: GraalPy ends the statement at the first empty line, although the text goes on behind it, and calls what follows
#   "multiple statements found while compiling a single statement". Within brackets and texts of several lines it reads on.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/reference/toplevel_components.html#interactive-input
# Usage: graalpy-prompt-ends-at-empty-lines.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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
cat >"$folder/Prompt.java" <<'J'
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;

public class Prompt {
    public static void main(String[] texts) throws Exception {
        try (Context context = Context.newBuilder("python").option("engine.WarnInterpreterOnly", "false").build()) {
            for (String text : texts) {
                try {
                    context.eval(Source.newBuilder("python", text, "input").interactive(true).build());
                    System.out.println("taken");
                } catch (PolyglotException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
block=$'def f():\n    a = 1\n\n    return a\n\n'
dense=$'def f():\n    a = 1\n    return a\n\n'
words=$'t = """a\n\nb"""\n'
echo "GraalPy $version, $("$java" -version 2>&1 | head -n 1), $(python3 --version)"
graalpy=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Prompt.java" "$block" "$dense" "$words" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
cpython=$(python3 -c 'import sys
for text in sys.argv[1:]:
    compile(text, "input", "single")
    print("taken")' "$block" "$dense" "$words")
printf 'a block with an empty line, one without, a text with one\nGraalPy:\n%s\nCPython:\n%s\n' "$graalpy" "$cpython"
[ "$cpython" = $'taken\ntaken\ntaken' ] && [[ "$graalpy" == *"multiple statements found"*$'\ntaken\ntaken' ]] && echo "as stated" \
  || { echo DIFFERENT; exit 1; }
