package dev.understudy.core.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.core.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Speaks like the npm registry below {@code /npm} and like PyPI's simple index below {@code /simple}, on this machine. */
final class LoopbackRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> npm = new LinkedHashMap<>();
    private final Map<String, ArrayNode> wheels = new LinkedHashMap<>();
    /** The paths that were asked for, in order. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    LoopbackRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getRawPath();
            asked.add(path);
            byte @Nullable [] body = answers.get(path);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Config.Packages settings() {
        return new Config.Packages(address() + "/npm", address() + "/simple");
    }

    /** What is downloaded. */
    List<String> downloads() {
        return asked.stream().filter(path -> path.startsWith("/files/")).toList();
    }

    /** Puts other bytes in the place of an archive. */
    void replace(String file, byte[] bytes) {
        answers.put("/files/" + file, bytes);
    }

    /**
     * Publishes a package of npm.
     *
     * @param about further fields of its package.json, as JSON
     */
    LoopbackRegistry npm(String name, String version, String about, Map<String, String> files) throws IOException {
        ObjectNode description = (ObjectNode) JSON.readTree(about);
        description.put("name", name).put("version", version);
        PackageFiles tar = PackageFiles.tar().file("package/package.json", description.toString());
        files.forEach((path, text) -> tar.file("package/" + path, text));
        return npm(name, version, description, tar.packed());
    }

    LoopbackRegistry npm(String name, String version, ObjectNode description, byte[] archive) throws IOException {
        String file = name.replace("/", "-").replace("@", "") + "-" + version + ".tgz";
        answers.put("/files/" + file, archive);
        ObjectNode all = npm.computeIfAbsent(name, _ -> JSON.createObjectNode().put("name", name));
        ObjectNode abbreviated = description.deepCopy();
        abbreviated.remove("scripts");
        if (description.path("scripts").has("install")) abbreviated.put("hasInstallScript", true);
        abbreviated
                .putObject("dist")
                .put("tarball", address() + "/files/" + file)
                .put("integrity", "sha512-" + base64("SHA-512", archive));
        all.withObject("/versions").set(version, abbreviated);
        all.withObject("/dist-tags").put("latest", version);
        answers.put("/npm/" + name.replace("/", "%2f"), JSON.writeValueAsBytes(all));
        return this;
    }

    /** Publishes a wheel. */
    LoopbackRegistry wheel(String name, String version, String tags, List<String> requires, Map<String, String> files)
            throws IOException {
        String info = name.replace("-", "_") + "-" + version;
        var lines = new ArrayList<>(List.of("Metadata-Version: 2.1", "Name: " + name, "Version: " + version));
        requires.forEach(each -> lines.add("Requires-Dist: " + each));
        var all = new LinkedHashMap<>(files);
        all.put(info + ".dist-info/METADATA", String.join("\n", lines) + "\n\nRequires-Dist: no-header\n");
        all.put(info + ".dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n");
        byte[] archive = PackageFiles.zip(all);
        String file = info + "-" + tags + ".whl";
        answers.put("/files/" + file, archive);
        ArrayNode list = wheels.computeIfAbsent(name, _ -> JSON.createArrayNode());
        ObjectNode entry = list.addObject().put("filename", file).put("url", "../../files/" + file);
        entry.putObject("hashes").put("sha256", java.util.HexFormat.of().formatHex(digest("SHA-256", archive)));
        entry.put("requires-python", ">=3.8").put("yanked", false);
        ObjectNode page = JSON.createObjectNode().put("name", name);
        page.set("files", list);
        answers.put("/simple/" + name + "/", JSON.writeValueAsBytes(page));
        return this;
    }

    static String base64(String algorithm, byte[] bytes) {
        return Base64.getEncoder().encodeToString(digest(algorithm, bytes));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
