package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.AutomationTemplateContract;
import java.util.List;

class FileOperationContractTest extends AutomationTemplateContract {
    private final FileOperationTemplate template = new FileOperationTemplate(GeneratedScriptsTest.CONTEXT);

    @Override
    protected AutomationTemplate template() {
        return template;
    }

    @Override
    protected List<TaskPattern> patternsThatItAutomates() {
        return GeneratedScriptsTest.FILE_OPERATIONS.stream()
                .map(pattern -> pattern.below("/srv/files").build())
                .toList();
    }
}
