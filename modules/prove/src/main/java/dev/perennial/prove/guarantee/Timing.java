package dev.perennial.prove.guarantee;

import java.time.Duration;
import java.time.Instant;

/**
 * The times of the installation that is judged, and how long the consequences of a fault may last.
 *
 * @param session of the workers' consumer groups
 */
public record Timing(
    Duration deadline, Duration lease, Duration reemit, Duration delivery, Duration session) {

  /** What a busy machine may take for steps that take no time. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  /** Until when a disturbance may delay a refresh, once it is over. */
  public Instant settled(Disturbance disturbance) {
    Duration tail =
        switch (disturbance.kind()) {
          case WORKER_KILLED, WORKER_STOPPED, WORKER_RESTARTED, KAFKA, SERVER_LINK ->
              session.plus(SLACK);
          case REDIS -> lease.plus(delivery).plus(SLACK);
          case PROVIDER, PROVIDER_LINK, CLOCK -> lease;
        };
    return disturbance.to().plus(tail);
  }

  /** Until when nothing is begun after Redis could be healed: answers may still be under way. */
  Instant held(Instant healed) {
    return healed.plus(lease).plus(delivery).plus(SLACK);
  }

  Duration slack() {
    return SLACK;
  }
}
