package dev.perennial.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.TokenResponse;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is inside the seals: every format that was ever written is read, and today's is written as
 * its newest file says.
 */
class GoldenPayloadsTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  private static final Preparation WHOLE =
      new Preparation(
          Map.of("SHOP", "a"),
          List.of("more"),
          Map.of("x", 1),
          "https://i.example",
          true,
          Secret.of("jwk"));
  private static final Map<String, String> REDIRECTED = Map.of("realmId", "9");
  private static final Secret VERIFIER = Secret.of("v");
  private static final String APP = "https://app.example/";

  private final SealedPayloads payloads = new SealedPayloads(new Open());

  @Test
  void codes() throws IOException {
    Secret c = Secret.of("c");
    AuthorizationCode first = new AuthorizationCode(c, VERIFIER, REDIRECTED);
    AuthorizationCode second = new AuthorizationCode(c, VERIFIER, REDIRECTED, WHOLE);
    assertThat(payloads.openCode(KEY, golden("authorization_code.v1"))).isEqualTo(first);
    assertThat(payloads.openCode(KEY, golden("authorization_code.v2"))).isEqualTo(second);
    assertThat(payloads.seal(KEY, second)).isEqualTo(golden("authorization_code.v2"));
  }

  @Test
  void consents_that_were_asked_for() throws IOException {
    PendingAuthorization first =
        new PendingAuthorization(KEY, "id", Secret.of("b"), VERIFIER, APP, null, Preparation.NONE);
    PendingAuthorization second =
        new PendingAuthorization(
            KEY, "id", Secret.of("b"), VERIFIER, APP, "https://app.example", Secret.of("s"), WHOLE);
    assertThat(payloads.openPending(KEY, golden("pending_authorization.v1"))).isEqualTo(first);
    assertThat(payloads.openPending(KEY, golden("pending_authorization.v2"))).isEqualTo(second);
    assertThat(payloads.seal(second)).isEqualTo(golden("pending_authorization.v2"));
  }

  @Test
  void connect_sessions() throws IOException {
    ConnectSession second = new ConnectSession(KEY, APP, Map.of("SHOP", "a"), List.of("b", "c"));
    assertThat(payloads.openSession(KEY, golden("connect_session.v1")))
        .isEqualTo(new ConnectSession(KEY, null));
    assertThat(payloads.openSession(KEY, golden("connect_session.v2"))).isEqualTo(second);
    assertThat(payloads.seal(second)).isEqualTo(golden("connect_session.v2"));
  }

  @Test
  void token_responses() throws IOException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", "at");
    values.put("refresh_token", "rt");
    values.put("token_type", "Bearer");
    values.put("expires_in", 3600);
    values.put("exact", new BigDecimal("1.50"));
    values.put("huge", new BigDecimal("1e400"));
    values.put("absent", null);
    values.put("team", Map.of("ids", List.of(1, 2)));
    assertThat(payloads.openTokens(KEY, golden("credential.v1")))
        .isEqualTo(new TokenResponse(values));
  }

  /** A rollback: what a later release adds is passed over. */
  @Test
  void members_that_are_not_known_yet_are_passed_over() throws IOException {
    for (String name :
        List.of("authorization_code.v2", "pending_authorization.v2", "connect_session.v2")) {
      String text = new String(golden(name).bytes(), UTF_8);
      Sealed later =
          Sealed.of(("{\"of_a_later_release\":{\"a\":[1]}," + text.substring(1)).getBytes(UTF_8));
      assertThat(open(name, later)).isEqualTo(open(name, golden(name)));
    }
  }

  private Object open(String name, Sealed sealed) {
    return switch (name.substring(0, name.indexOf('.'))) {
      case "authorization_code" -> payloads.openCode(KEY, sealed);
      case "pending_authorization" -> payloads.openPending(KEY, sealed);
      default -> payloads.openSession(KEY, sealed);
    };
  }

  private static Sealed golden(String name) throws IOException {
    String file = "/golden/payload/" + name + ".json";
    try (InputStream in = GoldenPayloadsTest.class.getResourceAsStream(file)) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      return Sealed.of(Arrays.copyOf(bytes, bytes.length - 1)); // without the line's end
    }
  }

  /** What is inside is what is looked at here. */
  private static final class Open implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      return Sealed.of(plain);
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      return sealed.bytes();
    }
  }
}
