package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.secrets.SecretStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "secrets",
        subcommands = {SecretsCommand.Set.class, SecretsCommand.Remove.class},
        description = {
            "What scripts may know that nobody else shall see: passwords, tokens, keys. Without a word more: list their names.",
            "A script that was granted one (grants.secrets) asks for it with understudy.secret(\"NAME\"), or finds it in the"
                    + " variable SECRET_NAME; a rehearsal gets a stand-in. What a run says is kept and shown without it."
        })
final class SecretsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        return list(json);
    }

    @Command(description = "List the names of all secrets, where each is kept and since when.")
    int list(@Option(names = "--json", description = "Print JSON.") boolean asJson) {
        Console console = root.console();
        List<SecretStore.Listed> all;
        try (Understudy understudy = root.open()) {
            all = understudy.secrets().list();
        }
        if (asJson || json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("secrets");
            for (SecretStore.Listed each : all)
                array.addObject()
                        .put("name", each.name())
                        .put("place", each.place())
                        .put("since", each.since().toString());
            Json.print(console, object);
        } else if (all.isEmpty())
            console.out().println("There are no secrets. Keep one with: " + root.commandPrefix() + " secrets set NAME");
        else {
            var table =
                    new Table(Table.Column.left("name"), Table.Column.left("since"), Table.Column.wrapped("kept in"));
            for (SecretStore.Listed each : all) table.row(each.name(), each.since(), Console.shortened(each.place()));
            table.print(console, "");
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "set",
            description = {
                "Keep a secret: in the system's keyring where there is one, else in a file that only its owner reads,"
                        + " encrypted by a key beside it.",
                "The value is asked for at a terminal without being shown, else read from standard input (without a line"
                        + " feed at its end). It is never an argument: those are for all users to see."
            })
    static final class Set implements Callable<Integer> {
        @ParentCommand
        SecretsCommand parent;

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "Capital letters, digits and '_', a letter first, like API_TOKEN.")
        String name;

        /** Taken so that it can be refused: what is said of an argument that nobody takes would show it. */
        @Parameters(index = "1..*", hidden = true)
        List<String> surplus = List.of();

        @Option(
                names = "--file",
                description = "Into the file, even where there is a keyring, as for a host that starts before a login.")
        boolean file;

        @Override
        public Integer call() {
            if (!surplus.isEmpty())
                throw UserException.badInput(
                        "The secret " + name + " was not kept",
                        "a value was given as an argument, which every user of this machine can see while the command runs",
                        "Write it to standard input, and choose another value where somebody may have seen this one");
            RootCommand root = parent.root;
            String value = value(root);
            SecretStore.Kept kept;
            try (Understudy understudy = root.open()) {
                kept = understudy
                        .secrets()
                        .set(name, value, file ? SecretStore.Choice.FILE : SecretStore.Choice.KEYRING_OR_FILE);
                understudy
                        .automations()
                        .audit()
                        .add(AuditKind.SECRET_SET, "", Map.of("name", name, "place", kept.place()));
            }
            Console console = root.console();
            console.out().println("Kept " + name + " in " + Console.shortened(kept.place()) + ".");
            if (!kept.why().isEmpty())
                console.err()
                        .println(
                                "understudy: " + Console.printable(kept.why())
                                        + "; the file is encrypted, but its key lies beside it: whoever reads your files as you has both.");
            return ExitCode.DONE;
        }

        // JDK 25 gives no console where there is no terminal, whatever Error Prone's check says of JDK 22.
        @SuppressWarnings("SystemConsoleNull")
        private static String value(RootCommand root) {
            java.io.Console terminal = System.console();
            if (terminal != null && terminal.isTerminal() && root.console().isTerminal()) {
                char[] first = typed(terminal, "Value: ");
                char[] second = typed(terminal, "Once more: ");
                if (!Arrays.equals(first, second))
                    throw UserException.badInput("The secret was not kept", "the two values differ", "Type it again");
                return new String(first);
            }
            try {
                byte[] given = System.in.readNBytes(SecretStore.MAX_BYTES + 2);
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(given))
                        .toString();
                return text.replaceFirst("\\r?\\n\\z", "");
            } catch (CharacterCodingException _) {
                throw UserException.badInput(
                        "The secret was not kept", "what was read is no text in UTF-8", "Encode it, as with base64");
            } catch (IOException e) {
                throw UserException.failed(
                        "The secret was not kept",
                        "standard input cannot be read",
                        "Write the value to it, as in: printf %s \"$VALUE\" | understudy secrets set NAME",
                        e);
            }
        }

        private static char[] typed(java.io.Console terminal, String prompt) {
            return Optional.ofNullable(terminal.readPassword("%s", prompt))
                    .orElseThrow(() -> UserException.badInput(
                            "The secret was not kept", "nothing was typed", "Type its value, and Enter"));
        }
    }

    @Command(name = "remove", description = "Remove a secret. Scripts that were granted it are refused from then on.")
    static final class Remove implements Callable<Integer> {
        @ParentCommand
        SecretsCommand parent;

        @Parameters(paramLabel = "NAME", description = "As 'secrets list' names it.")
        String name;

        @Override
        public Integer call() {
            RootCommand root = parent.root;
            try (Understudy understudy = root.open()) {
                if (!understudy.secrets().remove(name))
                    throw UserException.badInput(
                            "Nothing was removed", "there is no secret '" + name + "'", "'secrets list' lists them");
                understudy.automations().audit().add(AuditKind.SECRET_REMOVED, "", Map.of("name", name));
            }
            root.console().out().println("Removed " + name + ".");
            return ExitCode.DONE;
        }
    }
}
