package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {
    @Test
    void finds(@TempDir Path folder) throws Exception {
        try (var starter = new ProcessStarter()) {
            var jail = Jail.open(folder, starter);
            jail.mechanisms().mechanisms().forEach(System.out::println);
            System.out.println(jail.refusal());
            assertThat(jail.tier()).isEqualTo(Tier.ISOLATED);
        }
    }
}
