package dev.understudy.app.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client can have done.
 *
 * @param name unique among the tools of a server
 * @param description for the client: what it does and what comes of it
 * @param effect whether something of the person's can change
 */
public record Tool(String name, String description, Effect effect, List<Parameter> parameters, Handler handler) {
    public Tool {
        if (!name.matches("[a-z_]{1,64}")) throw new IllegalArgumentException("no name of a tool: " + name);
        parameters = List.copyOf(parameters);
    }

    /** What a call can do. */
    public enum Effect {
        READS,
        CHANGES
    }

    /** Of what type a parameter's values are. */
    public enum Type {
        STRING,
        INTEGER,
        OBJECT;

        private String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        private boolean takes(JsonNode value) {
            return switch (this) {
                case STRING -> value.isTextual();
                case INTEGER -> value.isIntegralNumber() && value.canConvertToInt();
                case OBJECT -> value.isObject();
            };
        }
    }

    /**
     * A parameter.
     *
     * @param fallback the value where none is given; null if one must be, or if there need be none
     */
    public record Parameter(
            String name,
            Type type,
            String description,
            Need need,
            @Nullable JsonNode fallback,
            int min,
            int max) {
        /** Whether a value must be given. */
        public enum Need {
            REQUIRED,
            OPTIONAL
        }

        /** A text of bounded length. */
        public static Parameter text(String name, String description, Need need, int maxLength) {
            return new Parameter(name, Type.STRING, description, need, null, 0, maxLength);
        }

        /** A text that has a value of its own. */
        public static Parameter text(String name, String description, String fallback, int maxLength) {
            var value = JsonNodeFactory.instance.textNode(fallback);
            return new Parameter(name, Type.STRING, description, Need.OPTIONAL, value, 0, maxLength);
        }

        /** A whole number within a range. */
        public static Parameter number(String name, String description, int fallback, int min, int max) {
            var value = JsonNodeFactory.instance.numberNode(fallback);
            return new Parameter(name, Type.INTEGER, description, Need.OPTIONAL, value, min, max);
        }

        /** A whole number within a range that must be given. */
        public static Parameter number(String name, String description, int min, int max) {
            return new Parameter(name, Type.INTEGER, description, Need.REQUIRED, null, min, max);
        }

        /** An object; an empty one where none is given. */
        public static Parameter object(String name, String description) {
            return new Parameter(
                    name,
                    Type.OBJECT,
                    description,
                    Need.OPTIONAL,
                    JsonNodeFactory.instance.objectNode(),
                    0,
                    Integer.MAX_VALUE);
        }

        private ObjectNode schema() {
            var schema = JsonNodeFactory.instance.objectNode().put("type", type.id());
            schema.put("description", description);
            if (type == Type.STRING) schema.put("maxLength", max);
            if (type == Type.INTEGER) schema.put("minimum", min).put("maximum", max);
            if (fallback != null) schema.set("default", fallback);
            return schema;
        }

        /** What is wrong with a value; empty if nothing is. */
        private Optional<String> problem(JsonNode value) {
            if (!type.takes(value)) return Optional.of("'" + name + "' must be of the type " + type.id());
            if (type == Type.STRING && value.asText().length() > max)
                return Optional.of(
                        "'" + name + "' has " + value.asText().length() + " characters; " + max + " are the most");
            if (type == Type.INTEGER && (value.asInt() < min || value.asInt() > max))
                return Optional.of("'" + name + "' must be from " + min + " to " + max);
            return Optional.empty();
        }
    }

    /** Who asks. */
    public record Client(String name) {}

    /** Does it; called by a thread of its own, which is interrupted if the client does not want it any more. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param arguments all parameters that have a value, checked
         * @return what the client gets
         * @throws UserException what is wrong, for the client
         */
        JsonNode call(ObjectNode arguments, Client client) throws InterruptedException;
    }

    ObjectNode describe() {
        var json = JsonNodeFactory.instance.objectNode().put("name", name).put("description", description);
        var schema = json.putObject("inputSchema").put("type", "object");
        var properties = schema.putObject("properties");
        var required = schema.putArray("required");
        for (Parameter each : parameters) {
            properties.set(each.name(), each.schema());
            if (each.need() == Parameter.Need.REQUIRED) required.add(each.name());
        }
        schema.put("additionalProperties", false);
        json.putObject("annotations").put("readOnlyHint", effect == Effect.READS);
        return json;
    }

    /**
     * The arguments with defaults for those that are left out or null.
     *
     * @throws UserException with all that is wrong with them
     */
    ObjectNode complete(@Nullable JsonNode given) {
        var complete = JsonNodeFactory.instance.objectNode();
        var problems = new ArrayList<String>();
        JsonNode arguments = given == null || given.isNull() ? complete : given;
        if (!arguments.isObject()) problems.add("'arguments' must be an object");
        for (Parameter each : parameters) {
            JsonNode value = arguments.path(each.name());
            boolean left = value.isMissingNode() || value.isNull();
            if (left && each.fallback() != null) complete.set(each.name(), each.fallback());
            else if (left && each.need() == Parameter.Need.REQUIRED) problems.add("'" + each.name() + "' is missing");
            else if (!left) {
                each.problem(value).ifPresent(problems::add);
                complete.set(each.name(), value);
            }
        }
        arguments.fieldNames().forEachRemaining(name -> {
            if (parameters.stream().noneMatch(each -> each.name().equals(name)))
                problems.add("'" + shortened(name) + "' is no parameter of it");
        });
        if (!problems.isEmpty())
            throw UserException.badInput(
                    "The tool " + this.name + " was not called",
                    String.join("; ", problems),
                    "tools/list describes it");
        return complete;
    }

    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
