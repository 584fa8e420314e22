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
}
