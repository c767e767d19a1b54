package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@link Credentials} that ask the admin API. */
final class ApiCredentials implements Credentials {
  private final ApiTokens tokens;
  private final Announcer announcer;

  ApiCredentials(ApiTokens tokens, Announcer announcer) {
    this.tokens = tokens;
    this.announcer = announcer;
  }

  @Override
  public Token token(String connection) {
    return tokens.token(connection);
  }

  @Override
  public Optional<ConnectionState> state(String connection) {
    return tokens.state(ConnectionKey.parse(connection));
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
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Duration staleness() {
    return tokens.keeper().staleness();
  }

  @Override
  public long lag() {
    return tokens.keeper().unconfirmed();
  }

  @Override
  public void close() {
    tokens.close();
    announcer.close();
  }
}
