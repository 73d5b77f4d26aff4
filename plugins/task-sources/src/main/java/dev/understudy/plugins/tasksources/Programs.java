package dev.understudy.plugins.tasksources;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of programs: which take a subcommand, and which run another program that is named after their options. */
final class Programs {

    /**
     * A program whose first words matter.
     *
     * @param optionsWithValue options before the subcommand or the other program that take the next word as their value
     * @param depth how many words name the subcommand; for a wrapper, how many words come before the other program
     * @param groups subcommands that have subcommands of their own
     */
    record Shape(Set<String> optionsWithValue, int depth, Set<String> groups) {}

    private static final Map<String, Shape> WITH_SUBCOMMANDS = new HashMap<>();
    private static final Map<String, Shape> WRAPPERS = new HashMap<>();

    private Programs() {}

    /** The shape of a program that takes subcommands. */
    static @Nullable Shape withSubcommands(String program) {
        return WITH_SUBCOMMANDS.get(program);
    }

    /** The shape of a program that runs another one. */
    static @Nullable Shape wrapper(String program) {
        return WRAPPERS.get(program);
    }

    private static void subcommands(String programs, String optionsWithValue, int depth, String groups) {
        var shape = new Shape(words(optionsWithValue), depth, words(groups));
        for (String program : programs.split(" ")) WITH_SUBCOMMANDS.put(program, shape);
    }

    private static void wrappers(String programs, String optionsWithValue, int wordsBefore) {
        var shape = new Shape(words(optionsWithValue), wordsBefore, Set.of());
        for (String program : programs.split(" ")) WRAPPERS.put(program, shape);
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
    }

    static {
        subcommands("git", "-C -c --git-dir --work-tree --namespace --exec-path --config-env --super-prefix", 1, "");
        subcommands("hg svn bzr fossil", "-R --cwd --config --config-dir --username --password", 1, "");
        subcommands(
                "docker podman nerdctl",
                "-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey --root --url",
                1,
                "compose container image volume network system buildx context builder plugin secret service stack swarm"
                        + " node config manifest trust machine pod");
        subcommands("docker-compose", "-f --file -p --project-name --profile --env-file --project-directory", 1, "");
        subcommands(
                "kubectl oc",
                "-n --namespace --context --cluster --kubeconfig --user -s --server --token --as -v",
                1,
                "config rollout set create auth certificate top");
        subcommands("helm", "-n --namespace --kube-context --kubeconfig", 1, "repo plugin dependency get show");
        subcommands("minikube kind k3d", "-p --profile", 1, "");
        subcommands("npm pnpm", "--prefix -C --dir --registry -w --workspace --filter -F", 1, "run");
        subcommands("yarn bun deno", "--cwd", 1, "");
        subcommands("mvn mvnw", "-f --file -pl --projects -P -s --settings -T --threads -t --toolchains -gs", 1, "");
        subcommands("gradle gradlew", "-p --project-dir -b --build-file -I --init-script -g", 1, "");
        subcommands("cargo rustup", "--manifest-path --config -C --color -Z", 1, "toolchain target component");
        subcommands("go", "-C", 1, "mod tool work");
        subcommands("dotnet", "", 1, "tool nuget");
        subcommands("make just task rake", "-f --file --makefile -C --directory -j --jobs", 1, "");
        subcommands("bazel", "--bazelrc --output_base", 1, "");
        subcommands("terraform tofu", "", 1, "state workspace");
        subcommands("vagrant packer pulumi", "", 1, "");
        subcommands("apt apt-get aptitude", "-o -c -t --target-release", 1, "");
        subcommands("apt-cache apt-mark dnf yum zypper apk snap flatpak nix port conda mamba", "", 1, "");
        subcommands("brew", "", 1, "services");
        subcommands("pip pip3 pipx poetry uv", "--python --proxy --timeout --log --cache-dir", 1, "tool");
        subcommands("gem bundle composer", "-d --working-dir", 1, "");
        subcommands("systemctl loginctl", "-H --host -M --machine -t --type -n --lines -o --output", 1, "");
        subcommands("service", "", 2, "");
        subcommands("launchctl networksetup diskutil", "", 1, "");
        subcommands("ip", "-n -netns -b -batch", 1, "");
        subcommands("nmcli ufw firewall-cmd", "", 1, "");
        subcommands("aws", "--profile --region --output --endpoint-url --query --ca-bundle", 2, "");
        subcommands("gcloud", "--project --account --configuration --format", 2, "");
        subcommands("az", "--subscription --output -o --query", 2, "");
        subcommands("gh glab", "-R --repo --hostname", 2, "");
        subcommands("heroku flyctl fly vercel netlify firebase wrangler doctl", "-a --app --token", 1, "");
        subcommands("vault consul nomad", "-address -namespace", 1, "kv auth secrets token policy");
        subcommands("ansible-galaxy", "", 2, "");
        subcommands("tmux", "-L -S -f", 1, "");
        subcommands("openssl gpgconf", "", 1, "");
        subcommands("rails django-admin artisan symfony ng vue flutter dart", "", 1, "");
        subcommands("adb fastboot", "-s -t -H -P", 1, "");
        subcommands("dbt dagster prefect airflow hugo", "--project-dir --profiles-dir --target -t", 1, "");
        subcommands("pass op bw", "", 1, "");

        wrappers("sudo", "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot", 0);
        wrappers("doas", "-u -C", 0);
        wrappers("env", "-u -C --unset --chdir", 0);
        wrappers("time", "-f -o --format --output", 0);
        wrappers("nohup setsid command builtin noglob nocorrect chronic caffeinate unbuffer", "", 0);
        wrappers("exec", "-a", 0);
        wrappers("nice", "-n --adjustment", 0);
        wrappers("ionice", "-c -n --class --classdata", 0);
        wrappers("chrt taskset", "", 1);
        wrappers("timeout gtimeout", "-k -s --kill-after --signal", 1);
        wrappers("stdbuf", "-i -o -e --input --output --error", 0);
        wrappers("watch", "-n --interval", 0);
        wrappers(
                "xargs",
                "-I -n -P -L -d -a -E -s --replace --max-args --max-procs --max-lines --delimiter --arg-file",
                0);
        wrappers("proxychains proxychains4 torsocks", "-f", 0);
        wrappers("strace ltrace", "-e -o -p -s -u", 0);
    }
}
