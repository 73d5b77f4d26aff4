package dev.understudy.core.history;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds secrets in a text by what they look like, or by the name that stands before them. */
final class SecretShapes {

    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final int MAX_NAME_LENGTH = 64;

    /** Keys and tokens whose issuers gave them a shape of their own; group 1, where there is one, stays. */
    private static final Pattern KEYS = Pattern.compile("(?<![A-Za-z0-9_])(?:"
            + "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
            + "|gh[pousr]_[A-Za-z0-9]{30,255}"
            + "|github_pat_[A-Za-z0-9_]{22,255}"
            + "|gl(?:pat|dt|rt|ptt|cbt|ft|soat|imt|agent)-[A-Za-z0-9_.-]{20,255}"
            + "|xox[abeoprs]-[A-Za-z0-9-]{10,255}"
            + "|xapp-[A-Za-z0-9-]{10,255}"
            + "|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}"
            + "|whsec_[A-Za-z0-9+/=]{16,255}"
            + "|AIza[A-Za-z0-9_-]{35}"
            + "|ya29\\.[A-Za-z0-9_-]{20,1000}"
            + "|GOCSPX-[A-Za-z0-9_-]{20,64}"
            + "|sk-(?=[A-Za-z0-9_-]{0,300}[0-9])[A-Za-z0-9_-]{20,300}"
            + "|eyJ[A-Za-z0-9_-]{8,8000}\\.[A-Za-z0-9_-]{4,16000}(?:\\.[A-Za-z0-9_-]{0,4000}){0,3}"
            + "|npm_[A-Za-z0-9]{30,255}"
            + "|pypi-[A-Za-z0-9_-]{16,500}"
            + "|hf_[A-Za-z0-9]{30,64}"
            + "|do[opr]_v1_[a-f0-9]{64}"
            + "|SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}"
            + "|hv[sbr]\\.[A-Za-z0-9_-]{20,300}"
            + "|dckr_[a-z]{2,4}_[A-Za-z0-9_-]{20,64}"
            + "|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"
            + "|gls[ac]_[A-Za-z0-9_]{32,64}"
            + "|dapi[a-f0-9]{32}(?:-[0-9])?"
            + "|lin_api_[A-Za-z0-9]{32,64}"
            + "|rubygems_[a-f0-9]{48}"
            + "|NRAK-[A-Z0-9]{27}"
            + "|AGE-SECRET-KEY-1[A-Z0-9]{58}"
            + "|[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"
            + "|(hooks\\.slack\\.com/services/)[A-Za-z0-9/]{20,100}"
            + "|(discord(?:app)?\\.com/api/webhooks/[0-9]{10,24}/)[A-Za-z0-9_-]{30,100}"
            + ")");

