package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Declarations.Filling;
import dev.understudy.plugins.automationtemplates.Declarations.Reading;
import dev.understudy.plugins.automationtemplates.Evidence.Seen;
import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The least paths that an operation needs: those that its parameters name, and folders only where patterns need them. */
final class PathGrants {
    private final Operation operation;
    private final Map<String, Value> values;
    private final Declarations declarations;
    private final Evidence evidence;

    /**
     * The grants' texts.
     *
     * @param reads read only
     * @param writes read and written
     */
    record Granted(List<String> reads, List<String> writes) {}

    private PathGrants(Operation operation, Map<String, Value> values, Declarations declarations, Evidence evidence) {
        this.operation = operation;
        this.values = values;
        this.declarations = declarations;
        this.evidence = evidence;
    }

    static Granted of(Operation operation, Map<String, Value> values, Declarations declarations, Evidence evidence)
            throws NotAutomatable {
        var grants = new PathGrants(operation, values, declarations, evidence);
        var writes = new LinkedHashSet<String>();
        for (String name : operation.writes()) writes.addAll(grants.grant(name, GrantOf.PATH));
        for (String name : operation.writesBeside()) writes.addAll(grants.grant(name, GrantOf.FOLDER));
        var reads = new LinkedHashSet<String>();
        for (String name : operation.reads()) reads.addAll(grants.grant(name, GrantOf.PATH));
        reads.removeAll(writes);
        return new Granted(List.copyOf(reads), List.copyOf(writes));
    }

    private enum GrantOf {
        PATH,
        FOLDER
    }

    private Set<String> grant(String name, GrantOf what) throws NotAutomatable {
        Value value = values.get(name);
        if (value == null) return Set.of();
        Reading reading = declarations.reading(name);
        Parameter parameter = Objects.requireNonNull(operation.parameters().get(name), name);
        boolean takesWildcards = parameter.kind() == Kind.PATHS;
        var grants = new LinkedHashSet<String>();
        if (reading.filling() == Filling.AS_IS && !value.variables().isEmpty()) {
            boolean wildcard = what == GrantOf.FOLDER;
            for (Seen each : evidence.all())
                for (String text : value.fill(each.bindings())) wildcard |= takesWildcards && Globs.hasWildcard(text);
            if (!wildcard) return Set.of("{" + reading.parameter() + "}");
            for (Seen each : evidence.all())
                for (String text : value.fill(each.bindings())) grants.add(folderOfPattern(Shape.literal(text)));
            if (grants.size() > 1)
                throw NotAutomatable.mine("the folder of its files varies, so no folder can be granted");
        } else {
            for (Shape shape : Value.shapes(value)) {
                boolean wildcard = what == GrantOf.FOLDER || (takesWildcards && mayHoldWildcard(shape));
                if (shape.anyLiteral(text -> text.contains("{") || text.contains("}")))
                    throw NotAutomatable.mine("a path in it holds braces, which a grant cannot");
                grants.add(wildcard ? folderOfPattern(shape) : Paths.trimSlashes(shape.template()));
            }
        }
        for (String grant : grants)
            if (grant.equals("/") || grant.equals("~"))
                throw NotAutomatable.mine(
                        "it would have to be granted all of " + (grant.equals("/") ? "the disk" : "your home folder"));
        return grants;
    }

    private boolean mayHoldWildcard(Shape shape) {
        return shape.anyLiteral(Globs::hasWildcard)
                || shape.variables().stream().anyMatch(this::holdsWildcard);
    }

    private boolean holdsWildcard(String variable) {
        return evidence.of(variable).stream().anyMatch(Globs::hasWildcard);
    }

    /** The folder that holds the path, or all that the pattern can match. */
    private String folderOfPattern(Shape shape) {
        var before = new ArrayList<Shape.Part>();
        for (Shape.Part part : shape.parts()) {
            if (part instanceof Shape.Part.Variable(String name) && holdsWildcard(name)) {
                before.add(new Shape.Part.Literal("*"));
                break;
            }
            before.add(part);
        }
        return new Shape(before).fixedFolder().map(Shape::template).orElse(".");
    }
}
