import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;

/**
 * Checks a staged Maven repository as Maven Central does before it accepts one: every component has all its files, every file
 * its checksums and, where there is a key, its signature, and every POM says what Central asks for. Beyond that: the POM needs
 * no parent and no other repository, and the BOM lists exactly what is staged.
 *
 * <p>Arguments: {@code [--signed] [--owned] FOLDER}. With {@code --signed} a missing signature is a mistake, with
 * {@code --owned} a placeholder of the owner. Signatures are verified by {@code gpg}, with the keys it knows. Exit status 1 and
 * a line for each mistake, or 0.
 */
final class StagedTree {

    private static final Map<String, String> CHECKSUMS =
            Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");
    /** Those without which Central rejects a file. */
    private static final List<String> REQUIRED_CHECKSUMS = List.of("md5", "sha1");

    private static final List<String> REQUIRED_IN_POM = List.of(
            "/project/modelVersion",
            "/project/groupId",
            "/project/artifactId",
            "/project/version",
            "/project/name",
            "/project/description",
            "/project/url",
            "/project/licenses/license/name",
            "/project/licenses/license/url",
            "/project/developers/developer/name",
            "/project/developers/developer/email",
            "/project/scm/connection",
            "/project/scm/developerConnection",
            "/project/scm/url");
    private static final List<String> FORBIDDEN_IN_POM = List.of(
            "/project/parent",
            "/project/repositories",
            "/project/pluginRepositories",
            "/project/build",
            "/project/profiles",
            "//dependencies/dependency[not(version)]",
            "//dependencies/dependency/version[contains(., 'SNAPSHOT')]",
            "//dependencies/dependency/scope[. = 'system']");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\bOWNER\\b|example\\.org");

    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> staged = new TreeSet<>();
    private final Set<String> managed = new TreeSet<>();
    private final Path root;
    private final Set<String> options;
    private int files;
    private int signatures;

    private StagedTree(Path root, Set<String> options) {
        this.root = root;
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        StagedTree tree = new StagedTree(Path.of(args[args.length - 1]), Set.of(args));
        tree.check();
        tree.mistakes.forEach(mistake -> System.out.println("Mistake: " + mistake));
        tree.notes.forEach(note -> System.out.println("Note: " + note));
        System.out.printf(
                "%d components, %d files, %d signatures, %d mistakes%n",
                tree.staged.size(), tree.files, tree.signatures, tree.mistakes.size());
        System.exit(tree.mistakes.isEmpty() ? 0 : 1);
    }

    private void check() throws Exception {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(root)) {
            all = walk.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> poms = all.stream().filter(file -> file.toString().endsWith(".pom")).toList();
        Set<Path> known = new TreeSet<>();
        for (Path pom : poms) {
            known.addAll(component(pom));
        }
        for (Path file : all) {
            if (!known.contains(file)) {
                mistakes.add(root.relativize(file) + " belongs to no component");
            }
        }
        if (staged.isEmpty()) {
            mistakes.add("there is no component");
        }
        if (!managed.equals(staged)) {
            mistakes.add("the BOM, with itself, lists " + managed + ", but staged are " + staged);
        }
        if (signatures == 0) {
            (options.contains("--signed") ? mistakes : notes).add("nothing is signed");
        } else if (signatures != files) {
            mistakes.add(signatures + " of " + files + " files are signed");
        }
    }

    /** The files of one component, which are all checked. */
    private Set<Path> component(Path pom) throws Exception {
        Document model = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        String where = root.relativize(pom).toString();
        String artifact = text(model, "/project/artifactId");
        String version = text(model, "/project/version");
        String packaging = text(model, "/project/packaging");
        staged.add(artifact);
        Path expected = root.resolve(text(model, "/project/groupId").replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + ".pom");
        if (!expected.equals(pom)) {
            mistakes.add(where + " has the coordinates of " + root.relativize(expected));
        }
        if (version.endsWith("-SNAPSHOT")) {
            mistakes.add(where + " is a snapshot");
        }
        pom(model, where, pom);

        List<String> endings = packaging.equals("pom")
                ? List.of(".pom")
                : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");
        Set<Path> known = new TreeSet<>();
        for (String ending : endings) {
            Path file = pom.resolveSibling(artifact + "-" + version + ending);
            if (Files.exists(file)) {
                known.addAll(file(file));
            } else {
                mistakes.add(root.relativize(file) + " is missing");
            }
        }
        if (packaging.equals("pom")) {
            managed.add(artifact);
            for (int i = 1; i <= count(model, "//dependencyManagement//dependency"); i++) {
                managed.add(text(model, "(//dependencyManagement//dependency)[" + i + "]/artifactId"));
            }
        } else {
            contains(pom, artifact + "-" + version + ".jar", "META-INF/LICENSE");
            contains(pom, artifact + "-" + version + "-sources.jar", ".java");
            contains(pom, artifact + "-" + version + "-javadoc.jar", "index.html");
        }
        return known;
    }

    private void pom(Document model, String where, Path pom) throws Exception {
        for (String path : REQUIRED_IN_POM) {
            if (text(model, path).isBlank()) {
                mistakes.add(where + " has no " + path);
            }
        }
        for (String path : FORBIDDEN_IN_POM) {
            if (count(model, path) > 0) {
                mistakes.add(where + " has " + path);
            }
        }
        String source = Files.readString(pom);
        if (source.replace("${project.version}", "").contains("${")) {
            mistakes.add(where + " has a property that is not resolved");
        }
        if (PLACEHOLDER.matcher(source).find()) {
            (options.contains("--owned") ? mistakes : notes).add(where + " has placeholders of the owner");
        }
    }

    /** A file, its checksums and its signature. */
    private Set<Path> file(Path file) throws IOException, InterruptedException, NoSuchAlgorithmException {
        files++;
        Set<Path> known = new TreeSet<>(Set.of(file));
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
            Path beside = Path.of(file + "." + checksum.getKey());
            if (Files.exists(beside)) {
                known.add(beside);
                byte[] digest = MessageDigest.getInstance(checksum.getValue()).digest(Files.readAllBytes(file));
                if (!HexFormat.of().formatHex(digest).equals(Files.readString(beside).strip())) {
                    mistakes.add(root.relativize(beside) + " is wrong");
                }
            } else if (REQUIRED_CHECKSUMS.contains(checksum.getKey())) {
                mistakes.add(root.relativize(beside) + " is missing");
            }
        }
        Path signature = Path.of(file + ".asc");
        if (Files.exists(signature)) {
            known.add(signature);
            CHECKSUMS.keySet().forEach(checksum -> known.add(Path.of(signature + "." + checksum)));
            signatures++;
            Process gpg = new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(gpg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (gpg.waitFor() != 0) {
                mistakes.add(root.relativize(signature) + " is no valid signature: " + said.strip());
            }
        }
        return known;
    }

    private void contains(Path pom, String name, String ending) throws IOException {
        Path file = pom.resolveSibling(name);
        if (Files.exists(file)) {
            try (JarFile jar = new JarFile(file.toFile())) {
                if (jar.stream().noneMatch(entry -> entry.getName().endsWith(ending))) {
                    mistakes.add(root.relativize(file) + " has no " + ending);
                }
            }
        }
    }

    private String text(Document model, String path) throws XPathExpressionException {
        return xpath.evaluate(path, model).strip();
    }

    private int count(Document model, String path) throws XPathExpressionException {
        return Integer.parseInt(xpath.evaluate("count(" + path + ")", model));
    }
}
