package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.app.trace.Telemetry;
import dev.perennial.e2e.OtlpCollector.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;

/** The traces of an installation as whoever may read the collector sees them. */
final class OpenTraces implements AutoCloseable {
  static final String PLACE = "traces";

  /** No page and no program of ours asks by it, so its span is behind all that came before. */
  private static final String LAST = "DELETE";

  private final OtlpCollector collector;

  OpenTraces() throws IOException {
    this.collector = OtlpCollector.answering();
  }

  URI url() {
    return collector.url();
  }

  /**
   * Every span of what was asked of a listener until now has come: a process sends its spans in
   * their order.
   *
   * @param span of the requests to that listener
   * @param url where it answers
   */
  void awaitAll(String span, String url) {
    new OpenPlaces().answer("", OpenPlaces.get(url + "/last").method(LAST, bodyOf("")));
    await(span + " by " + LAST, it -> isA(it, span, "http.request.method", LAST));
  }

  private static java.net.http.HttpRequest.BodyPublisher bodyOf(String text) {
    return java.net.http.HttpRequest.BodyPublishers.ofString(text);
  }

  /** A token request has failed, and its refresh is told. */
  void awaitFailure() {
    await("a failure", it -> "unavailable".equals(it.attributes().get("perennial.outcome")));
  }

  private static boolean isA(Span span, String name, String attribute, String value) {
    return span.name().equals(name) && value.equals(span.attributes().get(attribute));
  }

  private void await(String what, Predicate<Span> span) {
    Await.until("the span of " + what, () -> collector.spans().stream().anyMatch(span));
  }

  /** Everything that came, byte by byte and as the texts among them read. */
  void testify(OpenPlaces places) {
    String bytes = collector.bytes();
    places.add(PLACE, bytes).add(PLACE, new String(bytes.getBytes(ISO_8859_1), UTF_8));
  }

  /** One word in each part of a span that has a text. */
  void plant(String name, String attribute, String value, String event) {
    try (Telemetry telemetry = Telemetry.to(collector.url(), 1)) {
      telemetry
          .tracing()
          .begin(
              name,
              SpanKind.SERVER,
              () ->
                  io.opentelemetry.api.trace.Span.current()
                      .setAttribute(attribute, value)
                      .addEvent(event));
    }
    await(name, it -> it.name().equals(name));
  }

  @Override
  public void close() {
    collector.close();
  }
}
