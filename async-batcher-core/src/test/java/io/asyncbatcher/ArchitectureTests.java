package io.asyncbatcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;

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
            .resideInAnyPackage(
                    "io.asyncbatcher..",
                    "java..",
                    "org.jspecify.annotations",
                    "com.google.errorprone.annotations.concurrent");

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
            List.of("engine", "dispatch", "policy", "batch", "settlement", "queue", "item", "call", "thread");

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

    /** What the engine's lock guards is reached through it only. */
    @ArchTest
    static final ArchRule nobodyKeepsWhatTheLockGuards = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("io.asyncbatcher.internal.dispatch")
            .and()
            .areNotDeclaredIn("io.asyncbatcher.internal.engine.Changes")
            .should()
            .haveRawType(resideInAPackage("io.asyncbatcher.internal.dispatch"));

    @ArchTest
    static final ArchRule everyInternalClassIsInAStage = classes()
            .that()
            .resideInAPackage("io.asyncbatcher.internal..")
            .should()
            .resideInAnyPackage(STAGES.stream()
                    .map(stage -> "io.asyncbatcher.internal." + stage)
                    .toArray(String[]::new));

    /** Classes that know each other: two ends of one thing, or a sealed family. All others form no circle. */
    private static final List<Set<String>> FAMILIES = List.of(
            Set.of("AsyncBatcher", "internal.engine.Engine"),
            Set.of("TimeSource", "internal.thread.SystemTime"),
            Set.of("BatchProcessor", "internal.call.OutcomeProcessor", "internal.call.StreamingProcessor"),
            Set.of(
                    "AsyncBatchProcessor",
                    "internal.call.AsyncOutcomeProcessor",
                    "internal.call.AsyncStreamingProcessor"),
            Set.of(
                    "BatcherException",
                    "BatchAbortedException",
                    "BatchResultException",
                    "BatcherStoppedException",
                    "ItemExpiredException",
                    "ItemTooHeavyException",
                    "QueueFullException"),
            Set.of(
                    "internal.item.Item",
                    "internal.item.TimedItem",
                    "internal.item.SelfWaitGuard",
                    "internal.item.ItemOwner"),
            Set.of("internal.item.Listeners", "internal.item.Noted"),
            Set.of(
                    "internal.queue.PartitionQueue",
                    "internal.queue.KeyCrowd",
                    "internal.queue.Bucket",
                    "internal.queue.Entry",
                    "internal.queue.RankedEntry",
                    "internal.queue.PriorityLevels"),
            Set.of(
                    "internal.batch.Batch",
                    "internal.batch.BatchState",
                    "internal.batch.Attempt",
                    "internal.batch.Reports",
                    "internal.batch.BatchOwner"));

    @ArchTest
    static final ArchRule onlyFamiliesFormCircles =
            slices().assignedFrom(new Families()).should().beFreeOfCycles();

    /** A slice for each family, and for each class that is in none. */
    private static final class Families implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getName().replaceAll("\\$.*", "").replace("io.asyncbatcher.", "");
            for (Set<String> family : FAMILIES) {
                if (family.contains(name)) {
                    return SliceIdentifier.of(family.toString());
                }
            }
            return SliceIdentifier.of(name);
        }

        @Override
        public String getDescription() {
            return "classes and named families";
        }
    }

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
