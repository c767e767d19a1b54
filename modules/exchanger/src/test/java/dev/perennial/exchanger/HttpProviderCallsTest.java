package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.Backoff;
import dev.perennial.domain.refresh.RefreshPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpProviderCallsTest {
  private final TokenEndpoint endpoint = TestRequests.endpoint();

  @AfterEach
  void close() {
    endpoint.close();
  }

  private HttpProviderCalls calls(Duration deadline) {
    return calls(endpoint, deadline);
  }

  private static HttpProviderCalls calls(TokenEndpoint by, Duration deadline) {
    return new HttpProviderCalls(
        by,
        new ExchangerTiming(
            new AttemptTimes(
                deadline, Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofSeconds(10)),
            RefreshPolicy.DEFAULT,
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5), new Random(7)),
            InstantSource.system(),
            System::nanoTime));
  }

  private final HttpProviderCalls calls = calls(Duration.ofSeconds(10));

  @Test
  void withoutADiscoveryTheContextStaysAsItIs() {
    FlowValues values = values(null);
    assertThat(calls.discover(new Provider(null, Set.of()), values)).isSameAs(values.context());
  }

  @Test
  void metadataAreReadOnceAndStandInTheContext() throws Exception {
    try (WireServer server = metadata("\"issuer\":\"%s/tenant\",\"token_endpoint\":\"t\"")) {
      Provider provider = new Provider(server.uri("/.well-known/x?p=s"), Set.of());
      ConnectionContext first = calls.discover(provider, values(null));
      ConnectionContext second = calls.discover(provider, values(null));

      assertThat(first.discovery()).extracting("token_endpoint").isEqualTo("t");
      assertThat(second.discovery()).isEqualTo(first.discovery());
      assertThat(first.variables()).containsEntry("shop", "acme");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst())
          .startsWith("GET /.well-known/x?p=s HTTP/1.1\r\n")
          .contains("\r\nAccept: application/json\r\n", "\r\nConnection: close\r\n")
          .doesNotContain("Content-Length");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"issuer\":\"https://evil.test\"'",
        "'\"issuer\":\"%sevil.test\"'",
        "'\"issuer\":\"http://127.0.0.1\"'",
        "'\"issuer\":7'",
        "'\"issuer\":null'",
        "'\"token_endpoint\":\"t\"'"
      })
  void metadataOfAnotherIssuerAreRefused(String members) throws Exception {
    try (WireServer server = metadata(members)) {
      assertThatThrownBy(
              () -> calls.discover(new Provider(server.uri("/m"), Set.of()), values(null)))
          .isInstanceOf(CallFailedException.class)
          .hasMessage("acme: discovery: HTTP 200, the issuer is not of the URL's origin");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 Gone|{\"error\":\"not_here\"}|HTTP 404 not_here",
        "302 Away||HTTP 302",
        "204 Empty||HTTP 204",
        "200 OK||HTTP 200, no JSON object",
        "200 OK|<html>private text</html>|HTTP 200, no JSON object",
        "200 OK|[]|HTTP 200, no JSON object",
        "200 OK|a=b|HTTP 200, no JSON object",
        "500 No|{\"error\":\"private text\"}|HTTP 500"
      })
  void metadataThatAreNoneFail(String status, @Nullable String body, String why) throws Exception {
    String answer =
        WireServer.answer(status, body == null ? "" : body, "Location: http://169.254.169.254/");
    try (WireServer server = WireServer.answering(_ -> answer)) {
      assertThatThrownBy(
              () -> calls.discover(new Provider(server.uri("/m"), Set.of()), values(null)))
          .isInstanceOf(CallFailedException.class)
          .hasMessage("acme: discovery: " + why);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void metadataOf256KibAreTakenAndLongerOnesAreNot() throws Exception {
    int length = HttpProviderCalls.LONGEST_METADATA;
    for (int more : List.of(0, 1)) {
      try (WireServer server = metadata("\"issuer\":\"%s\",\"x\":\"%x\"", length + more)) {
        Provider provider = new Provider(server.uri("/m"), Set.of());
        if (more == 0) {
          assertThat(calls.discover(provider, values(null)).discovery()).containsKey("x");
        } else {
          assertThatThrownBy(() -> calls.discover(provider, values(null)))
              .hasMessage("acme: discovery: HTTP 200, metadata too long");
        }
      }
    }
  }

  @Test
  void aProviderThatHangsCostsTheDeadline() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.closedByClient();
        })) {
      HttpProviderCalls impatient = calls(Duration.ofMillis(200));
      Provider provider = new Provider(server.uri("/m"), Set.of());
      String over = "127.0.0.1: deadline of 200 ms over";

      assertThatThrownBy(() -> impatient.discover(provider, values(null)))
          .hasMessage("acme: discovery: " + over);
      assertThatThrownBy(() -> impatient.prepare(provider, values("p"), null))
          .hasMessage("acme: prepare: " + over);
      assertThat(impatient.revoke(provider, values("r"), null)).contains(over);
    }
  }

  @Test
  void aPreparedConsentIsWhatTheProviderAnswered() throws Exception {
    String answer =
        WireServer.answer("201 Created", "{\"request_uri\":\"urn:x\",\"expires_in\":60}");
    try (WireServer server = WireServer.answering(_ -> answer)) {
      Provider provider = new Provider(server.uri("/par"), Set.of());
      Secret key = calls.newDpopKey();

      assertThat(calls.prepare(provider, values("p"), key))
          .isEqualTo(Map.of("request_uri", "urn:x", "expires_in", 60));
      assertThat(calls.prepare(provider, values("p"), null)).hasSize(2);
      assertThat(server.requests().getFirst())
          .startsWith("POST /par HTTP/1.1\r\n")
          .contains("\r\nDPoP: ", "\r\nConnection: close\r\n")
          .endsWith("\r\n\r\nprepare=p");
      assertThat(server.requests().getLast()).doesNotContain("DPoP");
      assertThat(server.peers()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 Bad|{\"error\":\"invalid_request\",\"error_description\":\"s3cret\"}|HTTP 400"
            + " invalid_request",
        "400 Bad|{\"error\":\"s3cret with spaces\"}|HTTP 400",
        "200 OK|{\"error\":\"invalid_client\"}|HTTP 200 invalid_client",
        "200 OK|{\"error\":{\"message\":\"s3cret\"}}|HTTP 200",
        "200 OK|s3cret|HTTP 200, no JSON object",
        "307 Away|s3cret|HTTP 307",
        "503 No|s3cret|HTTP 503"
      })
  void aPreparationWithoutAUsableAnswerSaysOnlyStatusAndCode(String status, String body, String why)
      throws Exception {
    try (WireServer server = WireServer.answering(_ -> WireServer.answer(status, body))) {
      Provider provider = new Provider(server.uri("/par"), Set.of());
      assertThatThrownBy(() -> calls.prepare(provider, values("p"), null))
          .isInstanceOf(CallFailedException.class)
          .hasMessage("acme: prepare: " + why);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void theListedStatusIsTheOneThatCounts() throws Exception {
    try (WireServer server = WireServer.answering(_ -> WireServer.answer("200 OK", "{}"))) {
      assertThatThrownBy(
              () -> calls.prepare(new Provider(server.uri("/"), Set.of(201)), values("p"), null))
          .hasMessage("acme: prepare: HTTP 200");
    }
  }

  @Test
  void aRevocationIsFineOrSaysWhy() throws Exception {
    String gone = WireServer.answer("404 Gone", "{\"error\":\"unknown\"}");
    try (WireServer ok = WireServer.answering(_ -> WireServer.answer("200 OK", ""));
        WireServer missing = WireServer.answering(_ -> gone)) {
      Provider willing = new Provider(ok.uri("/revoke"), Set.of());
      Provider listed = new Provider(missing.uri("/revoke"), Set.of(404));
      Provider refusing = new Provider(missing.uri("/revoke"), Set.of());
      Provider nobody = new Provider(TestRequests.nobodyListens(), Set.of());

      assertThat(calls.revoke(willing, values("r"), calls.newDpopKey())).isEmpty();
      assertThat(ok.requests().getFirst()).contains("\r\nDPoP: ").endsWith("revoke=r");
      assertThat(calls.revoke(listed, values("r"), null)).isEmpty();
      assertThat(calls.revoke(refusing, values("r"), null)).contains("HTTP 404 unknown");
      assertThat(calls.revoke(nobody, values("r"), null)).contains("127.0.0.1: connection refused");
      assertThat(calls.revoke(new Provider(null, Set.of()), values("r"), null)).isEmpty();
    }
  }

  /** As in production. Nothing of a loopback server is ever asked, whatever it is called. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:%d/x",
        "https://localhost:%d/x",
        "https://[::1]:%d/x",
        "https://[::ffff:127.0.0.1]:%d/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/latest/meta-data"
      })
  void noCallLeadsIntoThisNetwork(String address) throws Exception {
    try (TokenEndpoint strict = TestRequests.endpoint(ExchangerSettings.DEFAULT);
        WireServer inside = WireServer.answering(_ -> WireServer.answer("200 OK", "{}"))) {
      HttpProviderCalls guarded = calls(strict, Duration.ofSeconds(10));
      URI uri = URI.create(address.formatted(inside.uri("/").getPort()));
      Provider provider = new Provider(uri, Set.of());
      String refused = uri.getHost() + ": private address refused";

      assertThatThrownBy(() -> guarded.discover(provider, values(null)))
          .hasMessage("acme: discovery: " + refused);
      assertThatThrownBy(() -> guarded.prepare(provider, values("p"), null))
          .hasMessage("acme: prepare: " + refused);
      assertThat(guarded.revoke(provider, values("r"), guarded.newDpopKey())).contains(refused);
      assertThat(inside.peers()).isEmpty();
    }
  }

  @Test
  void whatCannotBeRenderedIsSaidAsItIs() {
    Provider provider = new Provider(TestRequests.nobodyListens(), Set.of());
    assertThatThrownBy(() -> calls.prepare(provider, values(null), null))
        .isInstanceOf(RenderingException.class);
    assertThatThrownBy(() -> calls.revoke(provider, values(null), null))
        .isInstanceOf(RenderingException.class);
  }

  /** Metadata with the server's own origin for %s. */
  private static WireServer metadata(String members) {
    return metadata(members, 0);
  }

  /** Filled up to this length at %x. */
  private static WireServer metadata(String members, int length) {
    return WireServer.answering(request -> {
      String host =
          request
              .lines()
              .filter(line -> line.startsWith("Host: "))
              .findFirst()
              .orElseThrow()
              .substring(6);
      String body = "{" + members.replace("%s", "http://" + host) + "}";
      int fill = Math.max(0, length - body.length() + "%x".length());
      return WireServer.answer("200 OK", body.replace("%x", "x".repeat(fill)));
    });
  }

  private static FlowValues values(@Nullable String code) {
    return FlowValues.forCode(
            "https://app.test/callback/acme", code == null ? null : Secret.of(code), null, Map.of())
        .in(ConnectionContext.of(Map.of("shop", "acme")));
  }

  /** All of its calls go to one place; null = it has none of them. */
  private record Provider(@Nullable URI uri, Set<Integer> status) implements Integration {
    @Override
    public String slug() {
      return "acme";
    }

    @Override
    public Optional<URI> discoveryUrl(FlowValues values) {
      return Optional.ofNullable(uri);
    }

    @Override
    public TokenRequest prepareRequest(FlowValues values) {
      return request("prepare", values);
    }

    @Override
    public boolean revokes() {
      return uri != null;
    }

    @Override
    public TokenRequest revokeRequest(FlowValues values) {
      return request("revoke", values);
    }

    private TokenRequest request(String name, FlowValues values) {
      Secret code = values.code();
      if (code == null || uri == null) {
        throw new RenderingException("acme: /" + name + ": no code");
      }
      byte[] form = (name + "=" + code.reveal()).getBytes(StandardCharsets.UTF_8);
      return new TokenRequest(
          "POST",
          uri,
          List.of(),
          new TokenRequest.Body("application/x-www-form-urlencoded", form),
          status);
    }

    @Override
    public boolean hasConsent() {
      return true;
    }

    @Override
    public boolean withoutCode() {
      return false;
    }

    @Override
    public boolean pkce() {
      return false;
    }

    @Override
    public boolean refreshable() {
      return true;
    }

    @Override
    public boolean storesRedirectParameters() {
      return false;
    }

    @Override
    public Lifetime lifetime() {
      return Lifetime.UNSAID;
    }

    @Override
    public List<String> missingVariables() {
      return List.of();
    }

    @Override
    public URI consentUrl(FlowValues values) {
      throw new UnsupportedOperationException("no consent here");
    }

    @Override
    public TokenRequest tokenRequest(FlowValues values) {
      throw new UnsupportedOperationException("no tokens here");
    }

    @Override
    public TokenRequest refreshRequest(FlowValues values) {
      throw new UnsupportedOperationException("no tokens here");
    }
  }
}
