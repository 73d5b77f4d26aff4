package dev.understudy.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secrets here are made up; those of a well-known shape are put together so that no scanner takes them for real. */
class SecretRedactorTest {

    private final SecretRedactor redactor = new SecretRedactor();

    private static Task task(String type, Map<String, Object> parameters) {
        return new Task("1", type, "", parameters, Instant.EPOCH, Duration.ZERO, true);
    }

    @Nested
    class ACommand {
        /** Each row marks its secrets with «…». */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "mysqldump --user=root --password=«hunter2» shop",
                    "createuser --password «hunter2» bob",
                    "createuser --password '«hunter two»' bob",
                    "mysql -u root -p«hunter2» shop",
                    "sudo mysql -uroot -p'«hunt er2»' shop",
                    "docker exec -it db mysql -uroot -p«hunter2»",
                    "ssh web1 \"mysql -uroot -p«hunter2» shop\"",
                    "mariadb -u root -p«hunter2»",
                    "sshpass -p «hunter2» ssh -p 22 bob@web1",
                    "sshpass -p«hunter2» ssh bob@web1",
                    "curl -u bob:«hunter2» https://example.com/",
                    "curl --user 'bob:«hunter2»' https://example.com/",
                    "curl -H 'Authorization: Bearer «abcDEF123456»' https://example.com/",
                    "curl -H \"Authorization: Basic «Ym9iOmh1bnRlcjI=»\" https://example.com/",
                    "curl -H \"X-Api-Key: «abc123»\" https://example.com/",
                    "curl -H 'PRIVATE-TOKEN: «abc123»' https://example.com/",
                    "curl -H 'X-Auth-Token:«abc123»' https://example.com/",
                    "curl -H 'Cookie: «sid=abc123; theme=dark»' https://example.com/",
                    "curl -d '{\"user\":\"bob\",\"password\":\"«hunter2»\"}' https://example.com/",
                    "curl -d \"{\\\"password\\\":\\\"«hunter2»\\\"}\" https://example.com/",
                    "curl -d 'user=bob&password=«hunter2»&remember=1' https://example.com/",
                    "curl -b 'sid=«d41d8cd98f»' https://example.com/",
                    "curl 'https://example.com/a?token=«abc123»&page=2'",
                    "wget 'https://example.com/a?page=2&api_key=«abc123»'",
                    "wget --http-password=«hunter2» https://example.com/",
                    "http -a bob:«hunter2» example.com",
                    "git clone https://bob:«hunter2»@example.com/x.git",
                    "git clone https://«0123456789abcdef01234567»@example.com/x.git",
                    "psql postgres://bob:«p@ss»@db.example.com:5432/shop",
                    "redis-cli -u redis://:«hunter2»@cache:6379",
                    "redis-cli -a «hunter2» ping",
                    "export AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
                    "AWS_SESSION_TOKEN='«abc def»' aws s3 ls",
                    "aws configure set aws_secret_access_key «wJalrXUtnFEMI»",
                    "PGPASSWORD=«hunter2» psql -h db shop",
                    "set -gx GITHUB_TOKEN «abc123»",
                    "setenv API_KEY «abc123»",
                    "docker run -e POSTGRES_PASSWORD=«hunter2» -p 5432:5432 postgres",
                    "docker login -u bob -p «hunter2» registry.example.com",
                    "echo «hunter2» | docker login -u bob --password-stdin",
                    "docker login --password-stdin <<< «hunter2»",
                    "echo '«hunter2»' | sudo -S apt update",
                    "echo «bob:x» | chpasswd",
                    "echo «abc123» | gh auth login --with-token",
                    "zip -P «hunter2» a.zip b.txt",
                    "7z a -p«hunter2» a.7z b",
                    "openssl enc -aes-256-cbc -k «hunter2» -in a -out b",
                    "openssl rsa -passin pass:«hunter2» -in a",
                    "gpg --batch --passphrase «hunter2» -d a.gpg",
                    "ldapsearch -x -D cn=admin -w «hunter2» -b dc=example",
                    "smbclient //nas/share -U 'bob%«hunter2»'",
                    "htpasswd -b .htpasswd bob «hunter2»",
                    "vault kv put secret/shop user=«bob» password=«hunter2»",
                    "vault login «s.1234567890abcdef»",
                    "kubectl create secret generic db --from-literal=user=«bob»",
                    "npm config set //registry.example.com/:_authToken «abc123»",
                    "poetry config pypi-token.pypi «abc123»",
                    "mongosh -u bob -p «hunter2» shop",
                    "keytool -list -storepass «changeit» -keystore a.jks",
                    "nmcli dev wifi connect Home password «hunter2»",
                    "sqlcmd -S db -U sa -P «hunter2» -Q x",
                    "dotnet x 'Server=db;Uid=sa;Pwd=«hunter2»;Database=shop'",
                    "mysqladmin -u root password «hunter2»",
                    "helm install x --set auth.password=«hunter2» chart",
                    "cat > .env <<EOF\nDB_PASSWORD=«hunter2»\nPORT=80\nEOF",
                    "echo «AKIA$IOSFODNN7EXAMPLE»",
                    "echo «gh$p_0123456789abcdefghijklmnopqrstuvwxyz»",
                    "echo «github_$pat_11ABCDEFG0123456789_abcdefghij»",
                    "echo «gl$pat-ABCdef123456_7890abc»",
                    "echo «xo$xb-123456789012-abcdefABCDEF»",
                    "echo «sk_$live_4eC39HqLyjWDarjtT1zdp7dc»",
                    "echo «AI$zaSyA1234567890abcdefghijklmnopqrstuv»",
                    "echo «sk-$ant-api03-abcdefghij0123456789»",
                    "echo «sk-$proj-abcdefghij0123456789ABCDEF»",
                    "echo «ey$JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P»",
                    "echo «npm$_0123456789abcdefghijklmnopqrstuvwxyz»",
                    "echo «py$pi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3»",
                    "echo «hf$_abcdefghijklmnopqrstuvwxyzABCDEF»",
                    "curl https://hooks.slack.com/services/«T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX»",
                    "cat > id <<EOF\n«-----BEGIN $OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----»\nEOF",
                    "echo \"«-----BEGIN $RSA PRIVATE KEY-----\nMIIEow==»",
                })
        void losesItsSecretsAndNothingElse(String marked) {
            // The dollar sign only keeps the shape from standing here in one piece.
            String whole = marked.replace("$", "");
            String command = whole.replace("«", "").replace("»", "");
            String expected = whole.replaceAll("(?s)['\"]?«[^»]*»", "<secret>");
            String redacted = redactor.redact(command);
            assertThat(redacted.replaceAll("['\"]?<secret>['\"]?", "<secret>"))
                    .isEqualTo(expected.replaceAll("<secret>['\"]?", "<secret>"));
            assertThat(redactor.redact(redacted)).isEqualTo(redacted);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "git checkout 3f786850e387550fdab836ed7e6dc881de23001b",
                    "git revert da39a3ee5e6b4b0d3255bfef95601890afd80709 --no-edit",
                    "curl https://example.com/items/123e4567-e89b-12d3-a456-426614174000",
                    "mkdir -p src/main/java",
                    "ssh -p 22 bob@web1.example.com",
                    "cp -p a.txt /bak/a.txt",
                    "docker run --name mysql -p 3306:3306 mysql",
                    "docker run -p3306:3306 mysql",
                    "mysql -u root -p shop",
                    "curl -u bob https://example.com/",
                    "mysql --password=$DB_PASSWORD shop",
                    "curl -H \"Authorization: Bearer $TOKEN\" https://example.com/",
                    "export GITHUB_TOKEN=$(pass show github)",
                    "restic --password-file ~/.restic-password backup /home",
                    "docker build --secret id=npmrc,src=.npmrc .",
                    "docker login --password-stdin < token.txt",
                    "kubectl get secret db -o yaml",
                    "vim secrets/token.yaml",
                    "grep -rn 'token:' src",
                    "grep -i password /var/log/auth.log",
                    "ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519",
                    "ssh -i ~/.ssh/id_rsa git@github.com",
                    "git clone git@github.com:bob/tokenizer.git",
                    "git clone https://github.com/bob/keyboard.git",
                    "git checkout -b sk-refactor-the-very-long-branch-name",
                    "git config credential.helper store",
                    "npm install eyjafjallajokull npm_config_registry",
                    "pip install scikit-learn==1.5.0 pypi-simple",
                    "sha256sum e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "echo sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
                    "sort --key=2 -k 1,2 data.csv",
                    "jq '.keys | length' a.json",
                    "tar -czf compass.tgz bypass/",
                    "pytest -k 'token and not slow'",
                    "rsync -avzP src/ bob@web1:/srv/",
                    "nmap -p 1-1024 host",
                    "ps -u bob",
                    "PWD=/tmp OLDPWD=/home make",
                    "python train.py --max-tokens 4096 --num_tokens=12",
                    "unzip -p a.zip b.txt",
                    "psql -p 5432 -U bob --no-password shop",
                    "java -Dkey=value -jar a.jar",
                    "passwd bob",
                    "curl -b cookies.txt -c cookies.txt https://example.com/",
                    "rm task-management-of-something-1234567890.txt",
                    "cp a@b.txt http://example.com:8080/@scope/pkg .",
                })
        void thatOnlyLooksLikeASecretStays(String command) {
            assertThat(redactor.redact(command)).isEqualTo(command);
        }
    }

    @Nested
    class ATask {
        @Test
        void losesSecretsInCommandDescriptionAndArguments() {
            String command = "mysql -u root -p'hunter2!' shop";
            var task = new Task(
                    "1",
                    "mysql",
                    command,
                    Map.of("command", command, "arguments", List.of("-u", "root", "-phunter2!", "shop")),
                    Instant.EPOCH,
                    Duration.ZERO,
                    true);
            Task redacted = redactor.redact(task);
            assertThat(redacted.description()).isEqualTo("mysql -u root -p<secret> shop");
            assertThat(redacted.parameters())
                    .isEqualTo(Map.of(
                            "command",
                            "mysql -u root -p<secret> shop",
                            "arguments",
                            List.of("-u", "root", "-p<secret>", "shop")));
        }

        @Test
        void losesSecretsUnderTellingNamesAtAnyDepth() {
            Task redacted = redactor.redact(task(
                    "api_call",
                    Map.of(
                            "request",
                            Map.of("headers", List.of(Map.of("apiKey", "abc"), Map.of("accessToken", "def"))),
                            "db_password",
                            12345L,
                            "secret",
                            Map.of("a", List.of("x", true)),
                            "max_tokens",
                            4096L)));
            assertThat(redacted.parameters())
                    .isEqualTo(Map.of(
                            "request",
                            Map.of("headers", List.of(Map.of("apiKey", "<secret>"), Map.of("accessToken", "<secret>"))),
                            "db_password",
                            "<secret>",
                            "secret",
                            Map.of("a", List.of("<secret>", true)),
                            "max_tokens",
                            4096L));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "insertValue_password",
                    "insertValue_Password",
                    "type password",
                    "passwordEntered",
                    "fill-pwd",
                    "enter_api_key",
                    "SetClientSecret"
                })
        void losesAValueOfWhichItsTypeSaysWhatItIs(String type) {
            Task redacted = redactor.redact(
                    task(type, Map.of("value", "hunter2", "url", "https://example.com/", "user", "bob")));
            assertThat(redacted.parameters())
                    .isEqualTo(Map.of("value", "<secret>", "url", "https://example.com/", "user", "bob"));
        }

        @Test
        void losesANumberThatIsTypedAsAPassword() {
            assertThat(redactor.redact(task("insertValue_password", Map.of("newValue", 123456L, "window", 3L)))
                            .parameters())
                    .isEqualTo(Map.of("newValue", "<secret>", "window", 3L));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "#password",
                    "input[name=\"user_password\"]",
                    "//input[@id='pwd']",
                    "Your password:",
                    "API_TOKEN",
                    "login.form.passwd"
                })
        void losesAValueOfWhichTheFieldBesideItSaysWhatItIs(String field) {
            for (String where : List.of("selector", "label", "name", "target"))
                assertThat(redactor.redact(task("change", Map.of(where, field, "value", "hunter2")))
                                .parameters())
                        .isEqualTo(Map.of(where, field, "value", "<secret>"));
        }

        @Test
        void losesItInARecordedStepAtAnyDepth() {
            assertThat(redactor.redact(task(
                                    "replay",
                                    Map.of(
                                            "steps",
                                            List.of(
                                                    Map.of(
                                                            "selectors",
                                                            List.of(List.of("aria/Login", "#pwd")),
                                                            "value",
                                                            "hunter2"),
                                                    Map.of("selectors", List.of(List.of("#user")), "value", "bob")))))
                            .parameters())
                    .isEqualTo(Map.of(
                            "steps",
                            List.of(
                                    Map.of("selectors", List.of(List.of("aria/Login", "#pwd")), "value", "<secret>"),
                                    Map.of("selectors", List.of(List.of("#user")), "value", "bob"))));
        }

        @Test
        void keepsValuesOfWhichNothingSaysThatTheyAreSecret() {
            for (Task each : List.of(
                    task("insertValue_name", Map.of("value", "Bob")),
                    task("tokenize", Map.of("text", "a b c")),
                    task("count_tokens", Map.of("text", "a b c")),
                    task("change", Map.of("selector", "#password-hint-toggle", "value", "on")),
                    task("reset_password", Map.of("user", "bob", "url", "https://example.com/reset")),
                    task("change", Map.of("label", "Keyboard", "value", "qwerty"))))
                assertThat(redactor.redact(each)).isSameAs(each);
        }

        @Test
        void losesASecretWhereverElseItRepeats() {
            var task = new Task(
                    "1",
                    "login",
                    "Logs in with hunter2-hunter2",
                    Map.of("password", "hunter2-hunter2", "note", List.of("tried hunter2-hunter2 twice")),
                    Instant.EPOCH,
                    Duration.ZERO,
                    true);
            Task redacted = redactor.redact(task);
            assertThat(redacted.description()).isEqualTo("Logs in with <secret>");
            assertThat(redacted.parameters().get("note")).isEqualTo(List.of("tried <secret> twice"));
        }

        @Test
        void losesSecretsInListsOfWords() {
            assertThat(redactor.redact(task("deploy", Map.of("args", List.of("--token", "abc", "--to", "web1"))))
                            .parameters())
                    .isEqualTo(Map.of("args", List.of("--token", "<secret>", "--to", "web1")));
        }

        @Test
        void losesASecretInItsIdAndType() {
            String key = "gh" + "p_0123456789abcdefghijklmnopqrstuvwxyz";
            var task = new Task(key, "use " + key, "", Map.of(), Instant.EPOCH, Duration.ZERO, true);
            assertThat(redactor.redact(task).toString()).doesNotContain(key);
            assertThat(redactor.redact(task)).isEqualTo(redactor.redact(task));
        }

        @Test
        void withoutSecretsIsTheSameObject() {
            Task task = task("cp", Map.of("arguments", List.of("a.txt", "/bak/a.txt")));
            assertThat(redactor.redact(task)).isSameAs(task);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"password=", "\"", "--password='", "-----BEGIN ", "eyJ", "://:", "authorization:", "<secret>"})
    void endsSoonOnAnyText(String part) {
        assertThat(redactor.redact(part.repeat(20_000))).isNotEmpty();
    }
}
