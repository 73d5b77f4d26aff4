package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.AutomationTemplateContract;
import java.util.List;

class ApiCallContractTest extends AutomationTemplateContract {
    private final ApiCallTemplate template = new ApiCallTemplate(GeneratedScriptsTest.CONTEXT);

    @Override
    protected AutomationTemplate template() {
        return template;
    }

    @Override
    protected List<TaskPattern> patternsThatItAutomates() {
        return ApiCallTemplateTest.CALLS.stream()
                .map(pattern -> pattern.below("/srv/files").build())
                .toList();
    }
}
