package __PACKAGE__;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.AutomationTemplateContract;
import java.util.List;
import java.util.Map;

class __CLASS__Test extends AutomationTemplateContract {
    @Override
    protected AutomationTemplate template() {
        return new __CLASS__();
    }

    @Override
    protected List<TaskPattern> patternsThatItAutomates() {
        return List.of(pattern("note", Map.of("text", "{text}"), Map.of("text", "buy milk")));
    }
}
