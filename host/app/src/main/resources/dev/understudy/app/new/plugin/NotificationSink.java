package __PACKAGE__;

import dev.understudy.spi.NotificationSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.pf4j.Extension;

/** Appends what there is to tell to a file, one page each. */
@Extension
public final class __CLASS__ implements NotificationSink {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public List<Setting> settings() {
        return List.of(new Setting("file", Type.TEXT, Need.REQUIRED, "the file to append to"));
    }

    @Override
    public Channel open(Map<String, Object> settings) {
        Path file = Path.of((String) settings.get("file"));
        return notification -> Files.writeString(
                file,
                notification.title() + "\n" + notification.text() + "\n\f",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
