package dev.understudy.sandbox.cell;

import java.math.BigInteger;
import java.time.Instant;
import org.graalvm.polyglot.Value;

/** Writes a guest value as JSON, bounded in depth and size, with errors that say where in the result the trouble is. */
final class ResultJson {
    private static final int MAX_DEPTH = 64;

    private final StringBuilder json = new StringBuilder();
    private final StringBuilder place = new StringBuilder("result");
    private final long maxChars;
    private int depth;

    private ResultJson(long maxChars) {
        this.maxChars = maxChars;
    }

    /** @throws ResultException if the value has no form in JSON or takes more than {@code maxChars} */
    static String of(Value value, long maxChars) throws ResultException {
        var writer = new ResultJson(maxChars);
        writer.write(value);
        return writer.json.toString();
    }

    private void write(Value value) throws ResultException {
        if (json.length() > maxChars)
            throw new ResultException("the result takes more than the " + maxChars
                    + " bytes that the output limit leaves it. Return less, or write it to a file.");
        if (value.isNull()) json.append("null");
        else if (value.isBoolean()) json.append(value.asBoolean());
        else if (value.isNumber()) number(value);
        else if (value.isString()) string(value.asString());
        else if (value.isInstant()) string(value.asInstant().toString());
        else if (value.isDate() || value.isTime()) string(moment(value));
        else nested(value);
    }

    private void nested(Value value) throws ResultException {
        if (++depth > MAX_DEPTH)
            throw new ResultException(
                    place + " is nested more than " + MAX_DEPTH + " deep, or refers to itself. Return plain data.");
        if (value.hasHashEntries()) hash(value);
        else if (value.hasArrayElements()) array(value);
        else if (value.canExecute() || value.isMetaObject()) throw unfit(value);
        else if (value.hasIterator()) throw unfit(value);
        else if (value.hasMembers() && plainObject(value)) members(value);
        else throw unfit(value);
        depth--;
    }

    /** Python objects have members too, but only a JavaScript object is what its members say. */
    private static boolean plainObject(Value value) {
        Value meta = value.getMetaObject();
        return meta == null || (!meta.getMetaQualifiedName().contains(".") && meta.hasMember("prototype"));
    }

    private void hash(Value value) throws ResultException {
        json.append('{');
        boolean first = true;
        Value entries = value.getHashEntriesIterator();
        while (entries.hasIteratorNextElement()) {
            Value entry = entries.getIteratorNextElement();
            Value key = entry.getArrayElement(0);
            if (!key.isString())
                throw new ResultException("a key of " + place + " is not text but " + kind(key)
                        + ". JSON needs text as keys; convert it first.");
            if (!first) json.append(',');
            first = false;
            field(key.asString(), entry.getArrayElement(1));
        }
        json.append('}');
    }

    private void members(Value value) throws ResultException {
        json.append('{');
        boolean first = true;
        for (String key : value.getMemberKeys()) {
            Value member = value.getMember(key);
            if (isUndefined(member)) continue;
            if (!first) json.append(',');
            first = false;
            field(key, member);
        }
        json.append('}');
    }

    private static boolean isUndefined(Value value) {
        return value.isNull() && value.getMetaObject() != null && "undefined".equals(value.toString());
    }

    private void array(Value value) throws ResultException {
        json.append('[');
        long size = value.getArraySize();
        for (long i = 0; i < size; i++) {
            if (i > 0) json.append(',');
            int length = place.length();
            place.append('[').append(i).append(']');
            write(value.getArrayElement(i));
            place.setLength(length);
        }
        json.append(']');
    }

    private void field(String key, Value value) throws ResultException {
        string(key);
        json.append(':');
        int length = place.length();
        place.append('.').append(key, 0, Math.min(key.length(), 80));
        write(value);
        place.setLength(length);
    }

    private void number(Value value) throws ResultException {
        if ("bigint".equals(metaName(value)))
            throw new ResultException(
                    place + " is a BigInt, which JSON does not have." + " Return Number(x) or String(x) instead.");
        if (value.fitsInLong()) {
            json.append(value.asLong());
        } else if (value.fitsInDouble()) {
            double number = value.asDouble();
            if (!Double.isFinite(number))
                throw new ResultException(place + " is " + (Double.isNaN(number) ? "not a number (NaN)" : "infinite")
                        + ", which JSON cannot hold. Return null or text instead.");
            json.append(number);
        } else if (value.fitsInBigInteger()) {
            BigInteger number = value.asBigInteger();
            if (number.bitLength() > 10_000)
                throw new ResultException(place + " is a whole number of more than 3,000 digits. Return it as text.");
            json.append(number);
        } else {
            throw unfit(value);
        }
    }

    private static String moment(Value value) {
        if (value.isDate() && value.isTime()) {
            var local = value.asDate().atTime(value.asTime());
            return value.isTimeZone()
                    ? Instant.from(local.atZone(value.asTimeZone())).toString()
                    : local.toString();
        }
        return value.isDate() ? value.asDate().toString() : value.asTime().toString();
    }

    private void string(String text) {
        quote(json, text);
    }

    static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || (Character.isSurrogate(c) && !paired(text, i))) {
                        json.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            json.append(Character.forDigit((c >> shift) & 0xf, 16));
                        }
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static boolean paired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private ResultException unfit(Value value) {
        return new ResultException(place + " is " + kind(value)
                + ", which JSON cannot hold. Return objects, lists, text, numbers, true, false or null.");
    }

    private static String kind(Value value) {
        String name = metaName(value);
        return name.isEmpty() ? "of a foreign kind" : "of type " + name;
    }

    private static String metaName(Value value) {
        Value meta = value.getMetaObject();
        return meta == null ? "" : meta.getMetaSimpleName();
    }
}
