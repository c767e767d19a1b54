package dev.perennial.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.TokenResponse;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SealedPayloadsTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");

  private final Sealer sealer = new Envelope();
  private final SealedPayloads payloads = new SealedPayloads(sealer);

  @Test
  void a_token_response_keeps_every_value() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", "at");
    values.put("expires_in", 3600);
    values.put("exact", new BigDecimal("1.50"));
    values.put("huge", new BigDecimal("1e400"));
    values.put("absent", null);
    values.put("team", Map.of("ids", List.of(1, 2)));
    TokenResponse tokens = new TokenResponse(values);
    assertThat(payloads.openTokens(KEY, payloads.seal(KEY, tokens))).isEqualTo(tokens);
  }

  @Test
  void an_authorization_code_comes_back_whole() {
    AuthorizationCode code =
        new AuthorizationCode(Secret.of("c"), Secret.of("v"), Map.of("realmId", "9"));
    assertThat(payloads.openCode(KEY, payloads.seal(KEY, code))).isEqualTo(code);
  }

  @Test
  void a_consent_without_code_comes_back_without_one() {
    AuthorizationCode none = new AuthorizationCode(null, null, Map.of());
    assertThat(payloads.openCode(KEY, payloads.seal(KEY, none))).isEqualTo(none);
  }

  @Test
  void a_pending_authorization_comes_back_whole() {
    PendingAuthorization pending =
        new PendingAuthorization(
            KEY,
            "id",
            Secret.of("b"),
            Secret.of("v"),
            "https://app.example/",
            "https://app.example",
            Secret.of("s"),
            new Preparation(
                Map.of("SHOP", "a"),
                List.of("more"),
                Map.of("x", 1),
                "https://i.example",
                true,
                Secret.of("jwk")));
    assertThat(payloads.openPending(KEY, payloads.seal(pending))).isEqualTo(pending);
    PendingAuthorization least =
        new PendingAuthorization(KEY, "id", Secret.of("b"), null, null, null, Preparation.NONE);
    assertThat(payloads.openPending(KEY, payloads.seal(least))).isEqualTo(least);
  }

  @Test
  void a_connect_session_comes_back_whole() {
    ConnectSession session =
        new ConnectSession(KEY, "https://app.example/", Map.of("SHOP", "a"), List.of("b", "c"));
    assertThat(payloads.openSession(KEY, payloads.seal(session))).isEqualTo(session);
  }

  @Test
  void a_connect_session_of_an_earlier_release_has_no_scopes() {
    Sealed earlier =
        sealer.seal(KEY, Purpose.CONNECT_SESSION, "{\"variables\":{}}".getBytes(UTF_8));
    assertThat(payloads.openSession(KEY, earlier)).isEqualTo(new ConnectSession(KEY, null));
  }

  @Test
  void one_kind_is_not_opened_as_another() throws Exception {
    Sealed tokens =
        payloads.seal(KEY, new TokenResponse(JsonObjects.read("{\"code\":\"x\"}".getBytes(UTF_8))));
    assertThatThrownBy(() -> payloads.openCode(KEY, tokens))
        .isInstanceOf(UnsealableException.class);
  }

  @Test
  void a_seal_around_something_else_is_refused_without_repeating_it() {
    Sealed text = sealer.seal(KEY, Purpose.CREDENTIAL, "planted".getBytes(UTF_8));
    assertThatThrownBy(() -> payloads.openTokens(KEY, text))
        .isInstanceOf(UnsealableException.class)
        .hasMessageContaining("google/acme")
        .hasMessageNotContainingAny("planted");
    Sealed codes =
        sealer.seal(KEY, Purpose.AUTHORIZATION_CODE, "{\"code\":[\"planted\"]}".getBytes(UTF_8));
    assertThatThrownBy(() -> payloads.openCode(KEY, codes))
        .isInstanceOf(UnsealableException.class)
        .hasMessageContaining("code is not a text")
        .hasMessageNotContainingAny("planted");
  }

  /** Seals nothing, but tells connections and purposes apart as a real one does. */
  private static final class Envelope implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      byte[] address = address(key, purpose);
      byte[] all = Arrays.copyOf(address, address.length + plain.length);
      System.arraycopy(plain, 0, all, address.length, plain.length);
      return Sealed.of(all);
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      byte[] address = address(key, purpose);
      byte[] all = sealed.bytes();
      if (!Arrays.equals(address, Arrays.copyOf(all, address.length))) {
        throw new UnsealableException("addressed to another");
      }
      return Arrays.copyOfRange(all, address.length, all.length);
    }

    private static byte[] address(ConnectionKey key, Purpose purpose) {
      return (purpose + " " + key + " ").getBytes(UTF_8);
    }
  }
}
