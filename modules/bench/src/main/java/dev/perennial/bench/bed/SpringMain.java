package dev.perennial.bench.bed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/**
 * The same refreshes by Spring Security, as an application would have it do them: its manager asks
 * its provider, which asks the token endpoint, on virtual threads, with the HTTP client and the
 * pool that we have and a store in memory. It keeps nothing across restarts, tells nobody, and
 * knows no other process: it does less than we do.
 *
 * <p>Arguments: the token endpoint, how many at once. Lines on standard input: {@code run
 * MILLISECONDS}. Ends where they end.
 */
public final class SpringMain {
  private static final String REGISTRATION = "bench";
  private static final Duration RAMP = Duration.ofMillis(300);

  /** Above those that are ours. */
  static final int FIRST_CONNECTION = 900_000;

  /** So that every token it has is over. */
  private static final Duration ALWAYS = Duration.ofHours(2);

  private final AuthorizedClientServiceOAuth2AuthorizedClientManager manager;
  private final int concurrency;

  private SpringMain(String tokenUri, int concurrency) {
    this.concurrency = concurrency;
    ClientRegistration registration = registration(tokenUri);
    InMemoryClientRegistrationRepository registrations =
        new InMemoryClientRegistrationRepository(registration);
    InMemoryOAuth2AuthorizedClientService clients =
        new InMemoryOAuth2AuthorizedClientService(registrations);
    Instant now = InstantSource.system().instant();
    for (int i = 0; i < concurrency; i++) {
      clients.saveAuthorizedClient(client(registration, i, now), principal(i));
    }
    this.manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
    manager.setAuthorizedClientProvider(provider());
  }

  private static ClientRegistration registration(String tokenUri) {
    return ClientRegistration.withRegistrationId(REGISTRATION)
        .clientId("bench-client")
        .clientSecret("bench-secret-2f6b9c14")
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .authorizationUri(tokenUri)
        .redirectUri("http://localhost/callback")
        .tokenUri(tokenUri)
        .build();
  }

  private static OAuth2AuthorizedClient client(
      ClientRegistration registration, int number, Instant now) {
    OAuth2AccessToken access =
        new OAuth2AccessToken(
            OAuth2AccessToken.TokenType.BEARER, "seed", now.minusSeconds(60), now);
    OAuth2RefreshToken refresh =
        new OAuth2RefreshToken(RefreshTokens.first(FIRST_CONNECTION + number), now);
    return new OAuth2AuthorizedClient(registration, "user" + number, access, refresh);
  }

  private static TestingAuthenticationToken principal(int number) {
    return new TestingAuthenticationToken("user" + number, "n/a");
  }

  private static RefreshTokenOAuth2AuthorizedClientProvider provider() {
    RestClientRefreshTokenTokenResponseClient responses =
        new RestClientRefreshTokenTokenResponseClient();
    responses.setRestClient(
        RestClient.builder()
            .requestFactory(new HttpComponentsClientHttpRequestFactory(RawPosts.client()))
            .configureMessageConverters(converters ->
                converters
                    .addCustomConverter(new FormHttpMessageConverter())
                    .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build());
    RefreshTokenOAuth2AuthorizedClientProvider provider =
        new RefreshTokenOAuth2AuthorizedClientProvider();
    provider.setAccessTokenResponseClient(responses);
    provider.setClockSkew(ALWAYS);
    return provider;
  }

  public static void main(String[] args) throws IOException {
    SpringMain spring = new SpringMain(args[0], Integer.parseInt(args[1]));
    System.out.println("ready");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        long millis = Long.parseLong(line.substring("run ".length()));
        System.out.println("ran " + spring.run(Duration.ofMillis(millis)));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static final class Going {
    final LongAdder done = new LongAdder();
    volatile boolean over;
    volatile @Nullable Exception failure;
  }

  /** Refreshes a second, or why not. */
  private String run(Duration window) {
    Going going = new Going();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      OAuth2AuthorizeRequest request =
          OAuth2AuthorizeRequest.withClientRegistrationId(REGISTRATION)
              .principal(principal(i))
              .build();
      callers.add(Thread.ofVirtual().start(() -> call(request, going)));
    }
    LockSupport.parkNanos(RAMP.toNanos());
    long from = System.nanoTime();
    long before = going.done.sum();
    LockSupport.parkNanos(window.toNanos());
    double perSecond = (going.done.sum() - before) * 1e9 / (System.nanoTime() - from);
    going.over = true;
    callers.forEach(SpringMain::join);
    return going.failure == null ? Double.toString(perSecond) : "failed " + going.failure;
  }

  private void call(OAuth2AuthorizeRequest request, Going going) {
    try {
      while (!going.over) {
        if (manager.authorize(request) == null) {
          throw new IllegalStateException("not authorized");
        }
        going.done.increment();
      }
    } catch (RuntimeException e) {
      going.failure = e;
      going.over = true;
    }
  }

  private static void join(Thread caller) {
    try {
      caller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
