#!/usr/bin/env bash
# Believed: a BigDecimal parameter is bound as a number, as every other number is; at worst it loses digits, since SQLite has none
#   of that type. (The driver even gives decimals back from getBigDecimal.)
# Happens: it is bound as a text. Compared with a column that is declared as a number SQLite turns it back, so that stores and
#   simple queries work; compared with anything that is computed (a sum, a quotient, max, what HAVING asks for) the
#   text is greater than every number: "> ?" finds nothing and "<= ?" everything. A double of the same value does as it should.
# Source: sqlite-jdbc 3.54.1.0 (Maven Central); https://www.sqlite.org/datatype3.html#comparison_expressions; one of those who
#   were hit by it: https://github.com/jOOQ/jOOQ/issues/2902
# Usage: sqlite-jdbc-decimals-compare-as-texts.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
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
cat >"$folder/Decimals.java" <<'J'
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

public class Decimals {
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            connection.createStatement().executeUpdate("create table run (job text, millis integer)");
            connection.createStatement().executeUpdate("insert into run values ('a', 1000), ('a', 3000), ('b', 4000)");
            for (String condition : new String[] {
                "millis > ?", "millis + 0 > ?", "millis + 0 <= ?", "(select sum(millis) from run) > ?"
            })
                System.out.printf(
                        "%-34s %d with a BigDecimal of 2500.5, %d with a double%n",
                        condition,
                        count(connection, condition, new BigDecimal("2500.5")),
                        count(connection, condition, 2500.5));
        }
    }

    private static int count(Connection connection, String condition, Object value) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select count(*) from run where " + condition)) {
            query.setObject(1, value);
            var rows = query.executeQuery();
            rows.next();
            return rows.getInt(1);
        }
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "sqlite-jdbc $version, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" --enable-native-access=ALL-UNNAMED -cp "$(cat "$folder/path")" "$folder/Decimals.java" 2>"$folder/log") \
  || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "millis > ?                         2 with a BigDecimal of 2500.5, 2 with a double
millis + 0 > ?                     0 with a BigDecimal of 2500.5, 2 with a double
millis + 0 <= ?                    3 with a BigDecimal of 2500.5, 1 with a double
(select sum(millis) from run) > ?  0 with a BigDecimal of 2500.5, 3 with a double" ] && echo "as stated" \
  || { echo DIFFERENT; exit 1; }
