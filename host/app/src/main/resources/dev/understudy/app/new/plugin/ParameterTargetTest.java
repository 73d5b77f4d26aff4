package __PACKAGE__;

import dev.understudy.spi.testkit.ParameterTargetContract;
import dev.understudy.spi.tuning.ParameterTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class __CLASS__Test extends ParameterTargetContract {
    @TempDir
    Path folder;

    @Override
    protected ParameterTarget target() {
        return new __CLASS__(folder.resolve("workers"));
    }
}
