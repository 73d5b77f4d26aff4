package dev.understudy.core.history;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the words of a command that hold a secret by the option or the program before them. */
final class CommandSecrets {

    /** What {@link #find} says of a word without a secret. */
    static final int NONE = -1;

    private static final Set<String> CONTROL = Set.of("|", "||", "&", "&&", ";", ";;", "(", ")", "|&");
    private static final Set<String> REDIRECTIONS =
            Set.of("<", ">", ">>", "<<", "<<-", "2>", "2>>", "&>", ">&", "2>&", ">|");
    private static final Set<String> WRAPPERS = Set.of(
            "sudo", "doas", "env", "time", "nohup", "command", "exec", "nice", "ionice", "timeout", "xargs", "stdbuf",
            "setsid", "watch", "builtin", "chronic", "!", "{", "then", "do", "else", "if", "while", "until", "and",
            "or");
    private static final Set<String> WRAPPER_OPTIONS_WITH_VALUE =
            Set.of("-u", "-g", "-n", "-k", "-s", "-I", "-P", "-C", "-h");
    private static final Set<String> REMOTE = Set.of("ssh", "docker", "podman", "kubectl", "oc", "nerdctl");
    private static final Set<String> MYSQL = Set.of(
            "mysql",
            "mariadb",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mysqlpump",
            "mysqlsh",
            "mysqlbinlog",
            "mysqlslap",
            "mariadb-dump",
            "mariadb-admin",
            "mycli");
    private static final Set<String> MONGO =
            Set.of("mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat");
    private static final Set<String> LOGINS =
            Set.of("docker", "podman", "nerdctl", "buildah", "skopeo", "az", "oc", "cf", "helm");
    private static final Set<String> LDAP =
            Set.of("ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldappasswd", "ldapwhoami", "ldapcompare");
    private static final Set<String> SEVEN_ZIP = Set.of("7z", "7za", "7zr", "7zz", "rar", "unrar");
    private static final Set<String> SETTERS = Set.of(
            "aws",
            "npm",
            "pnpm",
            "yarn",
            "git",
            "heroku",
            "gcloud",
            "firebase",
            "pip",
            "pip3",
            "poetry",
            "composer",
            "pulumi",
            "doctl",
            "conda",
            "wrangler");

    private final List<String> words;
    private final int[] keep;

    private CommandSecrets(List<String> words) {
        this.words = words;
        this.keep = new int[words.size()];
        Arrays.fill(keep, NONE);
    }

    /**
     * Returns for each word {@link #NONE}, or how many of its characters stay before the secret that the rest is.
     *
     * @param words of one or more commands, quotes removed, unquoted operators as words of their own
     */
    static int[] find(List<String> words) {
        var search = new CommandSecrets(words);
        int start = 0;
        while (start < words.size()) {
            int end = start;
            while (end < words.size() && !CONTROL.contains(words.get(end))) end++;
            search.searchCommand(start, end);
            start = end + 1;
        }
        return search.keep;
    }

    private void searchCommand(int start, int end) {
        int program = programIndex(start, end);
        for (int i = start; i < end; i++) searchNamed(i, end);
        if (program >= end) return;
        String name = baseName(words.get(program));
        searchByProgram(name, program, end);
        if (REMOTE.contains(name)) searchRemote(name, program, end);
        if (takesSecretFromInput(name, program, end)) {
            maskHereString(program, end);
            if (program > 1 && words.get(Math.max(0, start - 1)).startsWith("|")) maskPrinted(start - 1);
        }
    }

    private int programIndex(int start, int end) {
        int i = start;
        while (i < end) {
            String word = words.get(i);
            if (WRAPPERS.contains(word)) {
                i++;
                while (i < end && (words.get(i).startsWith("-") || wrapperWord(words.get(i))))
                    i += WRAPPER_OPTIONS_WITH_VALUE.contains(words.get(i)) ? 2 : 1;
            } else if (assignment(word)) {
                i++;
            } else {
                return i;
            }
        }
        return end;
    }

