package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a process that died left behind is said by the shard's owner. */
@ExtendWith(RedisExtension.class)
class RoundsTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final int SHARD = SHARDS.of(KEY);
  private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

  private final List<Event> said = new ArrayList<>();

  @Test
  void anUnpublishedVersionIsPublishedOnce(RedisConnections redis) {
    RedisCredentialStore store = store(redis);
    CredentialState state = connected(store);
    OutboxRound round = new OutboxRound(store, said::add, Duration.ZERO);
    assertThat(round.run(SHARD)).isEqualTo(1);
    assertThat(round.run(SHARD)).isZero();
    assertThat(said).containsExactly(new CredentialUpdated(state));
  }

  @Test
  void aYoungVersionIsLeftToItsWriter(RedisConnections redis) {
    RedisCredentialStore store = store(redis);
    connected(store);
    assertThat(new OutboxRound(store, said::add, Duration.ofMinutes(1)).run(SHARD)).isZero();
  }

  @Test
  void aVersionThatCannotBePublishedStaysInTheOutbox(RedisConnections redis) {
    RedisCredentialStore store = store(redis);
    CredentialState state = connected(store);
    OutboxRound unlucky =
        new OutboxRound(
            store,
            event -> {
              throw new UnavailableException("Kafka is away");
            },
            Duration.ZERO);
    assertThatThrownBy(() -> unlucky.run(SHARD)).isInstanceOf(UnavailableException.class);
    assertThat(store.unpublished(SHARD, Duration.ZERO)).containsExactly(state);
  }

  @Test
  void aVanishedCodeIsSettledAsUnknown(RedisConnections redis) {
    RedisCodeRecords codes = new RedisCodeRecords(redis, SHARDS, AttemptTimes.DEFAULT);
    codes.begin(code(redis), "one");
    Instant afterTheLease = Instant.now().plus(AttemptTimes.DEFAULT.lease()).plusSeconds(1);
    VanishedCodeRound round = new VanishedCodeRound(codes, said::add, InstantSource.fixed(NOW));
    assertThat(round.run(SHARD, afterTheLease)).isEqualTo(1);
    assertThat(round.run(SHARD, afterTheLease)).isZero();
    assertThat(said).singleElement().isInstanceOf(AuthorizationFailed.class);
    Reason reason = ((AuthorizationFailed) said.getFirst()).reason();
    assertThat(reason.code()).isEqualTo(Reason.OUTCOME_UNKNOWN);
    assertThat(codes.progress(KEY, "auth-1")).isEqualTo(new Progress.Failed(reason));
  }

  private static CodeReceived code(RedisConnections redis) {
    ConnectionScripts scripts =
        new ConnectionScripts(redis, new Keys(redis.settings().prefix(), SHARDS));
    Reply grant = scripts.run(Script.GRANT, KEY, scripts.arguments(KEY));
    return new CodeReceived(
        KEY, "auth-1", grant.number(0), grant.text(1), NOW, Sealed.of(new byte[] {1}));
  }

  private static RedisCredentialStore store(RedisConnections redis) {
    return new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
  }

  private static CredentialState connected(RedisCredentialStore store) {
    IssuedTokens tokens =
        new IssuedTokens(Sealed.of(new byte[] {1}), NOW, null, null, "Bearer", null);
    return ((Put.Stored) store.put(KEY, 1, "auth-1", tokens)).state();
  }
}
