package dev.understudy.sandbox.control.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The offsets are what GNU date prints for the same settings (home-assistant/core#43412, node-red-docker#122). */
class MachineZoneTest {
    private static final Instant SUMMER = Instant.parse("2024-07-01T02:00:00Z");
    private static final Instant WINTER = Instant.parse("2024-01-01T02:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Path NEW_YORK = MachineZone.ZONES.resolve("America/New_York");

    @TempDir
    Path settings;

    @BeforeAll
    static void zonesAreInstalled() {
        assumeTrue(Files.isRegularFile(NEW_YORK), "needs the package tzdata");
    }

    private MachineZone find(Map<String, String> environment) {
        return new MachineZone.Finder(environment, settings, MachineZone.ZONES, NOW).find();
    }

    private static String offset(MachineZone zone, Instant at) {
        return zone.id().getRules().getOffset(at).getId();
    }

    @Nested
    class ByTheVariable {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "Europe/Berlin | +01:00 | +02:00",
                    ":Europe/Berlin | +01:00 | +02:00",
                    "posix/Europe/Berlin | +01:00 | +02:00",
                    "/usr/share/zoneinfo/Europe/Berlin | +01:00 | +02:00",
                    ":/usr/share/zoneinfo/Asia/Kolkata | +05:30 | +05:30",
                    "EST5EDT | -05:00 | -04:00",
                    "EST5EDT,M3.2.0,M11.1.0 | -05:00 | -04:00",
                    "CET-1CEST,M3.5.0,M10.5.0/3 | +01:00 | +02:00",
                    "AEST-10AEDT,M10.1.0,M4.1.0/3 | +11:00 | +10:00",
                    "EST5 | -05:00 | -05:00",
                    "<+0330>-3:30 | +03:30 | +03:30",
                    "UTC0 | Z | Z",
                    "'' | Z | Z",
                    "Nonsense/Zone | Z | Z"
                })
        void isWhatTheCLibraryMakesOfIt(String variable, String winter, String summer) {
            MachineZone zone = find(Map.of("TZ", variable));

            assertThat(offset(zone, WINTER)).isEqualTo(winter);
            assertThat(offset(zone, SUMMER)).isEqualTo(summer);
            assertThat(zone.variables()).containsExactly(Map.entry("TZ", variable));
        }

        @Test
        void aRuleIsCalledAfterACityThatHasIt() {
            assertThat(find(Map.of("TZ", "EST5EDT,M3.2.0,M11.1.0")).id()).hasToString("America/New_York");
        }

        @Test
        void showsAFileOfThePersonsOwn() throws IOException {
            Path own = Files.copy(NEW_YORK, settings.resolve("own"));

            MachineZone zone = find(Map.of("TZ", own.toString()));

            assertThat(zone.id()).hasToString("America/New_York");
            assertThat(zone.files()).contains(own);
        }
    }

    @Nested
    class WithoutIt {
        @Test
        void aLinkNamesTheZone() throws IOException {
            Files.createSymbolicLink(settings.resolve("localtime"), MachineZone.ZONES.resolve("Asia/Kathmandu"));

            assertThat(find(Map.of()).id()).hasToString("Asia/Kathmandu");
        }

        @Test
        void aPlainFileSaysByItsContentWhatItIs() throws IOException {
            Files.copy(NEW_YORK, settings.resolve("localtime"));

            assertThat(find(Map.of()).id()).hasToString("America/New_York");
        }

        /** Containers mount a file over what the link leads to. */
        @Test
        void theContentCountsWhereTheLinkNamesAnotherZone() throws IOException {
            Path container = Files.createDirectories(settings.resolve("zoneinfo/Etc"));
            Path mounted = Files.copy(NEW_YORK, container.resolve("UTC"));
            Files.createSymbolicLink(settings.resolve("localtime"), mounted);

            assertThat(find(Map.of()).id()).hasToString("America/New_York");
        }

        @Test
        void aLinkIntoZonesThatAreNotInstalledSaysWhatWasMeant() throws IOException {
            Files.createSymbolicLink(settings.resolve("localtime"), settings.resolve("zoneinfo/Europe/Berlin"));

            MachineZone zone = find(Map.of());

            assertThat(zone.id()).hasToString("Europe/Berlin");
            assertThat(zone.variables()).containsExactly(Map.entry("TZ", "Europe/Berlin"));
        }

        @Test
        void theNameInTheTextFileDecidesLast() throws IOException {
            Files.writeString(settings.resolve("timezone"), "Europe/Berlin\n");

            assertThat(find(Map.of()).id()).hasToString("Europe/Berlin");
        }

        @Test
        void itIsUtcWhereNothingSaysMore() {
            assertThat(find(Map.of()).id()).hasToString("UTC");
        }
    }
}
