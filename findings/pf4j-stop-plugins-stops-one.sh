#!/usr/bin/env bash
# Believed: stopPlugins() stops all plugins, as its name and its documentation say, the last that was started first.
# Happens: in PF4J 3.15.0 it stops the last one only. It walks through the very list that each stop removes a plugin from. With
#   one plugin, or three and more, a ConcurrentModificationException follows; with exactly two nothing does: the call returns,
#   and the other plugin goes on, its stop() never called, its files and threads open. A test of the shut-down with two plugins
#   that only asks for an exception passes. stopPlugin for each of a copy of getStartedPlugins() mends it.
# Source: org.pf4j:pf4j 3.15.0 (Maven Central); of the exception: https://github.com/pf4j/pf4j/issues/656
# Usage: pf4j-stop-plugins-stops-one.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
version=3.15.0
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.pf4j</groupId><artifactId>pf4j</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Stop.java" <<'J'
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.pf4j.JarPluginManager;
import org.pf4j.PluginState;

public class Stop {
    public static void main(String[] arguments) throws Exception {
        for (int count = 1; count <= 4; count++) {
            Path folder = Files.createDirectory(Path.of(arguments[0], count + "-plugins"));
            for (int i = 1; i <= count; i++) {
                var manifest = new Manifest();
                manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
                manifest.getMainAttributes().putValue("Plugin-Id", "plugin-" + i);
                manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
                new JarOutputStream(Files.newOutputStream(folder.resolve(i + ".jar")), manifest).close();
            }
            var manager = new JarPluginManager(folder);
            manager.loadPlugins();
            manager.startPlugins();
            int started = manager.getStartedPlugins().size();
            String end = "returned";
            try {
                manager.stopPlugins();
            } catch (RuntimeException e) {
                end = "threw a " + e.getClass().getSimpleName();
            }
            int left = manager.getPlugins(PluginState.STARTED).size();
            System.out.println(started + " started, stopPlugins " + end + ", " + left + " still started");
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "PF4J $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" -cp "$(cat "$folder/path")" "$folder/Stop.java" "$folder" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "1 started, stopPlugins threw a ConcurrentModificationException, 0 still started
2 started, stopPlugins returned, 1 still started
3 started, stopPlugins threw a ConcurrentModificationException, 2 still started
4 started, stopPlugins threw a ConcurrentModificationException, 3 still started" ] && echo "as stated" \
  || { echo DIFFERENT; exit 1; }
