package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Gives each secret, of which only a mask was recorded, the name of a parameter that a person must give. */
final class Secrets {
    private static final String MASK = "<secret>";

    private final Set<String> taken = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();

    Secrets(TaskPattern pattern) {
        pattern.variables().forEach(variable -> taken.add(variable.name()));
    }

    /** The shape with a variable in place of each mask. */
    Shape hide(Shape shape) {
        if (!shape.anyLiteral(text -> text.contains(MASK))) return shape;
        var parts = new ArrayList<Shape.Part>();
        for (Shape.Part part : shape.parts()) {
            if (!(part instanceof Shape.Part.Literal(String text))) {
                parts.add(part);
                continue;
            }
            int from = 0;
            for (int at = text.indexOf(MASK); at >= 0; at = text.indexOf(MASK, from)) {
                parts.add(new Shape.Part.Literal(text.substring(from, at)));
                parts.add(new Shape.Part.Variable(newName()));
                from = at + MASK.length();
            }
            parts.add(new Shape.Part.Literal(text.substring(from)));
        }
        return new Shape(parts);
    }

    private String newName() {
        String name = "secret";
        for (int number = 2; !taken.add(name); number++) name = "secret_" + number;
        names.add(name);
        return name;
    }

    Set<String> names() {
        return names;
    }
}
