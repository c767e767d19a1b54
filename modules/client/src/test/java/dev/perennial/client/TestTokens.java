package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.jspecify.annotations.Nullable;

/** Credentials that a test hands out, as a test of a pipeline could. */
public final class TestTokens implements Credentials {
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  /** Who asked for another token than which version. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  public volatile Runnable onAsk = () -> {};

  public void give(String name, long version, String accessToken) {
    tokens.put(
        name,
        new Token(
            ConnectionKey.parse(name),
            1,
            version,
            Secret.of(accessToken),
            "bearer",
            null,
            Map.of()));
  }

  /** Connections for which every host is this machine. */
  public static HttpClientConnectionManager resolvingEverythingToLoopback() {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(
            new DnsResolver() {
              @Override
              public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {
                  InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})
                };
              }

              @Override
              public String resolveCanonicalHostname(String host) {
                return host;
              }
            })
        .build();
  }

  @Override
  public Token token(String connection) {
    Token token = tokens.get(connection);
    if (token == null) {
      throw CredentialException.unknown(ConnectionKey.parse(connection));
    }
    return token;
  }

  @Override
  public Optional<ConnectionState> state(String connection) {
    return Optional.empty();
  }

  @Override
  public CompletableFuture<Token> fresh(String connection, Duration minValidity, Duration timeout) {
    try {
      return CompletableFuture.completedFuture(token(connection));
    } catch (CredentialException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Token> newer(Token refused, Duration timeout) {
    asked.add(refused.connection() + " after " + refused.version());
    onAsk.run();
    Token now = token(refused.connection());
    return now.isSameAs(refused)
        ? CompletableFuture.failedFuture(
            new CredentialException(Kind.NOT_FRESH, refused.connection(), "none came"))
        : CompletableFuture.completedFuture(now);
  }

  @Override
  public CompletableFuture<@Nullable Void> ready() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Duration staleness() {
    return Duration.ZERO;
  }

  @Override
  public long lag() {
    return 0;
  }

  @Override
  public void close() {}
}
