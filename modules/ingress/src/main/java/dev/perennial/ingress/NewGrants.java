package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.PendingAuthorizations.Grant;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** Numbers a new grant and says on a topic what it is to be exchanged with. Thread-safe. */
record NewGrants(IngressPorts ports, InstantSource clock) {
  private static final int TRIES = 50;
  private static final Duration BETWEEN = Duration.ofMillis(100);

  /**
   * @param authorization id of the consent
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  void publish(ConnectionKey key, String authorization, AuthorizationCode brought) {
    Grant grant = next(key);
    ports
        .publisher()
        .publish(
            new Event.CodeReceived(
                key,
                authorization,
                grant.number(),
                grant.healing(),
                clock.instant(),
                ports.sealer().seal(key, brought)));
  }

  /** Redis that was restarted is healed within seconds; a person had better wait than come back. */
  private Grant next(ConnectionKey key) {
    for (int tried = 1; ; tried++) {
      try {
        return ports.pending().nextGrant(key);
      } catch (NotReadyException e) {
        if (tried == TRIES || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    }
  }
}
