#!/usr/bin/env bash
# Believed: a text of two statements is run as a whole by Statement.execute, as by executeUpdate, or refused; a driver that takes
#   one statement at a time says so.
# Happens: executeUpdate runs all of it. execute, addBatch and every PreparedStatement run the first statement and drop the rest
#   without a word: the table is there and its index, its trigger, the pragma behind it are not. Which of the two methods a
#   program, or the library that it uses, happens to call decides, and what is dropped is not even read: it may be no SQL at all.
# Source: sqlite-jdbc 3.54.1.0 (Maven Central); of the tail that is left over: https://www.sqlite.org/c3ref/prepare.html
# Usage: sqlite-jdbc-execute-stops-at-semicolon.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
version=3.54.1.0
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.xerial</groupId><artifactId>sqlite-jdbc</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Semicolon.java" <<'J'
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

public class Semicolon {
    private interface Way {
        void run(Connection connection, String sql) throws SQLException;
    }

    public static void main(String[] arguments) throws Exception {
        String two = "create table run (job text); create index run_job on run (job)";
        show("executeUpdate", two, (connection, sql) -> connection.createStatement().executeUpdate(sql));
        show("execute", two, (connection, sql) -> connection.createStatement().execute(sql));
        show("prepared", two, (connection, sql) -> connection.prepareStatement(sql).executeUpdate());
        show("addBatch", two, (connection, sql) -> {
            var statement = connection.createStatement();
            statement.addBatch(sql);
            statement.executeBatch();
        });
        show("execute, no SQL", "create table run (job text); no SQL at all",
                (connection, sql) -> connection.createStatement().execute(sql));
    }

    private static void show(String how, String sql, Way way) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            way.run(connection, sql);
            ResultSet row = connection.createStatement()
                    .executeQuery("select group_concat(name, ' and ') from (select name from sqlite_master order by rowid)");
            System.out.println(how + ": " + row.getString(1));
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "sqlite-jdbc $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" --enable-native-access=ALL-UNNAMED -cp "$(cat "$folder/path")" "$folder/Semicolon.java" "$folder" 2>"$folder/log") \
  || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "executeUpdate: run and run_job
execute: run
prepared: run
addBatch: run
execute, no SQL: run" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
