package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.client.CredentialUpdate;
import dev.perennial.devstack.dialect.Dialect;
import dev.perennial.devstack.dialect.Dialect.Kind;
import dev.perennial.devstack.dialect.DialectServer;
import dev.perennial.devstack.dialect.Stage;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every shipped definition, unchanged, against a server that plays its provider's dialect: consent,
 * code exchange, refresh, revocation. The dialects were written from the providers' documentation
 * and not from the definitions, so that the two check each other.
 */
@ExtendWith(ServersExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTest {
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final DialectServer server =
      DialectServer.start(InstantSource.system(), new SecureRandom());
  private final Map<String, Stage> passed = new TreeMap<>();
  private Installed installed;
  private AdminApi admin;

  @BeforeAll
  void start(Servers servers) {
    Installed.Builder builder = Installed.on(servers).address(server::lead);
    for (String slug : Catalogue.definitions()) {
      builder.definition(slug, Catalogue.definition(slug));
      Catalogue.dialect(slug)
          .variables()
          .forEach((id, value) -> builder.variable(Catalogue.environmentName(slug, id), value));
    }
    installed = builder.build();
    Node node = installed.node(EnumSet.allOf(Role.class));
    admin = new AdminApi(node.adminPort());
  }

  @AfterAll
  void end() {
    admin.close();
    installed.over();
    installed.close();
    server.close();
    passed.forEach(
        (slug, stage) -> assertThat(stage.findings()).as("what %s saw later", slug).isEmpty());
  }

  static SortedSet<String> slugs() {
    return Catalogue.definitions();
  }

  @ParameterizedTest
  @MethodSource("slugs")
  void theDefinitionSpeaksTheDialectOfItsProvider(String slug) {
    Dialect dialect = Catalogue.dialect(slug);
    Stage stage = server.play(dialect, installed.redirectUrl(slug));
    Performance performance = new Performance(new ConnectionKey(slug, "acme"), dialect, stage);
    try {
      performance.connect();
      if (dialect.has(Kind.REFRESH)) {
        performance.refresh();
      }
      performance.delete();
      passed.put(slug, stage);
    } catch (Throwable e) {
      performance.forget();
      throw e;
    }
  }

  /** One provider's turn. */
  private final class Performance {
    private final ConnectionKey key;
    private final Dialect dialect;
    private final Stage stage;

    Performance(ConnectionKey key, Dialect dialect, Stage stage) {
      this.key = key;
      this.dialect = dialect;
      this.stage = stage;
    }

    void connect() {
      URI link = admin.connectLink(key, dialect.connection());
      try (Browser browser = new Browser()) {
        HttpResponse<String> page = browser.open(link);
        if (!dialect.hasConsent()) {
          assertThat(stage.missing()).as("nothing happens by opening").isNotEmpty();
          page = browser.press(link);
        }
        assertThat(stage.findings()).as("what the provider saw").isEmpty();
        assertThat(page.statusCode()).as(text(page)).isEqualTo(200);
      }
      check(await(Change.CONNECTED, 1));
    }

    /** Twice: the second time with what the first one brought. */
    void refresh() {
      stage.allow(Kind.REFRESH);
      refreshAll(0);
      stage.repeat(Kind.REFRESH);
      refreshAll(1);
    }

    /** One attempt for each refresh token, since an attempt spends one. */
    private void refreshAll(int before) {
      String accessToken = stage.current(dialect.accessToken());
      int refreshTokens =
          Math.toIntExact(
              stage.tokens().stream().filter(it -> it.startsWith("$refresh_token")).count());
      int attempts = Math.max(1, refreshTokens);
      CredentialUpdate update = null;
      for (int attempt = 1; attempt <= attempts; attempt++) {
        admin.refresh(key);
        update = await(Change.REFRESHED, before * attempts + attempt);
      }
      check(Objects.requireNonNull(update));
      assertThat(stage.current(dialect.accessToken())).isNotEqualTo(accessToken);
    }

    void delete() {
      stage.allow(Kind.REVOKE);
      admin.delete(key);
      witness().await(key, state -> state.status() == Status.DELETED);
      Await.until("the revocation", () -> stage.missing().isEmpty() || !stage.findings().isEmpty());
      assertThat(stage.findings()).as("what the provider saw").isEmpty();
    }

    /** Lest it is tried again while another provider has its turn. */
    void forget() {
      if (!witness().states(key).isEmpty()) {
        admin.delete(key);
      }
    }

    /** The event, unless something goes wrong before it comes. */
    private CredentialUpdate await(Change change, int times) {
      Await.until(
          change.text() + " of " + key + "; still to come: " + stage.missing(),
          () -> !stage.findings().isEmpty() || hasFailed() || find(change, times) != null);
      assertThat(stage.findings()).as("what the provider saw").isEmpty();
      CredentialUpdate update = find(change, times);
      if (update == null) {
        throw new AssertionError(
            change.text() + " failed: " + witness().failures() + ", " + witness().states(key));
      }
      return update;
    }

    /** Compares what was stored with what the provider issued. */
    private void check(CredentialUpdate update) {
      assertThat(stage.missing()).as("what never came").isEmpty();
      TokenResponse stored = update.open().orElseThrow();
      assertThat(stored.accessToken().orElseThrow().reveal())
          .isEqualTo(stage.current(dialect.accessToken()));
      assertThat(texts(stored.values())).containsAll(tokensToKeep());
      JsonNode shown = admin.credentials(key);
      assertThat(shown.path("access_token").asString())
          .isEqualTo(stage.current(dialect.accessToken()));
      checkExpiry(shown.path("expires_at"));
    }

    private boolean hasFailed() {
      return witness().failures().stream().anyMatch(it -> it.key().equals(key))
          || witness().states(key).stream().anyMatch(it -> it.status() != Status.ACTIVE);
    }

    private @Nullable CredentialUpdate find(Change change, int times) {
      return witness().updates(key).stream()
          .filter(update -> update.state().change() == change)
          .skip(times - 1L)
          .findFirst()
          .orElse(null);
    }

    /** All but those that only served to get the access token. */
    private List<String> tokensToKeep() {
      return stage.tokens().stream()
          .filter(it -> !it.equals("$access_token"))
          .map(stage::current)
          .toList();
    }

    private void checkExpiry(JsonNode expiresAt) {
      Long expected = dialect.expiresIn();
      if (expected == null) {
        assertThat(expiresAt.isNull()).as("permanent, and not until %s", expiresAt).isTrue();
      } else {
        assertThat(expiresAt.isNull()).as("permanent").isFalse();
        Instant end = Instant.parse(expiresAt.asString());
        assertThat(Duration.between(Instant.now().plusSeconds(expected), end).abs())
            .as("life until %s, in seconds %s", end, expected)
            .isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  /** What a page says. */
  private static String text(HttpResponse<String> page) {
    String body = page.body();
    return body.substring(Math.max(0, body.indexOf("<main>"))).replaceAll("\\s*<[^>]*>\\s*", " ");
  }

  private Witness witness() {
    return installed.witness();
  }

  /** Every text at any depth. */
  private static Collection<String> texts(@Nullable Object value) {
    Collection<String> texts = new TreeSet<>();
    switch (value) {
      case null -> {}
      case String text -> texts.add(text);
      case Map<?, ?> map -> map.values().forEach(it -> texts.addAll(texts(it)));
      case List<?> list -> list.forEach(it -> texts.addAll(texts(it)));
      default -> {}
    }
    return texts;
  }
}
