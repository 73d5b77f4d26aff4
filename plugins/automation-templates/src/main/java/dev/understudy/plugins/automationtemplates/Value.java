package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a task gave for one parameter of an operation, with the parts that vary still named. */
sealed interface Value {

    /** One text, number or truth value. */
    record Text(Shape shape) implements Value {
        static Text literal(String text) {
            return new Text(Shape.literal(text));
        }
    }

    /** A list of texts. */
    record Words(List<Word> words) implements Value {
        public Words {
            words = List.copyOf(words);
        }

        static Words of(Shape... shapes) {
            var words = new ArrayList<Word>();
            for (Shape shape : shapes) words.add(new Word.One(shape));
            return new Words(words);
        }

        static Words literals(List<String> texts) {
            return of(texts.stream().map(Shape::literal).toArray(Shape[]::new));
        }
    }

    /** An element of a list. */
    sealed interface Word {
        record One(Shape shape) implements Word {}

        /** A run of elements whose number varies; {@code folder}, where given, stands before each of them. */
        record Run(String variable, Shape folder) implements Word {}
    }

    default Set<String> variables() {
        var names = new LinkedHashSet<String>();
        switch (this) {
            case Text(Shape shape) -> names.addAll(shape.variables());
            case Words(List<Word> words) -> {
                for (Word word : words) {
                    switch (word) {
                        case Word.One(Shape shape) -> names.addAll(shape.variables());
                        case Word.Run(String variable, Shape folder) -> {
                            names.add(variable);
                            names.addAll(folder.variables());
                        }
                    }
                }
            }
        }
        return names;
    }

    /** The elements as one task had them; a text is a list of one. */
    default List<String> fill(Map<String, String> bindings) {
        var texts = new ArrayList<String>();
        switch (this) {
            case Text(Shape shape) -> texts.add(shape.fill(bindings));
            case Words(List<Word> words) -> {
                for (Word word : words) {
                    switch (word) {
                        case Word.One(Shape shape) -> texts.add(shape.fill(bindings));
                        case Word.Run(String variable, Shape folder) -> {
                            for (String element : elements(bindings.getOrDefault(variable, "")))
                                texts.add(Paths.resolve(folder.fill(bindings), element));
                        }
                    }
                }
            }
        }
        return texts;
    }

    /** The shape of each element, a run as its variable alone. */
    static List<Shape> shapes(Value value) {
        return switch (value) {
            case Text(Shape shape) -> List.of(shape);
            case Words(List<Word> words) ->
                words.stream()
                        .map(word -> switch (word) {
                            case Word.One(Shape shape) -> shape;
                            case Word.Run(String variable, Shape folder) -> folder.plus(Shape.variable(variable));
                        })
                        .toList();
        };
    }

    private static List<String> elements(String lines) {
        return lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1));
    }
}
