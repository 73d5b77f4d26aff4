package dev.understudy.plugins.detectors;

import dev.understudy.spi.TaskPattern.VariableKind;
import java.util.Collection;
import java.util.EnumSet;

/** Infers what the values of a variable look like. */
final class Kinds {
    private Kinds() {}

    /** The kind that fits all values. */
    static VariableKind of(Collection<String> values) {
        var kinds = EnumSet.noneOf(VariableKind.class);
        for (String value : values) {
            kinds.add(of(value));
            if (kinds.contains(VariableKind.TEXT)) return VariableKind.TEXT;
        }
        if (kinds.size() == 1) return kinds.iterator().next();
        if (kinds.contains(VariableKind.URL)) return VariableKind.TEXT;
        if (kinds.contains(VariableKind.GLOB)) return VariableKind.GLOB;
        if (kinds.contains(VariableKind.PATH)) return VariableKind.PATH;
        return VariableKind.IDENTIFIER;
    }

    private static VariableKind of(String value) {
        int length = value.length();
        if (length == 0) return VariableKind.IDENTIFIER;
        if (WordShape.isNumber(value, 0, length)) return VariableKind.NUMBER;
        if (WordShape.isDate(value, 0, length)) return VariableKind.DATE;
        boolean slash = false;
        boolean glob = false;
        boolean odd = false;
        int dots = 0;
        int lastDot = -1;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c <= ' ') return VariableKind.TEXT;
            if (c == '/') slash = true;
            else if (c == '*' || c == '?') glob |= i == 0 || value.charAt(i - 1) != '\\';
            else if (c == '.') {
                dots++;
                lastDot = i;
            } else odd |= !(Character.isLetterOrDigit(c) || "_-+@%,:~=<>#$\\".indexOf(c) >= 0);
        }
        if (value.contains("://")) return VariableKind.URL;
        if (glob) return VariableKind.GLOB;
        if (slash || value.charAt(0) == '~' || value.equals(".") || value.equals("..")) return VariableKind.PATH;
        if (odd) return VariableKind.TEXT;
        if (dots > 0) {
            if (isAddress(value, dots) || TextMask.isTopLevelDomain(value.substring(lastDot + 1)))
                return VariableKind.HOST;
            // A version number has points, but no extension.
            return isDigitsAndMarks(value) ? VariableKind.IDENTIFIER : VariableKind.PATH;
        }
        return VariableKind.IDENTIFIER;
    }

    private static boolean isAddress(String value, int dots) {
        return dots == 3 && isDigitsAndMarks(value);
    }

    private static boolean isDigitsAndMarks(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '.' && c != ':' && !WordShape.isDigit(c)) return false;
        }
        return true;
    }
}
