package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatestStatesTest {
  private final LatestStates latest = new LatestStates();

  @Test
  void newer_states_get_in_and_older_ones_and_duplicates_do_not() {
    assertThat(latest.offer(States.of(1, 1, 5))).isTrue();
    assertThat(latest.offer(States.of(1, 1, 5))).isFalse();
    assertThat(latest.offer(States.of(1, 1, 4))).isFalse();
    assertThat(latest.offer(States.of(1, 2, 3))).as("a newer answer beats a version").isTrue();
    assertThat(latest.offer(States.of(2, 1, 1))).as("a newer consent beats both").isTrue();
    assertThat(latest.offer(States.of(1, 9, 9))).isFalse();
    assertThat(latest.find(States.KEY)).hasValue(States.of(2, 1, 1));
  }

  @Test
  void connections_do_not_touch_each_other() {
    ConnectionKey other = new ConnectionKey("google", "other");
    latest.offer(States.of(2, 2, 2));
    assertThat(latest.offer(States.of(other, 1, 1, 1, null))).isTrue();
    assertThat(latest.forget(States.KEY)).isTrue();
    assertThat(latest.forget(States.KEY)).isFalse();
    assertThat(latest.find(States.KEY)).isEmpty();
    assertThat(latest.find(other)).isPresent();
  }

  @Test
  void whatever_the_order_the_newest_stays() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<CredentialState> history = new ArrayList<>();
      for (int n = 0; n < 40; n++) {
        history.add(States.of(1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(4)));
      }
      LatestStates states = new LatestStates();
      List<CredentialState> heard = history.stream().filter(states::offer).toList();
      assertThat(heard).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
      assertThat(states.find(States.KEY)).hasValue(Collections.max(history));
    }
  }
}
