#!/usr/bin/env bash
# Believed: what is to run every 20 minutes runs every 20 minutes; when clocks are put back only what has a fixed hour is in doubt,
#   since 2:30 comes twice.
# Happens: timers of systemd (OnCalendar) and of Quartz think in the hours of the clock and know one of the two hours from 2 to 3
#   only: systemd takes the first and waits from 2:40 to 3:00 for 80 minutes, Quartz takes the second and waits from 1:40 to 2:00
#   for as long. What watches, polls or renews a lease by such a timer is silent for over an hour, one night a year. Spring and
#   cron-utils count on; at a fixed hour Spring fires twice (2:30 and 2:30), the others once.
# Source: systemd-analyze of this machine, org.quartz-scheduler:quartz 2.5.0, org.springframework:spring-context 6.2.8 and
#   com.cronutils:cron-utils 9.2.1 (Maven Central); of systemd:
#   https://github.com/systemd/systemd/issues/8647
# Usage: timers-stand-still-when-clocks-go-back.sh   (JAVA_HOME: a JDK 25; mvn, systemd-analyze, tzdata). Exits 1 if the behaviour
#   is another.
set -eu
export TZ=Europe/Berlin
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.quartz-scheduler</groupId><artifactId>quartz</artifactId><version>2.5.0</version></dependency>
    <dependency><groupId>org.springframework</groupId><artifactId>spring-context</artifactId><version>6.2.8</version></dependency>
    <dependency><groupId>com.cronutils</groupId><artifactId>cron-utils</artifactId><version>9.2.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.20</version></dependency>
  </dependencies>
</project>
P
cat >"$folder/Night.java" <<'J'
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.quartz.CronExpression;

public class Night {
    private static final ZonedDateTime BEFORE = ZonedDateTime.parse("2026-10-25T01:30+02:00[Europe/Berlin]");

    public static void main(String[] arguments) throws Exception {
        for (String minutes : new String[] {"*/20 * * * *", "30 2 * * *"}) {
            var quartz = new CronExpression("0 " + minutes.replaceAll("\\*$", "?"));
            show("Quartz", minutes, at -> quartz.getNextValidTimeAfter(Date.from(at.toInstant())).toInstant().atZone(at.getZone()));
            var spring = org.springframework.scheduling.support.CronExpression.parse("0 " + minutes);
            show("Spring", minutes, spring::next);
            var unix = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
            var utils = ExecutionTime.forCron(new CronParser(unix).parse(minutes));
            show("cron-utils", minutes, at -> utils.nextExecution(at).orElseThrow());
        }
    }

    private static void show(String whose, String minutes, UnaryOperator<ZonedDateTime> next) {
        var line = new StringBuilder(whose + ", " + minutes + ":");
        ZonedDateTime at = next.apply(BEFORE);
        for (; at.isBefore(BEFORE.plusHours(3)); at = next.apply(at))
            line.append(DateTimeFormatter.ofPattern(" H:mm z", Locale.ENGLISH).format(at)).append(',');
        System.out.println(line.substring(0, line.length() - 1));
    }
}
J
mvn -B -q -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$folder/path" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
echo "$(systemd-analyze --version | head -n 1), Quartz 2.5.0, Spring 6.2.8, cron-utils 9.2.1, $("$java" -version 2>&1 | head -n 1)"
said=$("$java" -cp "$(cat "$folder/path")" "$folder/Night.java" 2>"$folder/log") || { cat "$folder/log"; exit 1; }
systemd() { # expression, iterations
  printf 'systemd, %s:' "$1"
  systemd-analyze calendar --base-time='2026-10-25 01:30:00' --iterations="$2" "$1" \
    | sed -nE 's/.*(Next elapse|Iter\. #[0-9]+): Sun 2026-10-25 0([0-9:]{4}):00 (CES?T)$/ \2 \3/p' | paste -sd ,
}
said=$(systemd '*:0/20' 6; systemd '2:30' 1; echo "$said")
echo "$said"
[ "$said" = "systemd, *:0/20: 1:40 CEST, 2:00 CEST, 2:20 CEST, 2:40 CEST, 3:00 CET, 3:20 CET
systemd, 2:30: 2:30 CEST
Quartz, */20 * * * *: 1:40 CEST, 2:00 CET, 2:20 CET, 2:40 CET, 3:00 CET, 3:20 CET
Spring, */20 * * * *: 1:40 CEST, 2:00 CEST, 2:20 CEST, 2:40 CEST, 2:00 CET, 2:20 CET, 2:40 CET, 3:00 CET, 3:20 CET
cron-utils, */20 * * * *: 1:40 CEST, 2:00 CEST, 2:20 CEST, 2:40 CEST, 2:00 CET, 2:20 CET, 2:40 CET, 3:00 CET, 3:20 CET
Quartz, 30 2 * * *: 2:30 CET
Spring, 30 2 * * *: 2:30 CEST, 2:30 CET
cron-utils, 30 2 * * *: 2:30 CEST" ] && echo "as stated" || { echo DIFFERENT; exit 1; }
