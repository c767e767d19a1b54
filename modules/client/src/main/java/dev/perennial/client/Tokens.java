package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where the tokens of {@link Credentials} come from. Its methods promise what those there do. */
interface Tokens {

  Token token(String connection);

  CompletableFuture<Token> fresh(ConnectionKey key, Duration least, Duration timeout);

  CompletableFuture<Token> newer(Token refused, Duration timeout);

  /** The topic brought a newer version, or the last trace of a connection went. */
  void changed(ConnectionKey key);

  /** Ends all that waits. */
  void close();
}
