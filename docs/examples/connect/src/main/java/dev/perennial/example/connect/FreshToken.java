package dev.perennial.example.connect;

import dev.perennial.client.CredentialEvents;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The access token of one connection, from memory. */
final class FreshToken implements AutoCloseable {
  /** What a request needs to arrive. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final ConnectionKey connection;
  private final InstantSource clock;
  private final CredentialEvents events;

  FreshToken(SinkSettings settings, InstantSource clock) {
    this.connection = ConnectionKey.parse(settings.connection());
    this.clock = clock;
    this.events =
        CredentialEvents.on(settings.kafka(), new Topics(settings.prefix()))
            .keyRing(settings.keys())
            .follow(update -> {});
  }

  /** Waits until what stood on the topic at the start is known. */
  void awaitReady(Duration most) throws ExecutionException, TimeoutException {
    try {
      events.caughtUp().get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  /** Empty where there is none that lives long enough to be sent. */
  Optional<String> find() {
    return events
        .latest(connection)
        .filter(this::lives)
        .flatMap(events::open)
        .flatMap(TokenResponse::accessToken)
        .map(Secret::reveal);
  }

  private boolean lives(CredentialState state) {
    Instant end = state.expiresAt();
    return end == null || clock.instant().plus(MARGIN).isBefore(end);
  }

  @Override
  public void close() {
    events.close();
  }
}
