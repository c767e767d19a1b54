package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@link Credentials} that follow the topic. */
final class KafkaCredentials implements Credentials {
  private final TopicView view;
  private final Tokens tokens;
  private final CredentialEvents events;
  private final CompletableFuture<@Nullable Void> ready;
  private final Announcer announcer;

  /**
   * @param events handed to the view
   * @param ready done once the view is
   */
  KafkaCredentials(
      TopicView view,
      Tokens tokens,
      CredentialEvents events,
      CompletableFuture<@Nullable Void> ready,
      Announcer announcer) {
    this.view = view;
    this.tokens = tokens;
    this.events = events;
    this.ready = ready;
    this.announcer = announcer;
  }

  @Override
  public Token token(String connection) {
    return tokens.token(connection);
  }

  @Override
  public Optional<ConnectionState> state(String connection) {
    return Optional.ofNullable(view.find(ConnectionKey.parse(connection).toString()))
        .map(held -> ConnectionState.of(held.state()));
  }

  @Override
  public CompletableFuture<Token> fresh(String connection, Duration minValidity, Duration timeout) {
    return tokens.fresh(ConnectionKey.parse(connection), minValidity, timeout);
  }

  @Override
  public CompletableFuture<Token> newer(Token refused, Duration timeout) {
    return tokens.newer(refused, timeout);
  }

  @Override
  public CompletableFuture<@Nullable Void> ready() {
    return ready.copy();
  }

  @Override
  public Duration staleness() {
    return events.staleness();
  }

  @Override
  public long lag() {
    return events.lag();
  }

  @Override
  public void close() {
    view.close();
    tokens.close();
    events.close();
    announcer.close();
  }
}
