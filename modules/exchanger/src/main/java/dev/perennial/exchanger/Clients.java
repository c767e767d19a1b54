package dev.perennial.exchanger;

import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients that share one TLS identity: one keeps its connections, one does not. They do
 * nothing on their own: no retry, no redirect, no cookie, no answered challenge, no proxy of the
 * environment. Thread-safe.
 */
final class Clients implements AutoCloseable {
  /** Host lookups that may hang at a time. */
  private static final int LOOKUPS = 256;

  /** Shorter than any server's patience with an idle connection, longer than a burst's gaps. */
  private static final TimeValue TRUSTED_UNCHECKED = TimeValue.ofMilliseconds(100);

  /** Bytes, of which a connection has three times as many; an answer may be larger. */
  private static final int BUFFER = 4 << 10;

  /** Names are resolved and judged again at least this often. */
  private static final TimeValue LONGEST_LIFE = TimeValue.ofMinutes(5);

  private final CloseableHttpClient reusing;
  private final CloseableHttpClient fresh;

  /**
   * @param trusted whose servers are believed; null = those of the JDK's trust store
   * @param identity shown to servers that ask for one; null = none
   */
  Clients(
      ExchangerSettings settings,
      TrustManager @Nullable [] trusted,
      @Nullable ClientIdentity identity) {
    SSLContext tls = tls(trusted, identity);
    this.reusing =
        client(settings, tls).evictIdleConnections(TimeValue.of(settings.idle())).build();
    this.fresh = client(settings, tls).setConnectionReuseStrategy((_, _, _) -> false).build();
  }

  private static SSLContext tls(
      TrustManager @Nullable [] trusted, @Nullable ClientIdentity identity) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity == null ? null : new KeyManager[] {identity}, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS of this JDK", e);
    }
  }

  private static HttpClientBuilder client(ExchangerSettings settings, SSLContext tls) {
    return HttpClientBuilder.create()
        .setConnectionManager(connections(settings, tls))
        .setRequestExecutor(new Call.Executor())
        .setUserAgent(settings.userAgent())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .disableConnectionState();
  }

  private static PoolingHttpClientConnectionManager connections(
      ExchangerSettings settings, SSLContext tls) {
    Http1Config limits =
        Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxHeaderCount(settings.maxHeaders())
            .setMaxLineLength(settings.maxHeaderLine())
            .build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
        .setMaxConnTotal(settings.maxConnections())
        .setMaxConnPerRoute(settings.maxConnections())
        .setDnsResolver(
            new AddressGuard(
                new TimedNames(
                    SystemDefaultDnsResolver.INSTANCE, settings.connectTimeout(), LOOKUPS),
                settings.allowPrivateAddresses()))
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(limits)
                .responseParserFactory(InterimLimit.factory(limits))
                .build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                .setValidateAfterInactivity(TRUSTED_UNCHECKED)
                .setIdleTimeout(Timeout.of(settings.idle()))
                .setTimeToLive(LONGEST_LIFE)
                .build())
        .build();
  }

  CloseableHttpClient of(Connection connection) {
    return switch (connection) {
      case REUSED -> reusing;
      case FRESH -> fresh;
    };
  }

  /** Closes every connection at once. */
  @Override
  public void close() {
    reusing.close(CloseMode.IMMEDIATE);
    fresh.close(CloseMode.IMMEDIATE);
  }
}
