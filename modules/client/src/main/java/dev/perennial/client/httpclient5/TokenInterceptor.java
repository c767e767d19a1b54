package dev.perennial.client.httpclient5;

import dev.perennial.client.CredentialException;
import dev.perennial.client.Credentials;
import dev.perennial.client.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the token of a connection on requests. Where the resource server refuses it (401), another
 * one is asked for and waited for, and the request is sent once more, if its entity is repeatable;
 * otherwise, and where none comes in time, the 401 is handed out as it is. Thread-safe.
 *
 * <pre>{@code
 * HttpClientBuilder builder = HttpClients.custom();
 * TokenInterceptor.of(credentials, "google/acme").hosts("www.googleapis.com").addTo(builder);
 * }</pre>
 *
 * <p>A token goes to the hosts that were named and to no other, over https, or over plain http to a
 * loopback address; every other request goes its way without one, a redirect to another host too.
 * An {@code Authorization} header that a request already has is left alone.
 *
 * <p>Where there is no token at all, executing the request throws the {@link CredentialException}.
 */
public final class TokenInterceptor implements ExecChainHandler {
  private static final Logger log = LoggerFactory.getLogger(TokenInterceptor.class);
  private static final String NAME = "perennial-token";
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");

  private final Credentials credentials;
  private final Function<HttpRequest, String> connection;
  private final Set<String> hosts;
  private final Duration wait;
  private final AtomicBoolean warned = new AtomicBoolean();

  private TokenInterceptor(Builder builder, Set<String> hosts) {
    this.credentials = builder.credentials;
    this.connection = builder.connection;
    this.hosts = hosts;
    this.wait = builder.wait;
  }

  /** For one connection. */
  public static Builder of(Credentials credentials, String connection) {
    return new Builder(credentials, request -> connection);
  }

  /**
   * For many.
   *
   * @param connection which one a request is for
   */
  public static Builder of(Credentials credentials, Function<HttpRequest, String> connection) {
    return new Builder(credentials, connection);
  }

  /** What an interceptor may do. The hosts must be given. Not thread-safe. */
  public static final class Builder {
    private final Credentials credentials;
    private final Function<HttpRequest, String> connection;
    private Duration wait = Duration.ofSeconds(10);

    private Builder(Credentials credentials, Function<HttpRequest, String> connection) {
      this.credentials = credentials;
      this.connection = connection;
    }

    /** How long a request waits for a token, each time that it must. Default: 10 s. */
    public Builder atMost(Duration given) {
      wait = given;
      return this;
    }

    /**
     * The hosts that get tokens: names or addresses, each alone (any port) or with a port, {@code
     * api.example.com:8443}.
     *
     * @throws IllegalArgumentException where there is none, or one is no host
     */
    public TokenInterceptor hosts(String... names) {
      Set<String> hosts = new HashSet<>();
      for (String name : names) {
        if (name.isBlank() || name.contains("/") || name.contains("*")) {
          throw new IllegalArgumentException(
              "not a host: '" + name + "' (expected api.example.com or api.example.com:8443)");
        }
        hosts.add(name.toLowerCase(Locale.ROOT));
      }
      if (hosts.isEmpty()) {
        throw new IllegalArgumentException("no host: name those that may see the tokens");
      }
      return new TokenInterceptor(this, Set.copyOf(hosts));
    }
  }

  /**
   * Puts itself where it belongs: inside redirects and retries, so that each hop and each attempt
   * is judged and gets a token of its own.
   */
  public HttpClientBuilder addTo(HttpClientBuilder builder) {
    return builder.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), NAME, this);
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (request.containsHeader(HttpHeaders.AUTHORIZATION) || !mayHaveToken(scope)) {
      return chain.proceed(request, scope);
    }
    Token token = credentials.awaitFresh(connection.apply(request), Duration.ZERO, wait);
    ClassicHttpResponse response = chain.proceed(with(token, request), scope);
    Token next = isRefused(response) && isRepeatable(request) ? newer(token) : null;
    if (next == null) {
      return response;
    }
    response.close(); // with its connection: how much would have to be read first nobody knows
    return chain.proceed(with(next, request), scope);
  }

  private boolean mayHaveToken(ExecChain.Scope scope) {
    HttpHost target = scope.route.getTargetHost();
    String name = target.getHostName().toLowerCase(Locale.ROOT);
    if (!hosts.contains(name) && !hosts.contains(name + ":" + target.getPort())) {
      return false;
    }
    boolean secure = scope.route.isSecure() || LOOPBACK.matcher(name).matches();
    if (!secure && !warned.getAndSet(true)) {
      log.warn("no token for {}: over plain http it would travel in the open", target);
    }
    return secure;
  }

  private static boolean isRefused(ClassicHttpResponse response) {
    return response.getCode() == HttpStatus.SC_UNAUTHORIZED;
  }

  private static boolean isRepeatable(ClassicHttpRequest request) {
    HttpEntity entity = request.getEntity();
    return entity == null || entity.isRepeatable();
  }

  private @Nullable Token newer(Token refused) {
    try {
      return credentials.awaitNewer(refused, wait);
    } catch (CredentialException e) {
      log.info("401 with {}: {}", refused, e.getMessage());
      return null;
    }
  }

  /** A copy: what the rest of the chain adds to a request must not be there a second time. */
  private static ClassicHttpRequest with(Token token, ClassicHttpRequest request) {
    ClassicHttpRequest copy = ClassicRequestBuilder.copy(request).build();
    copy.setHeader(HttpHeaders.AUTHORIZATION, token.authorization());
    return copy;
  }
}