    private static boolean assignment(String word) {
        int equals = word.indexOf('=');
        if (equals <= 0) return false;
        for (int i = 0; i < equals; i++) {
            char c = word.charAt(i);
            if (!(Character.isLetterOrDigit(c) || c == '_' || c == '+')) return false;
        }
        return true;
    }

    /** An assignment after env, or timeout's duration. */
    private static boolean wrapperWord(String word) {
        return assignment(word) || word.matches("\\d+(?:\\.\\d+)?[smhd]?");
    }

    private static String baseName(String word) {
        return word.substring(word.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private void mask(int index, int kept) {
        if (index >= words.size() || kept >= words.get(index).length()) return;
        if (keep[index] == NONE || kept < keep[index]) keep[index] = kept;
    }

    private void maskNext(int index, int end) {
        int next = index + 1;
        if (next < end && !REDIRECTIONS.contains(words.get(next)) && !variable(words.get(next))) mask(next, 0);
    }

    private static boolean variable(String word) {
        return word.startsWith("$") || word.startsWith("`") || word.startsWith(SecretRedactor.MASK);
    }

    /** {@code --password=x}, {@code --password x}, {@code NAME_TOKEN=x}, and {@code set -gx NAME_TOKEN x}. */
    private void searchNamed(int index, int end) {
        String word = words.get(index);
        int nameStart = 0;
        while (nameStart < word.length() && word.charAt(nameStart) == '-') nameStart++;
        int equals = word.indexOf('=');
        if (equals > nameStart) {
            String name = word.substring(nameStart, equals);
            boolean named = assignment(name + "=") || nameStart > 0;
            if (named && SecretName.matches(name) && SecretValue.in(name, word.substring(equals + 1)))
                mask(index, equals + 1);
        } else if (nameStart > 0 && SecretName.matches(word.substring(nameStart))) {
            maskNextValue(word.substring(nameStart), index, end);
        } else if (index > 0 && setsVariable(index) && SecretName.matches(word)) {
            maskNextValue(word, index, end);
        }
    }

    private void maskNextValue(String name, int index, int end) {
        int next = index + 1;
        if (next >= end) return;
        String value = words.get(next);
        // "docker build --secret id=x" names a secret and does not tell it.
        if (value.startsWith("-") || value.startsWith("id=") || REDIRECTIONS.contains(value)) return;
        if (SecretValue.in(name, value)) mask(next, 0);
    }

    private boolean setsVariable(int index) {
        int i = index - 1;
        while (i > 0 && words.get(i).startsWith("-")) i--;
        String before = words.get(i);
        return before.equals("set") || before.equals("setenv") || before.equals("config");
    }

    private void searchByProgram(String program, int at, int end) {
        if (MYSQL.contains(program)) {
            maskAttached("-p", at, end);
            if (program.endsWith("admin")) maskAfterWord("password", at, end);
        } else if (MONGO.contains(program)) {
            maskAttached("-p", at, end);
            maskAfterOption(at, end, "-p");
        } else if (SEVEN_ZIP.contains(program)) {
            maskAttached("-p", at, end);
        } else if (LDAP.contains(program)) {
            maskAfterOption(at, end, "-w");
        } else if (LOGINS.contains(program) && words.subList(at, end).contains("login")) {
            maskAfterOption(at, end, "-p");
        } else if (SETTERS.contains(program)) {
            searchSetting(at, end);
        }
        switch (program) {
            case "curl" -> {
                for (String option : List.of("-u", "--user", "-U", "--proxy-user"))
                    maskAfterSeparator(option, ':', at, end);
                maskAfterOption(at, end, "--oauth2-bearer");
                maskCookies(at, end);
            }
            case "http", "https", "xh" -> {
                for (String option : List.of("-a", "--auth")) maskAfterSeparator(option, ':', at, end);
            }
            case "smbclient", "rpcclient", "smbget", "net" -> {
                for (String option : List.of("-U", "--user")) maskAfterSeparator(option, '%', at, end);
            }
            case "lftp", "ncftp" -> maskAfterSeparator("-u", ',', at, end);
            case "htpasswd" -> maskHtpasswd(at, end);
            case "sshpass" -> searchSshpass(at, end);
            case "redis-cli" -> maskAfterOption(at, end, "-a");
            case "zip", "unzip", "zipcloak", "sqlcmd", "bcp", "tsql", "mosquitto_pub", "mosquitto_sub" ->
                maskAfterOption(at, end, "-P");
            case "plink", "pscp", "psftp", "putty" -> maskAfterOption(at, end, "-pw");
            case "rdesktop", "useradd", "usermod" -> maskAfterOption(at, end, "-p");
            case "xfreerdp", "wlfreerdp" -> maskAttached("/p:", at, end);
            case "snmpwalk", "snmpget" -> maskAfterOption(at, end, "-A", "-X");
            case "openssl" -> {
                maskAttached("pass:", at, end);
                maskAfterOption(at, end, "-k", "-K");
            }
            case "wpa_passphrase" -> mask(at + 2 < end ? at + 2 : words.size(), 0);
            case "nmcli" -> maskAfterWord("password", at, end);
            case "vault" -> maskVault(at, end);
            case "kubectl", "oc" -> maskLiterals(at, end);
            case "ansible-vault" -> maskAfterWord("encrypt_string", at, end);
            case "gh", "glab" -> {
                if (words.subList(at, end).contains("secret")) maskAfterOption(at, end, "-b", "--body", "--value");
            }
            default -> {
                // Other programs have no options of their own that take a secret.
            }
        }
    }

    /** {@code -pSECRET}: the secret is written on to the option. */
    private void maskAttached(String option, int at, int end) {
        for (int i = at + 1; i < end; i++) {
            String word = words.get(i);
            if (word.startsWith(option)
                    && word.length() > option.length()
                    && !variable(word.substring(option.length()))) mask(i, option.length());
        }
    }

    private void maskAfterOption(int at, int end, String... options) {
        for (int i = at + 1; i < end; i++)
            for (String option : options) if (words.get(i).equals(option)) maskNext(i, end);
    }

    private void maskAfterWord(String word, int at, int end) {
        for (int i = at + 1; i < end; i++) if (words.get(i).equals(word)) maskNext(i, end);
    }

    /** {@code -u name:SECRET}, {@code -uname:SECRET}, {@code --user=name:SECRET}: the name stays. */
    private void maskAfterSeparator(String option, char separator, int at, int end) {
        for (int i = at + 1; i < end; i++) {
            String word = words.get(i);
            if (word.equals(option) && i + 1 < end) {
                maskFrom(i + 1, 0, separator);
            } else if (word.startsWith(option) && (!option.startsWith("--") || word.startsWith(option + "="))) {
                maskFrom(i, option.length(), separator);
            }
        }
    }

    private void maskFrom(int index, int from, char separator) {
        String word = words.get(index);
        int position = word.indexOf(separator, from);
        if (position >= 0 && !variable(word.substring(position + 1))) mask(index, position + 1);
    }

    private void maskCookies(int at, int end) {
        for (int i = at + 1; i + 1 < end; i++) {
            boolean option = words.get(i).equals("-b") || words.get(i).equals("--cookie");
            // Without an equals sign it is the name of a file.
            if (option && words.get(i + 1).indexOf('=') > 0) maskFrom(i + 1, 0, '=');
        }
    }

    /** The options before the program that sshpass runs, and then that program. */
    private void searchSshpass(int at, int end) {
        int i = at + 1;
        while (i < end && words.get(i).startsWith("-")) {
            boolean apart = words.get(i).equals("-p");
            if (apart) maskNext(i, end);
            else if (words.get(i).startsWith("-p")) mask(i, 2);
            i += apart || words.get(i).equals("-f") || words.get(i).equals("-P") ? 2 : 1;
        }
        if (i < end) searchRemote(baseName(words.get(i)), i, end);
    }

    private void maskHtpasswd(int at, int end) {
        for (int i = at + 1; i < end; i++) {
            String word = words.get(i);
            if (word.startsWith("-") && !word.startsWith("--") && word.indexOf('b') > 0) {
                mask(end - 1, 0);
                return;
            }
        }
    }

    private void maskVault(int at, int end) {
        List<String> all = words.subList(at, end);
        if (all.contains("login")) {
            for (int i = at + 2; i < end; i++) if (!words.get(i).startsWith("-")) maskFrom(i, 0, '=');
            int last = end - 1;
            if (last > at + 1 && words.get(last).indexOf('=') < 0 && !variable(words.get(last))) mask(last, 0);
        } else if (all.contains("put") || all.contains("write") || all.contains("patch")) {
            for (int i = at + 2; i < end; i++) if (!words.get(i).startsWith("-")) maskFrom(i, 0, '=');
        }
    }

    /** {@code kubectl create secret generic NAME --from-literal=KEY=SECRET}. */
    private void maskLiterals(int at, int end) {
        String option = "--from-literal";
        if (!words.subList(at, end).contains("secret")) return;
        for (int i = at + 1; i < end; i++) {
            String word = words.get(i);
            if (word.equals(option) && i + 1 < end) maskFrom(i + 1, 0, '=');
            else if (word.startsWith(option + "=")) maskFrom(i, option.length() + 1, '=');
        }
    }

    /** {@code aws configure set aws_secret_access_key SECRET}, {@code poetry config pypi-token.pypi SECRET}. */
    private void searchSetting(int at, int end) {
        for (int i = at + 2; i + 1 < end; i++) {
            String word = words.get(i);
            boolean sets =
                    words.get(i - 1).equals("set") || words.get(i - 1).equals("config") || word.contains("token.");
            boolean named = SecretName.matches(word) || word.contains("token.") || word.endsWith("_authToken");
            if (sets && named && !word.startsWith("-")) maskNextValue(word, i, end);
        }
    }

    /** {@code docker exec db mysql -pSECRET}, {@code ssh host mysql -pSECRET}. */
    private void searchRemote(String name, int at, int end) {
        int from = name.equals("ssh") ? at + 1 : words.subList(at, end).indexOf("exec") + at;
        if (!name.equals("ssh") && from <= at) return;
        for (int i = from + 1; i < end; i++) {
            String inner = baseName(words.get(i));
            if (MYSQL.contains(inner) || MONGO.contains(inner) || inner.equals("curl") || inner.equals("redis-cli")) {
                searchByProgram(inner, i, end);
                return;
            }
        }
    }

    private boolean takesSecretFromInput(String program, int at, int end) {
        List<String> all = words.subList(at, end);
        int before = at - 1;
        boolean asSudo = false;
        for (int i = before; i >= 0 && !CONTROL.contains(words.get(i)); i--) {
            if (words.get(i).equals("sudo")) asSudo = words.subList(i, end).contains("-S");
        }
        return asSudo
                || all.contains("--password-stdin")
                || all.contains("--passphrase-fd")
                || all.contains("--with-token")
                || (program.equals("passwd") && all.contains("--stdin"))
                || program.equals("chpasswd")
                || (program.equals("smbpasswd") && all.contains("-s"));
    }

    private void maskHereString(int at, int end) {
        for (int i = at; i + 1 < end; i++)
            if (words.get(i).equals("<<<") || words.get(i).equals("<<")) maskNext(i, end);
    }

    /** Masks what the command before the pipe at this place prints. */
    private void maskPrinted(int pipe) {
        int start = pipe;
        while (start > 0 && !CONTROL.contains(words.get(start - 1))) start--;
        if (start >= pipe) return;
        String program = baseName(words.get(start));
        if (!program.equals("echo") && !program.equals("printf") && !program.equals("print")) return;
        for (int i = start + 1; i < pipe; i++) {
            String word = words.get(i);
            boolean format = word.startsWith("%") || word.startsWith("-");
            if (!format && !variable(word)) mask(i, 0);
        }
    }
}
