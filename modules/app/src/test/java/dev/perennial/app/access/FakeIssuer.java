package dev.perennial.app.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server's metadata and keys on a free port, under the path /realm. */
final class FakeIssuer implements AutoCloseable {
  volatile JWKSet keys = new JWKSet();
  volatile int status = 200;
  volatile boolean openIdOnly;
  volatile String metadataIssuer;
  volatile String padding = "";
  volatile String jwksUri;

  /** Where its keys are said to be now; empty = nowhere else. */
  volatile String location = "";

  final AtomicInteger fetched = new AtomicInteger();

  private final HttpServer server;

  FakeIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    metadataIssuer = uri().toString();
    jwksUri = uri().resolve("/keys").toString();
    server.createContext(
        "/.well-known/oauth-authorization-server/realm",
        exchange -> answer(exchange, openIdOnly ? 404 : 200, metadata()));
    server.createContext(
        "/realm/.well-known/openid-configuration", exchange -> answer(exchange, 200, metadata()));
    server.createContext(
        "/keys",
        exchange -> {
          fetched.incrementAndGet();
          if (!location.isEmpty()) {
            exchange.getResponseHeaders().add("Location", location);
          }
          answer(exchange, status, keys.toString(true) + padding);
        });
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/realm");
  }

  private String metadata() {
    return "{\"issuer\":\"" + metadataIssuer + "\",\"jwks_uri\":\"" + jwksUri + "\"}";
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
