package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import org.junit.jupiter.api.Test;

class CellRunnerTest {
    @Test
    void runsJavaScript() throws Exception {
        RunReport report = Cells.run(Cells.with(
                Cells.javaScript("function execute(params) { return { hello: params.name, n: [1, 2.5, null] }; }"),
                "{\"name\":\"Ada\"}"));
        assertThat(report.outcome()).isEqualTo(new Succeeded("{\"hello\":\"Ada\",\"n\":[1,2.5,null]}"));
    }

    @Test
    void runsPython() throws Exception {
        RunReport report = Cells.run(Cells.with(
                Cells.python("def execute(params):\n    return {'hello': params['name'], 'n': [1, 2.5, None]}\n"),
                "{\"name\":\"Ada\"}"));
        assertThat(report.outcome()).isEqualTo(new Succeeded("{\"hello\":\"Ada\",\"n\":[1,2.5,null]}"));
    }
}
