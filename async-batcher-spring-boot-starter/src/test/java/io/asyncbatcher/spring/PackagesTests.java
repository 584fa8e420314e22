package io.asyncbatcher.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the starter: their direction, what each shows to the others, and the size of files. */
@AnalyzeClasses(packages = "io.asyncbatcher", importOptions = PackagesTests.OnlyMain.class)
class PackagesTests {

    private static final String BOOT = "io.asyncbatcher.spring.boot";
    private static final Path SOURCES = Path.of("src/main/java");
    private static final int LONGEST_FILE = 300;
    private static final int MOST_FILES = 18; // with the description of the package

    /** For each package below {@link #BOOT}, those that it may use. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("settings", List.of()),
            Map.entry("introspect", List.of("settings")),
            Map.entry("signature", List.of("settings", "introspect")),
            Map.entry("beans", List.of("settings", "introspect")),
            Map.entry("lifecycle", List.of("settings")),
            Map.entry("methods", List.of("settings", "introspect", "signature", "beans", "lifecycle")),
            Map.entry("calls", List.of("settings", "introspect", "signature", "methods")),
            Map.entry("remote", List.of("settings", "introspect", "signature", "lifecycle", "methods")),
            Map.entry("metrics", List.of("settings", "lifecycle")),
            Map.entry("tracing", List.of("settings", "lifecycle")),
            Map.entry("logging", List.of("settings", "lifecycle", "methods")),
            Map.entry("actuate", List.of("settings", "lifecycle", "methods")),
            Map.entry("web", List.of()));

    /** For each of them, what it shows to the others. */
    private static final Map<String, Set<String>> SHOWS = Map.of(
            "settings",
            Set.of(
                    "AnnotatedBatcher",
                    "BatcherConfigurationException",
                    "BatcherNames",
                    "BatcherProperties",
                    "ConfiguredBatchers",
                    "LayeredSettings",
                    "Notation",
                    "PlainOption"),
            "introspect",
            Set.of("AnnotationText", "BeanTypes", "MethodMessages", "MethodSearch", "Overrides"),
            "signature",
            Set.of("BatchCall", "BatchedSignature"),
            "beans",
            Set.of("BeanOptions"),
            "lifecycle",
            Set.of("Attachments", "Batchers"),
            "methods",
            Set.of("BatchedMethod", "BatchedMethodIndex", "Wirings"));

    /** Knows the tests by the name of their directory, wherever the build puts it. */
    static final class OnlyMain implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes");
        }
    }

    @ArchTest
    static final ArchRule theCoreKnowsNothingOfSpring = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.asyncbatcher.spring..", "org.springframework..", "io.micrometer..");

    @ArchTest
    static final ArchRule whatUsersImportKnowsNothingOfTheAutoConfiguration = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.asyncbatcher.spring.boot..", "org.springframework.boot..");

    @ArchTest
    static final ArchRule theConcernsAreKnownByNameOnly = noClasses()
            .that()
            .resideInAPackage(BOOT)
            .should()
            .dependOnClassesThat(resideInAPackage(BOOT + "..").and(DescribedPredicate.not(resideInAPackage(BOOT))));

    @ArchTest
    static void everyPackageUsesOnlyWhatItMay(JavaClasses all) {
        USES.forEach((name, uses) -> {
            String[] others = USES.keySet().stream()
                    .filter(other -> !other.equals(name) && !uses.contains(other))
                    .map(PackagesTests::packageOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(packageOf(name))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others))
                    .check(all);
        });
    }

    private static String packageOf(String name) {
        return BOOT + "." + name;
    }

    @ArchTest
    static final ArchRule noPackagesUseEachOtherInACircle =
            slices().matching("io.asyncbatcher.spring.(**)").should().beFreeOfCycles();

    /** A class with those inside of it. */
    private static final class EachFile implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("io.asyncbatcher.spring")
                    ? SliceIdentifier.of(type.getName().replaceAll("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each file";
        }
    }

    @ArchTest
    static final ArchRule noFilesUseEachOtherInACircle =
            slices().assignedFrom(new EachFile()).should().beFreeOfCycles();

    @ArchTest
    static void everyPackageShowsOnlyWhatOthersUse(JavaClasses all) {
        Map<String, Set<String>> shown = all.stream()
                .filter(type -> type.getPackageName().startsWith(BOOT + ".")
                        && type.isTopLevelClass()
                        && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.groupingBy(
                        type -> type.getPackageName().substring(BOOT.length() + 1),
                        Collectors.mapping(JavaClass::getSimpleName, Collectors.toSet())));
        assertThat(shown).containsExactlyInAnyOrderEntriesOf(SHOWS);
    }

    @ArchTest
    static final ArchRule onlyWhatUsersNameIsPublic = classes()
            .that()
            .resideInAPackage(BOOT)
            .and()
            .doNotHaveSimpleName("BatcherAutoConfiguration")
            .and()
            .doNotHaveSimpleName("BatcherSettings") // for IDEs
            .and()
            .doNotHaveSimpleName("InstanceSettings") // for IDEs
            .and()
            .areTopLevelClasses()
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule onlyTwoClassesTouchReactor = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .haveNameNotMatching(".*\\.(ReactorStages|Delivery\\$Reactor)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("reactor..", "org.reactivestreams..");

    @ArchTest
    static final ArchRule onlyTheSpansTouchTracing = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .resideOutsideOfPackage(packageOf("tracing"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer.tracing..");

    @ArchTest
    static final ArchRule onlyTheMetersTouchMicrometer = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .resideOutsideOfPackages("io.asyncbatcher.spring", packageOf("metrics"), packageOf("tracing"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..");

    @ArchTest
    static final ArchRule nothingIsExtendedUnasked = classes()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveSimpleName("BatcherSettings") // by the properties of all batchers
            .and()
            .doNotHaveSimpleName("BatchedBatcher") // by the proxies of an application's advice
            .should()
            .haveModifier(JavaModifier.FINAL);

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void noFileIsTooLong() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path file : sources()) {
            // Getters and setters, and the documentation, of every option.
            boolean allowed = file.endsWith("BatcherSettings.java") || file.endsWith("Batched.java");
            if (!allowed && Files.readAllLines(file).size() > LONGEST_FILE) {
                tooLong.add(file.toString());
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noPackageHasTooManyFiles() throws IOException {
        Map<Path, Integer> files = new LinkedHashMap<>();
        sources().forEach(file -> files.merge(file.getParent(), 1, Integer::sum));
        assertThat(files).allSatisfy((folder, number) -> assertThat(number).isLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void everyFileSaysWhatItIs() throws IOException {
        for (Path file : sources()) {
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .containsPattern(
                            "(?s)/\\*\\*.*\\n(@|public |final |record |enum |interface |class |sealed |package )");
        }
    }
}
