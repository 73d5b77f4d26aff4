package dev.understudy.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-30T16:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    /** All that a program or an encoding could take for something else. */
    private static final String VALUE = "-hunter2 \"'$(x)\\ ü\n%s=zw";

    @TempDir
    Path folder;

    private DataHome home;

    @BeforeEach
    void open() {
        home = DataHome.open(folder.resolve("home"));
    }

    private SecretStore store(Optional<Keyring> keyring) {
        return new SecretStore(home, keyring, CLOCK);
    }

    @Nested
    class WithoutAKeyring {
        private final Path secrets() {
            return home.root().resolve("secrets");
        }

        @Test
        void givesBackWhatItWasGiven() {
            var kept = store(Optional.empty()).set("API_TOKEN", VALUE, SecretStore.Choice.KEYRING_OR_FILE);
            assertThat(kept.place()).isEqualTo(secrets().resolve("secrets.json").toString());
            assertThat(kept.why()).isEqualTo("this machine has no keyring that can be used now");
            assertThat(store(Optional.empty()).value("API_TOKEN")).contains(VALUE);
            assertThat(store(Optional.empty()).value("OTHER")).isEmpty();
        }

        @Test
        void listsNamesAndNoValues() {
            store(Optional.empty()).set("B_KEY", VALUE, SecretStore.Choice.FILE);
            store(Optional.empty()).set("A_KEY", VALUE, SecretStore.Choice.FILE);
            assertThat(store(Optional.empty()).list())
                    .extracting(SecretStore.Listed::name, SecretStore.Listed::since)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("A_KEY", NOW),
                            org.assertj.core.groups.Tuple.tuple("B_KEY", NOW));
            assertThat(store(Optional.empty()).list().toString()).doesNotContain("hunter2");
        }

        @Test
        void keepsItInFilesThatOnlyTheirOwnerReadsAndInNoneAsItIs() throws IOException {
            store(Optional.empty()).set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
            try (Stream<Path> all = Files.walk(home.root())) {
                for (Path each : all.filter(Files::isRegularFile).toList())
                    assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
                            .as(each.toString())
                            .doesNotContain("hunter2");
            }
            for (String name : new String[] {"secrets.json", "key"})
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(secrets().resolve(name))))
                        .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets())))
                    .isEqualTo("rwx------");
        }

        @Test
        void sealsTheSameValueOtherwiseEachTime() throws IOException {
            store(Optional.empty()).set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
            String first = Files.readString(secrets().resolve("secrets.json"));
            store(Optional.empty()).set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
            assertThat(secrets().resolve("secrets.json")).content().isNotEqualTo(first);
        }

        @Test
        void doesNotOpenWhatStandsUnderAnotherNameOrBesideAnotherKey() throws IOException {
            store(Optional.empty()).set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
            Path file = secrets().resolve("secrets.json");
            Files.writeString(file, Files.readString(file).replace("API_TOKEN", "OTHER_TOKEN"));
            assertThatThrownBy(() -> store(Optional.empty()).value("OTHER_TOKEN"))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "The secret OTHER_TOKEN cannot be read: it does not fit the key beside it: one of the two was"
                                    + " changed. 'secrets set NAME' keeps it anew, 'secrets list' says where");
            Files.delete(secrets().resolve("key"));
            assertThatThrownBy(() -> store(Optional.empty()).value("OTHER_TOKEN"))
                    .hasMessageContaining("does not fit the key");
        }

        @Test
        void forgetsWhatIsRemoved() {
            SecretStore store = store(Optional.empty());
            assertThat(store.remove("API_TOKEN")).isFalse();
            store.set("API_TOKEN", VALUE, SecretStore.Choice.FILE);
            assertThat(store.remove("API_TOKEN")).isTrue();
            assertThat(store.value("API_TOKEN")).isEmpty();
            assertThat(store.list()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "api_token", "1TOKEN", "A TOKEN", "A-TOKEN", "PATH=x", "Ä"})
        void refusesANameThatNoVariableCouldHave(String name) {
            assertThatThrownBy(() -> store(Optional.empty()).set(name, VALUE, SecretStore.Choice.FILE))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("There can be no secret '" + name + "'");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "abc", "abcd\0"})
        void refusesAValueThatIsNoneWithoutRepeatingIt(String value) {
            assertThatThrownBy(() -> store(Optional.empty()).set("API_TOKEN", value, SecretStore.Choice.FILE))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("The secret API_TOKEN was not kept: its value ")
                    .message()
                    .doesNotContain("abc");
        }
    }

    /**
     * Programs that stand in for the systems' own, and check what they are given: neither a Secret Service nor a Mac is there
     * in a test.
     */
    @Nested
    class WithAKeyring {
        private Path programs;
        private Path argumentsSeen;
        private Map<String, String> environment;

        @BeforeEach
        void install() throws IOException {
            programs = Files.createDirectory(folder.resolve("programs"));
            argumentsSeen = folder.resolve("arguments");
            environment = Map.of(
                    "PATH",
                    programs + ":/usr/bin:/bin",
                    "DBUS_SESSION_BUS_ADDRESS",
                    "unix:path=/nowhere",
                    "RING",
                    Files.createDirectory(folder.resolve("ring")).toString(),
                    "SEEN",
                    argumentsSeen.toString());
        }

        private void program(String name, String text) throws IOException {
            Path program = Files.writeString(
                    programs.resolve(name), "#!/bin/bash\nprintf '%s\\n' \"$*\" >>\"$SEEN\"\n" + text);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }

        private void secretTool() throws IOException {
            program("secret-tool", """
                    case "$1" in
                    store)
                      [[ "$2" == "--label=Understudy "* && "$3 $4 $5 $7" == "application understudy service name" ]] || exit 9
                      cat >"$RING/$6.$8" ;;
                    lookup)
                      [[ "$2 $3 $4 $6" == "application understudy service name" ]] || exit 9
                      cat "$RING/$5.$7" 2>/dev/null || exit 1 ;;
                    clear) rm "$RING/$5.$7" ;;
                    *) exit 9 ;;
                    esac
                    """);
        }

        private void security() throws IOException {
            program("security", """
                    case "$1" in
                    -i)
                      read -r act u a name s service w value rest
                      [[ "$act $u $a $s $w" == "add-generic-password -U -a -s -w" && -z "$rest" ]] || exit 9
                      printf %s "$value" >"$RING/$service.$name" ;;
                    find-generic-password)
                      [[ "$2 $4 $6" == "-a -s -w" ]] || exit 9
                      [ -f "$RING/$5.$3" ] || { echo "security: The specified item could not be found in the keychain." >&2; exit 44; }
                      cat "$RING/$5.$3"; echo ;;
                    delete-generic-password)
                      [[ "$2 $4" == "-a -s" ]] || exit 9
                      rm "$RING/$5.$3" ;;
                    *) exit 9 ;;
                    esac
                    """);
        }

        private SecretStore on(String system) {
            return store(KeyringProgram.find(system, environment, "0123456789ab"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Linux", "Mac OS X"})
        void keepsItThereAndNotInTheFile(String system) throws IOException {
            secretTool();
            security();
            String title = system.equals("Linux") ? "the Secret Service" : "the keychain";
            assertThat(on(system).value("API_TOKEN")).isEmpty();
            assertThat(on(system).set("API_TOKEN", VALUE, SecretStore.Choice.KEYRING_OR_FILE))
                    .isEqualTo(new SecretStore.Kept(title, ""));
            assertThat(on(system).value("API_TOKEN")).contains(VALUE);
            assertThat(on(system).list()).containsExactly(new SecretStore.Listed("API_TOKEN", title, NOW));
            assertThat(home.root().resolve("secrets/secrets.json")).content().doesNotContain("sealed");
            assertThat(on(system).remove("API_TOKEN")).isTrue();
            assertThat(on(system).value("API_TOKEN")).isEmpty();
            assertThat(folder.resolve("ring")).isEmptyDirectory();
            // Every user of a machine sees the arguments of its processes.
            assertThat(argumentsSeen)
                    .content()
                    .doesNotContain("hunter2")
                    .doesNotContain(java.util.Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)));
        }

        @Test
        void goesIntoTheFileWhereTheKeyringDoesNotTakeItAndSaysWhy() throws IOException {
            program("secret-tool", "echo 'Cannot autolaunch D-Bus' >&2\nexit 1\n");
            var kept = on("Linux").set("API_TOKEN", VALUE, SecretStore.Choice.KEYRING_OR_FILE);
            assertThat(kept.place()).endsWith("secrets.json");
            assertThat(kept.why())
                    .isEqualTo("the Secret Service did not take it: secret-tool ended with 1: Cannot autolaunch D-Bus");
            assertThat(on("Linux").value("API_TOKEN")).contains(VALUE);
        }

        @Test
        void goesIntoTheFileWhereTheKeyringForgetsIt() throws IOException {
            program("secret-tool", "cat >/dev/null\n[ \"$1\" = lookup ] && exit 1\nexit 0\n");
            assertThat(on("Linux")
                            .set("API_TOKEN", VALUE, SecretStore.Choice.KEYRING_OR_FILE)
                            .why())
                    .isEqualTo("the Secret Service did not take it: it did not give back what was put into it");
        }

        @Test
        void goesIntoTheFileWhereItIsToldTo() throws IOException {
            secretTool();
            on("Linux").set("API_TOKEN", "an earlier one", SecretStore.Choice.KEYRING_OR_FILE);
            assertThat(on("Linux")
                            .set("API_TOKEN", VALUE, SecretStore.Choice.FILE)
                            .why())
                    .isEmpty();
            assertThat(folder.resolve("ring")).isEmptyDirectory();
            assertThat(store(Optional.empty()).value("API_TOKEN")).contains(VALUE);
        }

        @Test
        void isSaidToBeOutOfReachWhereItsProgramIsGone() throws IOException {
            secretTool();
            on("Linux").set("API_TOKEN", VALUE, SecretStore.Choice.KEYRING_OR_FILE);
            assertThatThrownBy(() -> store(Optional.empty()).value("API_TOKEN"))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("The secret API_TOKEN cannot be read: it lies in a keyring, which cannot be"
                            + " reached from here.");
        }

        @Test
        void isNotLookedForWithoutASession() throws IOException {
            secretTool();
            assertThat(KeyringProgram.find("Linux", Map.of("PATH", programs.toString()), "0"))
                    .isEmpty();
        }
    }
}
