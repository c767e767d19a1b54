package dev.perennial.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Spring Authorization Server with every endpoint it has: pushed requests, device grants, its
 * metadata, and {@code iss} in its answers (RFC 9207), which it does not send by itself. Clients
 * are registered while it runs; the public key of one that signs its requests is at {@link
 * #keysUrl}.
 */
final class StandardsServer implements AutoCloseable {
  static final String USER = "grace";
  static final String PASSWORD = "hopper";
  static final String SCOPE = "mail.read";

  private static final String KEYS = "/client-keys";

  private final ConfigurableApplicationContext context;

  private StandardsServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Its beans, beside what Spring Boot adds: keys of its own and a login page. */
  @SpringBootConfiguration
  @EnableAutoConfiguration
  static class Application {
    @Bean
    InMemoryRegisteredClientRepository clients() {
      return new InMemoryRegisteredClientRepository(
          RegisteredClient.withId("nobody")
              .clientId("nobody")
              .clientSecret("{noop}nobody's")
              .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
              .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
              .build());
    }

    @Bean
    OAuth2AuthorizationService authorizations() {
      return new InMemoryOAuth2AuthorizationService();
    }

    @Bean
    ECKey clientKey() throws JOSEException {
      return new ECKeyGenerator(Curve.P_256).keyID("ours").generate();
    }

    @Bean
    RouterFunction<ServerResponse> clientKeys(ECKey key) {
      String keys = new JWKSet(key.toPublicJWK()).toString();
      return RouterFunctions.route()
          .GET(KEYS, _ -> ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).body(keys))
          .build();
    }

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http) {
      MediaTypeRequestMatcher pages = new MediaTypeRequestMatcher(MediaType.TEXT_HTML);
      return http.oauth2AuthorizationServer(
              server -> {
                http.securityMatcher(server.getEndpointsMatcher());
                server
                    .pushedAuthorizationRequestEndpoint(Customizer.withDefaults())
                    .deviceAuthorizationEndpoint(Customizer.withDefaults())
                    .deviceVerificationEndpoint(Customizer.withDefaults())
                    .authorizationEndpoint(
                        endpoint -> endpoint.authorizationResponseHandler(Application::answer))
                    .authorizationServerMetadataEndpoint(endpoint ->
                        endpoint.authorizationServerMetadataCustomizer(metadata ->
                            metadata.claim(
                                "authorization_response_iss_parameter_supported", true)));
              })
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .exceptionHandling(failures ->
              failures.defaultAuthenticationEntryPointFor(
                  new LoginUrlAuthenticationEntryPoint("/login"), pages))
          .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain rest(HttpSecurity http) {
      return http.authorizeHttpRequests(
              requests -> requests.requestMatchers(KEYS).permitAll().anyRequest().authenticated())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    private static void answer(
        HttpServletRequest request, HttpServletResponse response, Authentication given)
        throws IOException {
      var granted = (OAuth2AuthorizationCodeRequestAuthenticationToken) given;
      response.sendRedirect(
          UriComponentsBuilder.fromUriString(Objects.requireNonNull(granted.getRedirectUri()))
              .queryParam(
                  "code", Objects.requireNonNull(granted.getAuthorizationCode()).getTokenValue())
              .queryParam("state", granted.getState())
              .queryParam("iss", AuthorizationServerContextHolder.getContext().getIssuer())
              .encode()
              .toUriString());
    }
  }

  static StandardsServer start() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("server.port", 0);
    properties.put("server.address", "127.0.0.1");
    properties.put("spring.main.banner-mode", "off");
    properties.put("logging.level.root", "WARN");
    properties.put("logging.level.dev.perennial", "INFO");
    properties.put("spring.security.user.name", USER);
    properties.put("spring.security.user.password", PASSWORD);
    return new StandardsServer(
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.SERVLET)
            .properties(properties)
            .run());
  }

  /** A client whose access tokens live for five minutes and whose refresh tokens rotate. */
  static RegisteredClient.Builder client(String id) {
    return RegisteredClient.withId(id)
        .clientId(id)
        .scope(SCOPE)
        .tokenSettings(
            TokenSettings.builder()
                .accessTokenTimeToLive(Duration.ofMinutes(5))
                .reuseRefreshTokens(false)
                .build());
  }

  void register(RegisteredClient client) {
    context.getBean(InMemoryRegisteredClientRepository.class).save(client);
  }

  URI uri(String path) {
    int port =
        Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  String keysUrl() {
    return uri(KEYS).toString();
  }

  /** PKCS #8 as PEM, of the key at {@link #keysUrl}. */
  String clientKey() {
    try {
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder()
              .encodeToString(context.getBean(ECKey.class).toPrivateKey().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
    } catch (JOSEException e) {
      throw new IllegalStateException("the key was made here", e);
    }
  }

  /** Whether a refresh token would still be taken. */
  boolean takes(String refreshToken) {
    OAuth2Authorization found =
        context
            .getBean(OAuth2AuthorizationService.class)
            .findByToken(refreshToken, OAuth2TokenType.REFRESH_TOKEN);
    return found != null && Objects.requireNonNull(found.getRefreshToken()).isActive();
  }

  @Override
  public void close() {
    context.close();
  }
}
