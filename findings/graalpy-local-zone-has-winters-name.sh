#!/usr/bin/env bash
# Believed: datetime.now().astimezone().tzname() and strftime("%Z") name the local zone as time.localtime().tm_zone does, by the
#   abbreviation that holds at that moment: CEST in July, CET in January.
# Happens: GraalPy gives Java's long name, and that of winter all the year round: "Central European Standard Time" beside the
#   offset +02:00. The offset is right, time.tzname and tm_zone of the same interpreter are the abbreviations, and zoneinfo's
#   zones are, too, so that only the local zone of datetime differs; what parses such a stamp again fails or is an hour off.
# Source: org.graalvm.polyglot and org.graalvm.python 25.2.4 from Maven Central, beside the machine's python3;
#   https://docs.python.org/3/library/datetime.html#datetime.datetime.astimezone
# Usage: graalpy-local-zone-has-winters-name.sh   (JAVA_HOME: a JDK 25; mvn, python3, tzdata). Exits 1 if the behaviour is another.
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
cat >"$folder/zone.py" <<'P'
import time
from datetime import datetime

for month in (1, 7):
    moment = datetime(2026, month, 1, 12).astimezone()
    print(moment.strftime("%z"), "datetime:", moment.tzname() + ",", "time:", time.localtime(moment.timestamp()).tm_zone)
P
cat >"$folder/Zone.java" <<'J'
import java.io.File;
import java.time.ZoneId;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;

public class Zone {
    public static void main(String[] arguments) throws Exception {
        try (Context context = Context.newBuilder("python")
                .timeZone(ZoneId.of("Europe/Berlin"))
                .option("engine.WarnInterpreterOnly", "false")
                .build()) {
            context.eval(Source.newBuilder("python", new File(arguments[0])).build());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalPy $version, $("$java" -version 2>&1 | head -n 1), $(python3 --version)"
graalpy=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Zone.java" "$folder/zone.py" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
cpython=$(TZ=Europe/Berlin python3 "$folder/zone.py")
printf 'GraalPy:\n%s\nCPython:\n%s\n' "$graalpy" "$cpython"
[ "$graalpy" = '+0100 datetime: Central European Standard Time, time: CET
+0200 datetime: Central European Standard Time, time: CEST' ] && [ "$cpython" = '+0100 datetime: CET, time: CET
+0200 datetime: CEST, time: CEST' ] && echo "as stated" || { echo DIFFERENT; exit 1; }
