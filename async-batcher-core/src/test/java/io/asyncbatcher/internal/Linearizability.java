package io.asyncbatcher.internal;

import io.asyncbatcher.internal.queue.Chunk;
import io.asyncbatcher.internal.thread.StackRoom;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Checks with Lincheck that calls of two threads look as if they had come one after the other: given races under schedules
 * of its model checker. The long form adds races at random, and runs all of them on free threads, too.
 */
public final class Linearizability {

    private static final int RANDOM_RACES = Integer.getInteger("lincheck.iterations", 0);
    private static final int SCHEDULES = Integer.getInteger("lincheck.invocations", 100);
    private static final int FREE_RUNS_A_SCHEDULE = 10;

    private final Class<?> racing;
    private final Class<?> specification;
    private final List<ExecutionScenario> races = new ArrayList<>();

    private Linearizability(Class<?> racing, Class<?> specification) {
        this.racing = racing;
        this.specification = specification;
    }

    /** Of a class with the operations, and one that does the same for a single thread. */
    public static Linearizability of(Class<?> racing, Class<?> specification) {
        return new Linearizability(racing, specification);
    }

    /** Adds a race of two threads. */
    public Linearizability race(List<Actor> one, List<Actor> other) {
        return race(List.of(), one, other, List.of());
    }

    /** Adds a race of two threads, with what comes before and after it. */
    public Linearizability race(List<Actor> before, List<Actor> one, List<Actor> other, List<Actor> after) {
        races.add(new ExecutionScenario(before, List.of(one, other), after, null));
        return this;
    }

    /** One call in a race. */
    public Actor call(String operation, Object... arguments) {
        Method method = Arrays.stream(racing.getMethods())
                .filter(candidate -> candidate.getName().equals(operation))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    /** Runs all of them. */
    public void check() {
        with(new ModelCheckingOptions()
                        .loopBound(4 * Chunk.CELLS)
                        .recursionBound(2 * StackRoom.FRAMES)
                        .invocationsPerIteration(SCHEDULES))
                .check(racing);
        if (RANDOM_RACES > 0) {
            with(new StressOptions().invocationsPerIteration(FREE_RUNS_A_SCHEDULE * SCHEDULES))
                    .check(racing);
        }
    }

    private <O extends Options<O, C>, C extends CTestConfiguration> O with(O options) {
        races.forEach(options::addCustomScenario);
        return options.iterations(RANDOM_RACES)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                // By the clock, and on a busy machine classes are prepared for longer than the default.
                .invocationTimeout$lincheck(TimeUnit.MINUTES.toMillis(5))
                .sequentialSpecification(specification);
    }
}
