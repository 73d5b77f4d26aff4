#!/usr/bin/env bash
# Believed: getGeneratedKeys gives the keys that this statement has generated, and an empty result "if this Statement object did
#   not generate any keys" (JDBC); so after "insert or ignore", or "on conflict do nothing", one sees by it whether there is a row.
# Happens: it asks for the connection's last_insert_rowid(), whatever that is of. Where the insert inserted nothing the answer is
#   the key of the last insert before, in another table if that came last, and looks like any other key: children are then stored
#   under a stranger's number, and no constraint objects if one is there. That executeUpdate says 0 is the only sign; "returning
#   id" gives what one wanted.
# Source: sqlite-jdbc 3.54.1.0 (Maven Central);
#   https://docs.oracle.com/en/java/javase/25/docs/api/java.sql/java/sql/Statement.html#getGeneratedKeys() ;
#   https://www.sqlite.org/c3ref/last_insert_rowid.html
# Usage: sqlite-jdbc-key-of-another-table.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
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
cat >"$folder/Keys.java" <<'J'
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

public class Keys {
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("create table tag (id integer primary key, name text unique)");
            statement.executeUpdate("create table note (id integer primary key, text text)");
            String insert = "insert into tag (name) values ('red') on conflict do nothing";
            show(connection, "new tag", insert);
            statement.executeUpdate("insert into note (id, text) values (777, 'something else')");
            show(connection, "same tag", insert);
            PreparedStatement returning = connection.prepareStatement(insert + " returning id");
            System.out.println("same tag, returning: " + (returning.executeQuery().next() ? "a row" : "none"));
        }
    }

    private static void show(Connection connection, String what, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            int rows = statement.executeUpdate();
            ResultSet keys = statement.getGeneratedKeys();
            System.out.println(what + ": " + rows + " rows, key " + (keys.next() ? keys.getLong(1) : "none"));
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "sqlite-jdbc $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" --enable-native-access=ALL-UNNAMED -cp "$(cat "$folder/path")" "$folder/Keys.java" "$folder" 2>"$folder/log") \
  || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "new tag: 1 rows, key 1
same tag: 0 rows, key 777
same tag, returning: none" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
