package dev.perennial.app.admin;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** One service on a free port. */
final class WebServerOf implements AutoCloseable {
  private final WebServer server;

  WebServerOf(HttpService service) {
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .directHandlers(ProblemResponses.all())
            .routing(HttpRouting.builder().register(service))
            .build()
            .start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  int port() {
    return server.port();
  }

  /** Of a GET with an empty bearer token. */
  int status(String path) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri(path).toURL().openConnection();
      connection.setRequestProperty("Authorization", "Bearer ");
      return connection.getResponseCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
