#!/usr/bin/env bash
# Believed: a stricter HostAccess takes from scripts what they may not do; what they may still do means the same. And a Java map
#   in JavaScript is either Java's (forEach gives key, value) or JavaScript's (value, key).
# Happens: it is Java's under HostAccess.ALL and JavaScript's where only allowMapAccess is granted, in the same script: forEach
#   swaps its two arguments without a word, size is a method there (so that "map.size > 0" is false) and a number here, and
#   a list's forEach has no index there and one here. Under both, JSON.stringify(map) is {} though {...map} has every entry.
# Source: org.graalvm.polyglot and org.graalvm.js 25.2.4 from Maven Central; what the host's methods hide is said nowhere in
#   https://www.graalvm.org/latest/reference-manual/js/JavaInteroperability/ ; Object.keys: https://github.com/oracle/graaljs/issues/143
# Usage: graaljs-java-map-by-host-access.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
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
cat >"$folder/Maps.java" <<'J'
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;

public class Maps {
    private static final List<String> SCRIPTS = List.of(
            "let seen = []; map.forEach((x, y) => seen.push(x + '/' + y)); seen.join(' ')",
            "map.size > 0",
            "let at = []; list.forEach((each, index) => at.push(index)); at.join()",
            "JSON.stringify(map) + ' ' + JSON.stringify({...map})");

    public static void main(String[] arguments) {
        System.out.println("HostAccess.ALL");
        show(HostAccess.ALL);
        System.out.println("HostAccess.EXPLICIT with allowMapAccess and allowListAccess");
        show(HostAccess.newBuilder(HostAccess.EXPLICIT).allowMapAccess(true).allowListAccess(true).build());
    }

    private static void show(HostAccess access) {
        try (Context context =
                Context.newBuilder("js").allowHostAccess(access).option("engine.WarnInterpreterOnly", "false").build()) {
            var bindings = context.getBindings("js");
            bindings.putMember("map", new LinkedHashMap<>(Map.of("disk", 80)));
            bindings.putMember("list", new ArrayList<>(List.of(5, 6)));
            for (String script : SCRIPTS) System.out.println("  " + script + "\n    " + context.eval("js", script));
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "GraalJS $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$(cat "$folder/path")" \
  "$folder/Maps.java" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
echo "$said"
results=$(sed -n 's/^    //p' <<<"$said")
[ "$results" = 'disk/80
false
,
{} {"disk":80}
80/disk
true
0,1
{} {"disk":80}' ] && echo "as stated" || { echo DIFFERENT; exit 1; }
