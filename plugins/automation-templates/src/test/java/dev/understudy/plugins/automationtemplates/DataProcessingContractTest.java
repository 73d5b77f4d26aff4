package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.AutomationTemplateContract;
import java.util.List;

class DataProcessingContractTest extends AutomationTemplateContract {
    private final DataProcessingTemplate template = new DataProcessingTemplate(GeneratedScriptsTest.CONTEXT);

    @Override
    protected AutomationTemplate template() {
        return template;
    }

    @Override
    protected List<TaskPattern> patternsThatItAutomates() {
        return GeneratedScriptsTest.DATA_PROCESSING.stream()
                .map(pattern -> pattern.below("/srv/files").build())
                .toList();
    }
}
