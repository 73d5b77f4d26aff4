package dev.understudy.core.packages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PyPI, or another index that answers in the JSON of PEP 691. Only wheels for any machine are taken: they have nothing to run. */
final class PythonIndex implements Registry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCEPT = "application/vnd.pypi.simple.v1+json";
    private static final Pattern WHEEL = Pattern.compile("([^-]+)-([^-]+)(?:-\\d[^-]*)?-([^-]+)-none-any\\.whl");
    private static final Pattern METADATA = Pattern.compile("[^/]+\\.dist-info/METADATA");
    private static final PythonVersion PYTHON =
            PythonVersion.parse(Marker.PYTHON + ".8").orElseThrow();

    private final String address;
    private final Downloads downloads;
    private final Map<String, List<Wheel>> wheels = new HashMap<>();
    private final Map<URI, byte[]> archives = new HashMap<>();

    private record Wheel(String version, PythonVersion order, URI source, String integrity) {}

    /** @param address of the simple index, without a slash at its end */
    PythonIndex(String address, Downloads downloads) {
        this.address = address;
        this.downloads = downloads;
    }

    @Override
    public Want want(String dependency) {
        return Requirement.parse(dependency).wantedBy("the script");
    }

    @Override
    public boolean allows(Want want, String version) {
        return PythonVersion.parse(version)
                .filter(PythonRange.parse(want.range())::allows)
                .isPresent();
    }

    @Override
    public Found find(String name, Collection<Want> wants, Optional<String> preferred)
            throws IOException, InterruptedException, PackageException {
        List<Wheel> allowed = wheels(name).stream()
                .filter(wheel -> wants.stream().allMatch(want -> allows(want, wheel.version())))
                .toList();
        Wheel wheel = allowed.stream()
                .filter(each -> preferred.filter(each.version()::equals).isPresent())
                .findFirst()
                .or(() -> allowed.stream().max(Comparator.comparing(Wheel::order)))
                .orElseThrow(() -> new PackageException("no version of " + name
                        + " that is pure Python and runs under " + Marker.PYTHON + " serves all who need it: "
                        + String.join(", ", wants.stream().map(Want::said).toList())));
        byte[] archive = archives.get(wheel.source());
        if (archive == null) {
            archive = downloads.get(wheel.source(), "*/*");
            archives.put(wheel.source(), archive);
        }
        if (!Integrity.holds(wheel.integrity(), archive))
            throw new PackageException(wheel.source() + " is not what the index says of it: its hash differs");
        List<Requirement> requirements = requirements(name, wheel.version(), archive);
        String by = name + " " + wheel.version();
        return new Found(
                name,
                wheel.version(),
                wheel.source(),
                wheel.integrity(),
                extras -> requirements.stream()
                        .filter(each -> Marker.holds(each.marker(), extras))
                        .map(each -> each.wantedBy(by))
                        .toList(),
                Optional.of(archive));
    }

    private List<Wheel> wheels(String name) throws IOException, InterruptedException, PackageException {
        List<Wheel> known = wheels.get(name);
        if (known != null) return known;
        URI page = URI.create(address + "/" + name + "/");
        JsonNode answer;
        try {
            answer = JSON.readTree(downloads.get(page, ACCEPT));
        } catch (JsonProcessingException _) {
            throw new PackageException(page + " does not answer in the JSON of PEP 691");
        }
        var found = new ArrayList<Wheel>();
        for (JsonNode file : answer.path("files")) {
            Matcher form = WHEEL.matcher(file.path("filename").asText());
            String hash = file.path("hashes").path("sha256").asText();
            boolean yanked =
                    file.path("yanked").isTextual() || file.path("yanked").asBoolean();
            if (!form.matches() || yanked || !hash.matches("[0-9a-f]{64}")) continue;
            if (!Requirement.normalised(form.group(1)).equals(name) || !isForPython3(form.group(3))) continue;
            Optional<PythonVersion> order = PythonVersion.parse(form.group(2));
            if (order.isEmpty() || !runsHere(file.path("requires-python").asText())) continue;
            found.add(new Wheel(
                    form.group(2), order.get(), page.resolve(file.path("url").asText()), Integrity.ofHex(hash)));
        }
        wheels.put(name, found);
        return found;
    }

    private static boolean isForPython3(String tags) {
        return Set.of(tags.split("\\.", -1)).stream().anyMatch(tag -> tag.matches("py3\\d*"));
    }

    private static boolean runsHere(String requires) {
        try {
            return PythonRange.parse(requires).allows(PYTHON);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** What it needs, also for its extras. */
    private static List<Requirement> requirements(String name, String version, byte[] archive) throws PackageException {
        byte[] metadata = Archives.zip(archive).entrySet().stream()
                .filter(file -> METADATA.matcher(file.getKey()).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new PackageException("the wheel of " + name + " " + version + " has no METADATA"));
        var requirements = new ArrayList<Requirement>();
        for (String line : new String(metadata, StandardCharsets.UTF_8).lines().toList()) {
            // The headers end at the first empty line; what follows is a description.
            if (line.isBlank()) break;
            if (!line.startsWith("Requires-Dist:")) continue;
            try {
                requirements.add(Requirement.parse(line.substring(line.indexOf(':') + 1)));
            } catch (IllegalArgumentException e) {
                throw new PackageException(
                        name + " " + version + " needs what cannot be looked for: " + e.getMessage());
            }
        }
        return requirements;
    }

    @Override
    public Map<String, byte[]> unpack(String name, String version, byte[] archive) throws PackageException {
        var files = new TreeMap<String, byte[]>();
        for (Map.Entry<String, byte[]> each : Archives.zip(archive).entrySet()) {
            String path = each.getKey();
            if (Archives.isNative(path))
                throw new PackageException(name + " " + version + " is not pure: it holds " + path);
            String first = path.substring(0, Math.max(0, path.indexOf('/')));
            if (first.endsWith(".data")) {
                // Programs and pages for the system have no place beside a script.
                String rest = path.substring(first.length() + 1);
                if (rest.startsWith("purelib/")) files.put(rest.substring("purelib/".length()), each.getValue());
                else if (rest.startsWith("platlib/"))
                    throw new PackageException(name + " " + version + " is not pure: it holds " + path);
                continue;
            }
            files.put(path, each.getValue());
        }
        var tops = new HashSet<String>();
        for (String path : files.keySet()) tops.add(path.split("/", 2)[0]);
        if (tops.stream().noneMatch(top -> top.endsWith(".dist-info")))
            throw new PackageException("the archive of " + name + " " + version + " is no wheel");
        return files;
    }
}