    private static final Pattern HEADER = Pattern.compile(
            "((?:authorization|cookie)(?:\\\\?[\"'])?\\s{0,3}[:=]\\s{0,3}(?:\\\\?[\"'])?"
                    + "(?:(?:bearer|basic|token|digest|apikey|negotiate)\\s{1,3})?)([^\"'\\\\\\r\\n]{1,16000})",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BEARER = Pattern.compile(
            "(?<![A-Za-z0-9])(bearer\\s{1,3})(?=[A-Za-z0-9._~+/-]{0,300}[0-9])([A-Za-z0-9._~+/-]{16,16000}={0,2})",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern URL_USER =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{1,20}://[^\\s/@:'\"<>]{0,200}:)([^\\s/'\"<>]{1,500})@");

    private static final Pattern URL_TOKEN =
            Pattern.compile("(https?://)(?=[^\\s/@:'\"<>]{0,300}[0-9])([^\\s/@:'\"<>]{20,300})@");

    private static final Pattern SIGNATURE = Pattern.compile(
            "([?&](?:sig|signature|x-amz-signature|x-amz-credential|code|key)=)([^\\s&'\"#<>]{8,2000})",
            Pattern.CASE_INSENSITIVE);

    private SecretShapes() {}

    /** Returns the text with its secrets replaced; each secret that went is told to {@code found}. */
    static String redact(String text, Consumer<String> found) {
        String result = redactPrivateKeys(text, found);
        result = replace(KEYS, result, found);
        result = replace(HEADER, result, found);
        result = replace(BEARER, result, found);
        if (result.indexOf('@') >= 0) {
            result = replace(URL_USER, result, found);
            result = replace(URL_TOKEN, result, found);
        }
        if (result.indexOf('=') >= 0) result = replace(SIGNATURE, result, found);
        return redactNamed(result, found);
    }

    /** Replaces the last group that matched, or all of a match without groups. */
    private static String replace(Pattern pattern, String text, Consumer<String> found) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) return text;
        var result = new StringBuilder(text.length());
        int copied = 0;
        do {
            int start = matcher.start();
            int end = matcher.end();
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.start(group) < 0) continue;
                boolean kept = pattern == KEYS || (group == 1 && matcher.groupCount() == 2);
                start = kept ? matcher.end(group) : matcher.start(group);
                if (!kept) end = matcher.end(group);
            }
            String secret = text.substring(start, end);
            if (!SecretValue.in("password", secret)) continue;
            found.accept(secret);
            result.append(text, copied, start).append(SecretRedactor.MASK);
            copied = end;
        } while (matcher.find());
        return result.append(text, copied, text.length()).toString();
    }

    private static String redactPrivateKeys(String text, Consumer<String> found) {
        int begin = text.indexOf(PEM_BEGIN);
        if (begin < 0) return text;
        var result = new StringBuilder();
        int copied = 0;
        while (begin >= 0) {
            int label = begin + PEM_BEGIN.length();
            int labelEnd = text.indexOf("-----", label);
            if (labelEnd < 0) break;
            int end = labelEnd + 5;
            if (text.substring(label, labelEnd).contains("PRIVATE KEY")) {
                int footer = text.indexOf("-----END ", labelEnd);
                int footerEnd = footer < 0 ? -1 : text.indexOf("-----", footer + 9);
                // A key that was cut off is a key all the same.
                end = footerEnd < 0 ? text.length() : footerEnd + 5;
                found.accept(text.substring(begin, end));
                result.append(text, copied, begin).append(SecretRedactor.MASK);
                copied = end;
            }
            begin = text.indexOf(PEM_BEGIN, end);
        }
        return result.append(text, copied, text.length()).toString();
    }

    /** Replaces what stands after a secret's name and an equals sign or a colon. */
    private static String redactNamed(String text, Consumer<String> found) {
        StringBuilder result = null;
        int copied = 0;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '=' && c != ':') continue;
            if (i < copied) continue;
            int nameEnd = endOfName(text, i);
            int nameStart = startOfName(text, nameEnd);
            if (nameStart >= nameEnd || !names(text, nameStart, nameEnd, i)) continue;
            int start = i + 1;
            while (start < text.length() && start < i + 4 && text.charAt(start) == ' ') start++;
            int quoteStart = start < text.length() && text.charAt(start) == '\\' ? start + 1 : start;
            char quote = quoteStart < text.length() ? text.charAt(quoteStart) : ' ';
            boolean quoted = quote == '"' || quote == '\'';
            // After a colon something must set the value off, else it is a path, a port or an image's tag.
            if (c == ':' && start == i + 1 && nameEnd == i && !headerName(text, nameStart)) continue;
            if (c == '=' && start > i + 1 && nameEnd == i) continue;
            int valueStart = quoted ? quoteStart + 1 : start;
            int valueEnd = quoted ? endOfQuoted(text, valueStart, quote) : endOfPlain(text, valueStart);
            if (valueEnd <= valueStart) continue;
            String value = text.substring(valueStart, valueEnd);
            if (!SecretValue.in(text.substring(nameStart, nameEnd), value)) continue;
            found.accept(value);
            if (result == null) result = new StringBuilder(text.length());
            result.append(text, copied, valueStart).append(SecretRedactor.MASK);
            copied = valueEnd;
        }
        return result == null
                ? text
                : result.append(text, copied, text.length()).toString();
    }

    private static boolean headerName(String text, int start) {
        return text.regionMatches(true, start, "x-", 0, 2) || text.regionMatches(true, start, "private-", 0, 8);
    }

    private static int endOfName(String text, int at) {
        int end = at;
        while (end > 0 && at - end < 3 && text.charAt(end - 1) == ' ') end--;
        if (end > 0 && (text.charAt(end - 1) == '"' || text.charAt(end - 1) == '\'')) end--;
        if (end > 0 && end < at && text.charAt(end - 1) == '\\') end--;
        return end;
    }

    private static int startOfName(String text, int end) {
        int start = end;
        while (start > 0 && end - start < MAX_NAME_LENGTH && nameCharacter(text.charAt(start - 1))) start--;
        return start;
    }

    private static boolean nameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.';
    }

    private static boolean names(String text, int start, int end, int at) {
        char before = start > 0 ? text.charAt(start - 1) : ' ';
        boolean variable = before == '$' || (before == '{' && start > 1 && text.charAt(start - 2) == '$');
        boolean pathPart = before == '/' && text.charAt(at) == ':';
        boolean comparison = at + 1 < text.length() && text.charAt(at + 1) == '=';
        return !variable && !pathPart && !comparison && SecretName.matches(text.substring(start, end));
    }

    private static int endOfQuoted(String text, int start, char quote) {
        int end = start;
        while (end < text.length() && text.charAt(end) != quote) {
            boolean escape = text.charAt(end) == '\\' && end + 1 < text.length();
            if (escape && text.charAt(end + 1) == quote && text.charAt(start - 2 < 0 ? 0 : start - 2) == '\\')
                return end;
            end += escape ? 2 : 1;
        }
        return Math.min(end, text.length());
    }

    private static int endOfPlain(String text, int start) {
        int end = start;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c <= ' ' || "&;\"'|)}]<>".indexOf(c) >= 0) break;
            char next = end + 1 < text.length() ? text.charAt(end + 1) : ' ';
            if (c == ',' && (next <= ' ' || nextIsNamed(text, end + 1))) break;
            end++;
        }
        return end;
    }

    private static boolean nextIsNamed(String text, int start) {
        int end = start;
        while (end < text.length() && end - start < MAX_NAME_LENGTH && nameCharacter(text.charAt(end))) end++;
        return end > start && end < text.length() && text.charAt(end) == '=';
    }
}
