package dev.understudy.sandbox.control.tester;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Validates values under JSON schemas. A schema may come with a stranger's script, so it reaches nothing outside
 * itself, and the work that it makes, in keywords as in regular expressions, is counted and bounded.
 */
final class JsonSchema {
    /** Each far beyond any honest schema, and done within a second. */
    private static final int MAX_KEYWORDS = 1_000_000;

    private static final int MAX_CHARACTERS_MATCHED = 20_000_000;

    private JsonSchema() {}

    /** What does not hold first; empty if the value is valid. */
    static Optional<String> violation(JsonNode schema, JsonNode value) {
        try {
            var config = SchemaRegistryConfig.builder()
                    .regularExpressionFactory(JsonSchema::bounded)
                    .build();
            var registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(config)
                            .schemaLoader(
                                    loader -> loader.fetchRemoteResources(false).block(_ -> true)));
            var context = new CountedContext();
            registry.getSchema(schema).validate(context, value);
            return context.getErrors().stream().findFirst().map(JsonSchema::described);
        } catch (SchemaException notASchema) {
            return Optional.of("the schema cannot be used: " + notASchema.getMessage());
        } catch (TooMuchWorkException tooMuch) {
            return Optional.of("the schema takes too long: " + tooMuch.getMessage());
        } catch (StackOverflowError endless) {
            return Optional.of("the schema refers to itself without end");
        }
    }

    private static String described(Error error) {
        String path = error.getInstanceLocation().toString();
        return (path.isEmpty() ? "" : "at " + path + ": ") + error.getMessage();
    }

    private static RegularExpression bounded(String regex) {
        var pattern = Pattern.compile(regex);
        return text -> pattern.matcher(new CountedText(text, regex)).find();
    }

    /** The validator notes here each keyword that it comes to. */
    private static final class CountedContext extends ExecutionContext {
        private int keywords;

        CountedContext() {
            super(ExecutionConfig.builder().formatAssertionsEnabled(true).build());
        }

        @Override
        public void evaluationPathAddLast(String keyword) {
            if (++keywords > MAX_KEYWORDS)
                throw new TooMuchWorkException("more than " + MAX_KEYWORDS + " keywords to check");
            super.evaluationPathAddLast(keyword);
        }
    }

    /** java.util.regex cannot be interrupted, but it asks for each character that it looks at. */
    private static final class CountedText implements CharSequence {
        private final CharSequence text;
        private final String pattern;
        private int looks;

        CountedText(CharSequence text, String pattern) {
            this.text = text;
            this.pattern = pattern;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks > MAX_CHARACTERS_MATCHED) throw new TooMuchWorkException("its pattern " + pattern);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooMuchWorkException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooMuchWorkException(String message) {
            super(message);
        }
    }
}
