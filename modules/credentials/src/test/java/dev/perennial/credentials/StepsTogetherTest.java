package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps of several connections of one shard, done by one run of their script. */
class StepsTogetherTest extends StoreFixture {
  private ConnectionScripts scripts;
  private List<CredentialState> states;

  @BeforeEach
  void connectSome() {
    scripts = new ConnectionScripts(redis, new Keys(redis.settings().prefix(), SHARDS));
    states =
        IntStream.range(0, 40)
            .mapToObj(i -> ConnectionKey.parse("google/acme-" + i))
            .filter(key -> SHARDS.of(key) == SHARD)
            .map(key -> ((Put.Stored) store.put(key, GRANT, "auth-" + key, tokens("t"))).state())
            .toList();
    assertThat(states).hasSizeGreaterThan(3);
  }

  @Test
  void eachIsDoneToItsOwnConnectionInOneRun() {
    long before = runs();
    scripts.runAll(Script.PUBLISHED, keys(), published());
    assertThat(runs() - before).isEqualTo(1);
    for (CredentialState state : states) {
      assertThat(field(state, "published")).isEqualTo(Long.toString(state.version()));
    }
    assertThat(outbox()).isEmpty();
  }

  @Test
  void aHashThatHoldsNonsenseStopsItsOwnStepAlone() {
    CredentialState spoiled = states.get(1);
    String hash = scripts.keys().connection(spoiled.key());
    redis.call(client -> client.hset(hash, "published", "nonsense"));
    List<Arguments> arguments = published();
    assertThatThrownBy(() -> scripts.runAll(Script.PUBLISHED, keys(), arguments))
        .as("a mistake, nothing that waiting helps with")
        .isNotInstanceOf(UnavailableException.class)
        .hasMessageContaining("user_script");
    for (CredentialState state : states) {
      String wanted = state.equals(spoiled) ? "nonsense" : Long.toString(state.version());
      assertThat(field(state, "published")).isEqualTo(wanted);
    }
  }

  @Test
  void eachConsentSettlesItsOwnCode() {
    List<Arguments> puts = new ArrayList<>();
    for (CredentialState state : states) {
      redis.call(client -> client.hset(code(state), "state", "begun"));
      puts.add(
          scripts
              .arguments(state.key())
              .number(GRANT + 1)
              .text("again-" + state.key())
              .tokens(tokens("u"))
              .text(null)
              .text(null));
    }
    long before = runs();
    scripts.runAll(Script.PUT, keys(), puts);
    assertThat(runs() - before).isEqualTo(1);
    for (CredentialState state : states) {
      assertThat(field(state, "grant")).isEqualTo(Long.toString(GRANT + 1));
      assertThat(redis.<String>call(client -> client.hget(code(state), "state")))
          .isEqualTo("connected");
    }
  }

  private String code(CredentialState state) {
    return scripts.keys().code(state.key(), "again-" + state.key());
  }

  @Test
  void afterAStepThatFindsTheStoreBehindTheOthersAreFencedOff() {
    ConnectionKey ahead = states.getFirst().key();
    List<Arguments> begins = new ArrayList<>();
    for (CredentialState state : states) {
      long version = state.key().equals(ahead) ? state.version() + 9 : state.version();
      store.published(state.key(), state.grant(), state.version());
      begins.add(
          scripts
              .arguments(state.key())
              .number(version)
              .text("a-" + state.key())
              .number(120_000)
              .number(150_000)
              .text("never")
              .number(60_000));
    }
    assertThatThrownBy(() -> scripts.runAll(Script.BEGIN, keys(), begins))
        .isInstanceOf(NotReadyException.class);
    assertThat(shardField("fence")).isNull();
    for (CredentialState state : states) {
      assertThat(field(state, "attempt")).isNull();
    }
  }

  private List<ConnectionKey> keys() {
    return states.stream().map(CredentialState::key).toList();
  }

  private List<Arguments> published() {
    return states.stream()
        .map(state -> scripts.arguments(state.key()).number(state.grant()).number(state.version()))
        .toList();
  }

  private @Nullable String field(CredentialState state, String name) {
    return redis.call(client -> client.hget(scripts.keys().connection(state.key()), name));
  }

  /** Runs of scripts by their hash since this Redis began. */
  private long runs() {
    return redis.onEachMaster(one -> one.info("commandstats")).values().stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("cmdstat_evalsha:calls="))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D*(\\d+),.*", "$1")))
        .sum();
  }
}
