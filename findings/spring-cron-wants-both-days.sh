#!/usr/bin/env bash
# Believed: a line of a crontab means the same in Spring's @Scheduled(cron = …) once a 0 for the seconds stands before it: the
#   documentation calls it "extending the usual UN*X definition to include triggers on the second".
# Happens: where both a day of the month and a day of the week are given, cron takes either ("if both fields are restricted … the
#   command will be run when either field matches", crontab(5)), and Spring asks for both. "0 9 1 * 1", the 1st and all Mondays,
#   which is five times a month, becomes the 1sts that are Mondays: about two a year. Nothing is said, the job just does not come.
#   The other way round "1-7 * MON", the first Monday of the month in Spring, is ten days a month in cron.
# Source: org.springframework:spring-context 6.2.8 and com.cronutils:cron-utils 9.2.1, which takes cron's part (Maven Central);
#   https://man7.org/linux/man-pages/man5/crontab.5.html ,
#   https://docs.spring.io/spring-framework/docs/6.2.x/javadoc-api/org/springframework/scheduling/support/CronExpression.html
# Usage: spring-cron-wants-both-days.sh   (JAVA_HOME: a JDK 25; mvn). Exits 1 if the behaviour is another.
set -eu
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework</groupId><artifactId>spring-context</artifactId><version>6.2.8</version></dependency>
    <dependency><groupId>com.cronutils</groupId><artifactId>cron-utils</artifactId><version>9.2.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Days.java" <<'J'
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.scheduling.support.CronExpression;

public class Days {
    public static void main(String[] arguments) {
        for (String line : new String[] {"0 9 1 * 1", "0 9 1-7 * 1"}) {
            show("Spring", line, CronExpression.parse("0 " + line)::next);
            var unix = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
            var cron = ExecutionTime.forCron(new CronParser(unix).parse(line));
            show("cron-utils", line, at -> cron.nextExecution(at).orElseThrow());
        }
    }

    private static void show(String whose, String line, UnaryOperator<ZonedDateTime> next) {
        ZonedDateTime first = next.apply(ZonedDateTime.parse("2026-06-30T12:00Z"));
        System.out.println(whose + ", " + line + ": " + Stream.iterate(first, next).limit(6)
                .map(DateTimeFormatter.ofPattern("E d.M.yy", Locale.ENGLISH)::format).collect(Collectors.joining(", ")));
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "Spring 6.2.8, cron-utils 9.2.1, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" -cp "$(cat "$folder/path")" "$folder/Days.java" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
echo "$said"
[ "$said" = "Spring, 0 9 1 * 1: Mon 1.2.27, Mon 1.3.27, Mon 1.11.27, Mon 1.5.28, Mon 1.1.29, Mon 1.10.29
cron-utils, 0 9 1 * 1: Wed 1.7.26, Mon 6.7.26, Mon 13.7.26, Mon 20.7.26, Mon 27.7.26, Sat 1.8.26
Spring, 0 9 1-7 * 1: Mon 6.7.26, Mon 3.8.26, Mon 7.9.26, Mon 5.10.26, Mon 2.11.26, Mon 7.12.26
cron-utils, 0 9 1-7 * 1: Wed 1.7.26, Thu 2.7.26, Fri 3.7.26, Sat 4.7.26, Sun 5.7.26, Mon 6.7.26" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
