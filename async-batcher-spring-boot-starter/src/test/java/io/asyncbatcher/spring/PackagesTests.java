package io.asyncbatcher.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of the packages: spring.boot, spring, core. */
@AnalyzeClasses(packages = "io.asyncbatcher", importOptions = PackagesTests.OnlyMain.class)
class PackagesTests {

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
    static final ArchRule onlyWhatUsersNameIsPublic = classes()
            .that()
            .resideInAPackage("io.asyncbatcher.spring.boot")
            .and()
            .doNotHaveSimpleName("BatcherAutoConfiguration")
            .and()
            .doNotHaveSimpleName("BatcherSettings") // for IDEs
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule onlyOneClassTouchesReactor = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .doNotHaveSimpleName("ReactorStages")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("reactor..", "org.reactivestreams..");

    @ArchTest
    static final ArchRule onlyTheSpansTouchTracing = noClasses()
            .that()
            .resideInAPackage("io.asyncbatcher.spring..")
            .and()
            .haveNameNotMatching(
                    ".*\\.(BatchSpans?|BatcherTraces|BatcherAutoConfiguration\\$TracingConfiguration)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer.tracing..");

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
            .doNotHaveSimpleName("BatcherSettings") // sealed
            .and()
            .doNotHaveSimpleName("BatchedBatcher") // by the proxies of an application's advice
            .should()
            .haveModifier(JavaModifier.FINAL);
}
