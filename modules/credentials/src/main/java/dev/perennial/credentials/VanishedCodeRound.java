package dev.perennial.credentials;

import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.Vanished;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.EventPublisher;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the codes of one shard: a code whose exchange began and whose worker vanished is
 * never sent again (RFC 6749 section 4.1.2), so it is settled as failed, outcome unknown.
 * Thread-safe.
 */
public final class VanishedCodeRound {
  private static final Logger LOG = LoggerFactory.getLogger(VanishedCodeRound.class);

  private static final Reason REASON =
      new Reason(Reason.OUTCOME_UNKNOWN, "the exchange was cut short; connect again");

  private final CodeRecords codes;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private final Duration since;

  /**
   * @param since how long after its lease a code is given up
   */
  public VanishedCodeRound(
      CodeRecords codes, EventPublisher publisher, InstantSource clock, Duration since) {
    this.codes = codes;
    this.publisher = publisher;
    this.clock = clock;
    this.since = since;
  }

  /**
   * Settles the vanished codes of the shard, each published before it is settled.
   *
   * @return how many codes it settled
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  public int run(int shard) {
    int settled = 0;
    for (Vanished code : codes.vanished(shard, since)) {
      publisher.publish(
          new AuthorizationFailed(code.key(), code.authorization(), REASON, clock.instant()));
      codes.fail(code.key(), code.authorization(), REASON);
      LOG.warn("{}: consent {} failed: {}", code.key(), code.authorization(), REASON);
      settled++;
    }
    return settled;
  }
}
