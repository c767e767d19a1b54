package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A version is in the outbox until it is known to be on the topic. */
class PublishedTest extends StoreFixture {
  @Test
  void aVersionStaysInTheOutboxUntilItIsPublished() {
    CredentialState first = connected();
    assertThat(outbox()).containsExactly(first);
    CredentialState second = commit(begun(begin(1, "a")), "second");
    published(first);
    assertThat(outbox()).containsExactly(second);
    published(second);
    assertThat(outbox()).isEmpty();
  }

  @Test
  void aPublicationOfAnotherGrantSaysNothingOfThisOne() {
    connected();
    CredentialState consent = put("consent", GRANT + 1, Duration.ofHours(1));
    store.published(KEY, GRANT, consent.version());
    assertThat(outbox()).containsExactly(consent);
    assertThat(field("published")).isNull();
  }

  @Test
  void whatStandsInTheOutboxThoughItIsPublishedLeavesItTheNextTime() {
    CredentialState state = connected();
    published(state);
    String outbox = shardHash().replaceFirst("shard$", "unpublished");
    redis.call(client -> client.zadd(outbox, 0, KEY.toString()));
    published(state);
    assertThat(outbox()).as("or its owner would publish it for ever").isEmpty();
  }

  @Test
  void whatIsKnownToBePublishedNeverGoesBack() {
    CredentialState first = connected();
    CredentialState second = commit(begun(begin(1, "a")), "second");
    published(second);
    published(first);
    assertThat(field("published")).isEqualTo("2");
  }
}
