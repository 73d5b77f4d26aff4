#!/usr/bin/env bash
# Believed: Java takes the local time from TZ as every program on Linux does, so that with a POSIX rule ("EST5EDT,M3.2.0,M11.1.0",
#   what TZ holds where no zones are installed) or with the path of a zone's file it is on the same clock as date(1).
# Happens: of a rule the JDK keeps the first offset, and of a path the offset of the winter: a fixed zone (GMT-05:00, GMT+01:00)
#   without a word, so that all summer it is an hour behind date(1). It also goes by the name behind /etc/localtime, never by
#   its content: a container that mounts another zone over the link's target is on another clock than its Java.
# Source: seen on the JDK named below (Temurin 25.0.3); java.util.TimeZone documents no form of TZ at all.
# Usage: java-posix-time-zone.sh   (JAVA_HOME: a JDK 25). Exits 1 if the behaviour is another.
set -eu
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin/java
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Local.java" <<'J'
public class Local {
    public static void main(String[] arguments) {
        System.out.println(java.time.Instant.ofEpochSecond(1719799200).atZone(java.time.ZoneId.systemDefault()));
    }
}
J
"$java" -version 2>&1 | head -n 1
differs=0
check() { # TZ, what java prints, what date prints
  local said clock
  said=$(TZ=$1 "$java" "$folder/Local.java")
  clock=$(TZ=$1 date -d @1719799200 +%FT%R%:z)
  printf 'TZ=%-36s java: %-36s date: %s\n' "$1" "$said" "$clock"
  [ "$said" = "$2" ] && [ "$clock" = "$3" ] || differs=1
}
check Europe/Berlin '2024-07-01T04:00+02:00[Europe/Berlin]' 2024-07-01T04:00+02:00
check EST5EDT,M3.2.0,M11.1.0 '2024-06-30T21:00-05:00[GMT-05:00]' 2024-06-30T22:00-04:00
check /usr/share/zoneinfo/Europe/Berlin '2024-07-01T03:00+01:00[GMT+01:00]' 2024-07-01T04:00+02:00
[ $differs = 0 ] && echo "as stated" || { echo DIFFERENT; exit 1; }
