package dev.understudy.core.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells fast that a text holds no secret: it has none of the words with which every rule begins.
 *
 * <p>Nearly all tasks end here, so this is one pass that looks at two characters at a time and compares words only where
 * those two begin one.
 */
final class SecretTriggers {

    private static final String[] WORDS = {
        // names
        "passw",
        "passphrase",
        "passcode",
        "pass=",
        "pass:",
        "pass ",
        "pass\"",
        "pass'",
        "_pass",
        "-pass",
        "storepass",
        "keypass",
        "userpass",
        "dbpass",
        "pgpass",
        "pwd=",
        "pwd:",
        "pwd\"",
        "pwd ",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "_key",
        "-key",
        "key=",
        "key:",
        "key\"",
        "key'",
        "credential",
        "authorization",
        "bearer",
        "cookie",
        "sig=",
        "signature=",
        "code=",
        "--auth",
        // shapes
        "akia",
        "asia",
        "abia",
        "acca",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "glrt-",
        "glptt-",
        "glcbt-",
        "glft-",
        "glsoat-",
        "glimt-",
        "glagent-",
        "xox",
        "xapp-",
        "sk_",
        "rk_",
        "whsec_",
        "aiza",
        "ya29.",
        "gocspx-",
        "sk-",
        "eyj",
        "npm_",
        "pypi-",
        "hf_",
        "doo_v1",
        "dop_v1",
        "dor_v1",
        "sg.",
        "hvs.",
        "hvb.",
        "hvr.",
        "dckr_",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "glsa_",
        "glsc_",
        "dapi",
        "lin_api_",
        "rubygems_",
        "nrak-",
        "age-secret",
        ":aa",
        "hooks.slack",
        "api/webhooks",
        "-----begin",
        // programs
        "mysql",
        "mariadb",
        "mycli",
        "mongo",
        "sshpass",
        "curl",
        "http -",
        "https -",
        "xh -",
        "smbclient",
        "rpcclient",
        "smbget",
        "net ",
        "lftp",
        "ncftp",
        "htpasswd",
        "redis-cli",
        "zip",
        "sqlcmd",
        "bcp",
        "tsql",
        "mosquitto",
        "plink",
        "pscp",
        "psftp",
        "putty",
        "rdesktop",
        "freerdp",
        "useradd",
        "usermod",
        "snmp",
        "openssl",
        "nmcli",
        "vault",
        "7z",
        "rar",
        "ldap",
        "login",
        "sudo -s",
        "smbpasswd",
        "wpa_pass"
    };

    /** For the first two characters of a trigger, the rest of each trigger that begins with them. */
    private static final String[][] RESTS = new String[128 * 128][];

    static {
        var rests = new ArrayList<List<String>>();
        for (int i = 0; i < RESTS.length; i++) rests.add(List.of());
        for (String word : WORDS) {
            for (char first : new char[] {word.charAt(0), Character.toUpperCase(word.charAt(0))}) {
                for (char second : new char[] {word.charAt(1), Character.toUpperCase(word.charAt(1))}) {
                    int pair = first << 7 | second;
                    var longer = new ArrayList<>(rests.get(pair));
                    if (!longer.contains(word.substring(2))) longer.add(word.substring(2));
                    rests.set(pair, longer);
                }
            }
        }
        for (int i = 0; i < RESTS.length; i++)
            if (!rests.get(i).isEmpty()) RESTS[i] = rests.get(i).toArray(new String[0]);
    }

    private SecretTriggers() {}

    static boolean in(String text) {
        int previous = 0;
        for (int i = 0; i < text.length(); i++) {
            int c = text.charAt(i);
            if (c >= 128) {
                previous = 0;
                continue;
            }
            String[] rests = RESTS[previous << 7 | c];
            if (rests != null) {
                for (String rest : rests) if (text.regionMatches(true, i + 1, rest, 0, rest.length())) return true;
            }
            if (c == '@' && text.indexOf("://") >= 0) return true;
            previous = c;
        }
        return false;
    }
}
