package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Looking at many connections at once. */
class FindTest extends StoreFixture {
  @Test
  void manyAreFoundTogetherAndWhatIsNotThereIsLeftOut() {
    List<ConnectionKey> keys = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      keys.add(new ConnectionKey("google", "many-" + i));
    }
    keys.forEach(key -> store.put(key, GRANT, "auth", tokens(key.connection())));
    List<ConnectionKey> asked = new ArrayList<>(keys);
    asked.add(3, new ConnectionKey("google", "nobody"));
    asked.add(keys.getFirst());

    Map<ConnectionKey, CredentialState> found = store.find(asked);

    assertThat(found.keySet()).containsExactlyElementsOf(keys);
    found.forEach((key, state) -> assertThat(state.sealed()).isEqualTo(sealed(key.connection())));
  }

  @Test
  void aRedisThatDoesNotKnowTheScriptIsToldIt() {
    CredentialState state = connected();
    redis.onEachMaster(Jedis::scriptFlush);

    assertThat(store.find(List.of(KEY))).isEqualTo(Map.of(KEY, state));
  }

  @Test
  void nothingIsAskedOfNobody() {
    assertThat(store.find(List.of())).isEmpty();
  }
}
