package io.asyncbatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
            .resideInAnyPackage("io.asyncbatcher", "io.asyncbatcher.testing", "java..", "org.jspecify.annotations");

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

    @ArchTest
    static final ArchRule whatUsersSeeKnowsNoEngine = noClasses()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("AsyncBatcher")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("Engine");

    @ArchTest
    static final ArchRule theQueueKnowsNothingOfWhatComesAfterIt = noClasses()
            .that()
            .haveSimpleNameStartingWith("Queue")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("Dispatcher")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("Batch");
}
