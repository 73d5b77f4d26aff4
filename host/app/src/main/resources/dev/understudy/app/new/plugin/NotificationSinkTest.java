package __PACKAGE__;

import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.testkit.NotificationSinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class __CLASS__Test extends NotificationSinkContract {
    @TempDir
    Path folder;

    @Override
    protected NotificationSink sink() {
        return new __CLASS__();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("file", folder.resolve("news.txt").toString());
    }

    @Override
    protected Map<String, Object> settingsThatReachNobody() {
        return Map.of("file", folder.resolve("no such folder/news.txt").toString());
    }

    @Override
    protected List<String> received() throws IOException {
        return List.of(Files.readString(folder.resolve("news.txt")).split("\f"));
    }
}
