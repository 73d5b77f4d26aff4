package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.HttpOptions.Option;
import dev.understudy.plugins.automationtemplates.HttpOptions.Syntax;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a line of wget as a request; what of it a script could not do as wget does is refused with the reason. */
final class WgetCommand {
    private static final Map<String, String> FLAGS =
            Syntax.names("q=quiet v=verbose no-verbose no-cookies no-cache content-on-error");
    private static final Map<String, String> VALUED = Syntax.names("O=output-document header U=user-agent referer"
            + " post-data body-data=post-data method user http-user=user password http-password=password t=tries"
            + " T=timeout read-timeout=timeout connect-timeout waitretry");

    private static final Map<String, String> REFUSED = refused();

    private final ShellCommand command;
    private final ApiRequest request;
    private @Nullable Shape user;
    private @Nullable Shape password;

    private WgetCommand(ShellCommand command, ApiRequest request) {
        this.command = command;
        this.request = request;
    }

    private static Map<String, String> refused() {
        var refused = new HashMap<String, String>();
        for (String name : new String[] {"r", "recursive", "m", "mirror", "p", "page-requisites", "k"})
            refused.put(name, "follows links from page to page, which scripts do not");
        for (String name : new String[] {"c", "continue", "N", "timestamping", "nc", "no-clobber"})
            refused.put(name, "leaves what is there already, by rules of its own");
        refused.put("no-check-certificate", "takes any certificate, which scripts never do");
        for (String name : new String[] {"i", "input-file"}) refused.put(name, "takes its URLs from a file");
        for (String name : new String[] {"b", "background"}) refused.put(name, "goes on in the background");
        for (String name : new String[] {"post-file", "body-file"}) refused.put(name, "sends what a file holds");
        for (String name : new String[] {"load-cookies", "save-cookies"}) refused.put(name, "keeps cookies");
        for (String name : new String[] {"P", "directory-prefix"})
            refused.put(name, "numbers its files where a name is taken; -O says one name");
        return Map.copyOf(refused);
    }

    static ApiRequest read(TaskPattern pattern) throws NotAutomatable {
        JqPath.Piped piped = JqPath.cut(pattern);
        ShellCommand command = ShellCommand.read(piped.pattern());
        var request = new ApiRequest(new Secrets(pattern));
        var wget = new WgetCommand(command, request);
        HttpOptions options = HttpOptions.read(command, new Syntax(FLAGS, VALUED, REFUSED));
        boolean named = false;
        for (Option option : options.options()) {
            named |= option.name().equals("output-document");
            wget.take(option);
        }
        for (Shape operand : options.operands()) request.url(operand);
        if (!named)
            throw NotAutomatable.mine("wget without -O numbers its files where a name is taken; -O says one name");
        wget.finish();
        if (piped.pointer().isPresent()) request.pointer(piped.pointer().get());
        if (request.hasOutput() && piped.pointer().isPresent() && !piped.raw())
            throw NotAutomatable.mine("jq without -r writes text in quotes, which scripts do not");
        return request;
    }

    private void take(Option option) throws NotAutomatable {
        switch (option.name()) {
            case "output-document" -> output(option.value().orElseThrow());
            case "header" -> request.header(option.value().orElseThrow());
            case "user-agent" ->
                request.header(Shape.literal("User-Agent: ").plus(option.value().orElseThrow()));
            case "referer" ->
                request.header(Shape.literal("Referer: ").plus(option.value().orElseThrow()));
            case "post-data" -> request.body(option.value().orElseThrow(), "&");
            case "method" -> request.method(HttpOptions.constant(option));
            case "user" -> user = option.value().orElseThrow();
            case "password" -> password = option.value().orElseThrow();
            case "tries" -> request.attempts((long) HttpOptions.number(option));
            case "timeout" -> request.timeout(Duration.ofMillis((long) (1000 * HttpOptions.number(option))));
            default -> {
                // What wget shows while it works, and limits within those that every request has.
            }
        }
    }

    private void output(Shape path) throws NotAutomatable {
        String text = path.isConstant() ? path.fill(Map.of()) : "";
        if (text.equals("/dev/null") || HttpOptions.STANDARD_OUTPUT.contains(text)) return;
        request.output(command.path(path));
    }

    private void finish() throws NotAutomatable {
        if (user != null && password != null)
            request.user(user.plus(Shape.literal(":")).plus(password));
        else if (user != null || password != null)
            throw NotAutomatable.mine("it names a user or a password, and not both");
        if (request.hasBody() && !request.hasHeader("content-type"))
            request.header(Shape.literal("Content-Type: application/x-www-form-urlencoded"));
        if (command.output().isPresent())
            request.output(command.path(command.output().get()));
    }
}
