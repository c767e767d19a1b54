package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Takes traces by OTLP over HTTP in Protocol Buffers' encoding (opentelemetry-proto,
 * trace/v1/trace.proto), or takes connections and never answers. Thread-safe.
 */
final class OtlpCollector implements AutoCloseable {
  private final List<byte[]> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final boolean answers;
  private final HttpServer server;

  /** A span as it was sent; {@code parent} is empty where it begins its trace. */
  record Span(
      String trace, String id, String parent, String name, Map<String, String> attributes) {}

  private OtlpCollector(boolean answers) throws IOException {
    this.answers = answers;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  static OtlpCollector answering() throws IOException {
    return new OtlpCollector(true);
  }

  static OtlpCollector hanging() throws IOException {
    return new OtlpCollector(false);
  }

  private void take(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestBody().readAllBytes());
    if (!answers) {
      try {
        over.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How many requests came. */
  int requests() {
    return requests.size();
  }

  /** Every byte that came. */
  String bytes() {
    StringBuilder all = new StringBuilder();
    requests.forEach(body -> all.append(new String(body, ISO_8859_1)));
    return all.toString();
  }

  /** Every span that came. */
  List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (byte[] request : requests) {
      for (byte[] resource : Protobuf.of(request).all(1)) {
        for (byte[] scope : Protobuf.of(resource).all(2)) {
          Protobuf.of(scope).all(2).forEach(span -> spans.add(span(Protobuf.of(span))));
        }
      }
    }
    return spans;
  }

  private static Span span(Protobuf span) {
    Map<String, String> attributes = new TreeMap<>();
    for (byte[] pair : span.all(9)) {
      Protobuf attribute = Protobuf.of(pair);
      attributes.put(text(attribute.first(1)), value(attribute.first(2)));
    }
    return new Span(
        hex(span.first(1)),
        hex(span.first(2)),
        hex(span.first(4)),
        text(span.first(5)),
        attributes);
  }

  /** Texts alone: what else there is are numbers. */
  private static String value(byte @Nullable [] any) {
    return any == null ? "" : text(Protobuf.of(any).first(1));
  }

  private static String hex(byte @Nullable [] bytes) {
    return bytes == null ? "" : HexFormat.of().formatHex(bytes);
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, UTF_8);
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.close();
  }
}
