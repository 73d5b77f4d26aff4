package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that is told what to do on its command line is not worked with by hand (issue 12: {@code psql -c}). */
class ByHandTest {
    private static boolean byHand(String type, String words) {
        String[] arguments = words == null ? new String[0] : words.split(" ");
        return ByHand.is(Patterns.shell(type, Arrays.stream(arguments).toArray(String[]::new))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "psql, -h dwh -d analytics -c vacuum",
        "psql, -tAc select",
        "psql, -f load.sql",
        "psql, --command=vacuum",
        "psql, shop < load.sql",
        "mysql, shop -e optimize",
        "mysql, -Be select",
        "sqlite3, shop.db vacuum",
        "redis-cli, -h cache FLUSHALL",
        "mongosh, --eval db.stats()",
        "ssh, -p 2222 deploy@staging uptime",
        "python, -c print(1)",
        "python3, report.py",
        "kubectl exec, web-0 -- rake db:migrate",
        "docker compose exec, db pg_dump shop",
        "docker run, --rm image build",
        "vim, -es file",
        "emacs, --batch file",
        "sftp, -b batch host",
        "bash, deploy.sh",
    })
    void isWhatIsToldItsWork(String type, String words) {
        assertThat(byHand(type, words)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "psql, -h dwh -d analytics",
        "mysql, -u root shop",
        "sqlite3, shop.db",
        "redis-cli, -h cache",
        "ssh, -p 2222 deploy@staging",
        "python,",
        "node,",
        "vim, notes.txt",
        "kubectl exec, -it web-0 -- rails console",
        "docker exec, -i -t web rails console",
        "docker compose exec, web bash",
        "emacs, file",
    })
    void isAConversation(String type, String words) {
        assertThat(byHand(type, words)).isTrue();
    }
}
