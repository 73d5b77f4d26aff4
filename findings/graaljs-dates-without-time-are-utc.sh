#!/usr/bin/env bash
# Believed: JavaScript takes a date that is not in ISO form ("6/30/2024", "30 Jun 2024") in the local time zone, as all browsers
#   and Node.js do, with or without a time of the day; only "2024-06-30" is UTC. So new Date(date.toDateString()) is that day's
#   midnight, a common way to cut off the time.
# Happens: GraalJS takes each such date as UTC if it has no time, and as local if it has one: "6/30/2024" and "6/30/2024 00:00"
#   are hours apart, and west of Greenwich every such date is a day early. The language leaves these forms to the
#   implementation, so no conformance test tells; on a machine that runs on UTC (a container, CI) all is well.
# Source: org.graalvm.polyglot and org.graalvm.js 25.2.4 from Maven Central, beside the machine's node;
#   https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Date/parse
# Usage: graaljs-dates-without-time-are-utc.sh   (JAVA_HOME: a JDK 25; mvn, node). Exits 1 if the behaviour is another.
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
    <dependency><groupId>org.graalvm.js</groupId><artifactId>js-language</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/dates.js" <<'J'
const day = new Date(2024, 5, 30, 15, 45);
["6/30/2024", "6/30/2024 00:00", "2024/06/30", "30 Jun 2024", "June 30, 2024", day.toDateString()]
    .map(text => text.padEnd(16) + " is the " + new Date(text).getDate() + "th, " + new Date(text).getHours() + " h")
    .join("\n");
J
cat >"$folder/Dates.java" <<'J'
import java.io.File;
import java.time.ZoneId;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;

public class Dates {
    public static void main(String[] arguments) throws Exception {
        try (Context context = Context.newBuilder("js")
                .timeZone(ZoneId.of("America/New_York"))
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            System.out.println(context.eval(Source.newBuilder("js", new File(arguments[0])).build()).asString());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalJS $version, $("$java" -version 2>&1 | head -n 1), Node.js $(node --version)"
graaljs=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Dates.java" "$folder/dates.js" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
node=$(TZ=America/New_York node -p "$(cat "$folder/dates.js")")
printf 'in New York\nGraalJS:\n%s\nNode.js:\n%s\n' "$graaljs" "$node"
expected() { # the day and hour of the date without a time, then of the one with it
  printf '%s\n' "6/30/2024        is the $1" "6/30/2024 00:00  is the $2" "2024/06/30       is the $1" \
    "30 Jun 2024      is the $1" "June 30, 2024    is the $1" "Sun Jun 30 2024  is the $1"
}
[ "$graaljs" = "$(expected '29th, 20 h' '30th, 0 h')" ] && [ "$node" = "$(expected '30th, 0 h' '30th, 0 h')" ] \
  && echo "as stated" || { echo DIFFERENT; exit 1; }
