package io.asyncbatcher.sample;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The dependencies of the sample and their own dependencies, as Maven resolves them. The build writes them to a file. */
final class DependencyTree {

    /** An artifact in parentheses has its dependencies, or another version, at another place of the tree. */
    private static final String FILE = "dependency-tree.txt";

    private static final int INDENTATION = 3;

    /** Group, artifact, type, version and scope. */
    private static final int COORDINATES = 5;

    private static final String OWN_GROUP = "io.asyncbatcher:";

    /** For each artifact its dependencies of scope compile. */
    private final Map<String, Set<String>> compileDependencies = new HashMap<>();

    private final Map<String, String> versions = new HashMap<>();

    static DependencyTree read() throws IOException, URISyntaxException {
        Path file = Path.of(DependencyTree.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolveSibling(FILE);
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " is missing. Maven writes it in the phase process-test-classes.");
        }
        DependencyTree tree = new DependencyTree();
        Deque<String> parents = new ArrayDeque<>();
        for (String line : Files.readAllLines(file)) {
            String node = line.replaceFirst("^[| +\\\\-]*", "");
            String[] coordinates = node.replace("(", "").split("[ )]", 2)[0].split(":", -1);
            String artifact = coordinates[0] + ":" + coordinates[1];
            while (parents.size() > (line.length() - node.length()) / INDENTATION) {
                parents.pop();
            }
            if (!parents.isEmpty() && coordinates[coordinates.length - 1].equals("compile")) {
                tree.compileDependencies
                        .computeIfAbsent(parents.element(), parent -> new LinkedHashSet<>())
                        .add(artifact);
            }
            boolean hasClassifier = coordinates.length > COORDINATES;
            if (!node.startsWith("(") && !hasClassifier) {
                tree.versions.putIfAbsent(artifact, coordinates[3]);
            }
            parents.push(artifact);
        }
        return tree;
    }

    /** The version that Maven selects, or null for an artifact that is not a dependency of the sample. */
    @Nullable
    String version(String artifact) {
        return versions.get(artifact);
    }

    /** The class path for compiling against these artifacts: their jars and those of their dependencies. */
    String compileClassPath(Collection<String> artifacts) {
        Set<String> all = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(artifacts);
        while (!open.isEmpty()) {
            String artifact = open.remove();
            if (all.add(artifact)) {
                open.addAll(compileDependencies.getOrDefault(artifact, Set.of()));
            }
        }
        return all.stream().map(this::location).collect(joining(File.pathSeparator));
    }

    /** The jar in the local repository, or the classes of a module of the same build. */
    private String location(String artifact) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> isOf(artifact, entry.replace(File.separatorChar, '/')))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not on the class path of the tests: " + artifact));
    }

    private boolean isOf(String artifact, String entry) {
        if (artifact.startsWith(OWN_GROUP)) {
            return entry.contains("/" + artifact.substring(OWN_GROUP.length()) + "/");
        }
        String[] ids = artifact.split(":", -1);
        String version = versions.get(artifact);
        return entry.endsWith("/%s/%s/%s/%2$s-%3$s.jar".formatted(ids[0].replace('.', '/'), ids[1], version));
    }
}
