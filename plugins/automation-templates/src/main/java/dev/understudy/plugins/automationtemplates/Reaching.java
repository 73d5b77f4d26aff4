package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Set;

/**
 * Tells programs that are of no use in the sandbox, because they work through the network or through a service of the
 * machine. To install such a program there would mend nothing.
 */
final class Reaching {
    private static final String GRANTABLE =
            ": only a script's own http does, and the hosts that grants.hosts names, at isolation \"minimal\"";

    /** Programs, or a program and what it is told, that are of no use without a network. */
    private static final Set<String> NETWORK = words(
            "scp rcp sftp ftp lftp ssh rsh curl wget http https xh aria2c ping finger rclone s3cmd",
            "aws gcloud gsutil bq az gh glab hub kubectl oc helm heroku vercel netlify fly flyctl doctl ansible ansible-playbook",
            "git:push,pull,fetch,clone,submodule hg:push,pull,clone svn:update,up,commit,checkout",
            "npm:install,i,ci,publish,update npx yarn pnpm:install,i,add,update pip:install,download pip3:install,download",
            "poetry:install,update,add uv:sync,add pipenv cargo:install,publish,update go:get gem:install bundle:install",
            "apt:install,update,upgrade apt-get:install,update,upgrade dnf:install,update brew:install,update,upgrade",
            "terraform:apply,destroy,init");

    /** Clients that reach a server by the network, or by a socket that no sandbox shows. */
    private static final Set<String> SERVERS = words(
            "psql pg_dump pg_restore createdb dropdb pgbench mysql mysqldump mysqladmin mariadb mariadb-dump mongo mongosh",
            "mongodump redis-cli sqlcmd clickhouse-client");

    /** Programs that leave their work to a service of this machine. */
    private static final Set<String> SERVICES = words(
            "docker docker-compose podman nerdctl vagrant systemctl service launchctl lp lpr cancel lprm mail mailx sendmail");

    private Reaching() {}

    /** Reads {@code program program:sub,sub}. */
    private static Set<String> words(String... lines) {
        return Looking.words(lines);
    }

    /** Why no sandbox would do for tasks of a pattern, and what would have to be granted; empty if one does. */
    static String why(TaskPattern pattern) {
        String type = pattern.taskType().strip();
        if (in(NETWORK, type) || (type.equals("rsync") && namesHost(pattern)))
            return type + " needs the network, which programs do not reach from the sandbox" + GRANTABLE;
        if (in(SERVERS, type))
            return type + " needs a server, which programs do not reach from the sandbox" + GRANTABLE;
        if (in(SERVICES, type))
            return type + " needs a service of this machine, which programs do not reach from the sandbox";
        return "";
    }

    private static boolean in(Set<String> types, String type) {
        String[] words = type.split(" ");
        return types.contains(words[0]) || (words.length > 1 && types.contains(words[0] + " " + words[1]));
    }

    /** {@code rsync} copies between two folders of this machine as well. */
    private static boolean namesHost(TaskPattern pattern) {
        return !(pattern.parameters().get(Task.ARGUMENTS) instanceof List<?> words)
                || words.stream().map(String::valueOf).anyMatch(word -> word.matches("[^/-][^/]*:.*|rsync://.*"));
    }
}
