package dev.understudy.sandbox.cell;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON for Python, where importing the language's own parser costs 100 ms in each context. Strict; the host checks
 * parameters before, so a fault here is a bug.
 */
final class ParametersJson {
    private static final int MAX_DEPTH = 256;

    private final String json;
    private int at;
    private int depth;

    private ParametersJson(String json) {
        this.json = json;
    }

    /** The value as Map, List, String, Long, BigInteger, Double, Boolean or null. */
    static @Nullable Object parse(String json) {
        var parser = new ParametersJson(json);
        Object value = parser.value();
        parser.blank();
        if (parser.at != json.length()) throw parser.fault("something after the end");
        return value;
    }

    private @Nullable Object value() {
        if (++depth > MAX_DEPTH) throw fault("nested more than " + MAX_DEPTH + " deep");
        blank();
        Object value = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
        depth--;
        return value;
    }

    private Map<String, @Nullable Object> object() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        at++;
        blank();
        if (peek() == '}') {
            at++;
            return fields;
        }
        while (true) {
            blank();
            if (peek() != '"') throw fault("a key expected");
            String key = string();
            blank();
            expect(':');
            fields.put(key, value());
            blank();
            if (peek() == '}') {
                at++;
                return fields;
            }
            expect(',');
        }
    }

    private List<@Nullable Object> array() {
        var items = new ArrayList<@Nullable Object>();
        at++;
        blank();
        if (peek() == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value());
            blank();
            if (peek() == ']') {
                at++;
                return items;
            }
            expect(',');
        }
    }

    private String string() {
        var text = new StringBuilder();
        at++;
        while (true) {
            char c = peek();
            at++;
            if (c == '"') return text.toString();
            if (c < 0x20) throw fault("a control character in a string");
            text.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++, at++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0) throw fault("a hexadecimal digit expected");
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw fault("an unknown escape");
        };
    }

    private Object number() {
        int start = at;
        boolean whole = true;
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c == '.' || c == 'e' || c == 'E') whole = false;
            else if (c != '-' && c != '+' && (c < '0' || c > '9')) break;
            at++;
        }
        String digits = json.substring(start, at);
        try {
            if (!whole) return Double.valueOf(digits);
            var number = new BigInteger(digits);
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        } catch (NumberFormatException _) {
            throw fault("a value expected");
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!json.startsWith(word, at)) throw fault("a value expected");
        at += word.length();
        return value;
    }

    private void blank() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) at++;
    }

    private char peek() {
        if (at >= json.length()) throw fault("more expected");
        return json.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) throw fault("'" + c + "' expected");
        at++;
    }

    private IllegalArgumentException fault(String what) {
        return new IllegalArgumentException("parameters are not JSON: " + what + " at character " + at);
    }
}
