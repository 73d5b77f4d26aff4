#!/usr/bin/env bash
# Believed: csvsort sorts lines, csvjoin joins them, csvjson writes them as JSON; of the cells they change at most numbers and
#   dates ("007" is 7, 03/02/2018 is 2018-03-02), and a name is a name.
# Happens: they guess a type for each column and write every cell anew in it. Words that are all names of months or days are dates
#   in the year 1, as of three colleagues called May, April and June, or the days of a shift plan; times of the day are durations,
#   in which 14:30 is 14 minutes and 30 seconds and is written 0:14:30; "5 min" is 0:05:00. It depends on the whole column: one
#   Bob more, and May is May again, so that what worked yesterday does not today. -I (--no-inference) leaves all as it is.
# Source: csvkit 1.0.7 with agate 1.6.3 and parsedatetime (Debian 12); https://csvkit.readthedocs.io/en/1.0.7/scripts/csvsort.html ;
#   of a column of "1m": https://github.com/wireservice/csvkit/issues/752
# Usage: csvkit-rewrites-words-and-times.sh   (csvkit). Exits 1 if the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'name,from,break,day\nMay,14:30,5 min,Mon\nApril,09:00,1:15,Fri\nJune,08:00,1h,Wed\n' >"$folder/shifts.csv"
csvsort --version
said=$(
  cd "$folder"
  echo "sorted by from:"
  csvsort -c from shifts.csv
  echo "as JSON:"
  csvjson shifts.csv | tr -d '\n' | sed 's/}, /},\n/g'
  echo
  echo "with one Bob more:"
  (cat shifts.csv; echo 'Bob,09:00,1h,Wed') | csvsort -c from | cut -d, -f1
  echo "with -I:"
  csvsort -I -c from shifts.csv
)
echo "$said"
[ "$said" = 'sorted by from:
name,from,break,day
0001-06-01,0:08:00,1:00:00,0001-01-03
0001-04-01,0:09:00,0:01:15,0001-01-05
0001-05-01,0:14:30,0:05:00,0001-01-08
as JSON:
[{"name": "0001-05-01", "from": "0:14:30", "break": "0:05:00", "day": "0001-01-08"},
{"name": "0001-04-01", "from": "0:09:00", "break": "0:01:15", "day": "0001-01-05"},
{"name": "0001-06-01", "from": "0:08:00", "break": "1:00:00", "day": "0001-01-03"}]
with one Bob more:
name
June
April
Bob
May
with -I:
name,from,break,day
June,08:00,1h,Wed
April,09:00,1:15,Fri
May,14:30,5 min,Mon' ] && echo "as stated" || { echo DIFFERENT; exit 1; }
