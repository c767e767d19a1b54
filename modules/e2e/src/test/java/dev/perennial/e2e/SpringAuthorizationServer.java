package dev.perennial.e2e;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Spring Authorization Server as it comes: configured by properties alone, refresh tokens rotated,
 * a login form in front.
 */
final class SpringAuthorizationServer implements AutoCloseable {
  static final String CLIENT_ID = "perennial";
  static final String CLIENT_SECRET = "spring-secret-9b1e";
  private static final String USER = "ada";
  private static final String PASSWORD = "lovelace";

  /** As {@code --user} takes it. */
  static final String LOGIN = USER + ":" + PASSWORD;

  @SpringBootConfiguration
  @EnableAutoConfiguration
  static class Application {}

  private final ConfigurableApplicationContext context;

  private SpringAuthorizationServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * @param redirectUrl registered for the client
   * @param accessTokenLife e.g. {@code 6s}
   */
  static SpringAuthorizationServer start(String redirectUrl, String accessTokenLife) {
    Map<String, Object> properties = new LinkedHashMap<>();
    String client = "spring.security.oauth2.authorizationserver.client.perennial.";
    String registration = client + "registration.";
    properties.put("server.port", 0);
    properties.put("server.address", "127.0.0.1");
    properties.put("spring.main.banner-mode", "off");
    properties.put("logging.level.root", "WARN");
    properties.put("logging.level.dev.perennial", "INFO");
    properties.put("spring.security.user.name", USER);
    properties.put("spring.security.user.password", PASSWORD);
    properties.put(registration + "client-id", CLIENT_ID);
    properties.put(registration + "client-secret", "{noop}" + CLIENT_SECRET);
    properties.put(registration + "client-authentication-methods[0]", "client_secret_post");
    properties.put(registration + "authorization-grant-types[0]", "authorization_code");
    properties.put(registration + "authorization-grant-types[1]", "refresh_token");
    properties.put(registration + "redirect-uris[0]", redirectUrl);
    properties.put(registration + "scopes[0]", "mail.read");
    properties.put(client + "token.access-token-time-to-live", accessTokenLife);
    properties.put(client + "token.reuse-refresh-tokens", false);
    return new SpringAuthorizationServer(
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.SERVLET)
            .properties(properties)
            .run());
  }

  private WebServer server() {
    return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer());
  }

  URI uri(String path) {
    int port = server().getPort();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Follows a consent link, logging in on the way. */
  static HttpResponse<String> consent(Browser browser, URI link) {
    HttpResponse<String> login = browser.open(link);
    return browser.submit(login, "/login", Map.of("username", USER, "password", PASSWORD));
  }

  @Override
  public void close() {
    context.close();
  }
}
