package dev.understudy.core.packages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The npm registry (https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md), or one that speaks like it. */
final class NpmRegistry implements Registry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ABBREVIATED = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";
    private static final Pattern NAME = Pattern.compile("(?:@[a-z0-9~][a-z0-9._~-]*/)?[A-Za-z0-9_~-][A-Za-z0-9._~-]*");
    private static final Pattern DEPENDENCY = Pattern.compile("(?:npm:)?((?:@[^/@\\s]+/)?[^/@\\s]+)(?:@(.*))?");
    private static final List<String> RUN_AT_INSTALL = List.of("preinstall", "install", "postinstall");

    private final String address;
    private final Downloads downloads;
    private final Map<String, JsonNode> described = new HashMap<>();

    /** @param address without a slash at its end */
    NpmRegistry(String address, Downloads downloads) {
        this.address = address;
        this.downloads = downloads;
    }

    @Override
    public Want want(String dependency) {
        return NpmRegistry.wanted(dependency);
    }

    /** @throws IllegalArgumentException if it is none that can be looked for */
    static Want wanted(String dependency) {
        Matcher form = DEPENDENCY.matcher(dependency.strip());
        if (!form.matches()) throw new IllegalArgumentException("'" + dependency + "' is no name of a package");
        return wanted(form.group(1), form.group(2) == null ? "" : form.group(2), "the script");
    }

    private static Want wanted(String name, String range, String by) {
        if (!NAME.matcher(name).matches() || name.length() > 214 || name.equals("node_modules"))
            throw new IllegalArgumentException("'" + name + "' is no name of a package");
        if (!isTag(range)) {
            try {
                NpmRange.parse(range);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'" + name + "@" + range + "' is asked for by " + by
                                + ", and only versions of the registry have hashes",
                        e);
            }
        }
        return new Want(name, range.strip(), Set.of(), by);
    }

    /** A name for a version, like "latest". */
    private static boolean isTag(String range) {
        return range.matches("[a-wyzA-WYZ][A-Za-z0-9._-]*") && !range.matches("v\\d.*");
    }

    @Override
    public boolean allows(Want want, String version) {
        if (isTag(want.range())) {
            JsonNode about = described.get(want.name());
            return about != null
                    && version.equals(about.path("dist-tags").path(want.range()).asText());
        }
        return NpmVersion.parse(version)
                .filter(NpmRange.parse(want.range())::allows)
                .isPresent();
    }

    @Override
    public Found find(String name, Collection<Want> wants, Optional<String> preferred)
            throws IOException, InterruptedException, PackageException {
        JsonNode versions = describe(name).path("versions");
        var allowed = new ArrayList<String>();
        versions.fieldNames().forEachRemaining(version -> {
            if (NpmVersion.parse(version).isPresent() && wants.stream().allMatch(want -> allows(want, version)))
                allowed.add(version);
        });
        String latest = describe(name).path("dist-tags").path("latest").asText();
        Optional<String> chosen = preferred
                .filter(allowed::contains)
                .or(() -> Optional.of(latest).filter(allowed::contains))
                .or(() -> allowed.stream()
                        .max(Comparator.comparing(
                                version -> NpmVersion.parse(version).orElseThrow())));
        if (chosen.isEmpty())
            throw new PackageException("no version of " + name + " serves all who need it: "
                    + String.join(", ", wants.stream().map(Want::said).toList()));
        String version = chosen.get();
        JsonNode about = versions.path(version);
        if (about.path("hasInstallScript").asBoolean())
            throw notPure(name, version, "it runs a script when it is installed");
        String integrity = strongest(about.path("dist").path("integrity").asText());
        if (!Integrity.isKnown(integrity))
            throw new PackageException(
                    "the registry gives no hash of " + name + " " + version + " that is to be trusted");
        List<Want> needs = needs(name + " " + version, about);
        return new Found(
                name,
                version,
                uri(about.path("dist").path("tarball").asText()),
                integrity,
                _ -> needs,
                Optional.empty());
    }

    private static URI uri(String text) throws PackageException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException _) {
            throw new PackageException("the registry gives an address that is none");
        }
    }

    /** Of several hashes the longest. */
    private static String strongest(String integrity) {
        String best = "";
        for (String each : integrity.split("\\s+", -1)) if (each.compareTo(best) > 0) best = each;
        return best;
    }

    private static PackageException notPure(String name, String version, String why) {
        return new PackageException(name + " " + version + " is not pure: " + why);
    }

    /** What it needs to run; what is optional is left out. */
    private static List<Want> needs(String by, JsonNode about) throws PackageException {
        var ranges = new TreeMap<String, String>();
        about.path("peerDependencies").properties().forEach(field -> {
            boolean optional = about.path("peerDependenciesMeta")
                    .path(field.getKey())
                    .path("optional")
                    .asBoolean();
            if (!optional) ranges.put(field.getKey(), field.getValue().asText());
        });
        about.path("dependencies").properties().forEach(field -> {
            if (!about.path("optionalDependencies").has(field.getKey()))
                ranges.put(field.getKey(), field.getValue().asText());
        });
        var needs = new ArrayList<Want>();
        for (Map.Entry<String, String> each : ranges.entrySet()) {
            try {
                needs.add(wanted(each.getKey(), each.getValue(), by));
            } catch (IllegalArgumentException e) {
                throw new PackageException(String.valueOf(e.getMessage()));
            }
        }
        return needs;
    }

    private JsonNode describe(String name) throws IOException, InterruptedException, PackageException {
        JsonNode known = described.get(name);
        if (known != null) return known;
        byte[] answer = downloads.get(URI.create(address + "/" + name.replace("/", "%2f")), ABBREVIATED);
        try {
            JsonNode read = JSON.readTree(answer);
            described.put(name, read);
            return read;
        } catch (JsonProcessingException e) {
            throw new PackageException("what the registry says of " + name + " is no JSON");
        }
    }

    @Override
    public Map<String, byte[]> unpack(String name, String version, byte[] archive) throws PackageException {
        var files = new TreeMap<String, byte[]>();
        for (Map.Entry<String, byte[]> each : Archives.tarGz(archive).entrySet()) {
            // All lies in one folder, mostly "package".
            int slash = each.getKey().indexOf('/');
            if (slash < 0) continue;
            String path = each.getKey().substring(slash + 1);
            if (Archives.isNative(path) || path.equals("binding.gyp")) throw notPure(name, version, "it holds " + path);
            files.put(name + "/" + path, each.getValue());
        }
        requireNoScripts(name, version, files.get(name + "/package.json"));
        return files;
    }

    private static void requireNoScripts(String name, String version, byte @Nullable [] description)
            throws PackageException {
        if (description == null) throw new PackageException(name + " " + version + " has no package.json");
        try {
            JsonNode scripts = JSON.readTree(description).path("scripts");
            for (String each : RUN_AT_INSTALL)
                if (scripts.has(each)) throw notPure(name, version, "it runs a script when it is installed");
        } catch (IOException e) {
            throw new PackageException("the package.json of " + name + " " + version + " is no JSON");
        }
    }
}
