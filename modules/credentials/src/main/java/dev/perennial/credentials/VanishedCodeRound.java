package dev.perennial.credentials;

import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.Vanished;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.EventPublisher;
import java.time.Instant;
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

  public VanishedCodeRound(CodeRecords codes, EventPublisher publisher, InstantSource clock) {
    this.codes = codes;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Settles the vanished codes of the shard, each published before it is settled.
   *
   * @param before when their leases had ended; whoever vanished must have had the time to leave
   *     what the code brought in the journal, and the journal must be applied
   * @return how many codes it settled
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  public int run(int shard, Instant before) {
    int settled = 0;
    for (Vanished code : codes.vanished(shard, before)) {
      publisher.publish(
          new AuthorizationFailed(code.key(), code.authorization(), REASON, clock.instant()));
      codes.fail(code.key(), code.authorization(), REASON);
      LOG.warn("{}: consent {} failed: {}", code.key(), code.authorization(), REASON);
      settled++;
    }
    return settled;
  }
}
