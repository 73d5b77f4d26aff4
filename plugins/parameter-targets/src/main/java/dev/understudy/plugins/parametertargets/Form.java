package dev.understudy.plugins.parametertargets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How a kernel file shows one parameter. */
sealed interface Form {

    /** Takes the value out of a file's text. */
    String value(String text) throws IOException;

    /** Returns what to write into a file that holds {@code text} now. */
    String text(String text, String value) throws IOException;

    /** The file is the value. */
    record Whole() implements Form {
        @Override
        public String value(String text) {
            return text.strip();
        }

        @Override
        public String text(String text, String value) {
            return value;
        }
    }

    /** All choices in a row, the one that holds in brackets: {@code none [mq-deadline] kyber}. Written is its bare name. */
    record Chosen() implements Form {
        @Override
        public String value(String text) throws IOException {
            int open = text.indexOf('[');
            int close = text.indexOf(']', open);
            // With one choice only, some files leave the brackets out.
            if (open < 0 || close < 0) {
                if (choices(text).size() == 1) return text.strip();
                throw new IOException("none of its choices is marked: " + text.strip());
            }
            return text.substring(open + 1, close);
        }

        @Override
        public String text(String text, String value) {
            return value;
        }

        static List<String> choices(String text) {
            return Arrays.stream(text.replaceAll("[\\[\\]]", " ").strip().split("\\s+"))
                    .filter(choice -> !choice.isEmpty())
                    .distinct()
                    .toList();
        }
    }

    /** One of several numbers, counted from 0; the others are written as they are. */
    record Field(int index) implements Form {
        @Override
        public String value(String text) throws IOException {
            return fields(text).get(index);
        }

        @Override
        public String text(String text, String value) throws IOException {
            List<String> fields = fields(text);
            fields.set(index, value);
            return String.join("\t", fields);
        }

        private List<String> fields(String text) throws IOException {
            var fields = new ArrayList<>(List.of(text.strip().split("\\s+")));
            if (index >= fields.size())
                throw new IOException("it has " + fields.size() + " numbers, not " + (index + 1) + ": " + text.strip());
            return fields;
        }
    }
}
