package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.HttpOptions.Option;
import dev.understudy.plugins.automationtemplates.HttpOptions.Syntax;
import dev.understudy.spi.TaskPattern;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a line of curl as a request; what of it a script could not do as curl does is refused with the reason. */
final class CurlCommand {
    private static final Map<String, String> FLAGS = Syntax.names("s=silent S=show-error L=location f=fail"
            + " fail-with-body=fail v=verbose #=progress-bar no-progress-meter g=globoff compressed G=get I=head i=include"
            + " O=remote-name N=no-buffer retry-all-errors retry-connrefused tcp-nodelay http1.1 http2");
    private static final Map<String, String> VALUED = Syntax.names("X=request H=header d=data data-raw data-ascii=data"
            + " data-binary=data data-urlencode json o=output u=user A=user-agent e=referer m=max-time connect-timeout"
            + " retry retry-delay retry-max-time url");

    private static final Map<String, String> REFUSED = refused();

    private final ShellCommand command;
    private final ApiRequest request;
    private boolean query;
    private boolean remoteName;
    private boolean included;

    private CurlCommand(ShellCommand command, ApiRequest request) {
        this.command = command;
        this.request = request;
    }

    private static Map<String, String> refused() {
        var refused = new HashMap<String, String>();
        refuse(refused, "sends a form with files, which scripts cannot", "F", "form", "form-string");
        refuse(refused, "uploads a file, which scripts cannot", "T", "upload-file");
        refuse(refused, "keeps cookies, which scripts do not", "b", "cookie", "c", "cookie-jar", "j");
        refuse(refused, "takes any certificate, which scripts never do", "k", "insecure");
        refuse(refused, "goes through a proxy, which scripts do not", "x", "proxy", "socks5", "U", "proxy-user");
        refuse(refused, "takes its options from a file, which is not recorded", "K", "config");
        refuse(refused, "prints figures of the transfer, which scripts do not know", "w", "write-out");
        refuse(refused, "uses certificates of its own, which scripts do not", "E", "cert", "key", "cacert", "capath");
        refuse(refused, "takes a part of a file or goes on with one", "C", "continue-at", "r", "range");
        refuse(refused, "names its file as the server says", "J", "remote-header-name");
        refuse(refused, "takes its password from a file", "n", "netrc", "netrc-file");
        return Map.copyOf(refused);
    }

    private static void refuse(Map<String, String> refused, String why, String... names) {
        for (String name : names) refused.put(name, why);
    }

    static ApiRequest read(TaskPattern pattern) throws NotAutomatable {
        JqPath.Piped piped = JqPath.cut(pattern);
        ShellCommand command = ShellCommand.read(piped.pattern());
        var request = new ApiRequest(new Secrets(pattern));
        var curl = new CurlCommand(command, request);
        HttpOptions options = HttpOptions.read(command, new Syntax(FLAGS, VALUED, REFUSED));
        for (Option option : options.options()) curl.take(option);
        for (Shape operand : options.operands()) request.url(operand);
        curl.finish();
        if (piped.pointer().isPresent()) request.pointer(piped.pointer().get());
        if (request.hasOutput() && piped.pointer().isPresent() && !piped.raw())
            throw NotAutomatable.mine("jq without -r writes text in quotes, which scripts do not");
        return request;
    }

    private void take(Option option) throws NotAutomatable {
        switch (option.name()) {
            case "request" -> request.method(HttpOptions.constant(option));
            case "head" -> request.method("HEAD");
            case "get" -> query = true;
            case "header" -> header(value(option));
            case "user-agent" -> request.header(Shape.literal("User-Agent: ").plus(value(option)));
            case "referer" -> request.header(Shape.literal("Referer: ").plus(value(option)));
            case "data" -> data(value(option));
            case "data-raw" -> request.body(value(option), "&");
            case "data-urlencode" -> request.body(encoded(value(option)), "&");
            case "json" -> {
                data(value(option));
                addHeader("content-type", "Content-Type: application/json");
                addHeader("accept", "Accept: application/json");
            }
            case "user" -> request.user(value(option));
            case "output" -> output(value(option));
            case "remote-name" -> remoteName = true;
            case "include" -> included = true;
            case "max-time" -> request.timeout(Duration.ofMillis((long) (1000 * HttpOptions.number(option))));
            case "retry" -> request.attempts((long) HttpOptions.number(option) + 1);
            case "retry-delay" -> request.pause(Math.max(0.1, HttpOptions.number(option)));
            case "url" -> request.url(value(option));
            default -> {
                // What curl shows while it works, and limits within those that every request has.
            }
        }
    }

    private static Shape value(Option option) {
        return option.value().orElseThrow();
    }

    private void header(Shape line) throws NotAutomatable {
        if (line.literalStart().startsWith("@")) throw NotAutomatable.mine("it takes its headers from a file");
        request.header(line);
    }

    private void addHeader(String name, String line) throws NotAutomatable {
        if (!request.hasHeader(name)) request.header(Shape.literal(line));
    }

    private void data(Shape data) throws NotAutomatable {
        if (data.literalStart().startsWith("@")) throw NotAutomatable.mine("it sends what a file holds");
        request.body(data, "&");
    }

    /** {@code name=value} with the value as a form writes it. */
    private static Shape encoded(Shape data) throws NotAutomatable {
        String text = data.fill(Map.of());
        int equals = text.indexOf('=');
        if (!data.isConstant() || text.indexOf('@') >= 0)
            throw NotAutomatable.mine("what it encodes varies or is a file");
        return Shape.literal(
                text.substring(0, equals + 1) + URLEncoder.encode(text.substring(equals + 1), StandardCharsets.UTF_8));
    }

    private void output(Shape path) throws NotAutomatable {
        String text = path.isConstant() ? path.fill(Map.of()) : "";
        if (text.equals("/dev/null") || HttpOptions.STANDARD_OUTPUT.contains(text)) return;
        request.output(command.path(path));
    }

    private void finish() throws NotAutomatable {
        if (query) request.bodyToQuery();
        if (request.hasBody()) addHeader("content-type", "Content-Type: application/x-www-form-urlencoded");
        Optional<Shape> redirected = command.output();
        if (remoteName) {
            Shape name = request.url().name();
            if (name.isEmpty() || name.anyLiteral(text -> text.matches(".*[?#&].*")))
                throw NotAutomatable.mine("its URL names no file");
            request.output(command.path(name));
        }
        if (redirected.isPresent()) request.output(command.path(redirected.get()));
        if (included && request.hasOutput()) throw NotAutomatable.mine("it writes headers and body to one file");
    }
}
