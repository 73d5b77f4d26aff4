#!/usr/bin/env bash
# Believed: setQueryTimeout(1) ends a query that runs longer than a second, with an SQLTimeoutException ("the number of seconds the
#   driver will wait for a Statement object to execute").
# Happens: it is for how long SQLite waits for another's lock during this statement, in place of the connection's busy_timeout. A
#   query that computes is never ended, however long it takes; and a connection that was opened to wait patiently (20 s here)
#   gives up after a second, with SQLITE_BUSY and no SQLTimeoutException. What a pool or a framework sets as a default query
#   timeout thus protects from no slow query, and brings "database is locked" where there was none.
# Source: sqlite-jdbc 3.54.1.0 (Maven Central);
#   https://docs.oracle.com/en/java/javase/25/docs/api/java.sql/java/sql/Statement.html#setQueryTimeout(int)
# Usage: sqlite-jdbc-query-timeout-is-for-locks.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
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
cat >"$folder/Timeout.java" <<'J'
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

public class Timeout {
    private static String url;

    public static void main(String[] arguments) throws Exception {
        url = "jdbc:sqlite:" + arguments[0] + "/db";
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            long start = System.nanoTime();
            var row = statement.executeQuery("with recursive n(i) as (select 1 union all select i + 1 from n"
                    + " where i < 10000000) select count(*) from n");
            System.out.println("counted to " + row.getLong(1) + ", in " + sinceThen(start, 1));
        }
        try (Connection other = open();
                Connection connection = open();
                Statement statement = connection.createStatement()) {
            other.createStatement().executeUpdate("begin immediate");
            statement.setQueryTimeout(1);
            long start = System.nanoTime();
            try {
                statement.executeUpdate("create table t (x)");
            } catch (SQLException e) {
                String kind = e instanceof SQLiteException lite ? lite.getResultCode().name() : "";
                System.out.println("while another writes: " + kind + ", an SQLTimeoutException: "
                        + (e instanceof SQLTimeoutException) + ", in " + sinceThen(start, 10));
            }
        }
    }

    private static Connection open() throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(20_000);
        return DriverManager.getConnection(url, config.toProperties());
    }

    private static String sinceThen(long start, int seconds) {
        return (System.nanoTime() - start > seconds * 1_000_000_000L ? "more" : "less") + " than " + seconds + " s";
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "sqlite-jdbc $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" --enable-native-access=ALL-UNNAMED -cp "$(cat "$folder/path")" "$folder/Timeout.java" "$folder" 2>"$folder/log") \
  || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "counted to 10000000, in more than 1 s
while another writes: SQLITE_BUSY, an SQLTimeoutException: false, in less than 10 s" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
