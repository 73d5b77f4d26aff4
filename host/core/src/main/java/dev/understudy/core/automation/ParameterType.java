package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.spi.DayExpression;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a parameter may hold. */
public enum ParameterType {
    STRING("a text"),
    INTEGER("an integer, like 30"),
    NUMBER("a number, like 2.5"),
    BOOLEAN("true or false"),
    PATH("a path, like ~/a.txt"),
    DATE("a day"),
    LIST("a list: words with commas between them, or JSON like [\"a, b\", \"c\"]");

    /** How a day is written where nothing else is said. */
    static final DayExpression ISO_DAY = new DayExpression("today", "%Y-%m-%d");

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of a whole number: what languages write and read without a second thought. */
    private static final int MAX_DIGITS = 1000;

    private final String form;

    ParameterType(String form) {
        this.form = form;
    }

    /** The name in metadata. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is allowed, for messages. */
    String form() {
        return form;
    }

    static Map<String, ParameterType> byId() {
        var types = new LinkedHashMap<String, ParameterType>();
        for (ParameterType type : values()) types.put(type.id(), type);
        return types;
    }

    /** Reads what a person typed; empty if it is none of this type. */
    Optional<Object> parse(String text) {
        return switch (this) {
            case STRING -> Optional.of(text);
            case PATH, DATE -> convert(text);
            case BOOLEAN ->
                text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty();
            case INTEGER ->
                text.matches("[+-]?\\d{1," + MAX_DIGITS + "}") ? Optional.of(whole(text)) : Optional.empty();
            case NUMBER -> parseNumber(text);
            case LIST -> parseList(text);
        };
    }

    /** Takes a JSON value; empty if it is none of this type. */
    Optional<Object> convert(Object value) {
        return switch (this) {
            case STRING, DATE -> value instanceof String ? Optional.of(value) : Optional.empty();
            case PATH ->
                value instanceof String text && !text.isEmpty() && text.indexOf('\0') < 0
                        ? Optional.of(value)
                        : Optional.empty();
            case INTEGER -> isWhole(value) ? Optional.of(value) : Optional.empty();
            case NUMBER ->
                isWhole(value) || (value instanceof Double number && Double.isFinite(number))
                        ? Optional.of(value)
                        : Optional.empty();
            case BOOLEAN -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
            case LIST -> value instanceof List<?> ? Optional.of(value) : Optional.empty();
        };
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || (value instanceof BigInteger number && number.abs().compareTo(BigInteger.TEN.pow(MAX_DIGITS)) < 0);
    }

    /** A long, or what is beyond it, exactly. */
    private static Object whole(String text) {
        var number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private Optional<Object> parseNumber(String text) {
        Optional<Object> whole = INTEGER.parse(text);
        if (whole.isPresent()) return whole;
        try {
            return convert(Double.valueOf(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Object> parseList(String text) {
        if (text.isBlank()) return Optional.of(List.of());
        if (!text.strip().startsWith("[")) return Optional.of(List.of(text.split(",", -1)));
        try {
            return Optional.of(List.of(JSON.readValue(text, Object[].class)));
        } catch (JsonProcessingException | NullPointerException _) {
            return Optional.empty();
        }
    }
}
