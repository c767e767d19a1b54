package dev.perennial.client.httpclient5;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.client.CredentialException;
import dev.perennial.client.Credentials;
import dev.perennial.client.TestTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a resource server that takes one token. */
@Timeout(60)
class TokenInterceptorTest {
  private final TestTokens tokens = new TestTokens();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile String good = "Bearer at1";

  TokenInterceptorTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    tokens.give("google/acme", 1, "at1");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_request_to_a_named_host_carries_the_token() throws Exception {
    assertThat(status(client("127.0.0.1"), get("/x"))).isEqualTo(200);
    assertThat(status(client("127.0.0.1:" + port()), get("/x"))).isEqualTo(200);
    assertThat(seen).containsExactly("GET /x Bearer at1", "GET /x Bearer at1");
  }

  @Test
  void no_other_host_and_no_other_port_sees_it() throws Exception {
    assertThat(status(client("api.example.com"), get("/x"))).isEqualTo(401);
    assertThat(status(client("127.0.0.1:1"), get("/x"))).isEqualTo(401);
    assertThat(seen).containsExactly("GET /x null", "GET /x null");
    assertThat(tokens.asked).isEmpty();
  }

  @Test
  void over_plain_http_only_loopback_sees_it() throws Exception {
    HttpClientBuilder builder =
        HttpClients.custom().setConnectionManager(TestTokens.resolvingEverythingToLoopback());
    try (CloseableHttpClient client = interceptor("api.example.com").addTo(builder).build()) {
      assertThat(status(client, new HttpGet("http://api.example.com:" + port() + "/x")))
          .isEqualTo(401);
    }
    assertThat(seen).containsExactly("GET /x null");
  }

  @Test
  void a_redirect_to_another_host_loses_it_and_one_to_the_same_keeps_it() throws Exception {
    assertThat(status(client("127.0.0.1"), get("/to?/x"))).isEqualTo(200);
    assertThat(status(client("127.0.0.1"), get("/to?http://localhost:" + port() + "/y")))
        .isEqualTo(401);
    assertThat(seen)
        .containsExactly(
            "GET /to Bearer at1", "GET /x Bearer at1", "GET /to Bearer at1", "GET /y null");
  }

  @Test
  void a_refused_token_is_replaced_once_and_the_request_repeated_with_its_body() throws Exception {
    good = "Bearer at2";
    tokens.onAsk = () -> tokens.give("google/acme", 2, "at2");
    assertThat(status(client("127.0.0.1"), post(new StringEntity("body", UTF_8)))).isEqualTo(200);
    assertThat(seen).containsExactly("POST /x Bearer at1 body", "POST /x Bearer at2 body");
    assertThat(tokens.asked).containsExactly("google/acme after 1");
  }

  @Test
  void a_second_refusal_is_handed_out() throws Exception {
    good = "Bearer none";
    tokens.onAsk = () -> tokens.give("google/acme", 2, "at2");
    assertThat(status(client("127.0.0.1"), get("/x"))).isEqualTo(401);
    assertThat(seen).containsExactly("GET /x Bearer at1", "GET /x Bearer at2");
    assertThat(tokens.asked).hasSize(1);
  }

  @Test
  void where_no_other_token_comes_the_refusal_is_handed_out_with_its_body() throws Exception {
    good = "Bearer none";
    try (CloseableHttpClient client = client("127.0.0.1")) {
      String body =
          client.execute(
              get("/x"),
              response ->
                  response.getCode()
                      + new String(response.getEntity().getContent().readAllBytes(), UTF_8));
      assertThat(body).isEqualTo("401no good");
    }
    assertThat(seen).hasSize(1);
  }

  @Test
  void what_cannot_be_sent_twice_is_sent_once() throws Exception {
    good = "Bearer at2";
    tokens.onAsk = () -> tokens.give("google/acme", 2, "at2");
    HttpEntity stream =
        new InputStreamEntity(
            new ByteArrayInputStream("body".getBytes(UTF_8)), ContentType.TEXT_PLAIN);
    assertThat(status(client("127.0.0.1"), post(stream))).isEqualTo(401);
    assertThat(seen).containsExactly("POST /x Bearer at1 body");
    assertThat(tokens.asked).isEmpty();
  }

  @Test
  void a_header_that_is_there_is_left_alone() throws Exception {
    HttpGet request = get("/x");
    request.setHeader("Authorization", "Basic x");
    assertThat(status(client("127.0.0.1"), request)).isEqualTo(401);
    assertThat(seen).containsExactly("GET /x Basic x");
  }

  @Test
  void a_function_says_which_connection_a_request_is_for() throws Exception {
    tokens.give("google/other", 1, "other1");
    good = "Bearer other1";
    try (CloseableHttpClient client =
        TokenInterceptor.of(
                tokens, request -> request.getPath().startsWith("/other") ? "google/other" : "?")
            .hosts("127.0.0.1")
            .addTo(HttpClients.custom())
            .build()) {
      assertThat(status(client, get("/other"))).isEqualTo(200);
    }
  }

  @Test
  void without_a_token_nothing_is_sent() {
    assertThatThrownBy(() -> status(build(TokenInterceptor.of(tokens, "google/gone")), get("/x")))
        .isInstanceOf(CredentialException.class);
    assertThat(seen).isEmpty();
  }

  @Test
  void the_hosts_must_be_named() {
    TokenInterceptor.Builder builder = TokenInterceptor.of(tokens, "google/acme");
    assertThatThrownBy(builder::hosts).isInstanceOf(IllegalArgumentException.class);
    for (String bad : List.of("", "*.example.com", "https://api.example.com/")) {
      assertThatThrownBy(() -> builder.hosts(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private TokenInterceptor interceptor(String... hosts) {
    return TokenInterceptor.of((Credentials) tokens, "google/acme")
        .atMost(Duration.ofSeconds(10))
        .hosts(hosts);
  }

  private CloseableHttpClient client(String... hosts) {
    return interceptor(hosts).addTo(HttpClients.custom()).build();
  }

  private static CloseableHttpClient build(TokenInterceptor.Builder builder) {
    return builder.hosts("127.0.0.1").addTo(HttpClients.custom()).build();
  }

  private static int status(CloseableHttpClient client, HttpUriRequestBase request)
      throws IOException {
    return client.execute(request, response -> response.getCode());
  }

  private HttpGet get(String path) {
    return new HttpGet("http://127.0.0.1:" + port() + path);
  }

  private HttpPost post(HttpEntity entity) {
    HttpPost request = new HttpPost("http://127.0.0.1:" + port() + "/x");
    request.setEntity(entity);
    return request;
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      String path = Objects.requireNonNull(exchange.getRequestURI().getPath());
      seen.add(
          (exchange.getRequestMethod() + " " + path + " " + authorization + " " + body).strip());
      if (path.equals("/to")) {
        exchange
            .getResponseHeaders()
            .add("Location", Objects.requireNonNull(exchange.getRequestURI().getQuery()));
        exchange.sendResponseHeaders(302, -1);
      } else if (good.equals(authorization)) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        byte[] answer = "no good".getBytes(UTF_8);
        exchange.sendResponseHeaders(401, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }
  }
}
