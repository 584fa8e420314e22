package io.asyncbatcher.simulator;

import io.asyncbatcher.BatchResults;
import java.util.ArrayList;
import java.util.List;

/** What a call of a streaming processor reports, in any order, and what is wrong with that. */
final class Reports {

    private final World world;
    private final Call call;
    private final BatchResults<Answer> results;

    /** The indices that were not reported. */
    private final List<Integer> left = new ArrayList<>();

    Reports(World world, Call call, BatchResults<Answer> results) {
        this.world = world;
        this.call = call;
        this.results = results;
        for (int i = 0; i < call.items.size(); i++) {
            left.add(i);
        }
    }

    /** Reports none, some or all; but not what will make the call fail. */
    void some() {
        int most = left.isEmpty() ? 0 : world.random.nextInt(left.size() + 1);
        for (int n = 0; n < most && !left.isEmpty(); n++) {
            int at = world.random.nextInt(left.size());
            if (!call.items.get(left.get(at)).poison) {
                one(left.remove(at));
            }
        }
    }

    /** Reports the rest before the call ends well; false if something is forgotten. */
    boolean rest() {
        boolean forgets = !left.isEmpty() && world.fails(Fault.REPORTS_MISSING, 3);
        while (left.size() > (forgets ? 1 : 0)) {
            one(left.remove(world.random.nextInt(left.size())));
        }
        return !forgets;
    }

    private void one(int i) {
        Tracked item = call.items.get(i);
        if (world.fails(Fault.REPORTS_WRONG, 3)) {
            wrong(i);
        }
        if (world.fails(Fault.OUTCOMES_FAIL, 4)) {
            Planted.Failure failure = new Planted.Failure("report of item " + item.order);
            world.log("call " + call.number + " reports that item " + item + " has failed");
            world.oracle.reports(call, item, new Ending(Ending.Kind.FAILURE, failure));
            results.failure(i, failure);
        } else {
            Answer answer = world.chance(10) ? null : new Answer(item, call.number);
            world.log("call " + call.number + " reports " + (answer == null ? "null for item " + item : answer));
            world.oracle.reports(call, item, new Ending(Ending.Kind.ANSWER, answer));
            results.success(i, answer);
        }
        if (world.fails(Fault.REPORTS_TWICE, 3)) {
            unheard(i);
        }
    }

    /** Reports of nobody, and failures without a cause. */
    private void wrong(int i) {
        try {
            switch (world.random.nextInt(3)) {
                case 0 -> results.success(call.items.size(), new Answer(call.items.get(i), -1));
                case 1 -> results.failure(-1, new Planted.Failure("report of nobody"));
                default -> results.failure(i, null);
            }
            world.broken("BatchResults: wrong arguments are told to the reporter", "they are not");
        } catch (IndexOutOfBoundsException | NullPointerException expected) {
            // as promised
        }
    }

    /** Reports what must change nothing, because the item was reported before or the call has ended. */
    private void unheard(int i) {
        Tracked item = call.items.get(i);
        if (world.chance(2)) {
            results.success(i, new Answer(item, -1));
        } else {
            results.failure(i, new Planted.Failure("second or late report of item " + item.order));
        }
    }

    /** A report after the end of the call. */
    void late() {
        int i = world.random.nextInt(call.items.size());
        world.log("call " + call.number + " reports item " + call.items.get(i) + " too late");
        unheard(i);
    }
}
