package dev.perennial.stream;

import static dev.perennial.stream.SharedKafka.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.domain.event.ShardLog.Entry;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

@ExtendWith(SharedKafka.class)
@Timeout(60)
class TracingTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";
  private static final String OTHER = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01";

  private final Topics topics;
  private final EventCodec codec;
  private final TestTraces traces = new TestTraces();
  private final Tracing tracing = traces.tracing();

  TracingTest(TestInfo test) {
    topics = new Topics("traced-" + test.getTestMethod().orElseThrow().getName());
    codec = new EventCodec(topics, "/test");
  }

  @Test
  void everyEventSaidOutsideOfATraceBeginsOne() {
    List<Map<String, String>> said = published(null, event(1), event(2));
    assertThat(said)
        .allSatisfy(headers -> {
          assertThat(headers.get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
          assertThat(headers).containsEntry("ce_traceparent", headers.get("traceparent"));
          assertThat(headers).containsEntry("ce_type", "perennial.refresh.due");
        });
    assertThat(traceId(said.get(0))).isNotEqualTo(traceId(said.get(1)));
  }

  @Test
  void whatAHandlerSaysBelongsToTheTraceOfItsRecordAndIsASpanOfItsOwn() {
    Map<String, String> carried = Map.of("traceparent", PARENT, "tracestate", "vendor=1");
    List<Map<String, String>> said = published(carried, event(1), event(2));
    assertThat(said)
        .allSatisfy(headers -> {
          assertThat(traceId(headers)).isEqualTo(ID);
          assertThat(headers).containsEntry("tracestate", "vendor=1");
          assertThat(headers).containsEntry("ce_tracestate", "vendor=1");
        });
    assertThat(said)
        .extracting(headers -> headers.get("traceparent"))
        .doesNotHaveDuplicates()
        .doesNotContain(PARENT);
  }

  @Test
  void theAttributesOfCloudEventsAloneAreEnough() {
    assertThat(idWhileHandling(Map.of("ce_traceparent", PARENT))).isEqualTo(ID);
  }

  @Test
  void thePlainHeaderCountsBeforeTheAttribute() {
    assertThat(idWhileHandling(Map.of("ce_traceparent", OTHER, "traceparent", PARENT)))
        .isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00-" + ID, "not a trace\r\n", "ff-" + ID + "-00f067aa0ba902b7-01"})
  void whatIsNoTraceParentBeginsATraceOfItsOwn(String malformed) {
    assertThat(idWhileHandling(Map.of("traceparent", malformed)))
        .matches("[0-9a-f]{32}")
        .isNotEqualTo(ID);
  }

  @Test
  void aTraceThatNobodySamplesStaysUnsampledAndKeepsItsId() {
    Map<String, String> carried = Map.of("traceparent", "00-" + ID + "-00f067aa0ba902b7-00");
    assertThat(published(carried, event(1)).getFirst().get("traceparent"))
        .startsWith("00-" + ID)
        .endsWith("-00");
  }

  @Test
  void workThatBeginsATraceDoesNotContinueTheOneAroundIt() {
    List<Map<String, String>> written = new ArrayList<>();
    tracing.resume(
        Map.of("traceparent", PARENT),
        "outer",
        SpanKind.SERVER,
        () ->
            tracing.begin("inner", SpanKind.SERVER, () -> written.add(tracing.written("a-topic"))));
    assertThat(traceId(written.getFirst())).isNotEqualTo(ID);
  }

  @Test
  void aFailureGoesThroughAndIsToldOfItsSpanByNameAlone() {
    assertThatThrownBy(() ->
            tracing.begin(
                "failing",
                SpanKind.SERVER,
                () -> {
                  throw new IllegalStateException("planted-secret");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(MDC.get("trace_id")).isNull();
    assertThat(traces.ended())
        .singleElement()
        .satisfies(span -> {
          StatusData status = span.toSpanData().getStatus();
          assertThat(status.getDescription()).isEqualTo("IllegalStateException");
          assertThat(span.toSpanData().getEvents()).isEmpty();
        });
  }

  @Test
  void withoutTelemetryNothingIsAdded() {
    assertThat(Tracing.NONE.written("a-topic")).isEmpty();
    List<String> logged = new ArrayList<>();
    Tracing.NONE.resume(
        Map.of("traceparent", PARENT),
        "handling",
        SpanKind.CONSUMER,
        () -> logged.add(String.valueOf(MDC.get("trace_id"))));
    assertThat(logged).containsExactly("null");
  }

  @Test
  void aDeadLetterKeepsTheTraceOfItsRecord() {
    create(topics.refreshDue());
    create(topics.deadLetter());
    WorkerSettings settings = SharedKafka.worker(topics.refreshDue(), topics.deadLetter());
    RecordHandler poisoned =
        new EventRecordHandler(
            codec,
            _ -> {
              throw new PoisonException("always");
            },
            tracing);
    try (KafkaEventPublisher publisher = publisher();
        KeyOrderedWorker worker = SharedKafka.start(settings, poisoned)) {
      tracing.resume(
          Map.of("traceparent", PARENT),
          "asked for",
          SpanKind.SERVER,
          () -> publisher.publish(event(1)));
      eventually(() -> worker.deadLettered() == 1);
    }
    assertThat(headers(SharedKafka.read(topics.deadLetter(), 1)))
        .singleElement()
        .satisfies(headers -> assertThat(traceId(headers)).isEqualTo(ID));
  }

  @Test
  void whatTheOwnerOfAShardAppliesBelongsToTheTraceOfItsRecord() {
    create(topics.refreshDue());
    try (KafkaEventPublisher publisher = publisher();
        KafkaShardLog log =
            KafkaShardLog.marked(
                SharedKafka.settings(),
                topics.refreshDue(),
                codec,
                Duration.ofSeconds(10),
                System::nanoTime,
                publisher)) {
      tracing.resume(
          Map.of("traceparent", PARENT),
          "journaled",
          SpanKind.CONSUMER,
          () -> publisher.publish(event(1)));
      List<Entry> entries = new ArrayList<>();
      eventually(() -> {
        entries.addAll(log.read(0, 0).entries());
        return !entries.isEmpty();
      });
      entries.getFirst().trace().resume(() -> publisher.publish(event(2)));
    }
    assertThat(headers(SharedKafka.read(topics.refreshDue(), 2)))
        .extracting(TracingTest::traceId)
        .containsExactly(ID, ID);
  }

  private String idWhileHandling(Map<String, String> carried) {
    List<String> ids = new ArrayList<>();
    EventRecordHandler handler =
        new EventRecordHandler(codec, _ -> ids.add(MDC.get("trace_id")), tracing);
    EventMessage message = codec.encode(event(1));
    Map<String, String> headers = new HashMap<>(message.headers());
    headers.putAll(carried);
    handler.handle(new EventMessage(message.topic(), message.key(), headers, message.value()));
    assertThat(MDC.get("trace_id")).isNull();
    return ids.getFirst();
  }

  /**
   * The headers of events that are said on Kafka while a record is handled.
   *
   * @param carried by that record; null: said outside of any
   */
  private List<Map<String, String>> published(
      @Nullable Map<String, String> carried, Event... events) {
    create(topics.refreshDue());
    try (KafkaEventPublisher publisher = publisher()) {
      Runnable saying = () -> publisher.publishAll(List.of(events));
      if (carried == null) {
        saying.run();
      } else {
        tracing.resume(carried, "handling", SpanKind.CONSUMER, saying);
      }
    }
    return headers(SharedKafka.read(topics.refreshDue(), events.length));
  }

  private KafkaEventPublisher publisher() {
    return new KafkaEventPublisher(SharedKafka.settings(), codec, Duration.ofSeconds(20), tracing);
  }

  private static void create(String topic) {
    SharedKafka.admin().create(List.of(new TopicSpec(topic, 1, Map.of())), (short) 1);
  }

  private static List<Map<String, String>> headers(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(TracingTest::headers).toList();
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> of) {
    return Arrays.stream(of.headers().toArray())
        .collect(
            Collectors.toMap(
                Header::key, header -> new String(header.value(), StandardCharsets.UTF_8)));
  }

  private static String traceId(Map<String, String> headers) {
    return Objects.requireNonNull(headers.get("traceparent")).substring(3, 35);
  }

  private static Event event(int version) {
    return new RefreshDue(
        new ConnectionKey("google", "acme"), version, RefreshDue.Cause.REQUESTED, Instant.EPOCH);
  }
}
