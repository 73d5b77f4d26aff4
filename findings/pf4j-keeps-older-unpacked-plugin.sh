#!/usr/bin/env bash
# Believed: PF4J's default manager runs the plugin that lies in its folder: a ZIP that has been replaced while the program was
#   down is unpacked anew at the next start, whichever way the version goes.
# Happens: a ZIP is unpacked only if it was modified after the folder that came from the one before. What keeps times (cp -p,
#   rsync -a, tar, a restored backup, a build that sets them) brings a ZIP that is older than the first start of the version that
#   it replaces, and PF4J goes on with the old folder: the old version is loaded, started and reported, and nothing is logged.
#   It is so for an update that was built before that start, and for every roll-back. touch mends it.
# Source: org.pf4j:pf4j 3.15.0 (Maven Central); https://pf4j.org/doc/packaging.html
# Usage: pf4j-keeps-older-unpacked-plugin.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
version=3.15.0
home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.pf4j</groupId><artifactId>pf4j</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Start.java" <<'J'
import java.nio.file.Path;
import org.pf4j.DefaultPluginManager;

public class Start {
    public static void main(String[] arguments) {
        var manager = new DefaultPluginManager(Path.of(arguments[0]));
        manager.loadPlugins();
        manager.startPlugins();
        for (var plugin : manager.getStartedPlugins()) {
            System.out.println(plugin.getDescriptor().getVersion() + ", which says " + plugin.getPlugin());
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
path=$(cat "$folder/path")
build() { # version
  mkdir -p "$folder/$1/classes"
  cat >"$folder/$1/Greeter.java" <<J
public class Greeter extends org.pf4j.Plugin {
    @Override
    public String toString() {
        return "code of $1";
    }
}
J
  "$home/bin/javac" -proc:none -cp "$path" -d "$folder/$1/classes" "$folder/$1/Greeter.java"
  printf 'plugin.id=greeter\nplugin.class=Greeter\nplugin.version=%s\n' "$1" >"$folder/$1/plugin.properties"
  "$home/bin/jar" --create --no-manifest --file "$folder/greeter-$1.zip" -C "$folder/$1" plugin.properties -C "$folder/$1" classes
  touch -d '1 hour ago' "$folder/greeter-$1.zip"
}
build 1.0.0
build 2.0.0
mkdir "$folder/plugins"
start() { # what was done before
  "$home/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$path" "$folder/Start.java" "$folder/plugins" \
    >"$folder/out" 2>"$folder/log" || { cat "$folder/log" >&2; exit 1; }
  printf '%-28s %s (%s warnings)\n' "$1:" "$(cat "$folder/out")" "$(wc -l <"$folder/log")"
}
echo "PF4J $version, $("$home/bin/java" -version 2>&1 | head -n 1)"
said=$(
  cp -p "$folder/greeter-1.0.0.zip" "$folder/plugins/greeter.zip"
  start "1.0.0 put there"
  cp -p "$folder/greeter-2.0.0.zip" "$folder/plugins/greeter.zip"
  start "2.0.0 put there by cp -p"
  touch "$folder/plugins/greeter.zip"
  start "touched"
  cp -p "$folder/greeter-1.0.0.zip" "$folder/plugins/greeter.zip"
  start "1.0.0 put back by cp -p"
)
echo "$said"
[ "$said" = "1.0.0 put there:             1.0.0, which says code of 1.0.0 (0 warnings)
2.0.0 put there by cp -p:    1.0.0, which says code of 1.0.0 (0 warnings)
touched:                     2.0.0, which says code of 2.0.0 (0 warnings)
1.0.0 put back by cp -p:     2.0.0, which says code of 2.0.0 (0 warnings)" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
