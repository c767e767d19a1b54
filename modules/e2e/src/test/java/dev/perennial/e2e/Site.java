package dev.perennial.e2e;

import dev.perennial.devstack.provider.HttpListener;
import dev.perennial.devstack.provider.HttpRequest;
import dev.perennial.devstack.provider.HttpResponse;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A small web site on a port, and so an origin, of its own. */
final class Site implements AutoCloseable {
  private final HttpListener listener = new HttpListener(0);
  private final Map<String, Function<HttpRequest, HttpResponse>> pages = new ConcurrentHashMap<>();

  Site() {
    listener.serve((request, connection) ->
        connection.send(
            pages.getOrDefault(request.path(), _ -> HttpResponse.empty(404)).apply(request)));
  }

  Site page(String path, Function<HttpRequest, HttpResponse> answer) {
    pages.put(path, answer);
    return this;
  }

  Site html(String path, String html) {
    return page(path, _ -> HttpResponse.of(200, "text/html; charset=utf-8", html));
  }

  Site json(String path, String json) {
    return page(path, _ -> HttpResponse.of(200, "application/json", json));
  }

  String origin() {
    return "http://localhost:" + listener.port();
  }

  URI at(String path) {
    return URI.create(origin() + path);
  }

  @Override
  public void close() {
    listener.close();
  }
}
