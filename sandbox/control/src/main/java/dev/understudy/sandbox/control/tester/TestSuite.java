package dev.understudy.sandbox.control.tester;

import java.util.HashSet;
import java.util.List;

/**
 * The tests of one automation.
 *
 * @param name the automation's id
 * @param cases with different names; may be empty
 */
public record TestSuite(String name, List<TestCase> cases) {
    public TestSuite {
        cases = List.copyOf(cases);
        var names = new HashSet<String>();
        for (TestCase test : cases) {
            if (!names.add(test.name()))
                throw new IllegalArgumentException("suite " + name + " has two cases named " + test.name());
        }
    }
}
