package dev.perennial.example.connect;

import dev.perennial.client.Credentials;
import dev.perennial.client.Token;
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

  private final String connection;
  private final InstantSource clock;
  private final Credentials credentials;

  FreshToken(SinkSettings settings, InstantSource clock) {
    this.connection = settings.connection();
    this.clock = clock;
    this.credentials =
        Credentials.onKafka(settings.kafka())
            .topics(new Topics(settings.prefix()))
            .keyRing(settings.keys())
            .start();
  }

  /** Waits until what stood on the topic at the start is known. */
  void awaitReady(Duration most) throws ExecutionException, TimeoutException {
    try {
      credentials.ready().get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  /** What the {@code Authorization} header says; empty where none lives long enough to be sent. */
  Optional<String> find() {
    return credentials.find(connection).filter(this::lives).map(Token::authorization);
  }

  private boolean lives(Token token) {
    Instant soon = clock.instant().plus(MARGIN);
    return token.expiresAt().map(soon::isBefore).orElse(true);
  }

  @Override
  public void close() {
    credentials.close();
  }
}
