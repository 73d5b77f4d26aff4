package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateMinerTest {
    private static Set<Set<String>> groups(Collection<String> texts) {
        var mask = new TextMask();
        Map<String, List<String>> byMasked = new LinkedHashMap<>();
        for (String text : texts)
            byMasked.computeIfAbsent(mask.mask(text), _ -> new ArrayList<>()).add(text);
        List<String> masked = new ArrayList<>(byMasked.keySet());
        long[] templates = TemplateMiner.group(masked);
        Map<Long, Set<String>> groups = new HashMap<>();
        for (int i = 0; i < templates.length; i++)
            groups.computeIfAbsent(templates[i], _ -> new HashSet<>())
                    .addAll(byMasked.getOrDefault(masked.get(i), List.of()));
        return new HashSet<>(groups.values());
    }

    @Nested
    class Masks {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "took 3.5 ms|took *",
                    "from 10.0.0.1:8080 to [fe80::1]|from * to [*]",
                    "see https://a.example/x?y=1 now|see * now",
                    "open /var/log/x.log failed|open * failed",
                    "uid=0 rhost= user=root|uid= * rhost= * user= root",
                    "deleted blk_1, blk_2, blk_3 of 3|deleted * of *",
                    "at Fri Jun 17 07:07:00 2005|at *",
                    "call foo() [] {}|call foo(*) [*] {*}",
                    "\"GET /x HTTP/1.1\" 200|\"GET * *\" *",
                    "service 'web' is up|service '*' is up",
                    "parity error......0|parity error.*",
                    "org.acme.Main$1 and example.com|* and *",
                    "18846 bytes (18.4 KB) received|* bytes received",
                    "copied 3 files (18 KB) in all|copied * files in all",
                    "disk (18 KB) is full|disk (* KB) is full",
                    "2 tries (3 of 4) failed|* tries (* of *) failed",
                })
        void replaceWhatIsSurelyAValue(String text, String masked) {
            assertThat(new TextMask().mask(text).replace(TextMask.VALUE, '*')).isEqualTo(masked);
        }
    }

    @Nested
    class Templates {
        @Test
        void areOneWhereSomeHaveAPlainValueBeforeTheSameComma() {
            assertThat(groups(List.of(
                            "synced with 10.0.0.1, level 3",
                            "synced with 10.0.0.2, level 3",
                            "synced with CLOCK(0), level 10")))
                    .hasSize(1);
        }

        @Test
        void stayApartWhereAWordStandsInThePlaceOfAValueAndItsComma() {
            assertThat(groups(List.of("synced with 10.0.0.1, level 3", "synced with care level 10")))
                    .hasSize(2);
        }

        @Test
        void thatDifferInAVerbStayApart() {
            List<String> texts = new ArrayList<>();
            for (String what : List.of("Started", "Stopped", "Paused", "Resumed", "Migrated"))
                for (int i = 0; i < 5; i++) texts.add("instance " + i + " VM " + what + " (lifecycle)");
            assertThat(groups(texts)).hasSize(5);
        }

        @Test
        void joinTextsThatDifferInANameOnly() {
            List<String> texts = new ArrayList<>();
            for (String user : List.of("alice", "bob", "carol", "dave", "erin")) {
                texts.add("session opened for user " + user + " by root");
                texts.add("session closed for user " + user);
            }
            assertThat(groups(texts)).hasSize(2);
        }

        @Test
        void keepFewWordsAtOnePositionApart() {
            assertThat(groups(List.of("link eth0 is up", "link eth1 is up", "link eth0 is down", "link eth7 is down")))
                    .hasSize(2);
        }

        @Test
        void doNotDependOnTheOrderOfTheTexts() {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 200; i++)
                texts.add("job " + Integer.toString(i * 7919, 36).replaceAll("\\d", "x") + " moved from a" + i + " to "
                        + (i % 3 == 0 ? "done" : i % 5 == 0 ? "failed" : "queued"));
            assertThat(groups(texts)).isEqualTo(groups(texts.reversed()));
        }

        @Test
        void areFoundInTimeForManyLongTexts() {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                var text = new StringBuilder();
                for (int word = 0; word < 90; word++)
                    text.append((char) ('a' + (i * 31 + word * word) % 26))
                            .append((char) ('a' + i / 26 % 26))
                            .append(' ');
                texts.add(text.toString());
            }
            assertThat(groups(texts)).isNotEmpty();
        }
    }
}
