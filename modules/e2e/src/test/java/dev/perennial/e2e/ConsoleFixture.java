package dev.perennial.e2e;

import dev.perennial.app.access.ApiKey;
import dev.perennial.app.access.ApiKeyFile;
import dev.perennial.app.access.ApiKeyToken;
import dev.perennial.app.access.Scope;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.HttpResponse;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.prove.guarantee.NoGrantSilentlyLost;
import dev.perennial.prove.guarantee.RefreshedBeforeExpiry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An installation for operators to look at: providers that are well, that are away, that refuse,
 * and a definition that is half set up.
 */
final class ConsoleFixture implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger tokens = new AtomicInteger();
  private final Site well = new Site().page("/token", _ -> answer(90));
  private final Site away =
      new Site().page("/token", _ -> HttpResponse.of(503, "text/plain", "later"));
  private final Site refusing =
      new Site()
          .page(
              "/token",
              _ -> HttpResponse.of(400, "application/json", "{\"error\": \"invalid_grant\"}"));
  private final Path keys = Directories.temporaryFile();
  final Installed installed;
  final Node node;

  ConsoleFixture(Servers servers) {
    revokeKeys();
    Installed.Builder builder =
        Installed.on(servers)
            .flag("metrics.census-every", "1s")
            .flag("admin.api-keys", keys.toString())
            .waive(NoGrantSilentlyLost.class, "a provider refuses, and tokens end on purpose")
            .waive(RefreshedBeforeExpiry.class, "a provider is away on purpose");
    with(builder, "google", well);
    with(builder, "hubspot", away);
    with(builder, "slack", refusing);
    with(builder, "xero", well);
    builder.definition("zoom", definition(well)).variable("PERENNIAL_ZOOM_CLIENT_ID", "half");
    builder.definition("asana", definition(well));
    this.installed = builder.build();
    this.node = installed.node(EnumSet.allOf(Role.class));
  }

  private static void with(Installed.Builder builder, String slug, Site site) {
    builder
        .definition(slug, definition(site))
        .variable("PERENNIAL_" + slug.toUpperCase(Locale.ROOT) + "_CLIENT_ID", "client")
        .variable(
            "PERENNIAL_" + slug.toUpperCase(Locale.ROOT) + "_CLIENT_SECRET", "client-secret-7d21");
  }

  private static String definition(Site site) {
    return Definitions.of(site.at("/authorize"), site.at("/token"), "mail.read");
  }

  private HttpResponse answer(int life) {
    int number = tokens.incrementAndGet();
    return HttpResponse.of(
        200,
        "application/json",
        """
        {"access_token": "planted-access-%d", "refresh_token": "planted-refresh-%d",
         "token_type": "Bearer", "expires_in": %d, "scope": "mail.read"}
        """
            .formatted(number, number, life));
  }

  /** A connection whose token ends in so many seconds; without a refresh token where it is said. */
  void connect(String key, long seconds, boolean renewable) {
    put(
        ConnectionKey.parse(key),
        """
        {"access_token": "planted-access-of-%s", %s "token_type": "Bearer", "scope": "mail.read",
         "issued_at": "%s", "expires_at": "%s"}
        """
            .formatted(
                key.hashCode(),
                renewable
                    ? "\"refresh_token\": \"planted-refresh-of-" + key.hashCode() + "\","
                    : "",
                Instant.now().minusSeconds(1),
                Instant.now().plusSeconds(seconds)));
  }

  /** One whose provider has put markup into all that it may say. */
  void connectEvil(String key, String markup) {
    put(
        ConnectionKey.parse(key),
        """
        {"access_token": "planted-access-evil", "token_type": "%1$s", "scope": "%1$s",
         "issued_at": "%2$s", "expires_at": "%3$s"}
        """
            .formatted(
                markup.replace("\"", "\\\""),
                Instant.now().minusSeconds(1),
                Instant.now().plusSeconds(7200)));
  }

  /** A key that may look, as {@code perennial keys api new} makes it; the only one of the file. */
  String newKey() {
    ApiKeyToken token = ApiKeyToken.create(new SecureRandom());
    write(
        List.of(
            new ApiKey(
                token.id(),
                "visitor",
                Set.of(Scope.CONNECTIONS_READ),
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                token.sha256())));
    return token.text().reveal();
  }

  /** As {@code perennial keys api revoke} does. */
  void revokeKeys() {
    write(List.of());
  }

  private void write(List<ApiKey> all) {
    try {
      Files.writeString(keys, ApiKeyFile.text(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connections of every kind, enough for two pages. */
  void fill() {
    for (int i = 0; i < 40; i++) {
      connect("google/team-" + i + "@example.com", 7200 + 60L * i, true);
    }
    for (int i = 0; i < 40; i++) {
      connect("xero/books-" + i, 30 + 5L * i, true);
    }
    for (int i = 0; i < 4; i++) {
      connect("hubspot/portal-" + (4400 + i), 0, true);
    }
    connect("slack/T024BE7LD", 0, true);
    connect("slack/T0911LONG", 86_400, false);
    connect("slack/T04ARCHIVE", 0, true);
  }

  private void put(ConnectionKey key, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + node.adminPort()
                        + "/v1/connections/"
                        + key.integration()
                        + "/"
                        + key.connection()))
            .header("Authorization", "Bearer " + Installed.ADMIN_TOKEN)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build();
    java.net.http.HttpResponse<String> answer = send(request);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  java.net.http.HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  URI console(String path) {
    return URI.create("http://127.0.0.1:" + node.adminPort() + "/console" + path);
  }

  @Override
  public void close() {
    client.close();
    installed.close();
    well.close();
    away.close();
    refusing.close();
    Directories.delete(keys);
  }
}
