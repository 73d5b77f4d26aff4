import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Runs an approved automation and proposes another: {@code McpClientSample LAUNCHER DATA_HOME AUTOMATION SCRIPT_FILE}. */
public final class McpClientSample {
    public static void main(String[] arguments) throws Exception {
        var server = ServerParameters.builder(arguments[0])
                .args("--home", arguments[1], "mcp")
                .env(System.getenv())
                .build();
        var transport = new StdioClientTransport(server, McpJsonDefaults.getMapper());
        try (var client = McpClient.sync(transport)
                .clientInfo(new Implementation("java-sample", "1"))
                .requestTimeout(Duration.ofMinutes(2))
                .build()) {
            client.initialize();
            client.listTools().tools().forEach(tool -> System.out.println("tool " + tool.name()));
            call(client, "list_automations", Map.of());
            call(client, "run_automation", Map.of("id", arguments[2], "parameters", Map.of()));
            call(client, "run_automation", Map.of("id", "nobody"));
            call(client, "propose_automation", Map.of("script", Files.readString(Path.of(arguments[3]))));
        }
    }

    private static void call(io.modelcontextprotocol.client.McpSyncClient client, String tool, Map<String, Object> arguments) {
        var result = client.callTool(new CallToolRequest(tool, arguments));
        var text = ((TextContent) result.content().getFirst()).text().replaceAll("\\s*\\R\\s*", " ");
        System.out.println(tool + " " + (Boolean.TRUE.equals(result.isError()) ? "failed" : "done") + ": " + text);
    }
}
