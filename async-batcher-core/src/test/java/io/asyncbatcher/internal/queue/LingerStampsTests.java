package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LingerStampsTests {

    private final LingerStamps stamps = new LingerStamps();

    @Test
    void aTicketBetweenTwoStampsHasTheEarlierOne() {
        stamps.add(10, 1000);
        stamps.add(20, 2000);

        assertThat(stamps.at(10)).isEqualTo(1000);
        assertThat(stamps.at(19)).isEqualTo(1000);
        assertThat(stamps.at(20)).isEqualTo(2000);
        assertThat(stamps.at(99)).isEqualTo(2000);
    }

    @Test
    void manyStampsKeepTheirOrderWhileTheOldOnesAreForgotten() {
        for (int i = 0; i < 1000; i++) {
            stamps.add(10L * i, i);
            assertThat(stamps.at(10L * (i / 2))).isEqualTo(i / 2);
            assertThat(stamps.lastTicket()).isEqualTo(10L * i);
        }
    }

    @Test
    void clearedTheyAreEmpty() {
        stamps.add(1, 1);
        stamps.clear();

        assertThat(stamps.isEmpty()).isTrue();
    }

    @Test
    void theLastOfTooManyStampsHoldsFromTheTicketOfTheLatest() {
        int most = 1 << 16;
        for (int i = 0; i < most; i++) {
            stamps.add(i, i);
        }

        stamps.add(most + 10, most + 10);

        assertThat(stamps.lastTicket()).isEqualTo(most + 10);
        assertThat(stamps.at(most + 9)).isEqualTo(most - 2);
        assertThat(stamps.at(most + 10)).isEqualTo(most - 1);
    }
}
