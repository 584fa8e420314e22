package io.asyncbatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

@AnalyzeClasses(packages = "io.asyncbatcher", importOptions = ArchitectureTests.OnlyMain.class)
class ArchitectureTests {

    /** Knows the tests by the name of their directory, wherever the build puts it. */
    static final class OnlyMain implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes");
        }
    }

    @ArchTest
    static final ArchRule theCoreNeedsNothingButTheJdk = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.asyncbatcher..", "java..", "org.jspecify.annotations");

    @ArchTest
    static final ArchRule nothingKnowsTheTestKit = noClasses()
            .that()
            .resideOutsideOfPackage("io.asyncbatcher.testing")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.asyncbatcher.testing");

    @ArchTest
    static final ArchRule noWallClock = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    /** Outside in; a stage knows those behind it only. */
    private static final List<String> STAGES =
            List.of("engine", "dispatch", "policy", "batch", "queue", "item", "call", "thread");

    @ArchTest
    static void aStageKnowsOnlyThoseBehindIt(JavaClasses classes) {
        for (int i = 1; i < STAGES.size(); i++) {
            String[] before = STAGES.subList(0, i).stream()
                    .map(stage -> "io.asyncbatcher.internal." + stage)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.asyncbatcher.internal." + STAGES.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(before)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule everyInternalClassIsInAStage = classes()
            .that()
            .resideInAPackage("io.asyncbatcher.internal..")
            .should()
            .resideInAnyPackage(STAGES.stream()
                    .map(stage -> "io.asyncbatcher.internal." + stage)
                    .toArray(String[]::new));

    /** What makes a batcher, its clock, and the shapes of processors. */
    @ArchTest
    static final ArchRule whatUsersSeeKnowsLittleOfTheInside = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher")
            .and()
            .haveNameNotMatching("io\\.asyncbatcher\\.(AsyncBatcher(\\$Builder)?|TimeSource|(Async)?BatchProcessor)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.asyncbatcher.internal..");
}
