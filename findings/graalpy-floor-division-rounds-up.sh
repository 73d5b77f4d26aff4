#!/usr/bin/env bash
# Believed: x // y is the whole part of the exact quotient also for floats, and fits to x % y: "x == (x//y)*y + (x%y)", so that
#   divmod(1.0, 0.1) is (9.0, 0.0999…): the nearest float to 0.1 is a little more than a tenth.
# Happens: GraalPy rounds the quotient to a float and takes the floor of that: 1.0 // 0.1 is 10.0, while 1.0 % 0.1 stays
#   0.0999…, and the two together make 1.1. A quotient just below a whole number is one too large: of a thousand tenths about
#   half are counted in another bin than by CPython, and what divmod takes apart does not add up again. Integers are right.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/reference/expressions.html#binary-arithmetic-operations
# Usage: graalpy-floor-division-rounds-up.sh   (JAVA_HOME: a JDK 25; mvn, python3). Exits 1 if the behaviour is another.
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
cat >"$folder/floor.py" <<'P'
from fractions import Fraction

quotient, remainder = divmod(1.0, 0.1)
print("divmod(1.0, 0.1):", quotient, remainder)
print("put together:", quotient * 0.1 + remainder)
tenths = [n / 10 for n in range(1, 1001)]
print("of 0.1, 0.2, ... 100.0, wrong by // 0.1:", sum(x // 0.1 != Fraction(x) // Fraction(0.1) for x in tenths))
P
cat >"$folder/Floor.java" <<'J'
import java.io.File;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;

public class Floor {
    public static void main(String[] arguments) throws Exception {
        try (Context context = Context.newBuilder("python").option("engine.WarnInterpreterOnly", "false").build()) {
            context.eval(Source.newBuilder("python", new File(arguments[0])).build());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalPy $version, $("$java" -version 2>&1 | head -n 1), $(python3 --version)"
graalpy=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Floor.java" "$folder/floor.py" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
cpython=$(python3 "$folder/floor.py")
printf 'GraalPy:\n%s\nCPython:\n%s\n' "$graalpy" "$cpython"
[[ "$graalpy" == 'divmod(1.0, 0.1): 10.0 0.09999999999999995
put together: 1.0999999999999999
of 0.1, 0.2, ... 100.0, wrong by // 0.1: '[1-9]* ]] && [ "$cpython" = 'divmod(1.0, 0.1): 9.0 0.09999999999999995
put together: 1.0
of 0.1, 0.2, ... 100.0, wrong by // 0.1: 0' ] && echo "as stated" || { echo DIFFERENT; exit 1; }
