package dev.understudy.plugins.automationtemplates;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** Short words for ids. */
final class Slugs {
    private static final int MAX_ID = 60;

    private Slugs() {}

    /** An id of the words: {@code [a-z][a-z0-9-]*}, at most 60 characters. */
    static String id(String words) {
        String slug = slug(words);
        if (slug.isEmpty() || !Character.isLetter(slug.charAt(0)))
            slug = "automation" + (slug.isEmpty() ? "" : "-" + slug);
        if (slug.length() > MAX_ID) slug = slug.substring(0, MAX_ID);
        return slug.replaceAll("-+$", "");
    }

    /** The word that tells most about a path or text: its file type, else its name, else nothing. */
    static String what(Value value) {
        List<Shape> shapes = switch (value) {
            case Value.Text(Shape shape) -> List.of(shape);
            case Value.Words(List<Value.Word> words) ->
                words.stream()
                        .filter(Value.Word.One.class::isInstance)
                        .map(word -> ((Value.Word.One) word).shape())
                        .limit(3)
                        .toList();
        };
        if (shapes.isEmpty()) return "files";
        return String.join(" ", shapes.stream().map(Slugs::what).distinct().toList());
    }

    private static String what(Shape shape) {
        Shape name = shape.name();
        if (name.isEmpty()) name = shape.folder().map(Shape::name).orElse(name);
        String extension = Paths.extension("x" + name.literalEnd());
        boolean varies = !name.isConstant() || name.anyLiteral(Globs::hasWildcard);
        if (varies && !slug(extension).isEmpty()) return extension;
        String literals = name.parts().stream()
                .filter(Shape.Part.Literal.class::isInstance)
                .map(part -> ((Shape.Part.Literal) part).text())
                .reduce("", (a, b) -> a + " " + b);
        if (!slug(literals).isEmpty()) return literals;
        return shape.folder().map(Shape::name).map(Slugs::what).orElse("");
    }

    /** The word that tells most about where something goes: the folder's name, else what {@link #what} says. */
    static String where(Value value) {
        if (!(value instanceof Value.Text(Shape shape))) return what(value);
        boolean folder = shape.name().isConstant()
                && Paths.extension("x" + shape.literalEnd()).isEmpty();
        if (folder) return what(shape);
        String name = shape.folder().map(Shape::name).map(Slugs::what).orElse("");
        return slug(name).isEmpty() ? what(shape) : name;
    }

    private static String slug(String words) {
        String plain = Normalizer.normalize(words, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        return plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    }
}
