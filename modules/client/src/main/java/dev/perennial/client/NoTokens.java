package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where there is neither a key ring nor the admin API: states alone. */
final class NoTokens implements Tokens {
  private final TopicView view;

  NoTokens(TopicView view) {
    this.view = view;
  }

  @Override
  public Token token(String connection) {
    throw none(ConnectionKey.parse(connection));
  }

  @Override
  public CompletableFuture<Token> fresh(ConnectionKey key, Duration least, Duration timeout) {
    return CompletableFuture.failedFuture(none(key));
  }

  @Override
  public CompletableFuture<Token> newer(Token refused, Duration timeout) {
    return CompletableFuture.failedFuture(none(refused.connection()));
  }

  private CredentialException none(ConnectionKey key) {
    try {
      view.get(key);
      return CredentialException.noKeyRing(key);
    } catch (CredentialException e) {
      return e;
    }
  }

  @Override
  public void changed(ConnectionKey key) {}

  @Override
  public void close() {}
}
