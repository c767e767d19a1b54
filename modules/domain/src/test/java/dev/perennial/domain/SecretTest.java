package dev.perennial.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretTest {
  private static final String PLANTED = "planted";
  private static final Secret SECRET = Secret.of(PLANTED);

  static Stream<Object> everythingThatHoldsSecrets() {
    ConnectionKey key = new ConnectionKey("google", "acme");
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("access_token", PLANTED);
    answer.put("refresh_token", PLANTED);
    byte[] bytes = PLANTED.getBytes(StandardCharsets.UTF_8);
    TokenRequest.Body body = new TokenRequest.Body("text/plain", bytes);
    TokenRequest.Header header = new TokenRequest.Header("Authorization", PLANTED);
    return Stream.of(
        SECRET,
        Sealed.of(bytes),
        new TokenResponse(answer),
        new TokenOutcome.Granted(new TokenResponse(answer)),
        new TokenOutcome.Unreadable("no JSON", bytes),
        new AuthorizationCode(SECRET, SECRET, Map.of("realmId", PLANTED)),
        new PendingAuthorization(key, "id", SECRET, SECRET, null, SECRET, Preparation.NONE),
        FlowValues.forConsent("https://us.example/callback/google", SECRET, null),
        FlowValues.forCode("https://us.example/callback/google", SECRET, SECRET, answer),
        FlowValues.forRefresh("https://us.example/callback/google", answer),
        header,
        body,
        new TokenRequest(
            "POST",
            URI.create("https://token.example/t?client_secret=" + PLANTED),
            List.of(header),
            body,
            Set.of()));
  }

  @ParameterizedTest
  @MethodSource("everythingThatHoldsSecrets")
  void nothing_that_holds_a_secret_prints_it(Object holder) {
    assertThat(holder.toString()).doesNotContain(PLANTED).isNotEmpty();
    assertThat(String.valueOf(List.of(holder))).doesNotContain(PLANTED);
  }

  @Test
  void it_is_revealed_through_one_door() {
    assertThat(SECRET.reveal()).isEqualTo(PLANTED);
  }

  @Test
  void secrets_are_equal_by_their_text() {
    assertThat(SECRET).isEqualTo(Secret.of(PLANTED)).hasSameHashCodeAs(Secret.of(PLANTED));
    assertThat(SECRET).isNotEqualTo(Secret.of(PLANTED + "x")).isNotEqualTo(Secret.of(""));
  }

  @Test
  void sealed_bytes_cannot_be_changed_from_outside() {
    byte[] bytes = {1, 2, 3};
    Sealed sealed = Sealed.of(bytes);
    bytes[0] = 9;
    sealed.bytes()[1] = 9;
    assertThat(sealed.bytes()).containsExactly(1, 2, 3);
  }
}
