package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.batch.BatchRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatchPolicyTests {

    private static DispatchPolicy.Moment moment(int queued, long lingerLeftNanos) {
        return new DispatchPolicy.Moment(0, queued, 0, lingerLeftNanos, DispatchPolicy.NEVER, 1);
    }

    @Test
    void fixedLingersAsLongAsItMay() {
        FixedPolicy policy = new FixedPolicy();
        assertThat(policy.waitNanos(moment(3, 700))).isEqualTo(700);
        assertThat(policy.waitNanos(moment(3, -1))).isNotPositive();
    }

    @Test
    void naturalNeverLingers() {
        assertThat(new NaturalPolicy().waitNanos(moment(3, 700))).isZero();
    }

    @Test
    void bothTakeWhatIsQueued() {
        for (DispatchPolicy policy : new DispatchPolicy[] {new FixedPolicy(), new NaturalPolicy()}) {
            assertThat(policy.share(7)).isEqualTo(7);
            assertThat(policy.share(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void neitherWantsToHearAnything() {
        for (DispatchPolicy policy : new DispatchPolicy[] {new FixedPolicy(), new NaturalPolicy()}) {
            assertThat(policy.followsArrivals(1, true)).isFalse();
            assertThat(policy.followsEvents()).isFalse();
            assertThat(policy.slots(0)).isEqualTo(Long.MAX_VALUE);
            assertThat(policy.slotsWaitNanos(0)).isEqualTo(DispatchPolicy.NEVER);
            assertThat(policy.began(0, 1, 0)).isSameAs(BatchRun.UNOBSERVED);
            policy.arrived(0, 1, true);
            policy.ended(5, policy.began(0, 1, 0), 5, 0);
            policy.dropped(5, policy.began(0, 1, 0));
            policy.rejected(5, policy.began(0, 1, 0), 5);
        }
    }

    @Test
    void aRejectedBatchIsADroppedOneToWhomRejectionsMeanNothing() {
        List<BatchRun> dropped = new ArrayList<>();
        DispatchPolicy policy = new DispatchPolicy() {

            @Override
            public long waitNanos(Moment moment) {
                return 0;
            }

            @Override
            public int share(int queued) {
                return queued;
            }

            @Override
            public void dropped(long nowNanos, BatchRun run) {
                dropped.add(run);
            }
        };
        BatchRun run = policy.began(0, 3, 0);
        policy.rejected(5, run, 100);
        assertThat(dropped).containsExactly(run);
    }
}
